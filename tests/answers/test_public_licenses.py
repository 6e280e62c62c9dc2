"""Under a public license it is the model's publisher who can permit more, and nobody else's models gain by it."""

from __future__ import annotations

import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy

from tests.answers.small import TODAY

POLICY = """
policy_version: 1
organisation: {name: House AG, kind: company}
use: {purpose: commercial}
settings: {minimum_evidence: reported}
"""
AGREEMENT = "agreements:\n  - {licensor: %s, covers: [use-not-granted], reference: A-1, expires: never}\n"
NON_COMMERCIAL = "cc-by-nc-4.0"


def publishers() -> dict[str, str]:
    """Some models under one public license, each with its publisher."""
    models = [model for model in shipped.catalog().models.values() if model.license == NON_COMMERCIAL]
    return {model.id: str(model.publisher) for model in models}


@pytest.mark.parametrize("licensor", sorted(set(publishers().values()))[:8])
def test_an_agreement_with_one_publisher_lifts_nothing_for_another(licensor: str) -> None:
    """Models that are alike share what was found of them; who published them is no likeness then."""
    catalog = shipped.catalog()
    policy = read_policy(parse((POLICY + AGREEMENT % licensor).encode(), "org.yaml"), catalog, TODAY)
    report = evaluate(policy, catalog, today=TODAY)
    held = publishers()
    for verdict in report.verdicts:
        if verdict.model in held:
            (found,) = [each for each in verdict.findings if each.rule == "use-not-granted"][:1]
            assert bool(found.agreement) == (held[verdict.model] == licensor), verdict.model
            assert (verdict.judgement.outcome.name == "block") == (held[verdict.model] != licensor), verdict.model


def test_the_agreement_that_is_proposed_names_the_publisher_of_that_model() -> None:
    """Also where another model that is alike was judged first."""
    catalog = shipped.catalog()
    policy = read_policy(parse(POLICY.encode(), "org.yaml"), catalog, TODAY)
    held = publishers()
    for verdict in evaluate(policy, catalog, today=TODAY).verdicts:
        if verdict.model in held:
            (found,) = [each for each in verdict.findings if each.rule == "use-not-granted"][:1]
            assert found.grounds.licensor == catalog.publisher_name(held[verdict.model]), verdict.model
