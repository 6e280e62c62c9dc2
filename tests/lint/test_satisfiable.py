"""The decision procedure: what it says z3 says too, and the evaluator finds in each witness what is claimed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import z3
from policycheck.lint.satisfiable import Space, Witness
from policycheck.numbers import Money
from policycheck.rules import Rule, Value
from policycheck.rules import Test as RuleTest
from policycheck.ruleset import Ruleset

from tests.engine import made_rules, oracle
from tests.engine.made_rules import FACTS, WORDS, rule
from tests.lint.solver import ListSolver

FIRES: frozenset[str] = frozenset()
FIRST = frozenset({"0001-01-01"})
# Half of the facts have closed lists of words, half are open, as in the vocabulary.
UNIVERSES = {
    "yes-no.0": frozenset({"yes", "no"}),
    "word.0": frozenset(WORDS[:4]),
    "words.0": frozenset(WORDS[:4]),
    "place.0": frozenset(WORDS[:3]),
    "places.0": frozenset(WORDS[:5]),
}
SPACE = Space(FACTS, UNIVERSES)
ROUNDS = 400


def rules_of(seed: int) -> list[Rule]:
    """Up to four rules that read few facts, so that they meet."""
    random = Random(seed)
    names = random.sample(sorted(FACTS), 3)
    found = []
    for each in made_rules.rules(random, most=4):
        groups = [[test for test in group if test.fact in names] for group in each.groups]
        more = [[made_test(random, names) for _ in range(random.choice((0, 1, 2)))] for _ in groups]
        made = (left + right for left, right in zip(groups, more, strict=True))
        found.append(rule(each.id, *([replace(test, value=in_euros(test.value)) for test in group] for group in made)))
    return found


def in_euros(value: Any) -> Any:
    """Sums in one currency: how several go together is for the rates of a policy to say."""
    return Money(value.amount, "EUR") if isinstance(value, Money) else value


def made_test(random: Random, names: list[str]) -> RuleTest:
    while True:
        test = made_rules.made_test(random)
        if test.fact in names:
            return test


def case(witness: Witness) -> dict[str, Value | None]:
    """The facts of a witness, all others unknown."""
    return {name: witness.get(name) for name in FACTS}


def fired(rules: list[Rule], facts: Mapping[str, Value | None], engine: str | None = None) -> set[str]:
    """The rules that apply, as the evaluator has it, which must agree with the oracle."""
    answers = Ruleset(rules, FACTS, engine).match(facts)
    assert answers == oracle.answers(rules, facts)
    return {name for name, hangs in answers.items() if hangs == FIRES}


def test_whether_a_rule_can_apply_is_what_z3_says() -> None:
    told = {True: 0, False: 0}
    for seed in range(ROUNDS):
        rules = rules_of(seed)
        solver = ListSolver(FACTS, UNIVERSES, rules)
        for each in rules:
            witness = SPACE.fires(each)
            wanted = solver.satisfiable(solver.fires(each), rules=rules, known=False)
            assert (witness is not None) == wanted, (seed, each)
            told[wanted] += 1
            if witness is not None and seed % 10 == 0:
                assert each.id in fired(rules, case(witness)), (seed, each, witness)
    assert min(told.values()) > 50


def test_whether_two_rules_can_apply_together_is_what_z3_says() -> None:
    told = {True: 0, False: 0}
    for seed in range(ROUNDS):
        one, other = [*rules_of(seed), *rules_of(seed)][:2]
        solver = ListSolver(FACTS, UNIVERSES, [one, other])
        witness = SPACE.both(one, other)
        wanted = solver.satisfiable(solver.fires(one), solver.fires(other), rules=[one, other], known=False)
        assert (witness is not None) == wanted, (seed, one, other)
        told[wanted] += 1
        if witness is not None and seed % 10 == 0:
            assert {one.id, other.id} <= fired([one, other], case(witness))
    assert min(told.values()) > 50


@pytest.mark.parametrize("known", [False, True], ids=["facts may be unknown", "all facts known"])
def test_whether_a_rule_is_covered_by_others_is_what_z3_says(known: bool) -> None:
    told = {True: 0, False: 0}
    for seed in range(ROUNDS):
        rules = rules_of(seed)
        first, others = rules[0], rules[1:]
        solver = ListSolver(FACTS, UNIVERSES, rules)
        none = [z3.Not(solver.fires(each)) for each in others]
        wanted = solver.satisfiable(solver.fires(first), *none, rules=rules, known=known)
        witness = SPACE.escapes(first.groups, others, known=known)
        assert (witness is not None) == wanted, (seed, rules)
        told[wanted] += 1
        if witness is not None and seed % 10 == 0:
            facts = case(witness)
            if known:
                made = made_rules.facts(Random(seed), unknown=0)
                facts = {name: in_euros(made[name]) if value is None else value for name, value in facts.items()}
            assert fired(rules, facts) & {each.id for each in rules} == {first.id}, (seed, rules, witness)
    assert min(told.values()) > 50


def test_whether_rules_leave_no_case_is_what_z3_says() -> None:
    """Three rules that were made to cover all of one fact, and the same with one of them taken out."""
    told = {True: 0, False: 0}
    for seed in range(300):
        random = Random(seed)
        rules = [*_halves(random), *rules_of(seed)]
        rules = random.sample(rules, random.randint(1, len(rules)))
        solver = ListSolver(FACTS, UNIVERSES, rules)
        wanted = solver.satisfiable(*(z3.Not(solver.fires(each)) for each in rules), rules=rules, known=True)
        witness = SPACE.escapes([()], rules, known=True)
        assert (witness is not None) == wanted, (seed, rules)
        told[wanted] += 1
    assert min(told.values()) > 20


def _halves(random: Random) -> list[Rule]:
    number = random.choice((0, 5, 700))
    return [
        rule("up-to", [RuleTest("number.0", "at_most", number)]),
        rule("over", [RuleTest("number.0", "above", number), RuleTest("yes-no.0", "in", frozenset({"yes"}))]),
        rule("rest", [RuleTest("yes-no.0", "not", frozenset({"yes"}))]),
    ]


@pytest.mark.parametrize(
    ("tests", "can"),
    [
        ([RuleTest("number.0", "above", 4), RuleTest("number.0", "below", 6)], True),
        ([RuleTest("number.0", "above", 4), RuleTest("number.0", "below", 5)], False),
        ([RuleTest("number.0", "below", 0)], False),
        ([RuleTest("amount.0", "above", Money(1, "EUR")), RuleTest("amount.0", "below", Money(9, "USD"))], False),
        ([RuleTest("words.0", "within", frozenset()), RuleTest("words.0", "beyond", frozenset())], False),
        ([RuleTest("words.0", "beyond", frozenset(WORDS[:4]))], False),
        ([RuleTest("words.1", "beyond", frozenset(WORDS[:4]))], True),
        ([RuleTest("yes-no.0", "not", frozenset({"yes", "no"}))], False),
        ([RuleTest("text.0", "not", frozenset(WORDS))], True),
        ([RuleTest("date.0", "above", frozenset({"9999-12-31"}))], False),
        ([RuleTest("date.0", "below", frozenset({"0001-01-01"}))], False),
        ([RuleTest("date.0", "at_most", FIRST), RuleTest("date.0", "not", FIRST)], False),
    ],
)  # fmt: skip
def test_bounds_are_exact_from_both_sides(tests: list[RuleTest], can: bool) -> None:
    """Whole numbers have nothing between two neighbours, closed lists nothing beyond their words."""
    assert (SPACE.fires(rule("asked", tests)) is not None) is can
