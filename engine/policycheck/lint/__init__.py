"""Lint: what a policy that is valid still gets wrong, or leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policycheck.catalog import Catalog
from policycheck.judge import Judge
from policycheck.lint.entry_checks import check_entries, check_names
from policycheck.lint.fact_checks import check_cells, check_missing, check_unread
from policycheck.lint.remark import CHECKS, SEVERITIES, Remark
from policycheck.lint.rule_checks import check_rules
from policycheck.lint.satisfiable import space_of
from policycheck.lint.watch import WatchedDesk
from policycheck.policy import ModelRef, Policy
from policycheck.subjects import refs_of, subject_of
from policycheck.tiers import Tiers
from policycheck.vocabulary import FactType

__all__ = ["CHECKS", "SEVERITIES", "Lint", "Remark", "lint"]


@dataclass(frozen=True, slots=True)
class Lint:
    """All remarks on a policy, in file order."""

    remarks: tuple[Remark, ...]

    def as_json(self) -> dict[str, Any]:
        """The remarks as JSON."""
        return {"findings": [remark.as_json() for remark in self.remarks]}


def lint(
    policy: Policy,
    catalog: Catalog,
    *,
    today: date,
    engine: str | None = None,
    models: Sequence[ModelRef] | None = None,
) -> Lint:
    """What is odd in `policy`, beyond what its schema refuses, on `today`.

    Rules are compared within the vocabulary: facts count as independent of each other. What entries meet and which
    facts are missing is found by judging `models`, or else the policy's own. Raises EngineFault where the rules engine
    fails.
    """
    facts = catalog.vocabulary.facts
    refs = refs_of(policy, catalog) if models is None else models
    return Lint(tuple(sorted(_spoken(remark, facts) for remark in _remarks(policy, catalog, today, engine, refs))))


def _spoken(remark: Remark, facts: Mapping[str, FactType]) -> Remark:
    """The remark with yes and no in its witness as a policy writes them."""
    if remark.witness is None:
        return remark
    yes_no = {name for name in remark.witness if name in facts and facts[name].type == "yes-no"}
    said = {name: value == "yes" if name in yes_no else value for name, value in remark.witness.items()}
    return replace(remark, witness=said)


def _remarks(
    policy: Policy, catalog: Catalog, today: date, engine: str | None, refs: Sequence[ModelRef]
) -> Iterator[Remark]:
    space = space_of(catalog.vocabulary)
    judge = Judge(policy, catalog, today, Tiers(policy.rules, catalog.vocabulary.facts, engine))
    desk = judge.desk = WatchedDesk(policy, catalog, today)
    subjects = [subject_of(ref, policy, catalog) for ref in refs]
    verdicts = [judge.verdict(use, subject) for use in policy.uses for subject in subjects]
    yield from check_rules(policy.rules, space, today)
    yield from check_entries(desk, subjects)
    yield from check_names(policy, catalog)
    yield from check_cells(judge, space)
    yield from check_unread(judge)
    yield from check_missing(verdicts, policy, catalog.vocabulary)
