"""Who is left out: kinds of business that get no rights, and suits that end them."""

from __future__ import annotations

from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.who import over_any
from policycheck.license import Clause


@derives("license.licensee_excluded")
def licensee_excluded(case: Case, name: str) -> Fact:
    """Whether the license leaves out this kind of business or licensee."""
    if case.unread("business_excluded"):
        return unknown(*case.unread("business_excluded"))
    missing: list[str] = []
    for clause in case.clauses("business_excluded"):
        word, keys, hit = _business(case, clause)
        if word == "yes":
            return Fact(value="yes", clauses=(clause,), figures={"business": hit})
        missing += keys
    if missing:
        return unknown(*missing, clauses=case.clauses("business_excluded"), business="a business that is left out")
    return NO


def _business(case: Case, clause: Clause) -> tuple[str, list[str], str]:
    hits: list[str] = []
    missing: list[str] = []
    for business in clause.value:
        word, key = _is_business(case, clause, business)
        if word == "yes":
            hits.append(business)
        elif word == "unknown":
            missing.append(key)
    if "above" in clause.more and (hits or missing):
        word, keys = over_any(case, clause.more["above"])
        if word == "no":
            return "no", [], ""
        missing += keys
        hits = hits if word == "yes" else []
    return ("yes" if hits else "no"), missing, ", ".join(hits)


def _is_business(case: Case, clause: Clause, business: str) -> tuple[str, str]:
    if business == "competitor":
        competes = case.party.get("competes_with")
        if competes is None:
            return "unknown", case.party.key("competes_with")
        licensor = case.license.licensor if case.license else ""
        named = {case.catalog.resolve_publisher(name) or name.lower() for name in competes}
        return ("yes" if licensor in named else "no"), ""
    if business == "military":
        sector = case.party.get("sector")
        return ("unknown", case.party.key("sector")) if sector is None else ("yes" if sector == "defence" else "no", "")
    businesses = case.party.get("businesses")
    if businesses is None:
        return "unknown", case.party.key("businesses")
    return ("yes" if business in businesses else "no"), ""


@derives("license.suit_ended", "license.suit_unstated")
def suit(case: Case, name: str) -> Fact:
    """Whether a suit of the licensee has ended the rights; left out, that is said and no more."""
    clauses = tuple(clause for clause in case.clauses("suit_ends_license") if clause.value != "none")
    disputes = case.party.get("disputes")
    if name == "license.suit_unstated":
        return Fact(value="yes" if clauses and disputes is None else "no", clauses=clauses)
    if case.unread("suit_ends_license"):
        return unknown(*case.unread("suit_ends_license"))
    if not clauses or not disputes:
        return NO
    names = {case.catalog.resolve_publisher(each["against"]) or each["against"].lower() for each in disputes}
    against = clauses[0].more.get("against", "licensor")
    hit = against == "anyone" or (case.license is not None and case.license.licensor in names)
    said_so = ", ".join(f"against {each['against']}" for each in disputes)
    return Fact(value="open" if hit else "no", clauses=clauses, figures={"suit": said_so})
