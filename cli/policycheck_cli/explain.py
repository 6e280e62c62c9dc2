"""`policycheck explain`: why a verdict is what it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.options import Place, day, described, policy_from, policy_options, write
from policycheck_cli.quoting import below, quote_options, quotes_from

if TYPE_CHECKING:
    from policycheck.detect.quote import Quotes
    from policycheck.explanation import Explanation


@click.command(
    epilog="\b\nExamples:\n  policycheck explain org.yaml --model llama-4-maverick"
    "\n  policycheck explain org.yaml --model llama-4 --use support-chat --format json"
)
@click.argument("policy", metavar="ORG.yaml")
@click.option("--model-dir", "folder", type=Place(), help="The folder of a downloaded model.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@quote_options
@policy_options
def explain(
    policy: str,
    folder: Path | None,
    form: str,
    quote: bool,
    texts: tuple[Path, ...],
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
    from policycheck.subjects import ref_named

    judged_on = day(today)
    checked = policy_from(policy, judged_on, settings)
    if len(models) + (folder is not None) != 1:
        raise UsageError("name one model with --model ID, or its folder with --model-dir PATH")
    if len(uses) > 1 or (not uses and len(checked.uses) > 1):
        listed = ", ".join(f"`{name}`" for name in checked.uses)
        raise UsageError(f"name one use with --use NAME; the policy has {listed}")
    ref = described([folder])[0] if folder is not None else ref_named(models[0], checked, shipped.catalog())
    use = uses[0] if uses else next(iter(checked.uses))
    found = explanation_of(checked, shipped.catalog(), ref, use, today=judged_on, engine=engine)
    quotes = quotes_from(quote, texts, [folder] if folder is not None else [])
    write(_rendered(found, form, quotes), output)
    return 1 if found.verdict.verdict == "block" else 0


def _rendered(found: Explanation, form: str, quotes: Quotes | None) -> str:
    from policycheck.render import explanation

    if form != "json":
        return explanation.render(found) + (below([found.verdict], quotes, form) if quotes is not None else "")
    data = found.as_json()
    if quotes is not None:
        from policycheck.detect.quote import quoted

        data = quoted(data, quotes)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
