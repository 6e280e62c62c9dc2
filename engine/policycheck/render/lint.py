"""Remarks for a terminal: each with its place, so that an editor can jump there, what shows it, and the way out."""

from __future__ import annotations

from collections import Counter

from policycheck.lint import SEVERITIES, Lint, Remark
from policycheck.numbers import short
from policycheck.render.page import Page

_MOST = 6


def render(found: Lint, *, colour: bool = False, width: int = 80) -> str:
    """The remarks as text, and how many there are."""
    page = Page(width, colour=colour)
    for remark in found.remarks:
        page.raw(f"{remark.file}:{remark.line}:{remark.column}: {remark.severity}: {remark.message}", by=0)
        if remark.witness:
            page.put(f"For example: {_case(remark)}.", by=4)
        page.put(f"{remark.way_out[0].upper()}{remark.way_out[1:]}{'' if remark.way_out[-1] in '?.' else '.'}", by=4)
    page.put(_count(found))
    return page.text()


def _case(remark: Remark) -> str:
    witness = remark.as_json()["witness"]
    said = [f"{name} is {_value(value)}" for name, value in witness.items()]
    more = len(said) - _MOST
    return "; ".join(said[:_MOST]) + (f"; and {more} more (all in --format json)" if more > 0 else "")


def _value(value: object) -> str:
    if isinstance(value, list):
        shown = ", ".join(map(str, value[:_MOST])) + (", …" if len(value) > _MOST else "")
        return f"[{shown}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return short(value) if isinstance(value, int) else str(value)


def _count(found: Lint) -> str:
    if not found.remarks:
        return "Nothing to report."
    counted = Counter(remark.severity for remark in found.remarks)
    each = [f"{counted[word]} {word}{'' if counted[word] == 1 else 's'}" for word in SEVERITIES if counted[word]]
    return f"{', '.join(each)}. Rules are compared within the vocabulary, as if no fact followed from another."
