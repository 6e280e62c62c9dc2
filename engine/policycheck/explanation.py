"""Why: which rules apply, which nearly did, what each read and where, and what would alter the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policycheck.catalog import Catalog
from policycheck.errors import UsageError
from policycheck.facts import Case, Fact
from policycheck.finding import Outcome
from policycheck.grounds import say
from policycheck.policy import ModelRef, Policy
from policycheck.values import frozen
from policycheck.verdict import Verdict
from policycheck.whatif import Bench, Candidate, Change, nearest, smallest_changes


@dataclass(frozen=True, slots=True)
class Read:
    """A fact that a rule read: its value, and where that stands."""

    fact: str
    means: str
    """What the fact says, in a sentence."""
    value: str | None
    places: tuple[str, ...]
    """Files, lines and columns of the policy; or a key that was assumed."""
    clauses: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fact as `explain` prints it."""
        return {"fact": self.fact, "value": self.value, "from": "; ".join((*self.places, *self.clauses)) or None}


@dataclass(frozen=True, slots=True)
class Near:
    """The change of one key by which a rule that does not apply would weigh."""

    change: Candidate
    bound: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The change as `explain` prints it."""
        return {"key": self.change.key, "from": self.change.before, "to": self.change.to, "bound": self.bound}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleState:
    """What became of a rule under one license: whether it fired, what it read, and what would make it weigh."""

    rule: str
    license: str | None
    state: str
    """fired, undetermined or not-fired."""
    reads: tuple[Read, ...]
    near: Near | None = None

    def as_json(self) -> dict[str, Any]:
        """The rule as `explain` prints it."""
        return {
            "rule": self.rule,
            "license": self.license,
            "state": self.state,
            "reads": [read.as_json() for read in self.reads],
            "near": self.near.as_json() if self.near else None,
        }


@frozen
class Explanation:
    """A verdict with all rules and what would change it."""

    verdict: Verdict
    rules: tuple[RuleState, ...]
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The explanation as JSON."""
        return {
            **self.verdict.as_json(),
            "rules": [rule.as_json() for rule in self.rules],
            "changes": [change.as_json() for change in self.changes],
        }


def explain(
    policy: Policy, catalog: Catalog, ref: ModelRef, use: str, *, today: date, engine: str | None = None
) -> Explanation:
    """Why the verdict of `use` and the model that `ref` names is what it is."""
    if use not in policy.uses:
        raise UsageError(f"the policy has no use called `{use}`; it has {', '.join(f'`{u}`' for u in policy.uses)}")
    bench = Bench(policy, catalog, ref, use, today=today, engine=engine)
    near = _near(bench)
    states: dict[tuple[str, str | None], RuleState] = {}
    for case, matched in bench.states(bench.chosen):
        for state in _states(bench, case, matched, near):
            first = states.get((state.rule, state.license))
            if first is None or _weight(state) > _weight(first):
                states[state.rule, state.license] = state
    return Explanation(
        verdict=bench.present,
        rules=tuple(states.values()),
        changes=tuple(smallest_changes(bench)),
    )


def _weight(state: RuleState) -> int:
    return ("not-fired", "undetermined", "fired").index(state.state)


def _states(
    bench: Bench, case: Case, matched: Mapping[str, frozenset[str]], near: Mapping[str, Near]
) -> Iterator[RuleState]:
    for name, rule in sorted(bench.rules.items()):
        state = "not-fired" if name not in matched else "undetermined" if matched[name] else "fired"
        yield RuleState(
            rule=name,
            license=case.license.id if case.license else None,
            state=state,
            reads=tuple(_read(fact, case) for fact in sorted(rule.reads)),
            near=near.get(name) if state == "not-fired" else None,
        )


def _read(name: str, case: Case) -> Read:
    fact: Fact = case.fact(name)
    places = [source.place or f"{source.key} (assumed)" for source in fact.sources]
    clauses = [f"{clause.license} {clause.text.document} {clause.section or ''}".strip() for clause in fact.clauses]
    means = case.catalog.vocabulary.facts[name].means
    return Read(name, means, None if fact.value is None else say(fact, case), _once(places), _once(clauses))


def _once(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _near(bench: Bench) -> dict[str, Near]:
    """The rules that would weigh if one key were changed, each with the first such change."""
    weighing = {finding.rule for finding in bench.present.findings if finding.outcome}
    found: dict[str, Near] = {}
    for where in bench.every_key():
        for candidate in bench.candidates.of(where):
            verdict = bench.verdict(frozenset({candidate}))
            for rule in _weighing(verdict) - weighing - found.keys() if verdict else ():
                found[rule] = _nearest(bench, candidate, rule)
    return found


def _weighing(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings if finding.outcome > Outcome.note}


def _nearest(bench: Bench, candidate: Candidate, rule: str) -> Near:
    if candidate.end is None:
        return Near(candidate)
    return Near(*nearest(bench, frozenset(), candidate, lambda verdict: rule in _weighing(verdict)))
