"""How far the organisation is from each cap, counted as that cap's clause counts, and when growth would pass it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.facts import Case
from policycheck.facts.counting import UNITS, Limit, Tally, may_be_over, missing_of
from policycheck.facts.when import Measured, closed_month, month_before
from policycheck.facts.who import ALL_CAPS, judged
from policycheck.judge import Judge
from policycheck.license import Clause
from policycheck.policy import ModelRef, Policy
from policycheck.subjects import refs_of, subject_of
from policycheck.tiers import Tiers

_STATES: Final = {"yes": "passed", "no": "within", "open": "open", "unknown": "unknown"}
_RANK: Final = ("passed", "open", "unknown", "near", "within")
_LONGEST: Final = 1200
"""Months; beyond a hundred years nothing is foretold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """One cap of one license, what it counts of this organisation, and what is left."""

    license: str
    fact: str
    """The clause's name, as `mau_cap`."""
    size: int
    currency: str | None
    measure: str
    counts: tuple[str, ...]
    whose: str
    state: str
    """passed, open (a word of the text decides), unknown (a figure is missing), near (mau_headroom) or within."""
    low: int
    high: int | None
    """None where nothing bounds the count."""
    with_open: int | None = None
    """The count with those companies of which the text leaves open whether they count, where there are any."""
    tipping: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Keys that would settle the count."""
    measured_on: str
    closed: bool
    crosses_on: date | None = None
    uses: tuple[str, ...]
    models: tuple[str, ...]
    clause: Clause = field(compare=False)

    @property
    def counted(self) -> int | None:
        """The count, None where it is not known exactly."""
        return self.low if self.low == self.high else None

    @property
    def left(self) -> int | None:
        """How much may be added; negative where the cap is passed."""
        return None if self.counted is None else self.size - self.counted

    @property
    def unit(self) -> str:
        """What is counted: `monthly active users`, or a currency."""
        return self.currency or UNITS[self.measure]

    def as_json(self) -> dict[str, Any]:
        """The cap as JSON."""
        return {
            "license": self.license,
            "fact": self.fact,
            "cap": self.size,
            "unit": self.unit,
            "counts": list(self.counts),
            "whose": self.whose,
            "state": self.state,
            "counted": self.counted,
            "counted_at_least": self.low,
            "counted_at_most": self.high,
            "counted_with_open": self.with_open,
            "tipping": list(self.tipping),
            "left": self.left,
            "missing": list(self.missing),
            "measured_on": self.measured_on,
            "closed": self.closed,
            "crosses_on": self.crosses_on.isoformat() if self.crosses_on else None,
            "uses": list(self.uses),
            "models": list(self.models),
            "citation": self.clause.citation(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A license of which nobody has read whether it has certain caps."""

    license: str | None
    """None where nobody knows the license."""
    facts: tuple[str, ...]
    models: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The license as JSON."""
        return {"license": self.license, "facts": list(self.facts), "models": list(self.models)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """All caps of the licenses that were looked at, the nearest first."""

    organisation: str
    today: date
    growth: Fraction | None
    models: tuple[str, ...]
    """Those whose licenses were looked at."""
    caps: tuple[Cap, ...]
    unread: tuple[Unread, ...]

    @property
    def calm(self) -> bool:
        """Whether every cap is known and far away; where nothing was looked at, nothing is known."""
        return bool(self.models) and not self.unread and all(cap.state == "within" for cap in self.caps)

    def as_json(self) -> dict[str, Any]:
        """The whole as JSON."""
        return {
            "as_of": self.today.isoformat(),
            "growth_percent": float(self.growth * 100) if self.growth is not None else None,
            "models": list(self.models),
            "caps": [cap.as_json() for cap in self.caps],
            "unread": [each.as_json() for each in self.unread],
        }


def headroom(
    policy: Policy,
    catalog: Catalog,
    *,
    today: date,
    growth: Fraction | None = None,
    models: Iterable[ModelRef] | None = None,
    uses: Iterable[str] | None = None,
) -> Headroom:
    """Every cap of the licenses of the policy's models, counted for each use.

    `growth` is a share a month, as 1/25 for 4%. Exceptions and agreements are not weighed: `evaluate` says whether a
    cap binds. Raises UsageError for a use that the policy lacks.
    """
    caps: dict[Any, Cap] = {}
    unread: dict[Any, Unread] = {}
    looked: tuple[str, ...] = ()
    for case, model in _cases(policy, catalog, today, models, uses):
        looked = _with(looked, model)
        license = case.license.id if case.license else None
        facts = tuple(key.removeprefix("license.") for key in case.unread(*ALL_CAPS)) if license else ALL_CAPS
        if facts:
            first = unread.get(license) or Unread(license=license, facts=facts, models=())
            unread[license] = replace(first, models=_with(first.models, model))
        for word, tally, limit, clause in judged(case, ALL_CAPS):
            cap = _cap(case, word, tally, limit, clause, growth)
            alike = (cap.license, cap.fact, cap.size, clause.section, cap.whose, cap.low, cap.high, cap.missing)
            first_cap = caps.get(alike, cap)
            named = {"uses": _with(first_cap.uses, case.use_name), "models": _with(first_cap.models, model)}
            caps[alike] = replace(first_cap, **named)  # type: ignore[arg-type]  # both are tuples of names
    return Headroom(
        organisation=str(policy.organisation.get("name")),
        today=today,
        growth=growth,
        models=looked,
        caps=tuple(sorted(caps.values(), key=_rank)),
        unread=tuple(sorted(unread.values(), key=lambda each: each.license or "")),
    )


def _cases(
    policy: Policy, catalog: Catalog, today: date, models: Iterable[ModelRef] | None, uses: Iterable[str] | None
) -> Iterator[tuple[Case, str]]:
    judge = Judge(policy, catalog, today, Tiers((), catalog.vocabulary.facts))
    for use in judge.uses(list(uses or ())):
        for ref in refs_of(policy, catalog) if models is None else models:
            subject = subject_of(ref, policy, catalog)
            for case in judge.cases(use, subject):
                yield case, subject.model.id


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _rank(cap: Cap) -> tuple[Any, ...]:
    return _RANK.index(cap.state), -(cap.high or cap.low) / max(cap.size, 1), cap.license, cap.fact, cap.whose


def _cap(case: Case, word: str, tally: Tally, limit: Limit, clause: Clause, growth: Fraction | None) -> Cap:
    sure = tally.sure + tally.maybe
    whole = sure + tally.undefined + tally.later
    closed = closed_month(limit.measured) is not None
    near = sure.high is not None and sure.high >= limit.size * (1 - case.policy.settings.mau_headroom)
    state = "near" if word == "no" and near and not closed else _STATES[word]
    # Where a figure passes the cap as far as it is known, what is missing can't bring it back.
    missing = missing_of(tally) if sure.high is None or sure.low != sure.high else ()
    grows = growth is not None and not closed and sure.high is not None and word == "no"
    return Cap(
        license=clause.license,
        fact=clause.fact,
        size=limit.size,
        currency=limit.currency,
        measure=limit.measure,
        counts=tuple(sorted(limit.counts, reverse=True)),
        whose=tally.whose,
        state=state,
        low=sure.low,
        high=sure.high,
        with_open=whole.high if tally.tipping else None,
        tipping=tally.tipping,
        missing=tuple(dict.fromkeys(missing)),
        measured_on=_measured_on(limit.measured, case.today),
        closed=closed,
        crosses_on=_crossing(sure.high or 0, limit, growth or Fraction(0), case.today) if grows else None,
        uses=(),
        models=(),
        clause=clause,
    )


def _measured_on(measured: Measured, today: date) -> str:
    month = closed_month(measured)
    if month is not None:
        return month
    if measured == "preceding-month":
        return month_before(today)
    return str(today.year - 1) if measured == "preceding-year" else today.isoformat()


def _crossing(count: int, limit: Limit, growth: Fraction, today: date) -> date | None:
    """The first day of the month in which a count that grows by `growth` a month passes the limit.

    The count stands for the month that the clause measures: this one, or the one before.
    """
    first = 12 * today.year + today.month - 1 - (limit.measured == "preceding-month")
    grown = Fraction(count)
    for month in range(first + 1, first + 1 + _LONGEST if growth and count else first + 1):
        grown *= 1 + growth
        if may_be_over(ceil(grown), limit):
            return date(month // 12, month % 12 + 1, 1)
    return None
