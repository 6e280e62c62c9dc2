"""The same questions put to z3: an independent reading of rules as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import z3
from policycheck.numbers import Money
from policycheck.rules import Rule
from policycheck.rules import Test as RuleTest
from policycheck.vocabulary import FactType


class Solver:
    """Formulas over the facts that some rules read."""

    def __init__(self, facts: Mapping[str, FactType], universes: Mapping[str, frozenset[str]]) -> None:
        self.facts, self.universes = facts, universes
        self._codes: dict[str, int] = {}

    def fires(self, rule: Rule) -> z3.BoolRef:
        """That a rule applies: some group of which each fact is known and each test holds."""
        groups = [z3.And([self._test(test) for test in group]) for group in rule.groups]
        return z3.Or(groups)

    def satisfiable(self, *claims: z3.BoolRef, rules: Iterable[Rule], known: bool) -> bool:
        """Whether some case meets all claims; with `known`, one in which every fact is known."""
        solver = z3.Solver()
        solver.add(*claims)
        tests = [test for rule in rules for group in rule.groups for test in group]
        for name in {test.fact for test in tests}:
            solver.add(self._domain(name, [test for test in tests if test.fact == name]))
            if known:
                solver.add(z3.Bool(f"{name} known"))
        answer = solver.check()
        assert answer in (z3.sat, z3.unsat)
        return bool(answer == z3.sat)

    def _code(self, word: str) -> int:
        return self._codes.setdefault(word, len(self._codes))

    def _domain(self, name: str, tests: Iterable[RuleTest]) -> z3.BoolRef:
        fact, universe = self.facts[name], self.universes.get(name)
        if fact.type in ("number", "amount"):
            return z3.Int(name) >= 0
        if fact.type == "date":
            return z3.And(z3.Int(name) >= 1, z3.Int(name) <= date.max.toordinal())
        if universe is None:
            return z3.BoolVal(True)
        if not fact.is_list:
            return z3.Or([z3.Int(name) == self._code(word) for word in universe])
        named = frozenset[str]().union(*(test.value for test in tests))  # type: ignore[arg-type]
        beyond = [z3.Not(self._member(name, word)) for word in named - universe]
        if not universe - named:
            beyond.append(z3.Not(self._other(name)))
        return z3.And(beyond)

    @staticmethod
    def _other(name: str) -> z3.BoolRef:
        """That a list holds a word which no test names."""
        return z3.Bool(f"{name} holds another word")

    def _member(self, name: str, word: str) -> z3.BoolRef:
        return z3.Bool(f"{name} holds {self._code(word)}")

    def _test(self, test: RuleTest) -> z3.BoolRef:
        return z3.And(z3.Bool(f"{test.fact} known"), self._holds(test))

    def _holds(self, test: RuleTest) -> z3.BoolRef:
        fact, value = self.facts[test.fact], test.value
        number = z3.Int(test.fact)
        if isinstance(value, Money):
            return _compared(test.op, number, value.amount)
        if isinstance(value, int):
            return _compared(test.op, number, value)
        if fact.type == "date":
            days = [_ordinal(word) for word in value]
            if test.op in ("in", "not"):
                found = z3.Or([number == day for day in days])
                return found if test.op == "in" else z3.Not(found)
            return _compared(test.op, number, days[0])
        if not fact.is_list:
            found = z3.Or([number == self._code(word) for word in value])
            return found if test.op == "in" else z3.Not(found)
        raise NotImplementedError(test)


class ListSolver(Solver):
    """With lists, whose tests speak of all words that any test of the same fact names."""

    def __init__(
        self, facts: Mapping[str, FactType], universes: Mapping[str, frozenset[str]], rules: Iterable[Rule]
    ) -> None:
        super().__init__(facts, universes)
        self._named: dict[str, frozenset[str]] = {}
        for test in (test for rule in rules for group in rule.groups for test in group):
            if facts[test.fact].is_list:
                assert isinstance(test.value, frozenset)
                self._named[test.fact] = self._named.get(test.fact, frozenset()) | test.value

    def _holds(self, test: RuleTest) -> z3.BoolRef:
        if not self.facts[test.fact].is_list:
            return super()._holds(test)
        assert isinstance(test.value, frozenset)
        if test.op == "includes_any":
            return z3.Or([self._member(test.fact, word) for word in test.value])
        outside = [self._member(test.fact, word) for word in self._named[test.fact] - test.value]
        beyond = z3.Or([*outside, self._other(test.fact)])
        return beyond if test.op == "beyond" else z3.Not(beyond)


def _compared(op: str, number: z3.ArithRef, bound: int) -> z3.BoolRef:
    return {
        "above": number > bound,
        "below": number < bound,
        "at_least": number >= bound,
        "at_most": number <= bound,
    }[op]


@cache
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
