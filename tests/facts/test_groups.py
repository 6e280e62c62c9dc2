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
