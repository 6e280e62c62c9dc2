"""How a count is said: the sum that an open word decides on, whose it is, and what was converted."""

from __future__ import annotations

from typing import Any

from tests.answers.small import catalog, found, judge

USE = """use: {deployment: self-hosted, distribution: internal, outputs: internal, field_of_use: [search],
  purpose: commercial, environment: production, fine_tunes: false, trains_other_models: false}
models: [acme-one]
"""
GROUP = """organisation:
  name: House AG
  jurisdiction: US
  mau: 13.4M
  monthly_revenue: 10M EUR
  affiliates:
    - {name: Big JV, relationship: joint-venture, ownership: 50%, mau: 90M}
    - {name: Small JV, relationship: joint-venture, ownership: 50%, mau: 1M}
    - {name: Parent SE, relationship: parent, ownership: 100%, mau: 1M, monthly_revenue: 20M EUR}
settings: {exchange_rates: {EUR: {USD: 1.08, on: 2026-10-30}}}
"""
REVENUE: dict[str, Any] = {
    "fact": "monthly_revenue_cap",
    "value": {"amount": "20M", "currency": "USD"},
    "counts": ["licensee", "affiliates"],
    "affiliates": "consolidated",
    "measured": "preceding-month",
    "at_limit": "within",
}


def test_a_question_about_an_affiliate_says_the_sum_and_who_alone_tips_it() -> None:
    """Own 14.4M with the parent's, and a joint venture's 90M; the small one is not what decides."""
    message = found(judge(GROUP + USE), "affiliate-undefined").message
    assert "14.4M monthly active users" in message
    assert "With Big JV (90M) it would be 104.4M" in message
    assert "Small JV" not in message


def test_companies_that_tip_a_cap_only_together_are_all_named() -> None:
    """None of them alone does."""
    message = found(
        judge(
            GROUP.replace("90M", "50M").replace(
                "Small JV, relationship: joint-venture, ownership: 50%, mau: 1M",
                "Small JV, relationship: joint-venture, ownership: 50%, mau: 40M",
            )
            + USE
        ),
        "affiliate-undefined",
    ).message
    assert "With Big JV (50M) and Small JV (40M) it would be 104.4M" in message


def test_consolidated_accounts_are_not_called_affiliates() -> None:
    """Such a text has no such word; what is in doubt is what its accounts take in."""
    policy = GROUP.replace("90M", "1M") + USE
    message = found(judge(policy, known=catalog(more=[REVENUE])), "affiliate-undefined").message
    assert message.startswith("House AG and the companies in its own accounts: 10.8M USD monthly revenue")
    assert "affiliate" not in message
    assert "a company above or beside the licensee" in message


def test_a_converted_sum_says_the_amount_the_rate_and_its_day() -> None:
    """A reader must be able to check it."""
    policy = GROUP.replace("10M EUR", "30M EUR") + USE
    message = found(judge(policy, known=catalog(more=[REVENUE])), "revenue-over-cap").message
    assert "32.4M USD monthly revenue, counting 30M EUR at 1.08 USD for 1 EUR on 2026-10-30" in message


def test_a_business_that_is_left_out_above_a_size_says_the_size_and_the_own_figure() -> None:
    """Else nobody sees why the license leaves out this one."""
    size = {"measure": "annual_revenue", "above": {"amount": "20M", "currency": "USD"}, "counts": ["licensee"]}
    clause = {"fact": "business_excluded", "value": ["model-as-a-service"], "above": [size], "measured": "any-time"}
    policy = GROUP.replace(
        "mau: 13.4M", "mau: 1M, annual_revenue: 30M EUR, businesses: [model-as-a-service]".replace(", ", "\n  ")
    )
    message = found(judge(policy + USE, known=catalog(more=[clause])), "licensee-excluded").message
    assert "model-as-a-service above 20M USD annual revenue (House AG: 32.4M USD annual revenue" in message


def test_a_key_that_an_affiliate_lacks_is_named_with_the_affiliate() -> None:
    """A number in a list tells a lawyer nothing, and what is to be written must show where."""
    policy = GROUP.replace(", ownership: 50%, mau: 90M", ", mau: 90M").replace("Big JV", '"Big: JV"') + USE
    verdict = judge(policy)
    finding = found(verdict, "mau-over-cap")
    assert "`organisation.affiliates[0].ownership` (Big: JV)" in finding.message
    assert "`organisation.affiliates[0].ownership` (Big: JV)" in (finding.next_step or "")
    wanted = 'organisation:\n  affiliates:\n    - name: "Big: JV"\n      ownership: …'
    assert verdict.record(finding) == wanted
