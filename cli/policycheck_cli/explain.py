"""`policycheck explain`: why a verdict is what it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from policycheck_cli.options import colourful, day, policy_from, policy_options, write


@click.command(
    epilog="\b\nExamples:\n  policycheck explain org.yaml --model llama-4-maverick"
    "\n  policycheck explain org.yaml --model llama-4 --use support-chat --format json"
)
@click.argument("policy", metavar="ORG.yaml")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@policy_options
def explain(
    policy: str,
    form: str,
    models: tuple[str, ...],
    uses: tuple[str, ...],
    settings: tuple[str, ...],
    today: date | None,
    engine: str | None,
    output: Path | None,
) -> int:
    """Show the rules that ran for one model, the facts they read, and what would change the verdict."""
    from policycheck import shipped
    from policycheck.errors import UsageError
    from policycheck.explanation import explain as explanation_of
    from policycheck.render import explanation as renderer
    from policycheck.subjects import ref_named

    judged_on = day(today)
    checked = policy_from(policy, judged_on, settings)
    if not models:
        raise UsageError("name a model with --model ID (repeatable)")
    refs = [ref_named(name, checked, shipped.catalog()) for name in dict.fromkeys(models)]
    named = list(dict.fromkeys(uses)) or list(checked.uses)
    found = [
        explanation_of(checked, shipped.catalog(), ref, use, today=judged_on, engine=engine)
        for use in named
        for ref in refs
    ]
    if form == "json":
        data = [each.as_json() for each in found]
        write(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(renderer.render(found, colour=colourful(output)), output)
    return 1 if any(each.verdict.verdict == "block" for each in found) else 0
