"""`--quote`: the clauses' own words below a report, taken at run time from texts that are at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from policycheck.render.words import clean

from policycheck_cli.options import Place

if TYPE_CHECKING:
    from policycheck.detect.quote import Quotes
    from policycheck.verdict import Verdict

F = TypeVar("F", bound=Callable[..., Any])
_TITLE = "The clauses in their own words"


def quote_options(command: F) -> F:
    """Adds --quote and --texts."""
    for option in (
        click.option(
            "--texts",
            type=Place(),
            multiple=True,
            help="A license text, or a folder with some, to quote from (repeatable; means --quote too).",
        ),
        click.option("--quote", is_flag=True, help="Show the clauses' own words, where their text is at hand."),
    ):
        command = option(command)
    return command


def quotes_from(quote: bool, texts: Sequence[Path], folders: Iterable[Path] = ()) -> Quotes | None:
    """Where quotes come from; None where nobody asked for them."""
    if not quote and not texts:
        return None
    from policycheck import shipped
    from policycheck.detect.quote import Quotes

    return Quotes(shipped.catalog(), tuple(dict.fromkeys((*texts, *folders))))


def below(verdicts: Iterable[Verdict], quotes: Quotes, form: str) -> str:
    """The clauses behind what stands in the way, each once, as text or Markdown."""
    from policycheck.detect.quote import lines
    from policycheck.render import markdown
    from policycheck.render.page import Page

    clauses = [c for verdict in verdicts for finding in verdict.findings if finding.outcome for c in finding.clauses]
    found = lines(clauses, quotes)
    if form == "markdown":
        parts = [f"**{markdown.escape(name)}**\n\n> {markdown.cell(said)}\n" for name, said in found]
        return "\n".join([f"\n## {_TITLE}\n", *parts])
    page = Page(80, colour=False)
    page.put()
    page.put(_TITLE)
    for name, said in found:
        page.put(name, by=2)
        page.put(said, by=4)
    return page.text()


def said(quote: dict[str, Any]) -> str:
    """A quote on a line, or why there is none."""
    if quote["text"] is None:
        return f"Not quoted: {quote['why']}."
    return clean(f"“{quote['text']}” ({quote['from']})")
