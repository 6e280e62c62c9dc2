"""Who is left out: kinds of business that get no rights, and suits that end them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policycheck.catalog import folded
from policycheck.facts.affiliates import affiliates_meant
from policycheck.facts.answer import NO as NOT
from policycheck.facts.answer import YES, Answer
from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.spared import by_internal_use, purposes
from policycheck.facts.who import over_any
from policycheck.license import Clause


@derives("license.licensee_excluded")
def licensee_excluded(case: Case, name: str) -> Fact:
    """Whether the license leaves out this kind of business or licensee."""
    if case.unread("business_excluded"):
        return unknown(*case.unread("business_excluded"))
    missing: list[str] = []
    figures: dict[str, str] = {}
    for clause in case.clauses("business_excluded"):
        word, keys, hit, size = _business(case, clause)
        if word in ("yes", "open"):
            return Fact(value=word, clauses=(clause,), figures={"business": hit, "size": size})
        missing += keys
        figures = {"business": ", ".join(clause.value), "size": size} if keys and not figures else figures
    if missing:
        return unknown(*missing, clauses=case.clauses("business_excluded"), **figures)
    return NO


def _business(case: Case, clause: Clause) -> tuple[str, list[str], str, str]:
    """Whether a clause leaves the licensee out, the keys that would settle it, for what business, and above what."""
    planned = purposes(case)
    if planned.isdisjoint(clause.more.get("purposes", planned)):
        return "no", [], "", ""
    freed, asked = by_internal_use(case, clause)
    if freed == "yes":
        return "no", [], "", ""
    found = [(business, *_is_business(case, clause, business)) for business in clause.value]
    hits = [business for business, word, _ in found if word == "yes"]
    missing = [key for _, word, keys in found if word == "unknown" for key in keys]
    # Companies of this kind of which an open word says whether they count.
    doubts = [f"{business} ({' and '.join(names)})" for business, word, names in found if word == "open"]
    word, size = "open" if doubts and not hits else "yes", ""
    if "above" in clause.more and (hits or doubts or missing):
        passed, keys, size = over_any(case, clause, "above")
        if passed == "no":
            return "no", [], "", ""
        missing += keys
        word = word if passed == "yes" else passed
    said = ", ".join(hits or doubts)
    if not said or word == "unknown":
        return "no", missing, "", size
    if freed == "unknown":
        return "no", [*missing, *asked], "", size
    return word, missing, said, size


def _is_business(case: Case, clause: Clause, business: str) -> Answer:
    """Whether the licensee, or a company that the clause counts with it, is of this kind.

    Open, with the names of the companies, where the text leaves open whether those of this kind count.
    """
    key = {"competitor": "competes_with", "military": "sector"}.get(business, "businesses")
    said = case.party.get(key)
    others = [each for each in affiliates_meant(case, clause) if _fits(case, business, each[0].get(key))]
    words = {word for _, (word, _) in others}
    by_use = _by_use(case, business)
    if by_use == YES or _fits(case, business, said) or "sure" in words:
        return YES
    # What the licensee says of itself speaks for its affiliates too, unless one of them says otherwise.
    if said is None:
        return "unknown", (case.party.key(key),)
    if words - {"maybe"}:
        return "open", tuple(str(part.get("name")) for part, (word, _) in others if word != "maybe")
    keys = tuple(key for _, (_, missing) in others for key in missing)
    return ("unknown", (*keys, *by_use[1])) if keys else by_use


def _by_use(case: Case, business: str) -> Answer:
    """Whether the use itself is such a business, whatever else the licensee sells: others call a model that it runs.

    Who passes on calls to a model that another hosts runs none.
    """
    if business != "model-as-a-service" or case.use.get("deployment") in ("hosted-api", "third-party-product"):
        return NOT
    acts = case.has_acts()
    return ("unknown", (case.key("distribution"),)) if acts is None else YES if "model-api" in acts else NOT


def _fits(case: Case, business: str, said: Any) -> bool:
    if business == "military":
        return bool(said == "defence")
    if business == "competitor":
        licensor = case.license.licensor if case.license else ""
        return licensor in {case.catalog.resolve_publisher(name) or folded(name) for name in said or ()}
    return business in (said or ())


@derives("license.suit_ended", "license.suit_unstated")
def suit(case: Case, name: str) -> Fact:
    """Whether a suit of the licensee has ended the rights; left out, that is said and no more."""
    own = case.party.get("disputes")
    if name == "license.suit_unstated":
        clauses = _ending(case)
        return Fact(value="yes" if clauses and own is None else "no", clauses=clauses)
    if case.unread("suit_ends_license"):
        return unknown(*case.unread("suit_ends_license"))
    companies = (case.party, case.group, *(case.group.parts("affiliates") or ()))
    clauses = _ending(case) if any(part.get("disputes") for part in companies) else ()
    if not clauses:
        return NO
    # The suit of a company that may count is a question like any other suit.
    others = [each for part, _ in affiliates_meant(case, clauses[0]) for each in part.get("disputes") or ()]
    hits = [each for each in (*(own or ()), *others) if _ends(case, clauses[0], each)]
    said = ", ".join(dict.fromkeys(_said(each) for each in hits))
    # The summary says whether all rights end or the patent license alone.
    figures = {"suit": said, "ends": clauses[0].summary}
    return Fact(value="open", clauses=clauses, figures=figures) if hits else NO


def _ending(case: Case) -> tuple[Clause, ...]:
    return tuple(clause for clause in case.clauses("suit_ends_license") if clause.value != "none")


def _said(suit: Mapping[str, Any]) -> str:
    words = (("against", "against"), ("about", "about"), ("since", "since"))
    return " ".join(f"{word} {suit[key]}" for key, word in words if key in suit)


def _may_be_licensor(case: Case, name: str) -> bool:
    """Whether `name` grants the license: under a public one (`licensor: anyone`) the model's publisher does."""
    licensor = case.license.licensor if case.license else None
    if licensor == "anyone":
        licensor = case.publisher.id if case.publisher else None
    return licensor is None or licensor == name


def _ends(case: Case, clause: Clause, suit: Mapping[str, Any]) -> bool:
    """Whether a suit may be of the kind that ends the rights."""
    against = case.catalog.resolve_publisher(suit["against"]) or folded(suit["against"])
    # A text that names nobody means anybody; a licensor whom nobody knows may be the one that is sued.
    if clause.more.get("against") == "licensor" and not _may_be_licensor(case, against):
        return False
    about = case.catalog.resolve_model(str(suit.get("about", "")))
    # A suit over another work leaves the rights in this one alone, unless the text ends them for a suit of any kind.
    return clause.value == "any" or about is None or case.model.id in {about.id, *about.members}
