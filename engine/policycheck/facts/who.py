"""Who: whose users and revenue a clause counts, and whether they pass its caps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.counting import (
    Limit,
    Tally,
    figures_of,
    judge,
    limit_of,
    missing_of,
    question,
    sources_of,
    tally,
)
from policycheck.facts.spared import by_tests, purposes
from policycheck.facts.when import closed_month
from policycheck.license import Clause
from policycheck.numbers import short

_CAPS = {
    "license.mau_over_cap": ("mau_cap",),
    "license.dau_over_cap": ("dau_cap",),
    "license.revenue_over_cap": ("annual_revenue_cap", "monthly_revenue_cap"),
    "license.visits_over_cap": ("monthly_visits_cap",),
}
ALL_CAPS = tuple(cap for caps in _CAPS.values() for cap in caps)
_ORDER = ("yes", "unknown", "open", "no")


def judged(case: Case, caps: Iterable[str]) -> list[tuple[str, Tally, Limit, Clause]]:
    """The caps of a license that bind the use's purpose, each with yes, no, unknown or open, and what it counts."""
    found = []
    planned = purposes(case)
    for cap in caps:
        for clause in case.clauses(cap):
            free = by_tests(case, clause)[0]
            if planned.isdisjoint(clause.more.get("purposes", planned)) or free == "yes":
                continue
            limit = limit_of(clause.more, cap.removesuffix("_cap"), clause.value, clause.text.text_date)
            word, counted = judge(case, limit)
            word = _bound(case, clause, word)
            found.append(("unknown" if free == "unknown" and word != "no" else word, counted, limit, clause))
    return sorted(found, key=lambda each: _ORDER.index(each[0]))


def _bound(case: Case, clause: Clause, word: str) -> str:
    """What a cap says that is passed: open for some purposes, or for those of whom no core business is named."""
    if word == "yes" and (purposes(case) <= set(clause.more.get("open_for", ())) or _of_open_kind(case, clause)):
        return "open"
    if word != "yes" or "businesses" not in clause.more:
        return word
    own = case.party.get("businesses")
    return "unknown" if own is None else "yes" if set(own) & set(clause.more["businesses"]) else "open"


def _of_open_kind(case: Case, clause: Clause) -> bool:
    """Whether the text leaves open that the cap binds a body of this kind; of one that says no kind it does."""
    return case.party.get("kind") in clause.more.get("open_for_kinds", ())


def _why_open(case: Case, clause: Clause) -> str:
    """Which open word decides, where the cap itself is passed."""
    if _of_open_kind(case, clause):
        return "kind"
    return "core-business" if "businesses" in clause.more else "purpose"


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
        # A cap of certain businesses may lack nothing but the business, one that spares tests nothing but the test.
        keys = (*missing_of(found), *by_tests(case, clause)[1]) or (case.party.key("businesses"),)
        return unknown(*keys, clauses=clauses, **figures)
    return Fact(value=word, clauses=clauses, sources=sources_of(found), figures=figures)


@derives("license.cap_question")
def cap_question(case: Case, name: str) -> Fact:
    """The open word that decides whether a cap is passed."""
    for word, found, limit, clause in judged(case, ALL_CAPS):
        if word == "open":
            return Fact(
                value=_why_open(case, clause) if judge(case, limit)[0] == "yes" else question(found, limit),
                clauses=(clause,),
                sources=sources_of(found),
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
            return Fact(value="yes", clauses=(clause,), sources=sources_of(found), figures=figures_of(found, limit))
    return NO


def over_any(case: Case, clause: Clause, key: str) -> tuple[str, tuple[str, ...], str]:
    """Whether one of the sizes under `key` of a clause is passed, the keys that would settle it, and what is counted.

    Gives yes, no, unknown, or open where a word that the text leaves undefined decides. What a size does not say, as
    whose figures count, its clause says.
    """
    missing: list[str] = []
    words: dict[str, str] = {}
    sizes = clause.more[key]
    for size in sizes if isinstance(sizes, list) else [{"measure": "annual_revenue", "above": sizes}]:
        value, at_limit = (size["above"], "within") if "above" in size else (size["at_least"], "over")
        data = {**clause.more, **size, "at_limit": at_limit}
        limit = limit_of(data, size["measure"], value, clause.text.text_date)
        word, found = judge(case, limit)
        words.setdefault(word, _sized(word, figures_of(found, limit)))
        if word == "unknown":
            missing += missing_of(found) or (case.party.key(size["measure"]),)
    word = next(word for word in _ORDER if word in words)
    return word, tuple(missing) if word == "unknown" else (), words[word]


def _sized(word: str, figures: Mapping[str, str]) -> str:
    """A size and what is counted against it, in words."""
    counted = "" if word == "unknown" else " ({whose}: {counted}, {when}"
    more = "; with {tipping} {total}" if word == "open" and figures["tipping"] else ""
    return (" above {cap}" + counted + more + (")" if counted else "")).format(**figures)


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
    return Fact(value=total.low, sources=sources_of(found), shown=short(total.low))
