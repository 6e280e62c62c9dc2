"""`policycheck recheck`: an old report against today's catalog and policy."""

from __future__ import annotations

import click

from policycheck_cli.diff import FAIL_ON, code
from policycheck_cli.inquiry import Asked, piped
from policycheck_cli.options import JUDGED, NARROWED, OVERLAID, VARIED, WRITTEN, Named, asking
from policycheck_cli.writing import colourful, say, write, write_json

_EPILOG = """\b
Examples:
  policycheck recheck report.json
  policycheck recheck report.json --policy org.yaml --fail-on milder
  policycheck recheck report.json --catalog hub.overlay

\b
Exit codes: 0 no difference that --fail-on asks for, 1 one, 2 a bad document
or wrong usage, 3 a fault.

This is not legal advice."""


@click.command(epilog=_EPILOG, short_help="Judge again what an old report judged.")
@click.argument("report", metavar="REPORT.json", type=Named())
@click.option(
    "--policy", metavar="ORG.yaml", type=Named(), help="The policy of today; default is the one that the report names."
)
@click.option("--fail-on", type=FAIL_ON, default="any", show_default=True, help="What ends in exit code 1.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@asking(NARROWED, OVERLAID, VARIED, JUDGED, WRITTEN)
def recheck(report: str, policy: str | None, fail_on: str, form: str, asked: Asked) -> int:
    """Judge again what an old JSON report judged, and say what changed and why."""
    from policycheck.errors import UsageError
    from policycheck.old_reports import again, read_report
    from policycheck.render import comparison as renderer

    if report == policy == "-":
        raise UsageError("standard input can be read once only; give the report or the policy as a file")
    old = read_report("<stdin>", piped()) if report == "-" else read_report(report)
    inquiry = asked.of(policy or old.policy_path)
    found = again(
        old,
        inquiry.policy,
        inquiry.catalog,
        today=asked.today,
        engine=asked.engine,
        models=asked.models,
        uses=asked.uses,
        described=inquiry.described,
    )
    for name in (each.model for each in found.shifts if "model-unknown" in each.rules_added):
        say(f"`{name}` is known no more; if the report rested on an overlay or a folder, name it here too.")
    if form == "json":
        write_json(found.as_json(), asked.output)
    else:
        write(renderer.render(found, colour=colourful(asked.output)), asked.output)
    return code(found, fail_on)
