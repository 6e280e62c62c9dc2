"""The whole story: a policy, a catalog and a day in; a report out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policycheck.catalog import Catalog
from policycheck.judge import Judge
from policycheck.policy import ModelRef, Policy
from policycheck.report import Report
from policycheck.subjects import refs_of
from policycheck.tiers import Tiers


def evaluate(
    policy: Policy,
    catalog: Catalog,
    *,
    today: date,
    engine: str | None = None,
    models: Sequence[ModelRef] | None = None,
    uses: Sequence[str] | None = None,
) -> Report:
    """The verdict for every use and model of `policy`, judged on `today`.

    `models` and `uses` narrow what is judged; `engine` is durable-rules or clips. Raises UsageError for a use that the
    policy lacks and EngineFault where the rules engine fails.
    """
    judge = Judge(policy, catalog, today, Tiers(policy.rules, catalog.vocabulary.facts, engine))
    refs = refs_of(policy, catalog) if models is None else models
    verdicts = [judge.verdict_of(use, ref) for use in judge.uses(uses) for ref in refs]
    return Report(policy, catalog, today, judge.tiers, tuple(verdicts), tuple(judge.desk.unmatched()))
