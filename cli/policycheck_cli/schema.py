"""`policycheck schema`: the JSON Schema of a document."""

from __future__ import annotations

import json

import click

_INPUTS = ["org", "pack", "case", "answers", "license", "models", "hosts", "vocabulary"]
_OUTPUTS = ["report", "lines", "validate", "lint", "headroom", "explain", "diff", "recheck", "test", "check"]
_NAMES = [*_INPUTS, *_OUTPUTS, "resolve", "identify", "show"]
_SAME = {"recheck": "diff"}


@click.command(
    short_help="Print a JSON Schema.",
    epilog=f"NAME: of a document {', '.join(_INPUTS)}; "
    f"of an output {', '.join(_NAMES[len(_INPUTS) :])}."
    "\n\n\b\nExamples:\n  policycheck schema org > org.schema.json",
)
@click.argument("name", metavar="NAME", type=click.Choice(_NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema (2020-12) of a document or of an output, with every word of the vocabulary."""
    from policycheck import shipped
    from policycheck.schema import schema as schema_of

    found = schema_of(_SAME.get(name, name), shipped.catalog().vocabulary, hover=True)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
