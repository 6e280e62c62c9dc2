"""Under which terms the model is handed on: the license's own, another that its text allows, or others."""

from __future__ import annotations

from policycheck.catalog import folded
from policycheck.facts.acts import changes, hands_on, remote, words_of
from policycheck.facts.answer import NO as NOT
from policycheck.facts.answer import YES, Answer, both, either
from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.license import Clause


@derives("license.handed_on_otherwise")
def handed_on_otherwise(case: Case, name: str) -> Fact:
    """Whether the model is handed on, or a changed one served, under other terms than those allowed.

    It is open where the text allows the planned license only of a work that was mixed with another, or whose notice
    says so.
    """
    clauses, arises, missing = _binding(case)
    if not clauses:
        unread = case.unread("redistribution", "copyleft")
        return unknown(*unread) if unread and hands_on(case)[0] != "no" else NO
    terms = case.use.get("handed_on_under")
    if arises[0] == "no" or terms == "same-license" or (terms and _license(case, terms) == _own(case)):
        return NO
    if arises[0] == "unknown" or terms is None:
        keys = arises[1] if arises[0] == "unknown" else (case.key("handed_on_under"),)
        return unknown(*keys, clauses=clauses)
    if missing:
        return unknown(*missing, clauses=clauses)
    return _under(case, terms, clauses)


def _binding(case: Case) -> tuple[tuple[Clause, ...], Answer, tuple[str, ...]]:
    """The clauses that allow the license's own terms alone, whether they reach this use, and what may yet free it."""
    said = {clause: words_of(case, clause) for clause in case.clauses("redistribution")}
    same = tuple(clause for clause, (words, _) in said.items() if "same-license" in words)
    copyleft = tuple(clause for clause in case.clauses("copyleft") if clause.value in ("strong", "network"))
    network = tuple(clause for clause in copyleft if clause.value == "network")
    # What the text says of a copy inside a product, it says for its copyleft too.
    bound = same if any("in_product" in clause.more for clause in said) else same + copyleft
    arises = hands_on(case) if bound else NOT
    served = _served_on_terms(case) if network else NOT
    if served[0] != "no":
        bound, arises = tuple(dict.fromkeys(bound + network)), either((arises, served))
    mixed = bound and all("permitted" in said[clause][0] if clause in said else False for clause in bound)
    return bound, arises, tuple(key for clause in bound for key in said[clause][1]) if mixed else ()


def _under(case: Case, terms: str, clauses: tuple[Clause, ...]) -> Fact:
    """Whether the text allows a license of another name: for every copy, for a changed one, or on a condition."""
    sources = case.fact("use.handed_on_under").sources
    planned = _license(case, terms)
    offered = [c for c in case.clauses("compatible_licenses") if planned in {_license(case, name) for name in c.value}]
    missing: list[str] = []
    for clause in sorted(offered, key=lambda clause: "only_if" in clause.more):
        word, keys = YES if clause.more.get("unchanged") else changes(case)
        if word == "yes":
            open_word = Fact(value="open", clauses=(clause,), sources=sources, figures={"terms": clause.summary})
            return open_word if "only_if" in clause.more else NO
        missing += keys
    if missing:
        return unknown(*missing, clauses=tuple(offered))
    return Fact(value="yes", clauses=clauses, sources=sources)


def _license(case: Case, name: str) -> str:
    """The id of a license that the catalog knows; of another, its name in one spelling."""
    return case.catalog.resolve_license(name) or folded(name)


def _served_on_terms(case: Case) -> Answer:
    """Whether others use the model at a distance in a way that a network copyleft reaches: by most, a changed one."""
    on = {act for clause in case.clauses("pass_on_license") for act in clause.more.get("on", ())}
    if "service" in on:
        return remote(case)
    if "model-api" in on:
        acts = case.has_acts()
        if acts is None:
            return "unknown", (case.key("distribution"),)
        return YES if "model-api" in acts else NOT
    return both(remote(case), changes(case))


def _own(case: Case) -> str | None:
    return case.license.id if case.license else None
