"""`policycheck schema`: the JSON Schema of a document."""

from __future__ import annotations

import json

import click

_INPUTS = ["org", "pack", "case", "answers", "license", "models", "hosts", "vocabulary"]
_NAMES = [*_INPUTS, "report", "lines", "lint", "headroom", "explain", "diff", "test", "check"]


@click.command(short_help="Print a JSON Schema.", epilog="\b\nExamples:\n  policycheck schema org > org.schema.json")
@click.argument("name", type=click.Choice(_NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema (2020-12) of a document or of an output, with every word of the vocabulary."""
    from policycheck import shipped
    from policycheck.schema import schema as schema_of

    click.echo(json.dumps(schema_of(name, shipped.catalog().vocabulary, hover=True), ensure_ascii=False, indent=2))
