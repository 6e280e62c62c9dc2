"""A value of the policy as a fact that rules read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from policycheck.facts.case import Case, Fact, sourced, unknown
from policycheck.facts.counting import UNITS
from policycheck.facts.when import newest_due, period_of
from policycheck.numbers import count, money
from policycheck.policy import Part


def taken(case: Case, part: Part, key: str, fact: str) -> Fact:
    """The fact called `fact` as `part` states it under `key`."""
    value = part.get(key)
    if value is None:
        return unknown(part.key(key))
    if (due := _outdated(case, key, value)) is not None:
        return unknown(f"{part.key(key)} for {due}")
    return Fact(value=typed(case, fact, value), sources=(sourced(part, key),), shown=shown(value))


def _outdated(case: Case, key: str, value: Any) -> str | None:
    """The month or year that a figure with a date lacks to speak for today: one answers for its own time only."""
    if key not in UNITS:
        return None
    period, due = period_of(_newest(value)), newest_due(key, case.today)
    return due if period is not None and period < due else None


def typed(case: Case, fact: str, value: Any) -> Any:
    """A value of a document as rules read it."""
    kind = case.catalog.vocabulary.facts[fact].type
    if kind == "yes-no":
        return "yes" if value is True else "no" if value is False else str(value)
    if kind == "places":
        return case.catalog.vocabulary.countries(value)
    if kind == "place":
        return case.catalog.vocabulary.country(str(value))
    if kind in ("words", "texts"):
        return frozenset([value] if isinstance(value, str) else value)
    if kind == "number":
        newest = _newest(value)
        return count(newest["value"] if isinstance(newest, dict) else newest)
    if kind == "amount":
        return replace(money(_newest(value)), rates=case.policy.settings.exchange_rates)
    return str(value)


def _newest(value: Any) -> Any:
    return max(value, key=lambda entry: period_of(entry) or "") if isinstance(value, list) else value


def shown(value: Any) -> str | None:
    """How a list of words is said in a message, in the order of the policy."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value) or "none"
    return None
