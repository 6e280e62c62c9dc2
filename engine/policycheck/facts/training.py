"""Training: whether outputs train a model that a license bars, by its kind and by what it is for."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.facts.answer import NO as NOT
from policycheck.facts.answer import YES, Answer
from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.spared import of_purpose
from policycheck.license import Clause


@derives("license.output_training_barred")
def output_training_barred(case: Case, name: str) -> Fact:
    """Whether outputs train a model that a clause bars."""
    if case.unread("output_training"):
        return unknown(*case.unread("output_training"))
    clauses = tuple(clause for clause in case.clauses("output_training") if clause.value == "forbidden")
    planned = case.use.get("trains_other_models")
    if not clauses:
        return NO
    sources = case.fact("use.trains_other_models").sources
    if planned is False:
        return Fact(value="no", sources=sources)
    if planned is None:
        return unknown(case.key("trains_other_models"), clauses=clauses)
    more = planned if isinstance(planned, dict) else {}
    bound = {clause: _trains_for(case, clause, more.get("purpose")) for clause in clauses}
    clauses = tuple(clause for clause, (word, _) in bound.items() if word != "no")
    if not clauses:
        return NO
    kind = more.get("kind")
    if kind is None:
        return unknown(f"{case.key('trains_other_models')}.kind", clauses=clauses)
    meant = kinds_meant(kind)
    barring = tuple(clause for clause in clauses if meant.isdisjoint(clause.more.get("except_kinds", ())))
    hit = tuple(clause for clause in barring if not meant.isdisjoint(clause.more.get("kinds", (kind,))))
    maybe = tuple(clause for clause in barring if _may_be_meant(kind, clause.more.get("kinds", ())))
    unsaid = [bound[clause] for clause in hit or maybe]
    if unsaid and all(word == "unknown" for word, _ in unsaid):
        return unknown(*(key for _, keys in unsaid for key in keys), clauses=hit or maybe)
    if maybe and not hit:
        return Fact(value="open", clauses=maybe, sources=sources)
    return Fact(value="yes" if hit else "no", clauses=hit, sources=sources)


def _trains_for(case: Case, clause: Clause, purpose: str | None) -> Answer:
    """Whether a clause binds training for this purpose, or, where the policy names none, for that of the use."""
    if purpose is None:
        return of_purpose(case, clause)
    return YES if purpose in clause.more.get("purposes", (purpose,)) else NOT


def kinds_meant(kind: str) -> frozenset[str]:
    """The kinds by which a clause may name a model of this kind: one of the very version is one of the family."""
    return frozenset({kind, "same-family"} if kind == "same-version" else {kind})


_OPEN_KINDS = frozenset({"foundation-model", "competing"})
_MODELS = frozenset({"llm", "text-to-image", "foundation-model", "competing"})


def _may_be_meant(kind: str, kinds: Iterable[str]) -> bool:
    """Whether a model of this kind may be of a kind that a clause names: what competes, or is a foundation, is open."""
    return kind in _OPEN_KINDS or (kind in _MODELS and bool(_OPEN_KINDS & set(kinds)))
