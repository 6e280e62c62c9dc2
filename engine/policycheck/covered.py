"""What an agreement covers: rules by name, with the open words of the same clause, or all that is the licensor's."""

from __future__ import annotations

from collections.abc import Sequence

from policycheck.finding import Finding

# The rules that a question stands for: one of them applies once its open word is read against the organisation.
_CLOSED = {
    "grant-question": {"use-not-granted"},
    "business-question": {"licensee-excluded"},
    "practice-question": {"field-of-use-unlicensed"},
    "output-training-question": {"output-training-barred"},
    "affiliate-seat-question": {"eu-multimodal-exclusion", "seat-excluded"},
}
_CAPS = {
    "mau_cap": "mau-over-cap",
    "dau_cap": "dau-over-cap",
    "annual_revenue_cap": "revenue-over-cap",
    "monthly_revenue_cap": "revenue-over-cap",
    "monthly_visits_cap": "visits-over-cap",
}


def named(covers: str | Sequence[str] | None, finding: Finding) -> bool:
    """Whether `covers` names the finding's rule, or the rule that its open word would bring about."""
    if covers is None or isinstance(covers, str):
        return False
    if finding.rule in covers or not _CLOSED.get(finding.rule, set()).isdisjoint(covers):
        return True
    if finding.rule_kind != "question":
        return False
    caps = {_CAPS[clause.fact] for clause in finding.clauses if clause.fact in _CAPS}
    return bool(caps) and caps <= set(covers)


def everything(covers: str | Sequence[str] | None) -> bool:
    """Whether all that the licensor can permit is covered."""
    return covers is not None and (covers == "all" or "all" in covers)


def not_the_licensors(finding: Finding, *, by_name: bool) -> str | None:
    """Why a licensor's permission can't lift a finding: the law and the house ask for it; None where it can.

    A house may let an agreement stand for a rule of its own: it names the rule then.
    """
    if finding.basis == "law":
        return f"`{finding.rule}` rests on the law, which no licensor can lift"
    if finding.basis == "house" and not by_name:
        return f"`{finding.rule}` is a rule of the house, which it has to name under `covers`"
    return None
