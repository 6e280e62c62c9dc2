"""The rules on CLIPS: one environment, one rule per group; a row is asserted, the agenda read, and it is retracted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clips import Environment
from clips._clips import ffi, lib
from clips.common import environment_builder
from clips.values import clips_value

from policycheck.engines import Condition, Group
from policycheck.errors import EngineFault

_NULL = ffi.NULL


class Clips:
    """The groups as rules of CLIPS.

    The functions of its C interface are called directly: clipspy's own wrappers take four times as long.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        self._environment = Environment()
        self._env = self._environment._env
        columns = {condition.column: condition.op for group in groups for condition in group}
        try:
            self._environment.build(f"(deftemplate case {' '.join(map(_slot, columns.items()))})")
            for place, group in enumerate(groups):
                self._environment.build(f"(defrule g{place} (case {_patterns(group)}) =>)")
        except Exception as error:
            raise EngineFault(f"CLIPS could not load the rules: {error}") from error
        self._slots = {column: column.encode() for column in columns}
        self._mark, self._number = clips_value(self._env, 1), clips_value(self._env, 0)
        self._builder: Any = environment_builder(self._env, "fact")
        # CLIPS keeps one copy of each name, so that its address tells the rule.
        self._places = {
            lib.DefruleName(lib.FindDefrule(self._env, f"g{place}".encode())): place for place in range(len(groups))
        }

    def matched(self, marks: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
        """The places of the groups that hold on a row; raises EngineFault."""
        env, fact = self._env, self._asserted(marks, numbers)
        places = []
        # A rule on the agenda is one whose pattern the row matches; firing it would only tell us the same.
        activation = lib.GetNextActivation(env, _NULL)
        while activation:
            places.append(self._places[lib.ActivationRuleName(activation)])
            activation = lib.GetNextActivation(env, activation)
        if lib.Retract(fact):
            raise EngineFault("CLIPS could not retract a case")
        return places

    def _asserted(self, marks: Sequence[str], numbers: Mapping[str, int]) -> Any:
        builder, put, slots, mark, value = self._builder, lib.FBPutSlot, self._slots, self._mark, self._number
        failed = lib.FBSetDeftemplate(builder, b"case")
        for column in marks:
            failed |= put(builder, slots[column], mark)
        for column, number in numbers.items():
            value.value = lib.CreateInteger(self._env, number)
            failed |= put(builder, slots[column], value)
        fact = lib.FBAssert(builder)
        if failed or not fact:
            raise EngineFault("CLIPS could not assert a case")
        return fact


def _slot(column: tuple[str, str]) -> str:
    # A number has no default: CLIPS then refuses a row that lacks it.
    name, op = column
    return f"(slot {name} (type INTEGER) (default {0 if op == 'holds' else '?NONE'}))"


def _patterns(group: Group) -> str:
    """The conditions by column, since CLIPS takes each slot once."""
    tests: dict[str, list[str]] = {}
    for condition in group:
        tests.setdefault(condition.column, []).append(_pattern(condition))
    return " ".join(f"({column} {'&'.join(each)})" for column, each in tests.items())


def _pattern(condition: Condition) -> str:
    name = condition.column
    return str(condition.value) if condition.op == "holds" else f"?{name}&:({condition.op} ?{name} {condition.value})"
