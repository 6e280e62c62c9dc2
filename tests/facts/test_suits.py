"""Suits that end rights: whose, against whom, and which rights."""

from __future__ import annotations

import pytest

from tests.answers.small import SMALL, catalog, judge

SUIT = {"fact": "suit_ends_license", "value": "ip", "against": "licensor"}


def rules(against: str, licensor: str, clause: dict[str, str], model: str = "acme-one") -> set[str]:
    """The rules that find something where the policy names a suit against `against`."""
    policy = SMALL.replace("mau: 1M", f"mau: 1M, disputes: [{{against: {against}}}]").replace(
        "[acme-one]", f"[{model}]"
    )
    return {finding.rule for finding in judge(policy, known=catalog(licensor=licensor, more=[clause])).findings}


@pytest.mark.parametrize("licensor", ["acme", "anyone"])
@pytest.mark.parametrize(("against", "asked"), [("Acme Inc.", True), ("Rocket Works GmbH", False)])
def test_a_suit_against_the_licensor_is_one_against_who_gave_out_the_model(
    licensor: str, against: str, asked: bool
) -> None:
    """Under a public license nobody else is a licensor."""
    assert ("suit-ends-license" in rules(against, licensor, SUIT)) == asked


def test_whoever_gave_out_a_model_that_no_catalog_knows_may_be_the_one_that_is_sued() -> None:
    """The unknown is never a pass."""
    own = "{id: house-one, license: acme-1.0, based_on: []}"
    assert "suit-ends-license" in rules("Rocket Works GmbH", "anyone", SUIT, own)


def test_a_clause_that_names_no_defendant_means_anybody() -> None:
    """Silence narrows nothing."""
    clause = {"fact": "suit_ends_license", "value": "ip"}
    assert "suit-ends-license" in rules("Rocket Works GmbH", "acme", clause)
