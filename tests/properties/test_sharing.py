"""What is worked out once for many is what each would get alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_policies import TODAY
from policycheck import shipped
from policycheck.documents import parse, read_file
from policycheck.facts import Memory
from policycheck.judge import Judge
from policycheck.lines import Lines, line_of
from policycheck.policy import ModelRef, read_policy
from policycheck.subjects import Strand, governed, subject_of
from policycheck.tiers import Tiers

ROOT = Path(__file__).parents[2]
POLICIES = [*(ROOT / "policies" / "examples").glob("*.yaml"), *(ROOT / "fixtures" / "policies").glob("*.yaml")]


@pytest.mark.parametrize("path", sorted(POLICIES), ids=lambda path: path.stem)
def test_what_licenses_have_in_common_is_worked_out_once_for_all(path: Path) -> None:
    """Each fact of each license is what it is when it is worked out for that license alone."""
    catalog = shipped.catalog()
    policy = read_policy(read_file(path), catalog, TODAY)
    judge = Judge(policy, catalog, TODAY, Tiers(policy.rules, catalog.vocabulary.facts))
    by_license = {(model.license, model.multimodal): model.id for model in catalog.models.values() if model.license}
    for use in policy.uses:
        for model in by_license.values():
            for case in judge.cases(use, subject_of(ModelRef(name=model, where=()), policy, catalog)):
                judge.match(case)
                alone = replace(case, memory=Memory())
                for name in judge.tiers.reads:
                    known, fact = case.known(name), alone.fact(name)
                    assert known == (fact.value, fact.sources, fact.missing), (name, model)


@pytest.mark.parametrize("path", sorted(POLICIES), ids=lambda path: path.stem)
def test_models_that_share_a_judgement_get_what_each_would_get_alone(path: Path) -> None:
    """What a judgement weighs holds for each model of its kind; only sentences speak of one of them."""
    catalog = shipped.catalog()
    policy = read_policy(read_file(path), catalog, TODAY)
    judge = Judge(policy, catalog, TODAY, Tiers(policy.rules, catalog.vocabulary.facts))
    for use in policy.uses:
        for identifier in catalog.identifiers:
            verdict = judge.verdict_of(use, ModelRef(name=identifier, where=()))
            _, alone = verdict.own()
            shared = verdict.judgement
            assert (shared.outcome, shared.range, shared.tier, shared.evidence, shared.waived) == (
                *(alone.outcome, alone.range, alone.tier, alone.evidence, alone.waived),
            ), identifier
            assert shared.asked == alone.asked, identifier
            assert {(f.rule, f.outcome) for f in shared.findings} == {(f.rule, f.outcome) for f in alone.findings}


def test_a_suit_of_one_licensee_is_none_of_another_in_the_next_use() -> None:
    """What is kept of a model for several uses hangs on who is judged."""
    text = """policy_version: 1
organisation:
  name: Head AG
  disputes: [{against: Mistral AI, about: mistral-7b-v0.3, since: 2026-02-01}]
  affiliates:
    - {name: Daughter GmbH, relationship: subsidiary, ownership: 40%, control: false, disputes: []}
uses:
  ours: {distribution: internal}
  theirs: {distribution: internal, licensee: Daughter GmbH}
models: [mistral-7b-v0.3, mistral-nemo]
"""
    catalog = shipped.catalog()
    policy = read_policy(parse(text.encode(), "org.yaml"), catalog, TODAY)
    judge = Judge(policy, catalog, TODAY, Tiers(policy.rules, catalog.vocabulary.facts))
    for use in policy.uses:
        for ref in policy.models or ():
            verdict = judge.verdict_of(use, ref)
            alone = Judge(policy, catalog, TODAY, judge.tiers).verdict_of(use, ref)
            rules = {finding.rule for finding in verdict.judgement.findings if finding.outcome}
            assert rules == {finding.rule for finding in alone.judgement.findings if finding.outcome}, (use, ref.name)


def test_what_is_compiled_of_a_model_is_what_is_worked_out_of_it() -> None:
    """Every model of the catalog has the licenses, publishers and ancestors that its entry gives it."""
    catalog = shipped.catalog()
    lines = Lines(catalog)
    for identifier in catalog.identifiers:
        subject = governed(identifier, catalog.model(identifier), catalog)
        compiled = lines.subject(identifier, identifier)
        line = [[lines.row(number) for number in numbers] for numbers in lines.of(lines.number(identifier))]
        assert line == [list(rows) for rows in line_of(subject, catalog)], identifier
        for strands, others in zip(subject.alternatives, compiled.alternatives, strict=True):
            assert [_told(strand) for strand in strands] == [_told(strand) for strand in others], identifier


def _told(strand: Strand) -> tuple[object, ...]:
    license = strand.license
    text = (license.id, license.tier, sorted(license.clauses)) if license else None
    ancestor = strand.ancestor.id if strand.ancestor else None
    return (strand.component, text, strand.publisher, strand.evidence, ancestor, strand.relation)
