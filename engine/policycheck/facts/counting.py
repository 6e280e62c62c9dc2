"""What a limit counts: whose figures, surely and perhaps, against its size; and how that is said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from policycheck.facts.affiliates import standing_of_licensee, standings
from policycheck.facts.case import Case, Source
from policycheck.facts.when import NOTHING, Figure, Measured, people, revenue, said
from policycheck.numbers import Money, count, money, short
from policycheck.policy import Part
from policycheck.values import frozen

UNITS = {
    "mau": "monthly active users",
    "dau": "daily active users",
    "monthly_visits": "visits a month",
    "annual_revenue": "annual revenue",
    "monthly_revenue": "monthly revenue",
}


@frozen
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


@frozen
class OpenPart:
    """A company of which an open word of the text says whether it counts, or that joined after the day measured."""

    kind: str
    """undefined or later."""
    name: str
    figure: Figure
    """What it adds."""
    own: Figure


@frozen
class Tally:
    """The figures that a limit counts: surely, and those that an open word or a missing fact may add."""

    sure: Figure
    maybe: Figure = NOTHING
    """Of companies of which a missing fact says whether they count."""
    undefined: Figure = NOTHING
    later: Figure = NOTHING
    open: tuple[OpenPart, ...] = ()
    """The companies that an open word may add."""
    whose: str

    @property
    def tipping(self) -> tuple[str, ...]:
        """The names of the companies that an open word may add, and that have anything to add."""
        return tuple(part.name for part in self.open if part.figure.high != 0)


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
        stands_in = (Source(case.key(limit.measure), each.value, each.place, True) for each in own.sources)
        own = Figure(own.low, own.high, missing + own.missing, (*own.sources, *stands_in))
        return Tally(sure=own, whose=f"{name} (standing in for the product `{case.use_name}`)")
    if "affiliates" not in limit.counts:
        return Tally(sure=_figure(case, case.party, limit), whose=name)
    group = case.group.part("group")
    stated = None if group is None or limit.affiliates == "consolidated" else group.get(limit.measure)
    member = standing_of_licensee(case, limit.affiliates, limit.measured, limit.known_since)[0] == "sure"
    if group is None or stated is None or not member:
        return _sum(case, limit, name)
    return _of_group(case, limit, _figure(case, group, limit), f"the group of {name}", dated=isinstance(stated, list))


def _of_group(case: Case, limit: Limit, whole: Figure, whose: str, *, dated: bool) -> Tally:
    """The count that the policy gives of the whole group, and what it can't hold of companies that may count.

    A group is never smaller than a member; what is not known of a member, the group's own figure takes in already. So
    it does whoever may count, except for who joined after the month of which the figure is.
    """
    counted = [(part, *each) for part, each in standings(case, limit.affiliates, limit.measured, limit.known_since)]
    for part in (case.party, *(part for part, kind, _ in counted if kind == "sure")):
        member = _figure(case, part, limit)
        if member.low > whole.low:
            whole = whole.at_least(Figure(member.low, member.low, (), member.sources, member.rates))
    parts: dict[str, Figure] = {"maybe": NOTHING, "undefined": NOTHING, "later": NOTHING}
    open_parts: list[OpenPart] = []
    for part, kind, missing in counted:
        own = _figure(case, part, limit)
        left_out = kind == "later" and dated
        beyond = own if left_out else Figure(0, max(0, own.low - whole.low), missing, own.sources, own.rates)
        if kind in ("none", "sure") or beyond.high == 0:
            continue
        if kind != "maybe":
            open_parts.append(OpenPart(kind=kind, name=str(part.get("name")), figure=beyond, own=own))
        parts[kind] += beyond
    return Tally(sure=whole, whose=whose, open=tuple(open_parts), **parts)


def _sum(case: Case, limit: Limit, name: str) -> Tally:
    affiliates = case.group.parts("affiliates")
    sure = _figure(case, case.party, limit)
    parts: dict[str, Figure] = {"maybe": NOTHING, "undefined": NOTHING, "later": NOTHING}
    open_parts: list[OpenPart] = []
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
            open_parts.append(OpenPart(kind=kind, name=str(part.get("name")), figure=figure, own=figure))
        parts[kind] += figure
    with_whom = "the companies in its own accounts" if limit.affiliates == "consolidated" else "its affiliates"
    return Tally(sure=sure, whose=f"{name} and {with_whom}", open=tuple(open_parts), **parts)


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


def _tips(found: Tally, limit: Limit) -> list[OpenPart]:
    """The companies that would tip a limit: each that does alone, or else all that do together."""
    undefined = question(found, limit) == "affiliate-undefined"
    parts = [p for p in found.open if p.figure.high != 0 and (p.kind == "undefined" or not undefined)]
    alone = [part for part in parts if _tipped(found, limit, [part])]
    return sorted(alone or parts, key=lambda part: -(part.figure.high or 0))


def _tipped(found: Tally, limit: Limit, parts: Sequence[OpenPart]) -> bool:
    high = _with(found, parts).high
    return high is not None and may_be_over(high, limit)


def _with(found: Tally, parts: Sequence[OpenPart]) -> Figure:
    return reduce(add, (part.figure for part in parts), found.sure + found.maybe)


_DOUBTS = {
    "consolidated": "whether the accounts it speaks of take in a company above or beside the licensee",
    "undefined": "whether such a company is an affiliate",
}


def figures_of(found: Tally, limit: Limit) -> dict[str, str]:
    """Figures for messages."""
    total, tips = found.sure, _tips(found, limit)
    unit = UNITS[limit.measure]
    exact = total.high == total.low and found.maybe.high is not None
    rates = f", counting {' and '.join(dict.fromkeys(total.rates))}" if total.rates else ""
    return {
        "counted": f"{'' if exact else 'at least '}{_amount(total.low, limit)} {unit}{rates}",
        "cap": f"{_amount(limit.size, limit)} {unit}",
        "whose": found.whose,
        "when": said(limit.measured),
        "tipping": " and ".join(f"{part.name} ({_amount(part.own.high, limit)})" for part in tips),
        "total": _amount(_with(found, tips).high, limit),
        "doubt": _DOUBTS.get(limit.affiliates, "whether such a company counts"),
    }


def _amount(number: int | None, limit: Limit) -> str:
    if number is None:
        return "an unknown number"
    return short(number) + (f" {limit.currency}" if limit.currency else "")


def missing_of(found: Tally) -> tuple[str, ...]:
    return (
        *found.sure.missing,
        *found.maybe.missing,
        *(found.undefined.missing if not found.sure.missing else ()),
        *(found.later.missing if not found.sure.missing else ()),
    )


def sources_of(found: Tally) -> tuple[Any, ...]:
    return (*found.sure.sources, *found.maybe.sources, *found.undefined.sources, *found.later.sources)
