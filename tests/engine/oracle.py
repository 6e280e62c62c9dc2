"""An independent reading of rules in plain Python, against which the engines are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policycheck.numbers import Money
from policycheck.rules import NOTHING, Rule, Test, Value


def answers(rules: Iterable[Rule], facts: Mapping[str, Value | None]) -> dict[str, frozenset[str]]:
    """What `Ruleset.match` should say of a case."""
    found: dict[str, frozenset[str]] = {}
    for rule in rules:
        groups = [[(test.fact, holds(test, facts[test.fact])) for test in group] for group in rule.groups]
        possible = [group for group in groups if all(says is not False for _, says in group)]
        if any(all(says for _, says in group) for group in possible):
            found[rule.id] = frozenset()
        elif possible:
            found[rule.id] = frozenset(fact for group in possible for fact, says in group if says is None)
    return found


def holds(test: Test, value: Value | None) -> bool | None:
    """What one test says of one value; None for 'can't be known'."""
    if value is None:
        return None
    wanted = test.value
    if isinstance(value, Money):
        assert isinstance(wanted, Money)
        if value.currency == wanted.currency:
            return number(test.op, value.amount, wanted.amount)
        # Euros and dollars without a rate: a third to three times as much.
        said = {number(test.op, amount, wanted.amount) for amount in (value.amount // 3, value.amount * 3)}
        return said.pop() if len(said) == 1 else None
    if isinstance(value, int):
        assert isinstance(wanted, int)
        return number(test.op, value, wanted)
    assert isinstance(wanted, frozenset)
    if isinstance(value, str):
        if value == NOTHING:
            return False
        if test.op == "in":
            return value in wanted
        if test.op == "not":
            return value not in wanted
        (day,) = wanted
        return {"above": value > day, "below": value < day, "at_least": value >= day, "at_most": value <= day}[test.op]
    inside = [word in wanted for word in value]
    return {"includes_any": any(inside), "within": all(inside), "beyond": not all(inside)}[test.op]


def number(op: str, value: int, bound: int) -> bool:
    """What a test says of a number."""
    if op in ("at_least", "below"):
        return (value >= bound) == (op == "at_least")
    return (value > bound) == (op == "above")
