"""Who: whose users and revenue a clause counts, and what kinds of licensee it leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policycheck.facts.affiliates import is_affiliate, standings
from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.when import NOTHING, Figure, Measured, closed_month, people, revenue, said
from policycheck.license import Clause
from policycheck.numbers import Money, count, money, short
from policycheck.policy import Part

_CAPS = {
    "license.mau_over_cap": ("mau_cap",),
    "license.dau_over_cap": ("dau_cap",),
    "license.revenue_over_cap": ("annual_revenue_cap", "monthly_revenue_cap"),
    "license.visits_over_cap": ("monthly_visits_cap",),
}
ALL_CAPS = tuple(cap for caps in _CAPS.values() for cap in caps)
UNITS = {
    "mau": "monthly active users",
    "dau": "daily active users",
    "monthly_visits": "visits a month",
    "annual_revenue": "annual revenue",
    "monthly_revenue": "monthly revenue",
}
_ORDER = ("yes", "unknown", "open", "no")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit:
    """A size that a clause sets, and whose figure it counts."""

    measure: str
    size: int
    currency: str | None
    counts: frozenset[str]
    affiliates: str
    measured: Measured
    at_limit: str
    known_since: str | None = None
    """The day of the license's text."""


def limit_of(data: Any, measure: str, value: Any, known_since: str | None = None) -> Limit:
    """The limit of a cap, or of a duty that arises from a size."""
    sum_of_money = measure.endswith("revenue")
    found = money(value) if sum_of_money else Money(count(value), "")
    return Limit(
        measure=measure,
        size=found.amount,
        currency=found.currency or None,
        counts=frozenset(data.get("counts", ["licensee"])),
        affiliates=data.get("affiliates", "undefined"),
        measured=data.get("measured", "any-time"),
        at_limit=data.get("at_limit", "unclear"),
        known_since=known_since,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """The figures that a limit counts: surely, and those that an open word or a missing fact may add."""

    sure: Figure
    maybe: Figure = NOTHING
    """Of companies of which a missing fact says whether they count."""
    undefined: Figure = NOTHING
    later: Figure = NOTHING
    tipping: tuple[str, ...] = ()
    whose: str


def _figure(case: Case, part: Part, limit: Limit) -> Figure:
    if limit.currency:
        return revenue(case, part, limit.measure, limit.measured, limit.currency)
    return people(case, part, limit.measure, limit.measured)


def tally(case: Case, limit: Limit) -> Tally:
    """What a limit counts in this case."""
    name = str(case.party.get("name"))
    if "product" in limit.counts and "licensee" not in limit.counts:
        if case.use.get(limit.measure) is not None:
            return Tally(sure=_figure(case, case.use, limit), whose=f"the product `{case.use_name}`")
        own = _figure(case, case.party, limit)
        missing = (case.key(limit.measure),) if own.missing else ()
        own = Figure(own.low, own.high, missing + own.missing, own.sources)
        return Tally(sure=own, whose=f"{name} (standing in for the product `{case.use_name}`)")
    if "affiliates" not in limit.counts:
        return Tally(sure=_figure(case, case.party, limit), whose=name)
    group = case.group.part("group")
    if group is None or group.get(limit.measure) is None or limit.affiliates == "consolidated":
        return _sum(case, limit, name)
    # A group is never smaller than its member.
    whole = _figure(case, group, limit).at_least(_figure(case, case.party, limit))
    for part in filter(is_affiliate, case.group.parts("affiliates") or ()):
        member = _figure(case, part, limit)
        if not member.missing and member.low > whole.low:
            whole = whole.at_least(member)
    return Tally(sure=whole, whose=f"the group of {name}")


def _sum(case: Case, limit: Limit, name: str) -> Tally:
    affiliates = case.group.parts("affiliates")
    sure = _figure(case, case.party, limit)
    parts: dict[str, Figure] = {"maybe": NOTHING, "undefined": NOTHING, "later": NOTHING}
    tipping: list[str] = []
    if affiliates is None or case.group.get("affiliates_complete") is False:
        key = case.group.key("affiliates") if affiliates is None else f"{case.group.key('group')}.{limit.measure}"
        parts["maybe"] = Figure(0, None, (key,))
    for part, (kind, missing) in standings(case, limit.affiliates, limit.measured, limit.known_since):
        if kind == "none":
            continue
        figure = _figure(case, part, limit)
        if kind == "sure":
            sure += figure
            continue
        if kind == "maybe":
            # Where nobody knows whether it counts, its lower bound is nothing.
            figure = Figure(0, figure.high, missing + figure.missing, figure.sources)
        else:
            tipping.append(str(part.get("name")))
        parts[kind] += figure
    return Tally(sure=sure, whose=f"{name} and its affiliates", tipping=tuple(tipping), **parts)


def judge(case: Case, limit: Limit) -> tuple[str, Tally]:
    """Whether the limit is passed: yes, no, unknown, or open with the question in the tally's parts."""
    found = tally(case, limit)
    if _over(found.sure.low, limit):
        return "yes", found
    possible = found.sure + found.maybe
    if possible.high is None or may_be_over(possible.high, limit):
        exactly = possible.low == possible.high == limit.size and limit.at_limit == "unclear"
        return ("open" if exactly else "unknown"), found
    for extra in (found.undefined, found.later, found.undefined + found.later):
        total = possible + extra
        if extra is NOTHING or (extra.low, extra.high) == (0, 0):
            continue
        if total.high is None:
            return "unknown", found
        if may_be_over(total.high, limit):
            return "open", found
    return "no", found


def _over(number: int, limit: Limit) -> bool:
    return number > limit.size or (number == limit.size and limit.at_limit == "over")


def may_be_over(number: int, limit: Limit) -> bool:
    """Whether a number passes a limit in the stricter reading of a text that is unclear about the limit itself."""
    return number > limit.size or (number == limit.size and limit.at_limit != "within")


def question(found: Tally, limit: Limit) -> str:
    """Which open word decides."""
    if found.sure.high == limit.size and limit.at_limit == "unclear":
        return "at-limit"
    undefined = (found.sure + found.undefined).high
    return "affiliate-undefined" if undefined is not None and may_be_over(undefined, limit) else "later-affiliate"


def figures_of(found: Tally, limit: Limit) -> dict[str, str]:
    """Figures for messages."""
    total = found.sure
    unit = UNITS[limit.measure]
    amount = short(total.low) + (f" {limit.currency}" if limit.currency else "")
    exact = total.high == total.low and found.maybe.high is not None
    cap = short(limit.size) + (f" {limit.currency}" if limit.currency else "")
    return {
        "counted": f"{'' if exact else 'at least '}{amount} {unit}",
        "cap": f"{cap} {unit}",
        "whose": found.whose,
        "when": said(limit.measured),
        "tipping": ", ".join(found.tipping),
    }


def missing_of(found: Tally) -> tuple[str, ...]:
    return (
        *found.sure.missing,
        *found.maybe.missing,
        *(found.undefined.missing if not found.sure.missing else ()),
        *(found.later.missing if not found.sure.missing else ()),
    )


def _sources(found: Tally) -> tuple[Any, ...]:
    return (*found.sure.sources, *found.maybe.sources, *found.undefined.sources, *found.later.sources)


def judged(case: Case, caps: Iterable[str]) -> list[tuple[str, Tally, Limit, Clause]]:
    """The caps of a license that bind the use's purpose, each with yes, no, unknown or open, and what it counts."""
    found = []
    purpose = case.use.get("purpose") or "commercial"
    for cap in caps:
        for clause in case.clauses(cap):
            if purpose not in clause.more.get("purposes", (purpose,)):
                continue
            limit = limit_of(clause.more, cap.removesuffix("_cap"), clause.value, clause.text.text_date)
            word, counted = judge(case, limit)
            found.append((word, counted, limit, clause))
    return sorted(found, key=lambda each: _ORDER.index(each[0]))


@derives(*_CAPS)
def over_cap(case: Case, name: str) -> Fact:
    """Whether what the license counts passes its cap."""
    unread = case.unread(*_CAPS[name])
    every = judged(case, _CAPS[name])
    if not every or (unread and every[0][0] != "yes"):
        return unknown(*unread) if unread else NO
    word, found, limit, clause = every[0]
    figures, clauses = figures_of(found, limit), (clause,)
    if word == "unknown":
        return unknown(*missing_of(found), clauses=clauses, **figures)
    return Fact(value=word, clauses=clauses, sources=_sources(found), figures=figures)


@derives("license.cap_question")
def cap_question(case: Case, name: str) -> Fact:
    """The open word that decides whether a cap is passed."""
    for word, found, limit, clause in judged(case, ALL_CAPS):
        if word == "open":
            return Fact(
                value=question(found, limit),
                clauses=(clause,),
                sources=_sources(found),
                figures=figures_of(found, limit),
            )
    return Fact(value="none")


@derives("license.near_cap")
def near_cap(case: Case, name: str) -> Fact:
    """Whether a count that can still move is close below a cap."""
    for word, found, limit, clause in judged(case, ALL_CAPS):
        if word != "no" or closed_month(limit.measured):
            continue
        if found.sure.low >= limit.size * (1 - case.policy.settings.mau_headroom):
            return Fact(value="yes", clauses=(clause,), sources=_sources(found), figures=figures_of(found, limit))
    return NO


def over_any(case: Case, clause: Clause, key: str) -> tuple[str, tuple[str, ...]]:
    """Whether one of the sizes under `key` of a clause is passed, with the keys that would settle it.

    Gives yes, no, unknown, or open where a word that the text leaves undefined decides. What a size does not say, as
    whose figures count, its clause says.
    """
    missing: list[str] = []
    words: set[str] = set()
    sizes = clause.more[key]
    for size in sizes if isinstance(sizes, list) else [{"measure": "annual_revenue", "above": sizes}]:
        value, at_limit = (size["above"], "within") if "above" in size else (size["at_least"], "over")
        data = {**clause.more, **size, "at_limit": at_limit}
        word, found = judge(case, limit_of(data, size["measure"], value, clause.text.text_date))
        words.add(word)
        if word == "unknown":
            missing += missing_of(found) or (case.party.key(size["measure"]),)
    word = next(word for word in _ORDER if word in words)
    return word, tuple(missing) if word == "unknown" else ()


@derives("organisation.group_mau")
def group_mau(case: Case, name: str) -> Fact:
    """The group's own count, or the sum of all that surely belong to it."""
    limit = Limit(
        measure="mau",
        size=0,
        currency=None,
        counts=frozenset({"licensee", "affiliates"}),
        affiliates="over-half",
        measured="any-time",
        at_limit="within",
    )
    found = tally(case, limit)
    total = found.sure + found.maybe
    if total.high is None or total.low != total.high:
        return unknown(*missing_of(found))
    return Fact(value=total.low, sources=_sources(found), shown=short(total.low))
