"""`policycheck recheck`: an old report against today's catalog and policy."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from policycheck_cli.diff import FAIL_ON, code
from policycheck_cli.options import colourful, day, policy_from, policy_options, read_raw, write


@click.command(
    epilog="\b\nExamples:\n  policycheck recheck report.json\n  policycheck recheck report.json --policy org.yaml"
    " --fail-on milder"
)
@click.argument("report", metavar="REPORT.json")
@click.option("--policy", metavar="ORG.yaml", help="The policy of today; default is the one that the report names.")
@click.option("--fail-on", type=FAIL_ON, default="any", show_default=True, help="What ends in exit code 1.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@policy_options
def recheck(
    report: str,
    policy: str | None,
    fail_on: str,
    form: str,
    models: tuple[str, ...],
    uses: tuple[str, ...],
    settings: tuple[str, ...],
    today: date | None,
    engine: str | None,
    output: Path | None,
) -> int:
    """Judge again what an old JSON report judged, and say what changed and why."""
    from policycheck import shipped
    from policycheck.errors import UsageError
    from policycheck.old_reports import again, read_report
    from policycheck.render import comparison as renderer

    judged_on = day(today)
    if report == policy == "-":
        raise UsageError("standard input can be read once only; give the report or the policy as a file")
    old = read_report("<stdin>", read_raw(Path("-"))) if report == "-" else read_report(report)
    checked = policy_from(policy or old.policy_path, judged_on, settings)
    found = again(old, checked, shipped.catalog(), today=judged_on, engine=engine, models=models, uses=uses)
    if form == "json":
        write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(renderer.render(found, colour=colourful(output)), output)
    return code(found, fail_on)
