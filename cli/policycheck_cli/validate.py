"""`policycheck validate`: every problem of a policy at once."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from policycheck_cli.inquiry import Asked
from policycheck_cli.options import Day, Named, day
from policycheck_cli.writing import say


@click.command(
    short_help="Name every problem of a policy.",
    epilog="\b\nExamples:\n  policycheck validate org.yaml\n  policycheck validate *.yaml --format json"
    "\n\n\b\nExit codes: 0 no problem, 2 a problem or wrong usage.",
)
@click.argument("policies", metavar="ORG.yaml...", type=Named(), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--today", type=Day(), help="Check dates as of this day; default is today.")
def validate(policies: tuple[str, ...], form: str, today: date | None) -> int:
    """Check policies against schema and vocabulary; every problem with file, line and column."""
    from policycheck import licensors, shipped, strangers
    from policycheck.errors import DocumentError

    problems, notices = [], []
    for path in policies:
        try:
            policy = Asked(today=day(today)).of(path).policy
            notices += list(licensors.notices(policy.document, shipped.catalog()))
            notices += list(strangers.notices(policy, shipped.catalog()))
        except DocumentError as error:
            problems += list(error.problems)
    if form == "json":
        found = {"problems": [asdict(each) for each in problems], "notices": [asdict(each) for each in notices]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return 2 if problems else 0
    for problem in problems:
        say(str(problem))
    for notice in notices:
        say(f"Note: {notice}")
    if problems:
        say(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}.")
        return 2
    click.echo(f"{len(policies)} file{'s' if len(policies) != 1 else ''}, no problem.")
    return 0
