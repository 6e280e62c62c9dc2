"""What a rule names, by the ids that facts speak in: a family means its members, a licensor's name its id."""

from __future__ import annotations

from dataclasses import replace

from policycheck.catalog import Catalog
from policycheck.rules import Rule, Test


def by_id(rule: Rule, catalog: Catalog) -> Rule:
    """The same rule, its tests of models and of rivals spelled out."""
    groups = tuple(tuple(_spelled_out(test, catalog) for test in group) for group in rule.groups)
    return rule if groups == rule.groups else replace(rule, groups=groups)


def _spelled_out(test: Test, catalog: Catalog) -> Test:
    words = test.value
    if not isinstance(words, frozenset):
        return test
    if test.fact == "model.id":
        members = {member for word in words & catalog.families.keys() for member in catalog.families[word].members}
        return replace(test, value=words | members)
    if test.fact == "organisation.competes_with":
        return replace(test, value=frozenset(catalog.resolve_publisher(word) or word for word in words))
    return test
