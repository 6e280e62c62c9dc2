"""Affiliates: which companies a clause counts with the licensee, by its own test and on the day it names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from policycheck.facts.case import Case
from policycheck.facts.when import Measured, closed_month, measured_day
from policycheck.license import Clause
from policycheck.policy import Part

Standing = tuple[str, tuple[str, ...]]
"""sure, later (it joined after the day), undefined (the text's word decides), maybe (with the keys that would settle
it) or none."""

_STRENGTH = ("none", "maybe", "undefined", "later", "sure")


def standings(case: Case, test: str, measured: Measured, known_since: str | None) -> Iterator[tuple[Part, Standing]]:
    """Every other company of the group, with whether it counts as the licensee's affiliate.

    `known_since` is the day of the license's text: who was sold before it never counted.
    """
    own = standing_of_licensee(case, test, measured, known_since)
    for part in (case.group, *(case.group.parts("affiliates") or ())):
        if part.where == case.party.where:
            continue
        found: Standing = ("sure", ())
        if part.where != case.group.where:
            found = _standing(case, part, test, measured, known_since)
        if test == "consolidated" and case.party.where != case.group.where:
            found = _weaker(found, ("sure" if case.party.get("relationship") == "parent" else "undefined", ()))
        yield part, _weaker(found, own)


def standing_of_licensee(case: Case, test: str, measured: Measured, known_since: str | None) -> Standing:
    """Whether the licensee counts with the group whose companies the policy lists."""
    if case.party.where == case.group.where:
        return "sure", ()
    return _standing(case, case.party, test, measured, known_since)


def affiliates_meant(case: Case, clause: Clause) -> list[tuple[Part, Standing]]:
    """The other companies that count, or may count, where a clause speaks of the licensee's affiliates too."""
    if "affiliates" not in clause.more.get("counts", ()):
        return []
    test, since = clause.more.get("affiliates", "over-half"), clause.text.text_date
    return [each for each in standings(case, test, "preceding-month", since) if each[1][0] != "none"]


def is_affiliate(part: Part) -> bool:
    """Whether a company surely is one by the narrowest test, over half of the votes."""
    return by_test(part, "over-half")[0] == "sure"


def belongs(part: Part, today: date) -> bool:
    """Whether a company is in the group on a day: it has joined and was not sold before."""
    day = today.isoformat()
    return (part.get("since") or "") <= day <= (part.get("until") or day)


def _weaker(one: Standing, other: Standing) -> Standing:
    return min(one, other, key=lambda each: _STRENGTH.index(each[0]))


def _standing(case: Case, part: Part, test: str, measured: Measured, known_since: str | None) -> Standing:
    first, last = measured_day(measured, case.today)
    until, since = part.get("until"), part.get("since")
    kind, missing = by_test(part, test)
    if until is not None and until < first:
        # 'At any time' reaches back to when the company was one, but not behind the text itself.
        reached = measured == "any-time" and known_since is not None and until >= known_since
        return (kind, missing) if reached else ("none", ())
    if isinstance(measured, dict) and "on" in measured:
        if until is not None and until < measured["on"] and kind != "none":
            return "undefined", ()
        last = measured["on"]
    if since is not None and since > last and kind != "none":
        return ("later" if closed_month(measured) else "none"), ()
    return kind, missing


def by_test(part: Part, test: str) -> Standing:
    """Whether a company counts by a clause's test of who is an affiliate."""
    share, control, relation = part.get("ownership"), part.get("control"), part.get("relationship")
    percent = float(share.rstrip("%")) if share is not None else None
    if percent is None and relation in ("parent", "subsidiary", "sister"):
        percent = 51.0
    if test == "consolidated":
        return _consolidated(part, percent, relation)
    powers = test in ("half-or-power", "over-half-or-power")
    if percent is None:
        if powers and control is True:
            return "sure", ()
        return "maybe", (part.key("relationship" if relation is None else "ownership"),)
    if percent > 50 or (test == "half-or-power" and percent == 50) or (powers and control is True):
        return "sure", ()
    if test == "over-half" or (powers and control is False):
        return "none", ()
    return ("maybe", (part.key("control"),)) if powers else ("undefined", ())


def _consolidated(part: Part, percent: float | None, relation: Any) -> Standing:
    """Accounts consolidate downwards; whether those above and beside belong to them, the words leave open."""
    if relation in ("parent", "sister"):
        return "undefined", ()
    if percent is None:
        return "maybe", (part.key("relationship" if relation is None else "ownership"),)
    if percent > 50 or part.get("control") is True:
        return "sure", ()
    return "none", ()
