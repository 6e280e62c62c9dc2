"""What is unknown silences no rule that ships, least of all its negations: engines have none of their own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.documents import read_file
from policycheck.lint.satisfiable import space_of
from policycheck.rules import Rule, rules_from
from policycheck.rules import Test as RuleTest
from policycheck.ruleset import Ruleset, engine_names

PACKS = [
    path
    for folder in ("packs", "examples/rules")
    for path in sorted((shipped.folder("policies") / folder).glob("*.yaml"))
]
NEGATIONS = ("not", "beyond")


@cache
def rules_of(path: Path) -> list[Rule]:
    """The rules of a pack."""
    rules, wrong = rules_from(read_file(path), "rules", path.stem, shipped.catalog().vocabulary)
    assert not wrong
    return rules


def open_tests() -> list[Any]:
    """Every rule of every pack, with a group of its tests and a fact of the group that shall be unknown."""
    return [
        pytest.param(path, rule, group, fact, id=f"{rule.id}-{number}-{fact}")
        for path in PACKS
        for rule in rules_of(path)
        for number, group in enumerate(rule.groups)
        for fact in sorted({test.fact for test in group})
    ]


def test_packs_are_tested_on_their_negations() -> None:
    """Where none had one, the test below would not show what it is for."""
    negated = {test.op for path in PACKS for rule in rules_of(path) for group in rule.groups for test in group}
    assert set(NEGATIONS) <= negated


@pytest.mark.parametrize("engine", engine_names())
@pytest.mark.parametrize(("path", "rule", "group", "fact"), open_tests())
def test_a_rule_that_lacks_one_fact_is_undetermined_and_names_it(
    path: Path, rule: Rule, group: tuple[RuleTest, ...], fact: str, engine: str
) -> None:
    """Known, the same fact lets it apply; left out, it is neither `applies` nor `does not apply`."""
    space = space_of(shipped.catalog().vocabulary)
    box = space.together(group)
    assert box is not None
    known = dict(space.witness(box))
    ruleset = Ruleset([rule], shipped.catalog().vocabulary.facts, engine)
    nothing = dict.fromkeys(ruleset.reads)
    assert ruleset.match({**nothing, **known}) == {rule.id: frozenset()}
    lacking = ruleset.match({**nothing, **known, fact: None})
    assert fact in lacking[rule.id]
