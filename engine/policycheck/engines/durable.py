"""The rules on durable-rules: a row is asserted as a fact, its matches are read, and it is retracted.

Rules are handed over as plain data. `durable.lang` keeps one registry for the whole process and is never used; nor is
`durable.engine.Host`, whose timer thread takes matches off a session of its own accord: measured with frequent switches
of threads, 2 of 23,000 answers lacked one. Nothing of ours runs as a consequence, so that no exception in one can be
swallowed: the names of the matched rules are read off the engine.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from durable import engine

from policycheck.engines import Condition, Group
from policycheck.errors import EngineFault

_OPERATOR: Final = {">=": "$gte", "<=": "$lte"}
_HANDLED, _NOT_HANDLED = 0, 1

# From durable-rules' C source: a fact may open 64 branches (MAX_STACK_SIZE) and have 255 properties
# (MAX_OBJECT_PROPERTIES); it refuses one that goes past either. So rules are dealt out to several rulesets: no more
# branches can be open than there are rules. `$or` is never used, since its branches multiply within a rule.
_RULES_AT_MOST: Final = 60
_COLUMNS_AT_MOST: Final = 200

_rete = engine.durable_rules_engine


class Durable:
    """The groups as rulesets of durable-rules."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._parts = [_Part(part) for part in _parts(groups)]

    def matched(self, marks: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
        """The places of the groups that hold on a row; raises EngineFault."""
        try:
            return [place for part in self._parts for place in part.matched(marks, numbers)]
        except EngineFault:
            raise
        except Exception as error:
            raise EngineFault(f"durable-rules failed: {error}") from error


class _Part:
    """Some of the groups, as one ruleset with one session."""

    def __init__(self, groups: Sequence[tuple[int, Group]]) -> None:
        conditions = {condition for _, group in groups for condition in group}
        self._marks = {each.column: f',"{each.column}":1' for each in conditions if each.op == "holds"}
        self._numbers = sorted({each.column for each in conditions if each.op != "holds"})
        self._cases = 0
        if len(self._marks) + len(self._numbers) > _COLUMNS_AT_MOST:
            raise EngineFault(
                f"a rule has more than {_COLUMNS_AT_MOST} tests, which durable-rules can't take; split it"
            )
        try:
            # It asks the host, which is None here, only for consequences given by name.
            ruleset = engine.Ruleset("policy", None, {f"g{place}": _rule(group) for place, group in groups})
        except Exception as error:
            raise EngineFault(f"durable-rules could not load the rules: {error}") from error
        self._handle = ruleset._handle
        weakref.finalize(self, _rete.delete_ruleset, self._handle)

    def matched(self, marks: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
        # An id of our own: the engine would make up random ones, and refuses one that it has seen.
        self._cases += 1
        seen = "".join([self._marks[column] for column in marks if column in self._marks])
        seen += "".join([f',"{column}":{numbers[column]}' for column in self._numbers])
        result, state = _rete.assert_fact(self._handle, f'{{"id":{self._cases}{seen}}}')
        if result == _NOT_HANDLED:
            # It reads as an error but is the ordinary case that no group holds; nothing is kept.
            return []
        action = _rete.start_action_for_state(self._handle, state)
        if result != _HANDLED or not action:
            raise EngineFault(f"durable-rules did not take a case (code {result})")
        places = []
        match = action[1]
        while match:
            # {"g12":{"m":{...}}}
            places.append(int(match[3 : match.index('"', 3)]))
            match = _rete.complete_and_start_action(self._handle, state)
        if _rete.retract_fact(self._handle, f'{{"id":{self._cases}}}')[0] != _HANDLED:
            raise EngineFault("durable-rules did not give up a case")
        return places


def _parts(groups: Sequence[Group]) -> Iterator[list[tuple[int, Group]]]:
    """The groups with their places, dealt out so that no part is past what a ruleset can bear."""
    part: list[tuple[int, Group]] = []
    columns: set[str] = set()
    for place, group in enumerate(groups):
        more = columns | {condition.column for condition in group}
        if part and (len(part) == _RULES_AT_MOST or len(more) > _COLUMNS_AT_MOST):
            yield part
            part, more = [], {condition.column for condition in group}
        part.append((place, group))
        columns = more
    if part:
        yield part


def _rule(group: Group) -> dict[str, Any]:
    tests = [_test(condition) for condition in group]
    return {"all": [{"m": {"$and": tests} if len(tests) > 1 else tests[0]}], "run": _nothing}


def _test(condition: Condition) -> dict[str, Any]:
    test = {condition.column: condition.value}
    return test if condition.op == "holds" else {_OPERATOR[condition.op]: test}


def _nothing(_: Any) -> None:
    """The consequence that durable-rules wants of every rule; it is never run."""
