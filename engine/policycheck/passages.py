"""Where a license asks the same kind of thing in several passages: each is a finding of its own, answered by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from policycheck.facts import Case, Fact
from policycheck.finding import Finding, Outcome
from policycheck.grounds import Grounds
from policycheck.rules import Rule


class OfPassage(Grounds):
    """The grounds of one of several passages behind a rule."""

    def __init__(self, case: Case, rule: Rule, name: str, passage: str, open_facts: frozenset[str]) -> None:
        """`passage` is one of those that the fact called `name` rests on."""
        super().__init__(case, rule, open_facts)
        self._name, self._passage = name, passage

    def of(self, case: Case) -> OfPassage:
        """The same of another case that gives the rule the same facts."""
        return OfPassage(case, self.rule, self._name, self._passage, self.open_facts)

    @cached_property
    def _part(self) -> Fact:
        parts = self.case.fact(self._name).parts
        return next(part for part in parts if part.clauses[0].passage == self._passage)

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that the rule reads, of this passage alone."""
        return {**super().facts, self._name: self._part}

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The keys that would settle what is open of this passage."""
        return self._part.missing


def severally(finding: Finding, rule: Rule, case: Case) -> Iterator[Finding]:
    """The finding, or where several passages make it one for each; a passage that lacks a fact is undetermined."""
    name = _duty(rule, case) if not finding.undetermined else None
    parts = case.fact(name).parts if name is not None else ()
    if name is None or not parts:
        yield finding
        return
    for part in parts:
        passage = part.clauses[0].passage
        is_open = part.value is None
        grounds = OfPassage(case, rule, name, passage, frozenset([name] if is_open else ()))
        own = replace(finding, passage=passage, one_of=len(parts), grounds=grounds)
        milder = min(own.outcome, Outcome[case.policy.settings.unknown])
        yield replace(own, outcome=milder, undetermined=True, kind="missing-fact") if is_open else own


def _duty(rule: Rule, case: Case) -> str | None:
    """The duty that the rule is about, where the license states it more than once."""
    if rule.kind != "duty" or rule.basis != "license":
        return None
    duties = (name for name in rule.reads if len(case.clauses(name.partition(".")[2])) > 1)
    return next(duties, None)
