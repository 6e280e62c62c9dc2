"""Figures of a policy against each other and the day: months and years, parts and wholes, exchange rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.parts import heads_of, uses_of
from policycheck.wholes import COUNTS, larger_parts

SUMS = ("annual_revenue", "monthly_revenue")
_CLOSE = Decimal("0.02")
"""How far two rates, there and back, may be from each other; they are rounded."""


def check(document: Document, today: date) -> Iterator[Problem]:
    """Problems of the figures in a policy that passed its schema."""
    for where, home in homes(document.data):
        for key in (*COUNTS, *SUMS):
            yield from _times(document, (*where, key), home.get(key), today)
    yield from larger_parts(document)
    yield from _rates(document, document.data.get("settings", {}).get("exchange_rates", {}), today)


def homes(data: Any) -> Iterator[tuple[Where, Any]]:
    """Each mapping that holds figures: companies, their groups, and uses."""
    yield from uses_of(data)
    for where, company in heads_of(data):
        yield where, company
        if "group" in company:
            yield (*where, "group"), company["group"]
        for index, affiliate in enumerate(company.get("affiliates", ())):
            yield (*where, "affiliates", index), affiliate


def _times(document: Document, where: Where, value: Any, today: date) -> Iterator[Problem]:
    seen: set[tuple[str, Any]] = set()
    for index, entry in enumerate(value if isinstance(value, list) else [value]):
        inner = (*where, index) if isinstance(value, list) else where
        if isinstance(value, list) and not (isinstance(entry, dict) and {"month", "year"} & entry.keys()):
            yield document.problem(inner, f"in a list each sum says when it was counted; {_with_a_time(entry)}")
        for key, now in (("month", today.isoformat()[:7]), ("year", today.year)):
            time = entry.get(key) if isinstance(entry, dict) else None
            if time is None:
                continue
            if (key, time) in seen:
                yield document.problem((*inner, key), f"the {key} {time} stands here twice")
            seen.add((key, time))
            if time > now:
                message = f"the {key} {time} lies after today ({today}); a figure is one that was counted"
                yield document.problem((*inner, key), message)


def _with_a_time(entry: Any) -> str:
    if isinstance(entry, dict):
        return "add its `year` or `month`"
    amount, _, currency = entry.rpartition(" ")
    return f"write `{{amount: {amount}, currency: {currency}, year: …}}`"


def _rates(document: Document, rates: Any, today: date) -> Iterator[Problem]:
    for base, others in rates.items():
        if base == "note":
            continue
        where: Where = ("settings", "exchange_rates", base)
        if others.get("on", "") > today.isoformat():
            yield document.problem((*where, "on"), f"`on` ({others['on']}) lies after today ({today})")
        if base in others:
            yield document.problem((*where, base), f"a rate of {base} to itself says nothing; remove it", key=True)
        for other, rate in others.items():
            back = rates.get(other, {}).get(base) if other.isupper() and other > base else None
            if back is not None and abs(Decimal(str(rate)) * Decimal(str(back)) - 1) > _CLOSE:
                message = f"1 {base} is {rate} {other} here, and 1 {other} is {back} {base}; one of them is wrong"
                yield document.problem(("settings", "exchange_rates", other, base), message)
