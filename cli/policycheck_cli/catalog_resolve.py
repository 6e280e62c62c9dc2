"""`policycheck catalog resolve`: which license a string means."""

from __future__ import annotations

import json

import click

from policycheck_cli.writing import say


@click.command(
    short_help="Say which license a string means.",
    epilog="\b\nExamples:\n  policycheck catalog resolve 'Apache 2.0'"
    "\n  policycheck catalog resolve 'MIT OR Apache-2.0' --format json"
    "\n\n\b\nExit codes: 0 it names a license, 1 it names none that the catalog knows.",
)
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def resolve(name: str, form: str) -> int:
    """Resolve a license string: a name, Hub tag, SPDX id or expression, or ScanCode key."""
    from policycheck import shipped
    from policycheck.detect.names import resolve as resolution_of

    found = resolution_of(name, shipped.catalog())
    if form == "json":
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    elif found.license is not None:
        click.echo(f"{found.license}  (SPDX {found.spdx})" if found.spdx else found.license)
        if found.note:
            say(found.note)
    else:
        listed = ", ".join(f"`{each}`" for each in found.suggestions)
        say(f"`{name[:200]}` names no license: {found.why}." + (f" Close are {listed}." if listed else ""))
    return 0 if found.license is not None else 1
