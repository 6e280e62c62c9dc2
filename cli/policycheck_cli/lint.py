"""`policycheck lint`: what a valid policy still gets wrong."""

from __future__ import annotations

import click

from policycheck_cli.inquiry import Asked
from policycheck_cli.options import JUDGED, OVERLAID, VARIED, WRITTEN, Named, asking
from policycheck_cli.writing import colourful, write, write_json


@click.command(
    short_help="Find what a valid policy still gets wrong.",
    epilog="\b\nExamples:\n  policycheck lint org.yaml\n  policycheck lint org.yaml --today 2027-04-01 --format json"
    "\n\n\b\nExit codes: 0 nothing to report, 1 something to report, 2 a bad document or\nwrong usage, 3 a fault.",
)
@click.argument("policy", metavar="ORG.yaml", type=Named())
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@asking(OVERLAID, VARIED, JUDGED, WRITTEN)
def lint(policy: str, form: str, asked: Asked) -> int:
    """Find rules that never apply, contradict or add nothing, entries without effect, and facts that are missing."""
    from policycheck.lint import lint as remarks_on
    from policycheck.render import lint as renderer

    inquiry = asked.of(policy)
    found = remarks_on(inquiry.policy, inquiry.catalog, today=asked.today, engine=asked.engine, models=inquiry.models())
    if form == "json":
        write_json(found.as_json(), asked.output)
    else:
        write(renderer.render(found, colour=colourful(asked.output)), asked.output)
    return 1 if found.remarks else 0
