"""`policycheck explain`: why a verdict is what it is; and the whole policy in plain language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.options import Place, colourful, day, described, policy_from, policy_options, write, write_bytes
from policycheck_cli.quoting import below, quote_options, quotes_from

if TYPE_CHECKING:
    from policycheck.detect.quote import Quotes
    from policycheck.explanation import Explanation
    from policycheck.paper import Paper
    from policycheck.policy import ModelRef, Policy

_FORMATS = {"verdict": ("text", "json"), "document": ("markdown", "html", "docx")}


@click.command(
    epilog="\b\nExamples:\n  policycheck explain org.yaml --model llama-4-maverick"
    "\n  policycheck explain org.yaml --model llama-4 --use support-chat --format json"
    "\n  policycheck explain org.yaml --as document --format html --output policy.html"
)
@click.argument("policy", metavar="ORG.yaml")
@click.option(
    "--as",
    "shape",
    type=click.Choice(list(_FORMATS)),
    default="verdict",
    show_default=True,
    help="Why a verdict is so; or the whole policy in plain language, to be signed.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([form for forms in _FORMATS.values() for form in forms]),
    help="`text` (the default) or `json` for a verdict; `markdown` (the default), `html` or `docx` for a document.",
)
@click.option("--model-dir", "folders", type=Place(), multiple=True, help="The folder of a downloaded model.")
@quote_options
@policy_options
def explain(
    policy: str,
    shape: str,
    form: str | None,
    folders: tuple[Path, ...],
    quote: bool,
    texts: tuple[Path, ...],
    models: tuple[str, ...],
    uses: tuple[str, ...],
    settings: tuple[str, ...],
    today: date | None,
    engine: str | None,
    output: Path | None,
) -> int:
    """Show for each --model (and each --use) the rules, the facts they read, and the smallest changes that help.

    With --as document: write the policy in plain language; --model and --use narrow what is judged in it.
    """
    from policycheck import shipped
    from policycheck.errors import UsageError
    from policycheck.subjects import ref_named

    judged_on = day(today)
    chosen = form or _FORMATS[shape][0]
    if chosen not in _FORMATS[shape]:
        listed = ", ".join(f"`{each}`" for each in _FORMATS[shape])
        raise UsageError(f"--as {shape} has the formats {listed}; `{chosen}` is none of them")
    if chosen == "docx" and output is None:
        raise UsageError("a Word file is written to a file only; name it with --output")
    checked = policy_from(policy, judged_on, settings)
    if shape == "verdict" and not models and not folders:
        raise UsageError("name a model with --model ID (repeatable), or its folder with --model-dir PATH")
    refs = [ref_named(name, checked, shipped.catalog()) for name in dict.fromkeys(models)]
    refs += described(folders) if folders else []
    if shape == "document":
        _write_paper(_paper(checked, refs, uses, judged_on, engine), chosen, output)
        return 0
    found = _explained(checked, refs, uses, judged_on, engine)
    _write_explained(found, chosen, output, quotes_from(quote, texts, folders))
    return int(any(each.verdict.verdict == "block" for each in found))


def _explained(
    policy: Policy, refs: Sequence[ModelRef], uses: Sequence[str], today: date, engine: str | None
) -> list[Explanation]:
    from policycheck import shipped
    from policycheck.explanation import explain as explanation_of

    named = list(dict.fromkeys(uses)) or list(policy.uses)
    return [
        explanation_of(policy, shipped.catalog(), ref, use, today=today, engine=engine) for use in named for ref in refs
    ]


def _write_explained(found: Sequence[Explanation], form: str, output: Path | None, quotes: Quotes | None) -> None:
    from policycheck.render import explanation as renderer

    if form == "text":
        end = below([each.verdict for each in found], quotes, form) if quotes is not None else ""
        write(renderer.render(found, colour=colourful(output)) + end, output)
        return
    data = [each.as_json() for each in found]
    if quotes is not None:
        from policycheck.detect.quote import quoted

        data = [quoted(each, quotes) for each in data]
    write(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=2) + "\n", output)


def _paper(policy: Policy, refs: Sequence[ModelRef], uses: Sequence[str], today: date, engine: str | None) -> Paper:
    from policycheck import shipped
    from policycheck.evaluate import evaluate
    from policycheck.signing import paper_on

    report = evaluate(policy, shipped.catalog(), today=today, engine=engine, models=refs or None, uses=uses or None)
    return paper_on(report)


def _write_paper(paper: Paper, form: str, output: Path | None) -> None:
    if form == "docx":
        from policycheck.render import word

        write_bytes(word.render(paper), output)
        return
    from policycheck.render import paper as renderer

    write(renderer.page(paper) if form == "html" else renderer.markdown(paper), output)
