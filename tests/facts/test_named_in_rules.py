"""Names in rules of the house mean what the facts mean, however either is spelled."""

from __future__ import annotations

from datetime import date

import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy

TEXT = """policy_version: 1
organisation: {name: House AG, jurisdiction: DE, %s}
use: {%s}
models: [%s]
rules:
  - {id: ours, outcome: block, kind: review, when: {%s}, message: No.}
"""


def fired(test: str, *, organisation: str = "mau: 1M", use: str = "fine_tunes: false", model: str = "olmo-3.1") -> bool:
    """Whether a rule of the house with this test blocks."""
    today = date(2026, 11, 25)
    document = parse((TEXT % (organisation, use, model, test)).encode(), "org.yaml")
    (verdict,) = evaluate(read_policy(document, shipped.catalog(), today), shipped.catalog(), today=today).verdicts
    return any(finding.rule == "ours" and finding.outcome.name == "block" for finding in verdict.findings)


@pytest.mark.parametrize(
    ("test", "model", "wanted"),
    [
        ("model.id: llama-4", "llama-4-maverick", True),
        ("model.id: llama-4", "llama-4", True),
        ("model.id: llama-4", "llama-3.1-8b", False),
        ("model.id: {not: [llama-4]}", "llama-4-maverick", False),
        ("model.id: {not: [llama-4]}", "llama-3.1-8b", True),
    ],
)
def test_a_family_in_a_rule_means_its_members(test: str, model: str, *, wanted: bool) -> None:
    """Who bans a family by its name bans what it has to offer."""
    assert fired(test, model=model) is wanted


@pytest.mark.parametrize("said", ["meta", "Meta Platforms", '"Meta Platforms, Inc."'])
@pytest.mark.parametrize("asked", ["meta", "Meta Platforms", '"Meta Platforms, Inc."'])
def test_a_rival_is_the_same_under_each_of_its_names(said: str, asked: str) -> None:
    test = f"organisation.competes_with: {{includes: {asked}}}"
    assert fired(test, organisation=f"competes_with: [{said}]")
    assert not fired(test, organisation="competes_with: [Mistral AI]")


GROUP = """affiliates: [{name: Top Inc, relationship: parent, jurisdiction: US},
  {name: Below KK, relationship: subsidiary, jurisdiction: JP},
  {name: Beside SAS, relationship: sister, jurisdiction: FR}]"""


@pytest.mark.parametrize(
    ("licensee", "seats"),
    [("House AG", {"US"}), ("Below KK", {"US", "DE"}), ("Beside SAS", {"US"}), ("Top Inc", set())],
)
def test_the_organisation_is_a_parent_of_its_subsidiary(licensee: str, seats: set[str]) -> None:
    """And no company is its own parent."""
    for country in ("US", "DE", "JP", "FR"):
        test = f"organisation.parent_jurisdictions: {{includes: {country}}}"
        assert fired(test, organisation=GROUP, use=f"licensee: {licensee}") is (country in seats), country
