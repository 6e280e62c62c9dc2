"""The rules of a policy, asked apart by what their facts hang on: what does not vary is asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from policycheck.errors import EngineFault
from policycheck.facts import scope
from policycheck.rules import Rule, Value
from policycheck.ruleset import Ruleset
from policycheck.vocabulary import FactType

SCOPES: Final = ("of_use", "of_license", "of_model")
Rows = Mapping[str, frozenset[str]]
_MOST: Final = 20_000


class Tiers:
    """Rules that read facts of the use alone, of the license too, and of the model too, each compiled once."""

    def __init__(self, rules: Sequence[Rule], facts: Mapping[str, FactType], engine: str | None = None) -> None:
        """Compile `rules` for the engine named, or for the preferred one; raises what Ruleset raises."""
        dealt: dict[str, list[Rule]] = {of: [] for of in SCOPES}
        for rule in rules:
            dealt[max(map(scope, rule.reads), key=SCOPES.index, default=SCOPES[0])].append(rule)
        self._sets = {of: Ruleset(each, facts, engine) for of, each in dealt.items()}
        self._columns = {of: itemgetter(*sorted(each.reads)) for of, each in self._sets.items() if each.reads}
        self._answers: dict[tuple[Any, ...], Rows] = {}
        self.reads = frozenset().union(*(each.reads for each in self._sets.values()))

    @property
    def name(self) -> str:
        """The engine's name and version, as `durable-rules 2.0.28`."""
        return self._sets[SCOPES[0]].name

    def match(self, of: str, facts: Mapping[str, Value | None]) -> Rows:
        """The rules of one tier that fire on a case, or may; `facts` holds those that they read. Raises EngineFault.

        The same facts get the same answer; as many answers as fit are remembered.
        """
        try:
            key = (of, self._columns[of](facts) if of in self._columns else ())
        except KeyError as missing:
            raise EngineFault(f"a rule reads {missing}, and nothing was said of it") from None
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= _MOST:
                self._answers.clear()
            answer = self._answers[key] = self._sets[of].match(facts)
        return answer
