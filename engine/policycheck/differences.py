"""Two policies, or one under two catalogs: what a change does to the verdicts, and to the rules as such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policycheck.catalog import Catalog
from policycheck.comparison import Comparison, Why, compare
from policycheck.documents import Document
from policycheck.errors import DocumentError, UsageError
from policycheck.evaluate import evaluate
from policycheck.facts.case import plain
from policycheck.plainly import conditions
from policycheck.policy import ModelRef, Policy
from policycheck.report import Report
from policycheck.rules import Rule, rules_from
from policycheck.schema import problems
from policycheck.strictness import Relation, relation
from policycheck.variation import path_of


@dataclass(frozen=True, slots=True)
class Side:
    """A policy, the catalog that it is judged by, and the models that are judged; None for the policy's own."""

    policy: Policy
    catalog: Catalog
    models: Sequence[ModelRef] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does: to each verdict, and to the rules in force as such."""

    verdicts: Comparison
    rules: Relation

    def as_json(self) -> dict[str, Any]:
        """The difference as `diff` prints it."""
        return {**self.verdicts.as_json(), "rules": self.rules.as_json()}


def differences(
    before: Side,
    after: Side,
    *,
    today: date,
    engine: str | None = None,
    uses: Sequence[str] = (),
) -> Difference:
    """What changes from `before` to `after` on the same day; `uses` narrows what is judged.

    Raises UsageError for a use that neither of the two has.
    """
    for use in uses:
        if use not in before.policy.uses and use not in after.policy.uses:
            raise UsageError(f"neither of the two policies has a use called `{use}`")
    old, new = (_report(side, today, engine, uses).as_json() for side in (before, after))
    relied_on_by_both(old, new, before.policy, after.policy)

    def more(use: str, model: str, rules: frozenset[str]) -> Iterator[Why]:
        yield from _rules(before, after, rules)
        yield from _settings(before.policy, after.policy)
        yield from _clauses(before, after, rules, (_licenses(old, use, model) & _licenses(new, use, model)))

    return Difference(
        compare(old, new, more),
        relation(before.policy.rules, after.policy.rules, after.catalog.vocabulary, today),
    )


def pack_difference(before: Document, after: Document, catalog: Catalog, today: date) -> Difference:
    """How one rule pack relates to another, as such. Raises DocumentError with every problem of both."""
    wrong = [*problems(before, "pack", catalog.vocabulary), *problems(after, "pack", catalog.vocabulary)]
    if wrong:
        raise DocumentError(wrong)
    read = [rules_from(document, "rules", document.data["pack"], catalog.vocabulary) for document in (before, after)]
    wrong = [problem for _, found in read for problem in found]
    if wrong:
        raise DocumentError(wrong)
    (old, _), (new, _) = read
    return Difference(Comparison((), 0), relation(old, new, catalog.vocabulary, today))


def _report(side: Side, today: date, engine: str | None, uses: Sequence[str]) -> Report:
    named = [use for use in uses if use in side.policy.uses]
    models = [] if uses and not named else side.models
    return evaluate(side.policy, side.catalog, today=today, engine=engine, models=models, uses=named or None)


def relied_on_by_both(
    old: Mapping[str, Any], new: Mapping[str, Any], before: Policy | None, after: Policy | None
) -> None:
    """Adds to each verdict what its policy says of a fact that only the other one relied on."""
    pairs = {(verdict["use"], verdict["model"]): verdict for verdict in new["verdicts"]}
    for was in old["verdicts"]:
        now = pairs.get((was["use"], was["model"]))
        if now is not None:
            found = [each.setdefault("relied_on", []) for each in (was, now)]
            for mine, other, policy in ((found[0], found[1], before), (found[1], found[0], after)):
                known = {fact["fact"] for fact in mine}
                keys = [fact["fact"] for fact in other if fact["fact"] not in known]
                mine += list(_stated(policy, keys)) if policy else []


def _stated(policy: Policy, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    for key in keys:
        where, node = path_of(key, policy.document.data), policy.document.data
        for part in where:
            inside = part in node if isinstance(node, dict) else isinstance(node, list) and part in range(len(node))
            node = node[part] if inside else None
        if node is not None:
            yield {"fact": key, "value": plain(node), "from": policy.document.place(where), "assumed": False}


def _licenses(report: Mapping[str, Any], use: str, model: str) -> frozenset[str]:
    return frozenset(
        each["id"]
        for verdict in report["verdicts"]
        if (verdict["use"], verdict["model"]) == (use, model)
        for each in verdict["licenses"]
        if each["id"]
    )


def _rules(before: Side, after: Side, names: frozenset[str]) -> Iterator[Why]:
    """Rules that are there on one side only, or say something else."""
    old, new = ({rule.id: rule for rule in side.policy.rules} for side in (before, after))
    for name in sorted(names):
        was, now = old.get(name), new.get(name)
        if was is None or now is None or _essence(was) != _essence(now):
            yield Why(f"the rule `{name}`", _said(was, before.catalog), _said(now, after.catalog))


def _essence(rule: Rule) -> tuple[Any, ...]:
    return rule.outcome, rule.kind, rule.basis, rule.groups, rule.overrides, rule.law


def _said(rule: Rule | None, catalog: Catalog) -> str | None:
    if rule is None:
        return None
    return f"{rule.outcome} ({rule.kind}) where {'; or '.join(conditions(rule, catalog.vocabulary))}"


def _settings(before: Policy, after: Policy) -> Iterator[Why]:
    for part in ("settings", "without"):
        was, now = (policy.document.data.get(part) or {} for policy in (before, after))
        keys = {*was, *now} if part == "settings" else set()
        for key in sorted(keys):
            if was.get(key) != now.get(key):
                yield Why(f"`settings.{key}`", _shown(was.get(key)), _shown(now.get(key)))
        if part == "without" and was != now:
            yield Why("`without`", _shown(was or None), _shown(now or None))


def _shown(value: Any) -> str | None:
    return None if value is None else plain(value)


def _clauses(before: Side, after: Side, rules: frozenset[str], licenses: frozenset[str]) -> Iterator[Why]:
    """What the licenses are said to hold in one catalog and not in the other, as far as these rules read it."""
    read = {
        clause
        for rule in (*before.policy.rules, *after.policy.rules)
        if rule.id in rules
        for fact in rule.reads
        if fact in after.catalog.vocabulary.facts
        for clause in after.catalog.vocabulary.facts[fact].clauses
    }
    for name in sorted(licenses):
        old, new = (side.catalog.license(name) for side in (before, after))
        for clause in sorted(read):
            was, now = (
                "; ".join(
                    f"{plain(each.value)} (section {each.section or 'none'}: {each.summary})"
                    for each in license.stated(clause)
                )
                for license in (old, new)
            )
            if was != now:
                yield Why(f"{name}, {clause.replace('_', ' ')}", was or None, now or None)
