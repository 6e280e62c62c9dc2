"""Facts that licenses share: what hangs on the name or the licensor of one license is no other's."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.shapes import shapes

_POLICY = """
policy_version: 1
organisation: {name: Larch Analytics Inc}
use: {distribution: weights, handed_on_under: mistral-research}
models: [%s]
"""
_UNDER_ITS_OWN, _UNDER_ANOTHERS = "ministral-8b-2410", "codestral-22b"


@pytest.mark.parametrize("models", [(_UNDER_ITS_OWN, _UNDER_ANOTHERS), (_UNDER_ANOTHERS, _UNDER_ITS_OWN)])
def test_the_name_of_a_license_frees_models_under_that_license_alone(models: tuple[str, str]) -> None:
    """Both texts say the same on handing on, so that an answer that was kept would serve for both."""
    catalog = shipped.catalog()
    policy = read_policy(parse((_POLICY % ", ".join(models)).encode(), "org.yaml"), catalog, date(2026, 11, 25))
    report = evaluate(policy, catalog, today=date(2026, 11, 25))
    rules = {verdict.model: {finding.rule for finding in verdict.findings} for verdict in report.verdicts}
    assert "handed-on-otherwise" not in rules[_UNDER_ITS_OWN]
    assert "handed-on-otherwise" in rules[_UNDER_ANOTHERS]


def test_whom_a_clause_keeps_from_competing_hangs_on_the_licensor() -> None:
    """Texts of two licensors may bar competitors in the same words."""
    catalog = shipped.catalog()
    one = catalog.licenses["hyperclova-x-seed"]
    other = {**deepcopy(dict(one)), "licensor": "meta"}
    found = shapes({"one": one, "other": other}, catalog.vocabulary)
    for fact in ("license.licensee_excluded", "license.hosted_clauses"):
        place = found["facts"].index(fact)
        assert found["licenses"]["one"][place] != found["licenses"]["other"][place]
