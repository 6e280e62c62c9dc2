"""Caps for a terminal: a table within its width, then what can't be said in one."""

from __future__ import annotations

from policycheck.headroom import Cap, Headroom
from policycheck.numbers import short
from policycheck.render.page import Page
from policycheck.render.words import cited


def render(found: Headroom, *, colour: bool = False, width: int = 80) -> str:
    """The caps as text of at most `width` columns."""
    page = Page(width, colour=colour)
    page.put(f"caps for {found.organisation}, {found.today}", style="bold")
    if found.growth is not None:
        page.put(f"Growth of {float(found.growth * 100):g}% a month is assumed; a date is the first of the month.")
    page.put()
    if found.caps:
        _table(page, found)
        page.put()
    elif found.models:
        page.put("No license that was looked at is known to have a cap for these uses.")
    else:
        page.put("Nothing was looked at: no model is named.")
    for cap in found.caps:
        _remarks(page, cap)
    _unread(page, found)
    page.put(
        "Exceptions and agreements are not weighed here; `policycheck evaluate` says whether a cap binds in a use. "
        "This is not legal advice."
    )
    return page.text()


def _table(page: Page, found: Headroom) -> None:
    heads = ["state", "license", "counted", "cap", "left", "measured"]
    rows = []
    for cap in found.caps:
        left = "?" if cap.left is None else short(cap.left)
        rows.append([cap.state, cap.license, _counted(cap), _amount(cap, cap.size), left, cap.measured_on])
    if found.growth is not None:
        heads.append("passed on")
        for row, cap in zip(rows, found.caps, strict=True):
            row.append(cap.crosses_on.isoformat() if cap.crosses_on else "?" if cap.counted is None else "-")
    page.table(heads, rows)


def _amount(cap: Cap, number: int) -> str:
    words = {"mau": "users", "dau": "daily users", "monthly_visits": "visits"}
    return f"{short(number)} {cap.currency or words.get(cap.measure, cap.measure)}"


def _counted(cap: Cap) -> str:
    if cap.counted is not None:
        return short(cap.counted)
    if cap.high is None:
        return f"at least {short(cap.low)}" if cap.low else "unknown"
    return f"{short(cap.low)} to {short(cap.high)}"


def _remarks(page: Page, cap: Cap) -> None:
    """What the table can't hold: whose figures, what is missing, and what an open word would add."""
    counts = " and ".join(cap.counts)
    closed = "; that month is closed and changes no more" if cap.closed else ""
    page.put(f"{cap.license}, {cap.fact.replace('_', ' ')}: counts the {counts}: {cap.whose}{closed}.", by=2)
    if cap.missing and cap.state != "passed":
        page.put(f"Fill in {', '.join(f'`{key}`' for key in cap.missing)}.", by=4)
    if cap.with_open is not None and cap.state != "passed":
        tipping = " and ".join(cap.tipping)
        counted = _amount(cap, cap.with_open)
        page.put(f"The text leaves open whether it counts {tipping}; if so, the count would be {counted}.", by=4)
    if cap.state != "within":
        page.put(f"§ {cited(cap.clause)}", by=4)


def _unread(page: Page, found: Headroom) -> None:
    for each in found.unread:
        models = ", ".join(each.models[:4]) + (f" and {len(each.models) - 4} more" if len(each.models) > 4 else "")
        caps = ", ".join(fact.replace("_", " ") for fact in each.facts)
        if each.license is None:
            page.put(f"Nobody knows the license of {models}; it may have caps.", by=2)
        else:
            page.put(f"Nobody has read whether {each.license} ({models}) has a cap: {caps}.", by=2)
