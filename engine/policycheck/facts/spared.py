"""What the text itself spares: internal use, end users of a product, users of the licensor's own service."""

from __future__ import annotations

from policycheck.facts.answer import NO, YES, Answer
from policycheck.facts.case import Case
from policycheck.license import Clause


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
