"""The one door to the rules engine."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any, Final, NoReturn

from policycheck import engines
from policycheck.engines import Condition, Group
from policycheck.errors import EngineFault, UsageError
from policycheck.numbers import Money, bounds_in
from policycheck.rules import NOTHING, Rule, Test, Value
from policycheck.vocabulary import FactType

COMPARE: Final[Mapping[str, Callable[..., bool]]] = {
    "above": operator.gt,
    "below": operator.lt,
    "at_least": operator.ge,
    "at_most": operator.le,
}
_FIRES: Final[frozenset[str]] = frozenset()

# The engines compare numbers as JSON and C have them; up to here every one of them is exact.
_EXACT: Final = 2**53 - 1


def engine_names() -> tuple[str, ...]:
    """The names of the engines that are installed, the preferred one first."""
    return engines.engine_names()


class Ruleset:
    """Rules, compiled once, that say of any number of cases which of them fire.

    Each group of tests is one rule of the engine, in which a test holds on a fact that passes it and on one that is
    unknown. A group that matched and read nothing unknown fired; one that matched and read something unknown hangs on
    it. So the engine answers both questions at once, and is never asked whether something is absent.
    """

    def __init__(self, rules: Sequence[Rule], facts: Mapping[str, FactType], engine: str | None = None) -> None:
        """Compile `rules` over the vocabulary's `facts` for the engine named, or for the preferred one.

        Raises UsageError where that engine is not installed or a rule reads no fact of `facts`, and EngineFault where
        the engine can't load the rules.
        """
        chosen = engines.chosen(engine)
        self._chosen = chosen
        self.reads = frozenset(fact for rule in rules for fact in rule.reads)
        self._always = frozenset(rule.id for rule in rules if () in rule.groups)
        self._columns = _Columns((test for rule in rules for group in rule.groups for test in group), facts)
        self._owners: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        groups: list[Group] = []
        for rule in rules:
            for tests in filter(None, rule.groups):
                conditions = [self._columns.condition(test) for test in tests]
                groups.append(tuple(dict.fromkeys(conditions)))
                columns = ((each.column, test.fact) for each, test in zip(conditions, tests, strict=True))
                self._owners.append((rule.id, tuple(columns)))
        self._engine = engines.loaded(chosen, groups)
        self._lock = Lock()
        self._broken = False

    @cached_property
    def name(self) -> str:
        """The engine's name and version, as `durable-rules 2.0.28`."""
        return engines.full_name(self._chosen)

    def match(self, facts: Mapping[str, Value | None]) -> Mapping[str, frozenset[str]]:
        """The rules that fire on a case, or may: each id with the facts that are unknown and on which it hangs.

        `facts` holds every fact of `reads`, None standing for unknown. An id with an empty set fires; one with a set
        is undetermined; one that is missing does not apply. Raises EngineFault where no answer may be trusted.
        """
        marks, numbers, unknown = self._columns.row(facts)
        with self._lock:
            if self._broken:
                raise EngineFault("the rules engine was broken off midway before; compile the rules anew")
            # Until all went well: a case that was broken off, even by Ctrl-C, stays in the engine, and would lock it or
            # answer for the next one.
            self._broken = True
            matched = self._engine.matched(marks, numbers)
            self._broken = False
        found = dict.fromkeys(self._always, _FIRES)
        for place in matched:
            rule, columns = self._owners[place]
            hangs = frozenset([fact for column, fact in columns if column in unknown]) if unknown else _FIRES
            before = found.get(rule)
            if before is None or not hangs:
                found[rule] = hangs
            elif before:
                found[rule] = before | hangs
        return found


class _Columns:
    """The flat row that an engine sees, made from facts.

    A number goes in as it is, for the engine to compare. Every other test has a column of its own, a mark, which is
    there where the test holds or the fact is unknown. So engines see no text of a user and nothing that two of them
    could read in two ways, and a test that many rules share is worked out once.
    """

    def __init__(self, tests: Iterable[Test], facts: Mapping[str, FactType]) -> None:
        self._numbers: dict[tuple[str, int], str] = {}
        self._tests: dict[Test, str] = {}
        words: dict[str, list[Test]] = {}
        self._others: list[tuple[str, str, type, Callable[[Any], bool | None]]] = []
        for test in dict.fromkeys(tests):
            if test.fact not in facts:
                raise UsageError(f"a rule reads `{test.fact}`, which is no fact of the vocabulary")
            if type(test.value) is int and abs(test.value) < _EXACT:
                self._numbers.setdefault((test.fact, _unknown_number(test)), f"n{len(self._numbers)}")
                continue
            column = self._tests[test] = f"t{len(self._tests)}"
            if test.op in ("in", "not"):
                words.setdefault(test.fact, []).append(test)
            else:
                self._others.append((test.fact, column, _python_type(facts[test.fact]), _tested(test)))
        self._words = [(fact, *_marks_of_words(among, self._tests)) for fact, among in words.items()]
        self._number_columns = [(fact, unknown, column) for (fact, unknown), column in self._numbers.items()]

    def condition(self, test: Test) -> Condition:
        """The condition on a row that says what `test` says of a fact, and that holds on an unknown one."""
        column = self._tests.get(test)
        if column is not None:
            return Condition(column, "holds", 1)
        assert isinstance(test.value, int)
        column = self._numbers[test.fact, _unknown_number(test)]
        if test.op in ("above", "at_least"):
            return Condition(column, ">=", test.value + (test.op == "above"))
        return Condition(column, "<=", test.value - (test.op == "below"))

    def row(self, facts: Mapping[str, Value | None]) -> tuple[list[str], dict[str, int], set[str]]:
        """The marks and the numbers of a case, and those columns that stand for something unknown."""
        marks: list[str] = []
        numbers: dict[str, int] = {}
        unknown: set[str] = set()
        try:
            for fact, named, other in self._words:
                word = facts[fact]
                found = named.get(word)
                if found is None:
                    found = other if isinstance(word, str) else _mistyped(fact, word, str)
                elif word is None:
                    unknown.update(found)
                marks += found
            for fact, beyond, column in self._number_columns:
                number = facts[fact]
                if type(number) is int:
                    numbers[column] = max(-_EXACT, min(number, _EXACT))
                else:
                    numbers[column] = beyond if number is None else _mistyped(fact, number, int)
                    unknown.add(column)
            for fact, column, wanted, tested in self._others:
                value = facts[fact]
                if type(value) is wanted:
                    answer = tested(value)
                else:
                    answer = None if value is None else _mistyped(fact, value, wanted)
                if answer is not False:
                    marks.append(column)
                    if answer is None:
                        unknown.add(column)
        except KeyError as missing:
            raise EngineFault(f"a rule reads {missing}, and nothing was said of it") from None
        except TypeError as error:
            raise EngineFault(f"a fact has a value that no fact can have: {error}") from error
        return marks, numbers, unknown


def _mistyped(fact: str, value: object, wanted: type) -> NoReturn:
    raise EngineFault(f"`{fact}` should be a {wanted.__name__} or unknown; found `{value}`")


_Marks = tuple[str, ...]


def _marks_of_words(tests: Sequence[Test], columns: Mapping[Test, str]) -> tuple[dict[object, _Marks], _Marks]:
    """For a fact that is one word: the marks for each word that a test names, for None and NOTHING, and any other."""
    named: dict[object, _Marks] = {None: tuple(columns[test] for test in tests), NOTHING: ()}
    for word in frozenset().union(*map(_words, tests)):
        named[word] = tuple(columns[test] for test in tests if (word in _words(test)) == (test.op == "in"))
    return named, tuple(columns[test] for test in tests if test.op == "not")


def _words(test: Test) -> frozenset[str]:
    assert isinstance(test.value, frozenset)
    return test.value


def _unknown_number(test: Test) -> int:
    """What stands for an unknown number in the column that `test` reads, so that every test of the column holds.

    Tests from above and from below therefore read two columns.
    """
    return _EXACT if test.op in ("above", "at_least") else -_EXACT


def _python_type(fact: FactType) -> type:
    if fact.is_list:
        return frozenset
    return {"number": int, "amount": Money}.get(fact.type, str)


def _tested(test: Test) -> Callable[[Any], bool | None]:
    """What a test says of a value, which has its fact's type: True, False, or None where it can't be known."""
    wanted, op = test.value, test.op
    if op == "includes_any":
        return lambda value: not value.isdisjoint(wanted)
    if op in ("within", "beyond"):
        return lambda value: (value <= wanted) == (op == "within")
    if isinstance(wanted, Money):
        return lambda value: sums_compared(op, value, wanted)
    compare = COMPARE[op]
    bound = _date(test) if isinstance(wanted, frozenset) else wanted
    return lambda value: compare(value, bound)


def sums_compared(op: str, value: Money, wanted: Money) -> bool | None:
    """What a test says of a sum, perhaps of another currency: None where it lies too near for want of a rate."""
    low, high = bounds_in(value, wanted.currency)
    most = op in ("above", "at_least") if high is None else COMPARE[op](high, wanted.amount)
    return most if most == COMPARE[op](low, wanted.amount) else None


def _date(test: Test) -> str:
    if len(_words(test)) != 1:
        raise UsageError(f"`{test.fact}` can be `{test.op}` one date only")
    return next(iter(_words(test)))
