"""Students: models that learned from the outputs of another, and what of its license reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from policycheck.license import License

DISTILLED: Final = "distillation"
TEACHER: Final = "teacher"
"""The component of a license under which a model stands from whose outputs the judged one learned."""
APART: Final = "apart"
# On these the silence of a text would be no leave.
_FREE: Final = {"grant": "any", "redistribution": "permitted", "derivatives": "permitted", "hosting": "permitted"}


def standing(clauses: Iterable[Mapping[str, Any]]) -> str:
    """The word on students among the facts of a license; on what the text is silent, it leaves open."""
    return next((str(each["value"]) for each in clauses if each["fact"] == "students"), "open")


def stands_apart(license: License) -> bool:
    """Whether the text leaves students out of what it governs."""
    return any(clause.value == APART for clause in license.stated("students"))


def reaching(license: License, facts: Iterable[str]) -> License:
    """What of a license reaches a student: nothing but its word on students, where that says that they stand apart.

    `facts` are all that a license may state.
    """
    said = license.stated("students")
    if any(clause.value == "derivative" for clause in said):
        return license
    if not stands_apart(license):
        # What may not reach it at all withholds it from nobody yet.
        return replace(license, tier="conditional") if license.tier == "unusable" else license
    free = {fact: (replace(said[0], fact=fact, value=value, more={}),) for fact, value in _FREE.items()}
    clauses = {"students": said, **free}
    silent = frozenset(facts).difference(clauses)
    return replace(license, tier="clean", clauses=clauses, silent=silent, unread=frozenset(), shape={})
