"""`policycheck explain`: why a verdict is what it is; and the whole policy in plain language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.inquiry import Asked, Inquiry
from policycheck_cli.options import FROM_HUB, JUDGED, NARROWED, OVERLAID, VARIED, WRITTEN, Named, asking
from policycheck_cli.quoting import below, quote_options, quotes_from
from policycheck_cli.writing import colourful, write, write_bytes, write_json

if TYPE_CHECKING:
    from policycheck.detect.quote import Quotes
    from policycheck.explanation import Explanation
    from policycheck.paper import Paper

_FORMATS = {"verdict": ("text", "json"), "document": ("markdown", "html", "docx")}


_EPILOG = """\b
Examples:
  policycheck explain org.yaml --model llama-4-maverick
  policycheck explain org.yaml --model llama-4 --use chat --format json
  policycheck explain org.yaml --as document --format html --output org.html

\b
Exit codes: 0 no verdict is a block, 1 one is, 2 a bad document or wrong
usage, 3 a fault.

This is not legal advice."""


@click.command(epilog=_EPILOG, short_help="Show why a verdict is so, and what helps.")
@click.argument("policy", metavar="ORG.yaml", type=Named())
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
@quote_options
@asking(NARROWED, OVERLAID, FROM_HUB, VARIED, JUDGED, WRITTEN)
def explain(policy: str, shape: str, form: str | None, quote: bool, texts: tuple[Path, ...], asked: Asked) -> int:
    """Show for each --model (and each --use) the rules, the facts they read, and the smallest changes that help.

    With --as document: write the policy in plain language; --model and --use narrow what is judged in it.
    """
    chosen = _form(shape, form, asked)
    inquiry = asked.of(policy)
    if shape == "document":
        _write_paper(_paper(inquiry), chosen, asked.output)
        return 0
    found = _explained(inquiry)
    _write_explained(found, chosen, asked.output, quotes_from(quote, texts, asked.folders))
    return int(any(each.verdict.verdict == "block" for each in found))


def _form(shape: str, form: str | None, asked: Asked) -> str:
    """The format that is written; raises UsageError where what is asked does not fit together."""
    from policycheck.errors import UsageError

    chosen = form or _FORMATS[shape][0]
    if chosen not in _FORMATS[shape]:
        listed = ", ".join(f"`{each}`" for each in _FORMATS[shape])
        raise UsageError(f"--as {shape} has the formats {listed}; `{chosen}` is none of them")
    if chosen == "docx" and asked.output is None:
        raise UsageError("a Word file is written to a file only; name it with --output")
    if shape == "verdict" and not asked.narrows:
        raise UsageError("name a model with --model ID (repeatable), or its folder with --model-dir PATH")
    return chosen


def _explained(inquiry: Inquiry) -> list[Explanation]:
    from policycheck.explanation import explain as explanation_of

    policy, catalog, asked = inquiry.policy, inquiry.catalog, inquiry.asked
    return [
        explanation_of(policy, catalog, ref, use, today=asked.today, engine=asked.engine)
        for use in list(dict.fromkeys(asked.uses)) or list(policy.uses)
        for ref in inquiry.named
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
    write_json(data[0] if len(data) == 1 else data, output)


def _paper(inquiry: Inquiry) -> Paper:
    from policycheck.evaluate import evaluate
    from policycheck.signing import paper_on

    asked, models = inquiry.asked, inquiry.models()
    report = evaluate(
        inquiry.policy, inquiry.catalog, today=asked.today, engine=asked.engine, models=models, uses=asked.uses or None
    )
    return paper_on(report)


def _write_paper(paper: Paper, form: str, output: Path | None) -> None:
    if form == "docx":
        from policycheck.render import word

        write_bytes(word.render(paper), output)
        return
    from policycheck.render import paper as renderer

    write(renderer.page(paper) if form == "html" else renderer.markdown(paper), output)
