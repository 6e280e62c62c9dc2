"""What the catalog states of a license: its name, how well it is known, and clauses taken over as they are."""

from __future__ import annotations

from policycheck.facts.case import Case, Fact, derives, unknown
from policycheck.facts.taken import typed
from policycheck.license import Evidence
from policycheck.numbers import Money, short


@derives("license.id", "license.name", "license.spdx", "license.licensor", "license.tier", "license.component")
def license_fact(case: Case, name: str) -> Fact:
    """What the catalog says of the license as a whole."""
    key = name.partition(".")[2]
    if key == "component":
        return Fact(value=case.component)
    value = getattr(case.license, key, None) if case.license else None
    return unknown("license") if value is None else Fact(value=value)


@derives(
    "license.known",
    "license.evidence",
    "license.evidence_below_minimum",
    "license.hearsay",
    "license.document_unread",
    "license.age_days",
)
def knowledge(case: Case, name: str) -> Fact:
    """How well the license is known."""
    if name == "license.known":
        return Fact(value="yes" if case.license else "no")
    if case.license is None:
        return unknown("license")
    if name == "license.document_unread":
        unread = case.license.unread_documents
        titles = ", ".join(f"{text.title} ({text.url})" for text in unread)
        return Fact(value="yes" if unread else "no", figures={"documents": titles})
    if name == "license.evidence":
        return Fact(value=case.evidence.name)
    if name == "license.evidence_below_minimum":
        return Fact(value="yes" if case.evidence < case.policy.settings.minimum_evidence else "no")
    if name == "license.hearsay":
        return Fact(value="yes" if case.evidence == Evidence.reported else "no")
    days = [text.read_on for text in case.license.texts.values() if text.read_on]
    if not days:
        return unknown("license.read_on")
    age = (case.today - case.today.fromisoformat(min(days))).days
    return Fact(value=max(age, 0), shown=short(max(age, 0)))


@derives(
    "license.grant",
    "license.redistribution",
    "license.derivatives",
    "license.hosting",
    "license.outputs_use",
    "license.copyleft",
    "license.patent_grant",
    "license.indemnity",
    "license.governing_law",
    "license.revocable",
    "license.terms_may_change",
    "license.remote_restriction",
    "license.export_control",
)
def clause_word(case: Case, name: str) -> Fact:
    """The word of a clause that stands once; silence is a `no` where the question is yes or no, else `unstated`."""
    key = name.partition(".")[2]
    if case.license is None:
        return unknown("license")
    found = case.clauses(key)
    if found:
        return Fact(value=str(found[0].value), clauses=found)
    if key in case.license.known:
        return Fact(value="no" if case.catalog.vocabulary.facts[name].type == "yes-no" else "unstated")
    return unknown(name)


_NO_CAP = 10**15


@derives("license.mau_cap", "license.annual_revenue_cap")
def cap_number(case: Case, name: str) -> Fact:
    """The lowest cap of the license; one that has none is above every number."""
    key = name.partition(".")[2]
    found = case.clauses(key)
    if found:
        values = [typed(case, name, clause.value) for clause in found]
        return Fact(value=min(values, key=lambda v: v.amount if isinstance(v, Money) else v), clauses=found)
    if case.license is None or key not in case.license.known:
        return unknown(name)
    none: int | Money = Money(_NO_CAP, "USD") if key == "annual_revenue_cap" else _NO_CAP
    return Fact(value=none, shown="none")


@derives("license.territories_excluded", "license.fields_barred")
def clause_list(case: Case, name: str) -> Fact:
    """All places or fields of the license's clauses together."""
    key = {"license.territories_excluded": "territory_excluded"}.get(name, "fields_barred")
    if case.license is None or key not in case.license.known:
        return unknown(f"license.{key}")
    found = case.clauses(key)
    values = [word for clause in found for word in clause.value]
    value = case.catalog.vocabulary.countries(values) if key == "territory_excluded" else frozenset(values)
    return Fact(value=value, clauses=found)
