"""Whose users a cap counts where the whole group's count is stated."""

from __future__ import annotations

from tests.answers.small import found, judge

POLICY = """organisation:
  name: House AG
  jurisdiction: US
  mau: 1M
  group: {mau: [{month: 2026-10, value: 70M}, {month: 2026-11, value: 70M}]}
  affiliates: [{name: Parent SE, relationship: parent, mau: 200M}]
use: {deployment: self-hosted, distribution: internal, outputs: internal, field_of_use: [search],
  purpose: commercial, environment: production, fine_tunes: false, trains_other_models: false}
models: [acme-one]
"""


def test_a_group_is_never_smaller_than_any_member() -> None:
    """A dated group count may have been counted otherwise than a parent's; the larger one counts."""
    assert "200M" in found(judge(POLICY), "mau-over-cap").message
    assert judge(POLICY.replace("200M", "60M")).verdict == "allow"


def test_a_sentence_begins_with_a_capital() -> None:
    """Whoever is counted stands first, and may be a group."""
    assert found(judge(POLICY), "mau-over-cap").message.startswith("The group of House AG")


def test_a_group_of_countries_has_its_article() -> None:
    """As people say it."""
    message = found(judge(POLICY.replace("jurisdiction: US", "jurisdiction: DE")), "seat-excluded").message
    assert message.endswith("no rights to licensees in the EU.")
