"""Counts over many verdicts, for a terminal: how many of each, by license and by reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from policycheck.hub.tally import WORDS, Tally
from policycheck.policy import Policy
from policycheck.render.page import Page
from policycheck.report import NOT_LEGAL_ADVICE

_MOST = 25


def render(
    tally: Tally, policy: Policy, today: date, unmatched: list[str], *, colour: bool = False, width: int = 80
) -> str:
    """The counts as text of at most `width` columns."""
    page = Page(width, colour=colour)
    packs = ", ".join(policy.packs) or "none"
    page.put(f"policycheck for {policy.organisation.get('name')}, {today}, packs: {packs}", style="bold")
    page.put(f"{tally.total:,} verdicts. {NOT_LEGAL_ADVICE}")
    page.put()
    found = tally.as_json()
    _table(page, "use", found["by_use"])
    _table(page, "license of the weights", found["by_license"])
    _ranked(page, "why not allowed (rule)", found["by_rule"])
    _ranked(page, "what to fill in first", {each["key"]: each["verdicts"] for each in found["ask"]})
    for line in unmatched:
        page.put(f"Note: {line}")
    page.put("One model: --model ID; each model on a line of its own: --format jsonl.")
    return page.text()


def _table(page: Page, head: str, counts: dict[str, dict[str, int]]) -> None:
    rows = [(name, *(f"{row[word]:,}" for word in WORDS)) for name, row in list(counts.items())[:_MOST]]
    rest = list(counts.values())[_MOST:]
    if rest:
        rows.append((f"({len(rest)} more)", *(f"{sum(row[word] for row in rest):,}" for word in WORDS)))
    page.table((head, *WORDS), rows)
    page.put()


def _ranked(page: Page, head: str, counts: dict[str, Any]) -> None:
    if counts:
        page.table((head, "verdicts"), [(name, f"{n:,}") for name, n in list(counts.items())[:_MOST]])
        page.put()
