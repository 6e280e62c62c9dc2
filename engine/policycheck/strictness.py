"""Two sets of rules as such: whether one is stricter, milder, equivalent or incomparable, with a case that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from policycheck.assignments import Clause, Sets, solved
from policycheck.finding import VERDICTS, Outcome
from policycheck.numbers import Money
from policycheck.rules import Rule, Test, Value
from policycheck.ruleset import COMPARE, sums_compared
from policycheck.vocabulary import FactType, Vocabulary

Group = tuple[Test, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A case on which two sets of rules differ; a fact that it leaves out is not known."""

    facts: Mapping[str, str]
    """Facts that the rules read on which the two differ."""
    rest: Mapping[str, str]
    """Other facts, so that no rule that both have hides the difference."""
    before: str
    after: str

    def as_json(self) -> dict[str, Any]:
        """The case as `diff` prints it."""
        return {"facts": dict(self.facts), "rest": dict(self.rest), "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Relation:
    """How a set of rules relates to the one before it."""

    word: str
    """equivalent, stricter, milder or incomparable."""
    stricter: Witness | None
    milder: Witness | None

    def as_json(self) -> dict[str, Any]:
        """The relation as `diff` prints it."""
        return {
            "relation": self.word,
            "stricter": self.stricter.as_json() if self.stricter else None,
            "milder": self.milder.as_json() if self.milder else None,
        }


def relation(before: Sequence[Rule], after: Sequence[Rule], vocabulary: Vocabulary, today: date) -> Relation:
    """How the rules `after` relate to those `before`, over every case that the vocabulary can describe.

    What is compared is the strictest outcome of the rules themselves, unknown facts included; who answers what, and
    which facts go together in the world, is left aside.
    """
    old, new = (tuple(_on(rule, today) for rule in rules if not _ended(rule, today)) for rules in (before, after))
    values = _Values((*before, *after), vocabulary)
    stricter, milder = values.witness(new, old), values.witness(old, new)
    word = {(False, False): "equivalent", (True, False): "stricter", (False, True): "milder"}
    return Relation(
        word.get((stricter is not None, milder is not None), "incomparable"),
        values.shown(stricter, old, new) if stricter is not None else None,
        values.shown(milder, old, new) if milder is not None else None,
    )


def _ended(rule: Rule, today: date) -> bool:
    """Whether the law behind a rule is gone, so that it finds nothing any more."""
    return rule.law is not None and (rule.law.status == "repealed" or (rule.law.until or "9999") < today.isoformat())


def _on(rule: Rule, today: date) -> Rule:
    """The rule as it weighs on a day: one whose law is not in force yet informs only, and takes nothing away."""
    return rule if rule.law is None or rule.law.in_force(today) else replace(rule, outcome="note", overrides=())


def _outcome(rule: Rule) -> Outcome:
    open_end = rule.kind in ("question", "missing-fact")
    return min(Outcome[rule.outcome], Outcome.conditional) if open_end else Outcome[rule.outcome]


def holds(test: Test, value: Value | None) -> bool | None:
    """Whether a test holds on a value; None where that can't be known."""
    if value is None:
        return None
    wanted = test.value
    if test.op in ("in", "not"):
        assert isinstance(wanted, frozenset)
        return (value in wanted) == (test.op == "in")
    if test.op == "includes_any":
        assert isinstance(wanted, frozenset)
        assert isinstance(value, frozenset)
        return not value.isdisjoint(wanted)
    if test.op in ("within", "beyond"):
        assert isinstance(wanted, frozenset)
        assert isinstance(value, frozenset)
        return (value <= wanted) == (test.op == "within")
    if isinstance(wanted, Money):
        assert isinstance(value, Money)
        return sums_compared(test.op, value, wanted)
    bound = next(iter(wanted)) if isinstance(wanted, frozenset) else wanted
    return COMPARE[test.op](value, bound)


def strictest_of(rules: Sequence[Rule], values: Mapping[str, Value | None]) -> Outcome:
    """The strictest outcome of the rules on a case, exceptions and unknown facts taken as an evaluation takes them."""
    found = Outcome.note
    for rule in rules:
        state = _stands(rule, rules, values)
        if state is not False:
            weighs = _outcome(rule)
            found = max(found, min(weighs, Outcome.conditional) if state is None else weighs)
    return found


def _stands(rule: Rule, rules: Sequence[Rule], values: Mapping[str, Value | None]) -> bool | None:
    """Whether a rule applies and no exception that stands itself takes it away; None where that is open."""
    above = [_stands(other, rules, values) for other in _above(rule, rules)]
    return _all([_state(rule, values), *(None if state is None else not state for state in above)])


def _above(rule: Rule, rules: Sequence[Rule]) -> Iterator[Rule]:
    """The exceptions to a rule."""
    return (other for other in rules if rule.id in other.overrides)


def _state(rule: Rule, values: Mapping[str, Value | None]) -> bool | None:
    states = [_all(holds(test, values.get(test.fact)) for test in group) for group in rule.groups]
    return True if True in states else None if None in states else False


def _all(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return False if False in found else None if None in found else True


class _Values:
    """For each fact that the rules read, values of which every other is like one of them."""

    def __init__(self, rules: Sequence[Rule], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        tests: dict[str, list[Test]] = {}
        for test in (test for rule in rules for group in rule.groups for test in group):
            tests.setdefault(test.fact, []).append(test)
        self.of: dict[str, list[Value | None]] = {
            fact: [*dict.fromkeys(self._like(vocabulary.facts[fact], found)), None] for fact, found in tests.items()
        }

    def _like(self, fact: FactType, tests: list[Test]) -> Iterator[Value]:
        if fact.is_list:
            yield from self._lists(fact, [test.value for test in tests if isinstance(test.value, frozenset)])
        elif fact.type == "number":
            for bound in sorted({test.value for test in tests if isinstance(test.value, int)}):
                yield from (max(0, number) for number in (bound, bound - 1, bound + 1))
        elif fact.type == "amount":
            for sum_of_money in dict.fromkeys(test.value for test in tests if isinstance(test.value, Money)):
                bound, currency = sum_of_money.amount, sum_of_money.currency
                yield from (Money(max(0, amount), currency) for amount in (bound, bound - 1, bound + 1))
                # Without a rate, a sum of another currency is surely above or below at a third and three times.
                for other in sorted(
                    {each.value.currency for each in tests if isinstance(each.value, Money)} - {currency}
                ):
                    yield from (Money(amount, other) for amount in (bound // 3, bound // 3 + 1, 3 * bound + 3))
        else:
            named = sorted({word for test in tests if isinstance(test.value, frozenset) for word in test.value})
            yield from named
            if fact.type == "date":
                days = [date.fromisoformat(day) for day in named]
                yield from ((day + timedelta(days=step)).isoformat() for day in days for step in (-1, 1))
            yield from self._others(fact, frozenset(named))[:1]

    def _others(self, fact: FactType, named: frozenset[str]) -> list[str]:
        """Words of a fact that no test names."""
        if fact.type == "yes-no":
            known: Iterable[str] = ("yes", "no")
        elif fact.is_place:
            known = self.vocabulary.data["countries"]
        else:
            known = self.vocabulary.words(fact.words) if fact.words else ("something-else",)
        return [word for word in known if word not in named]

    def _lists(self, fact: FactType, sets: list[frozenset[str]]) -> Iterator[frozenset[str]]:
        """One list for each way in which the tested sets can be met: of words that none tells apart, one stands."""
        named = frozenset().union(*sets)
        words = [*sorted(named), *self._others(fact, named)[:1]]
        atoms: dict[tuple[bool, ...], str] = {}
        for word in words:
            atoms.setdefault(tuple(word in each for each in sets), word)
        # Of a longer list that meets all tests, one word for each test meets them too.
        for size in range(min(len(atoms), len(sets)) + 1):
            yield from (frozenset(each) for each in combinations(atoms.values(), size))

    def witness(self, stricter: Sequence[Rule], milder: Sequence[Rule]) -> dict[str, Value | None] | None:
        """A case on which the rules `stricter` are stricter than the rules `milder`; None where there is none."""
        block, conditional = Outcome.block, Outcome.conditional
        for level, below in ((block, conditional), (block, block), (conditional, conditional)):
            found = self._witness(stricter, level, milder, below)
            if found is not None:
                return found
        return None

    def _witness(
        self, stricter: Sequence[Rule], level: Outcome, milder: Sequence[Rule], below: Outcome
    ) -> dict[str, Value | None] | None:
        """A case on which the one weigh as much as `level` at least, the others less than `below`."""
        spared = [clause for rule in milder if _outcome(rule) >= below for clause in self._not(rule, milder, below)]
        for rule in stricter:
            if _outcome(rule) < level or _stands_in(rule, stricter, milder):
                continue
            for group in rule.groups:
                found = solved([[self._passing(group, level)], *self._kept(rule, stricter, level), *spared], {})
                if found is not None:
                    return {fact: self.of[fact][min(indexes)] for fact, indexes in found.items()}
        return None

    def _where(self, test: Test, level: Outcome) -> frozenset[int]:
        """The values on which a test lets a rule weigh at a level: unknown ones make it conditional at most."""
        values = self.of[test.fact]
        strict = level is Outcome.block
        return frozenset(
            index
            for index, value in enumerate(values)
            if (holds(test, value) is True if strict else holds(test, value) is not False)
        )

    def _passing(self, group: Group, level: Outcome) -> Sets:
        found: Sets = {}
        for test in group:
            found[test.fact] = found.get(test.fact, self._every(test.fact)) & self._where(test, level)
        return found

    def _failing(self, group: Group, level: Outcome) -> Clause:
        return [{test.fact: self._every(test.fact) - self._where(test, level)} for test in group]

    def _every(self, fact: str) -> frozenset[int]:
        return frozenset(range(len(self.of[fact])))

    def _kept(self, rule: Rule, rules: Sequence[Rule], level: Outcome) -> list[Clause]:
        """What must hold so that no exception takes the rule away; one that is open leaves it conditional."""
        other = Outcome.conditional if level is Outcome.block else Outcome.block
        return [clause for each in _above(rule, rules) for clause in self._not(each, rules, other)]

    def _not(self, rule: Rule, rules: Sequence[Rule], level: Outcome) -> list[Clause]:
        """What must hold so that a rule does not weigh at a level."""
        other = Outcome.conditional if level is Outcome.block else Outcome.block
        above = [sets for each in _above(rule, rules) for sets in self._standing(each, rules, other)]
        return [[*self._failing(group, level), *above] for group in rule.groups]

    def _standing(self, rule: Rule, rules: Sequence[Rule], level: Outcome) -> list[Sets]:
        """The ways in which a rule weighs at a level."""
        found = [self._passing(group, level) for group in rule.groups]
        for clause in self._kept(rule, rules, level):
            found = [self._both(one, other) for one in found for other in clause]
        return found

    def _both(self, one: Sets, other: Sets) -> Sets:
        every = {fact: self._every(fact) for fact in (*one, *other)}
        return {fact: one.get(fact, every[fact]) & other.get(fact, every[fact]) for fact in every}

    def shown(self, case: Mapping[str, Value | None], before: Sequence[Rule], after: Sequence[Rule]) -> Witness:
        """A case in words, with what both sets of rules say of it."""
        same = {rule.id for rule in before if _stands_in(rule, before, after)}
        same &= {rule.id for rule in after if _stands_in(rule, after, before)}
        told = {fact for rule in (*before, *after) if rule.id not in same for fact in rule.reads}
        said = {fact: self._said(value) for fact, value in sorted(case.items())}
        return Witness(
            facts={fact: value for fact, value in said.items() if fact in told},
            rest={fact: value for fact, value in said.items() if fact not in told},
            before=VERDICTS[strictest_of(before, case)],
            after=VERDICTS[strictest_of(after, case)],
        )

    def _said(self, value: Value | None) -> str:
        if value is None:
            return "(not known)"
        return "[" + ", ".join(sorted(value)) + "]" if isinstance(value, frozenset) else str(value)


def _stands_in(rule: Rule, home: Sequence[Rule], other: Sequence[Rule]) -> bool:
    """Whether `other` has the same rule with no other exceptions: it can make no difference then."""

    def above(rules: Sequence[Rule], name: str) -> frozenset[tuple[Any, ...]]:
        return frozenset((each.groups, above(rules, each.id)) for each in rules if name in each.overrides)

    return any(
        each.groups == rule.groups
        and _outcome(each) >= _outcome(rule)
        and above(other, each.id) <= above(home, rule.id)
        for each in other
    )
