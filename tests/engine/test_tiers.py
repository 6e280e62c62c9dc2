"""Rules that are asked apart answer as all of them together."""

from __future__ import annotations

from random import Random

import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.errors import EngineFault
from policycheck.policy import read_policy
from policycheck.ruleset import Ruleset, engine_names
from policycheck.subjects import refs_of, subject_of
from policycheck.tiers import SCOPES, Tiers

from tests.answers.small import TODAY

POLICY = """policy_version: 1
organisation: {name: Start AG, jurisdiction: DE, mau: 12M}
extends: [eu-gdpr, public-sector, strict-evidence]
uses:
  chat: {distribution: service, deployment: self-hosted}
rules:
  - {id: seat, outcome: block, when: {publisher.jurisdiction: {in: [CN]}, use.deployment: self-hosted}, message: M}
  - {id: hosted, outcome: block, when: {use.deployment: hosted-api}, message: M}
"""


@pytest.mark.parametrize("engine", engine_names())
def test_what_is_asked_apart_is_what_is_asked_at_once(engine: str) -> None:
    """A sample of real cases, in any order."""
    from policycheck.judge import Judge

    catalog = shipped.catalog()
    policy = read_policy(parse(POLICY.encode(), "org.yaml"), catalog, TODAY)
    facts = catalog.vocabulary.facts
    tiers, whole = Tiers(policy.rules, facts, engine), Ruleset(policy.rules, facts, engine)
    judge = Judge(policy, catalog, TODAY, tiers)
    assert tiers.reads == whole.reads
    for ref in Random(1).sample(refs_of(policy, catalog), 80):
        for case in judge.cases("chat", subject_of(ref, policy, catalog)):
            values = {name: case.fact(name).value for name in whole.reads}
            asked = {name: hangs for of in SCOPES for name, hangs in tiers.match(of, values).items()}
            assert asked == whole.match(values)


def test_a_fact_of_which_nothing_was_said_is_a_fault() -> None:
    """Left out is not unknown."""
    facts = shipped.catalog().vocabulary.facts
    policy = read_policy(parse(POLICY.encode(), "org.yaml"), shipped.catalog(), TODAY)
    with pytest.raises(EngineFault, match="nothing was said of it"):
        Tiers(policy.rules, facts).match(SCOPES[0], {})
