"""Clauses that bind the host where another company hosts: the range of a verdict holds what filling in gives."""

from __future__ import annotations

import pytest

from tests.answers.small import catalog, found, judge

CAP = {"fact": "mau_cap", "value": "100M", "counts": ["licensee", "affiliates"], "affiliates": "over-half"}
HOSTED = """organisation: {name: House AG, jurisdiction: US, mau: 1M%s}
use: {deployment: hosted-api, provider: {name: Host, authorised: true}, distribution: internal, outputs: internal,
  field_of_use: [search], purpose: commercial, environment: production, fine_tunes: false, trains_other_models: false}
models: [acme-one]
"""


@pytest.mark.parametrize(
    ("affiliates", "verdict"),
    [
        pytest.param(", affiliates: []", "allow", id="no other company"),
        pytest.param(", affiliates: [{name: P, relationship: parent, mau: 100M}]", "conditional", id="a large parent"),
    ],
)
def test_the_range_holds_what_filling_in_gives(affiliates: str, verdict: str) -> None:
    """With the licensor's leave a cap that is passed asks for a look at the host's terms, and for no more."""
    known = catalog(more=[{**CAP, "measured": "any-time", "at_limit": "within"}])
    assert judge(HOSTED % affiliates, known=known).verdict == verdict
    left_out = judge(HOSTED % "", known=known)
    assert left_out.verdict == "conditional"
    assert left_out.range == {"mildest": "allow", "strictest": "conditional"}
    assert found(left_out, "provider-terms").missing == ("organisation.affiliates",)


def test_of_a_clause_that_nobody_has_read_the_terms_of_the_host_are_read_instead() -> None:
    """What the catalog lacks, an organisation can't fill in."""
    known = catalog()
    (license,) = known.data["licenses"].values()
    license["silent"] = [fact for fact in license["silent"] if fact != "annual_revenue_cap"]
    assert not found(judge(HOSTED % ", affiliates: []", known=known), "provider-terms").undetermined
