"""`policycheck lint`: what a valid policy still gets wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from policycheck_cli.options import colourful, day, policy_from, variation_options, write


@click.command(
    epilog="\b\nExamples:\n  policycheck lint org.yaml\n  policycheck lint org.yaml --today 2027-04-01 --format json"
    "\n\n\b\nExit codes: 0 nothing to report, 1 something to report, 2 a bad document or\nwrong usage, 3 a fault."
)
@click.argument("policy", metavar="ORG.yaml")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@variation_options
def lint(
    policy: str, form: str, settings: tuple[str, ...], today: date | None, engine: str | None, output: Path | None
) -> int:
    """Find rules that never apply, contradict or add nothing, entries without effect, and facts that are missing."""
    from policycheck import shipped
    from policycheck.lint import lint as remarks_on
    from policycheck.render import lint as renderer

    on = day(today)
    found = remarks_on(policy_from(policy, on, settings), shipped.catalog(), today=on, engine=engine)
    if form == "json":
        write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(renderer.render(found, colour=colourful(output)), output)
    return 1 if found.remarks else 0
