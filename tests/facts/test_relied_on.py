"""What a verdict relied on: each fact of the policy that a clause was held against, also where it did not bite."""

from __future__ import annotations

from datetime import date

import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy

TODAY = date(2026, 11, 25)
POLICY = """policy_version: 1
organisation: {name: House Inc., jurisdiction: US, operates_in: [US], mau: 1M, affiliates: [], disputes: [],
  businesses: [], competes_with: [], kind: company, sector: software}
use: {deployment: self-hosted, distribution: internal, outputs: internal, field_of_use: [search], oversight: none,
  safeguards: [output-filter, guardrails-kept], discloses_ai: true, purpose: commercial,
  hosting_region: [US], operated_from: [US], data_classes: [], fine_tunes: false, trains_other_models: false}
models: [%s]
"""


@pytest.mark.parametrize(
    ("model", "fact", "value", "assumed"),
    [
        pytest.param("llama-4-maverick", "organisation.jurisdiction", "US", False, id="the seat lies outside"),
        pytest.param("llama-4-maverick", "use.field_of_use", "[search]", False, id="the field is not barred"),
        pytest.param("llama-4-maverick", "use.data_classes", "[]", False, id="no data are barred"),
        pytest.param("llama-3-8b", "use.trains_other_models", "false", False, id="outputs train nothing"),
        pytest.param("hunyuan-a13b", "use.hosting_region", "[US]", False, id="hosted outside"),
        pytest.param("hunyuan-a13b", "use.outputs", "internal", False, id="shown nowhere"),
        pytest.param("hunyuan-a13b", "use.serves_users_in", "US", True, id="where it is active stands in"),
        pytest.param("qwen2.5-72b", "use.mau", "1M", True, id="the licensee's count stands in for its product's"),
    ],
)
def test_an_allow_names_the_facts_that_kept_a_clause_from_biting(
    model: str, fact: str, value: str, assumed: bool
) -> None:
    """Should one of them change, the allow is to be looked at again; one that was assumed is marked."""
    catalog = shipped.catalog()
    policy = read_policy(parse((POLICY % model).encode(), "org.yaml"), catalog, TODAY)
    (verdict,) = evaluate(policy, catalog, today=TODAY).verdicts
    assert verdict.verdict == "allow"
    (found,) = (each for each in verdict.relied_on if each["fact"] == fact)
    assert (found["value"], found["assumed"]) == (value, assumed)
