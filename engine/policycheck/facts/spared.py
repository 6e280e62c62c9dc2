"""What the text itself spares: other purposes, tests, internal use, end users of a product, the licensor's service."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.facts.answer import NO, YES, Answer
from policycheck.facts.case import Case
from policycheck.license import Clause


def purposes(case: Case) -> set[str]:
    """What the use is for, as clauses on certain purposes take it.

    An evaluation in production, or for a business, is use of the commercial kind too; so is research unless the policy
    says that no business is behind it.
    """
    purpose, link = case.use.get("purpose") or "commercial", case.use.get("commercial_link")
    production = (case.use.get("environment") or "production") == "production"
    evaluated = purpose == "evaluation" and (production or link is True)
    researched = purpose == "research" and link is not False
    return {purpose, "commercial"} if evaluated or researched else {purpose}


def of_purpose(case: Case, clause: Clause) -> Answer:
    """Whether a clause that binds certain acts by their purpose binds this use."""
    bound = clause.more.get("purposes")
    return among(case, bound) if bound else YES


def among(case: Case, bound: Iterable[str]) -> Answer:
    """Whether the use serves one of these purposes."""
    bound, purpose = set(bound), case.use.get("purpose") or "commercial"
    if purpose in bound:
        return YES
    return commercial(case) if "commercial" in bound else NO


def commercial(case: Case) -> Answer:
    """Whether the use is of the commercial kind, whatever the policy calls it."""
    if "commercial" not in purposes(case):
        return NO
    # Research is for business too unless the policy says that none is behind it.
    unsaid = case.use.get("purpose") == "research" and case.use.get("commercial_link") is None
    return ("unknown", (case.key("commercial_link"),)) if unsaid else YES


def by_tests(case: Case, clause: Clause) -> Answer:
    """Whether a clause leaves tests and unpaid research outside production alone, and the use is no more than that."""
    purpose, link, acts = case.use.get("purpose"), case.use.get("commercial_link"), case.has_acts()
    tests = purpose in ("evaluation", "research") and case.use.get("environment") == "non-production"
    if not clause.more.get("tests_free") or not tests or link is True or (acts or set()) - {"internal", "affiliates"}:
        return NO
    missing = [case.key("distribution")] if acts is None else []
    missing += [case.key("commercial_link")] if purpose == "research" and link is None else []
    return ("unknown", tuple(missing)) if missing else YES


def internal_use(case: Case) -> Answer:
    """Whether neither the model nor its outputs leave the house."""
    acts, outputs = case.has_acts(), case.use.get("outputs")
    if (acts is not None and acts - {"internal"}) or outputs not in (None, "internal"):
        return NO
    missing = [case.key(key) for key, value in (("distribution", acts), ("outputs", outputs)) if value is None]
    return ("unknown", tuple(missing)) if missing else YES


def by_internal_use(case: Case, clause: Clause) -> Answer:
    """Whether a clause leaves internal use alone, and the use is such."""
    return internal_use(case) if clause.more.get("internal_use_free") else NO


def inside_a_product(case: Case, what: str) -> bool:
    """Whether the text frees those from `what` who got the model inside a product, and the use is such."""
    if case.use.get("deployment") != "third-party-product":
        return False
    return any(what in clause.value for clause in case.clauses("end_users_free"))


def at_official_service(case: Case, what: str) -> Answer:
    """Whether the text frees those from `what` who use a service that the licensor runs or has approved."""
    if case.use.get("deployment") not in ("hosted-api", "third-party-product"):
        return NO
    if not any(what in clause.value for clause in case.clauses("hosted_free")):
        return NO
    provider = case.use.part("provider")
    leave = provider.get("authorised") if provider is not None else None
    return ("unknown", (f"{case.key('provider')}.authorised",)) if leave is None else YES if leave else NO
