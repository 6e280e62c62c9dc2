"""When: the figure that stands on the day or in the month a clause measures."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from policycheck.facts.case import Case, Source, sourced
from policycheck.numbers import count, money
from policycheck.policy import Part

Measured = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure between two bounds; `high` is None where nothing bounds it."""

    low: int
    high: int | None
    missing: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __add__(self, other: Figure) -> Figure:
        high = None if self.high is None or other.high is None else self.high + other.high
        return Figure(self.low + other.low, high, self.missing + other.missing, self.sources + other.sources)


NOTHING = Figure(0, 0)


def closed_month(measured: Measured) -> str | None:
    """The month, if the clause measures one that will not change any more."""
    return measured["month"] if isinstance(measured, dict) else None


def measured_day(measured: Measured, today: date) -> tuple[str, str]:
    """First and last day of the time that a clause measures, as texts."""
    month = closed_month(measured)
    if month is None:
        return today.isoformat(), today.isoformat()
    year, number = int(month[:4]), int(month[5:])
    return f"{month}-01", f"{month}-{calendar.monthrange(year, number)[1]:02d}"


def said(measured: Measured) -> str:
    """The time a clause measures, in words."""
    words = {
        "any-time": "at any time",
        "preceding-month": "in the month before",
        "preceding-year": "in the year before",
    }
    return f"in {measured['month']}" if isinstance(measured, dict) else words.get(measured, measured)


def month_before(today: date) -> str:
    """The month before the one of `today`."""
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year}-{month:02d}"


def people(case: Case, part: Part, key: str, measured: Measured) -> Figure:
    """Users or visits of `part` as far as they are known for the time that a clause measures.

    An undated count speaks for every month; a dated list only for its months.
    """
    value = part.get(key)
    if value is None:
        return Figure(0, None, (part.key(key),))
    source = (sourced(part, key),)
    if not isinstance(value, list):
        return Figure(count(value), count(value), (), source)
    by_month = {entry["month"]: count(entry["value"]) for entry in value}
    month = closed_month(measured)
    if month is not None:
        found = by_month.get(month)
        return (
            Figure(found, found, (), source)
            if found is not None
            else Figure(0, None, (f"{part.key(key)} for {month}",))
        )
    now = [by_month[m] for m in (case.today.isoformat()[:7], month_before(case.today)) if m in by_month]
    highest = max(by_month.values()) if measured == "any-time" else (now[0] if now else 0)
    if not now:
        return Figure(highest, None, (f"{part.key(key)} for {month_before(case.today)}",), source)
    return Figure(highest, highest, (), source)


def revenue(case: Case, part: Part, key: str, measured: Measured, currency: str) -> Figure:
    """Revenue of `part` in whole units of `currency`; without a rate it is known to a factor of three."""
    value = part.get(key)
    if value is None:
        return Figure(0, None, (part.key(key),))
    found = money(_period(value, measured, case.today))
    source = (sourced(part, key),)
    if found.currency == currency:
        return Figure(found.amount, found.amount, (), source)
    rates = case.policy.settings.exchange_rates
    if currency in rates.get(found.currency, {}):
        exact = round(found.amount * float(rates[found.currency][currency]))
        return Figure(exact, exact, (), source)
    if found.currency in rates.get(currency, {}):
        exact = round(found.amount / float(rates[currency][found.currency]))
        return Figure(exact, exact, (), source)
    # No rate is known: only an amount more than three times off decides.
    return Figure(found.amount // 3, found.amount * 3, (f"settings.exchange_rates.{found.currency}",), source)


def _period(value: Any, measured: Measured, today: date) -> Any:
    if not isinstance(value, list):
        return value
    if measured == "preceding-year":
        last = [entry for entry in value if isinstance(entry, dict) and entry.get("year") == today.year - 1]
        if last:
            return last[0]
    return max(value, key=lambda e: str(e.get("month") or e.get("year") or "") if isinstance(e, dict) else "")
