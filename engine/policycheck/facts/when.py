"""When: the figure that stands on the day or in the month a clause measures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from policycheck.facts.case import Case, Source, sourced
from policycheck.numbers import Money, bounds_in, count, money, rate_between
from policycheck.policy import Part
from policycheck.values import frozen

Measured = str | dict[str, str]


@frozen(kw_only=False, eq=True)
class Figure:
    """A figure between two bounds; `high` is None where nothing bounds it."""

    low: int
    high: int | None
    missing: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    rates: tuple[str, ...] = ()
    """How sums in other currencies were converted, in words."""

    def __add__(self, other: Figure) -> Figure:
        high = None if self.high is None or other.high is None else self.high + other.high
        missing, sources = self.missing + other.missing, self.sources + other.sources
        return Figure(self.low + other.low, high, missing, sources, self.rates + other.rates)

    def at_least(self, other: Figure) -> Figure:
        """The larger of two figures."""
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        missing, sources = self.missing + other.missing, self.sources + other.sources
        rates = self.rates if self.low >= other.low else other.rates
        return Figure(max(self.low, other.low), high, missing, sources, rates)


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
    last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    return f"{month}-01", last.isoformat()


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


def newest_due(key: str, today: date) -> str:
    """The last whole year or month, of which a figure can be known."""
    return str(today.year - 1) if key == "annual_revenue" else month_before(today)


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
    """Revenue of `part` in whole units of `currency`, as far as it is known for the time that a clause measures.

    An undated sum speaks for every year or month; one with a date only for its own.
    """
    value = part.get(key)
    months = part.get("monthly_revenue") if key == "annual_revenue" and measured == "any-time" else None
    if value is None:
        return _twelve_months(case, part, months, currency).at_least(Figure(0, None, (part.key(key),)))
    dated = [(period_of(entry), money(entry)) for entry in (value if isinstance(value, list) else [value])]
    source = (sourced(part, key),)
    figures = {period: _converted(case, found, currency, source) for period, found in dated}
    wanted = newest_due(key, case.today)
    gap = Figure(0, None, (f"{part.key(key)} for {wanted}",), source)
    if measured == "any-time":
        known = None in figures or any(period is not None and period >= wanted for period in figures)
        highest = NOTHING if known else gap
        for figure in figures.values():
            highest = highest.at_least(figure)
        return highest.at_least(_twelve_months(case, part, months, currency))
    return figures.get(wanted) or figures.get(None) or gap


def _twelve_months(case: Case, part: Part, months: Any, currency: str) -> Figure:
    """The most that twelve months in a row brought, where a list of months says so; a lower bound, no more."""
    if not isinstance(months, list):
        return NOTHING
    source = (sourced(part, "monthly_revenue"),)
    by_month = {period_of(entry): _converted(case, money(entry), currency, source).low for entry in months}
    totals = [
        sum(low for month, low in by_month.items() if month and first <= month < _year_later(first))
        for first in by_month
        if first
    ]
    return Figure(max(totals, default=0), max(totals, default=0), (), source)


def _year_later(month: str) -> str:
    return f"{int(month[:4]) + 1}{month[4:]}"


def period_of(entry: Any) -> str | None:
    """The year or month of a figure; None where it has no date."""
    found = (entry.get("month") or entry.get("year")) if isinstance(entry, dict) else None
    return None if found is None else str(found)


def _converted(case: Case, found: Money, currency: str, source: tuple[Source, ...]) -> Figure:
    """A sum in another currency; without a rate, the bounds between which it surely lies."""
    rates = case.policy.settings.exchange_rates
    found = replace(found, rates=rates)
    low, high = bounds_in(found, currency)
    if found.currency == currency:
        return Figure(low, high, (), source)
    pair = rate_between(found, currency)
    if pair is None:
        return Figure(low, high, (f"settings.exchange_rates.{found.currency}.{currency}",), source)
    base, other = pair
    day = f" on {rates[base]['on']}" if "on" in rates[base] else ""
    note = f" ({rates[base]['note']})" if "note" in rates[base] else ""
    return Figure(low, high, (), source, (f"{found} at {rates[base][other]} {other} for 1 {base}{day}{note}",))
