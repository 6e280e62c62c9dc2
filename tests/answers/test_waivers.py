"""Waivers: what they lift, what they only show, and when they end."""

from __future__ import annotations

import pytest

from tests.answers.small import SEATED, catalog, found, judge, refused

HOUSE = (
    SEATED.replace("DE", "US")
    + """
rules:
  - {id: house-rule, outcome: block, kind: review, when: {use.deployment: self-hosted}, message: No.}
  - {id: legal-rule, outcome: %s, kind: review, basis: law, when: {use.deployment: self-hosted}, message: The law.}
"""
)
WAIVED = """waivers:
  - {rule: %s, model: acme-one, reason: Seen, approved_by: dpo, approved_on: 2026-10-01, expires: %s%s}
"""


def test_a_rule_of_the_house_can_be_waived_and_stays_in_the_report() -> None:
    """Lifted and shown, never hidden."""
    judged = judge(HOUSE % "note" + WAIVED % ("house-rule", "2027-03-31", ""))
    finding = found(judged, "house-rule")
    assert judged.verdict == "allow"
    assert judged.waived
    assert finding.waiver is not None
    assert finding.waiver["lifts"] is True
    assert finding.original_outcome is not None
    assert finding.original_outcome.name == "block"
    assert judged.review_by == "2027-03-31"


@pytest.mark.parametrize(("rule", "text"), [("seat-excluded", SEATED), ("legal-rule", HOUSE % "block")])
def test_a_waiver_on_license_or_law_is_shown_and_moves_nothing(rule: str, text: str) -> None:
    """A house can't forgive itself a duty that it owes others."""
    judged = judge(text + WAIVED % (rule, "2027-03-31", ""))
    finding = found(judged, rule)
    assert judged.verdict == "block"
    assert not judged.waived
    assert finding.original_outcome is None
    assert finding.waiver is not None
    assert finding.waiver["lifts"] is False
    assert "the verdict stands" in finding.waiver["said"]


@pytest.mark.parametrize(
    ("expires", "verdict"),
    [("2026-11-25", "allow"), ("2026-11-24", "block")],
    ids=["on its last day", "a day after it ended"],
)
def test_an_expired_waiver_weighs_nothing_and_is_reported(expires: str, verdict: str) -> None:
    """A forgotten waiver must not go on for ever."""
    judged = judge(HOUSE % "note" + WAIVED % ("house-rule", expires, ""))
    assert judged.verdict == verdict
    assert bool(found(judged, "house-rule").near_misses) == (verdict == "block")


@pytest.mark.parametrize(
    ("expires", "soon"), [("2026-12-25", True), ("2026-12-26", False)], ids=["in 30 days", "in 31 days"]
)
def test_a_waiver_that_ends_soon_is_announced(expires: str, soon: bool) -> None:
    """`waiver_notice` is 30 days where nothing else is said."""
    waiver = found(judge(HOUSE % "note" + WAIVED % ("house-rule", expires, "")), "house-rule").waiver
    assert waiver is not None
    assert ("ends_soon" in waiver) == soon


def test_a_finding_that_changed_since_is_not_covered() -> None:
    """The approver saw other figures."""
    before = found(judge(HOUSE % "note"), "house-rule").fingerprint
    text = HOUSE % "note" + WAIVED % ("house-rule", "2027-03-31", f", finding: {before}")
    assert judge(text).verdict == "allow"
    changed = judge(
        text.replace("deployment: self-hosted, d", "deployment: on-device, d").replace(
            "e.deployment: self-hosted", "e.deployment: on-device"
        )
    )
    assert changed.verdict == "block"
    assert "has changed since" in found(changed, "house-rule").near_misses[0]


def test_another_text_of_the_license_is_another_finding() -> None:
    """What was approved on the old text was not approved on the new one."""
    one, other = judge(SEATED, known=catalog("a" * 64)), judge(SEATED, known=catalog("c" * 64))
    assert found(one, "seat-excluded").fingerprint != found(other, "seat-excluded").fingerprint


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("reason: R, approved_by: B, approved_on: 2026-10-01", "`expires` is missing"),
        ("reason: R, approved_on: 2026-10-01, expires: 2027-01-01", "`approved_by` is missing"),
        ("reason: R, approved_by: B, approved_on: 2026-11-26, expires: 2027-01-01", "lies after today"),
        ("reason: R, approved_by: B, approved_on: 2026-10-01, expires: 2028-01-01", "the longest is"),
        ("reason: R, approved_by: B, approved_on: 2026-10-01, expires: 2027-10-02", "the longest is"),
    ],
)
def test_a_waiver_without_end_approver_or_measure_is_refused(rest: str, said: str) -> None:
    """Accepted by somebody, on a day, for a while."""
    assert said in refused(f"{HOUSE % 'note'}waivers:\n  - {{rule: house-rule, model: acme-one, {rest}}}\n")


def test_a_waiver_does_not_break_the_floor() -> None:
    """The floor is no finding that could be lifted."""
    assert (
        judge(HOUSE % "note" + WAIVED % ("house-rule", "2027-03-31", "") + "without: [baseline]\n").verdict
        == "conditional"
    )


@pytest.mark.parametrize(
    ("rule", "model"),
    [
        ("model-unknown", "nobody-knows-this"),
        ("license-unknown", "{id: ours, license: nobody-read-this, based_on: []}"),
    ],
)
def test_a_waiver_of_what_nobody_knows_is_told_that_a_fact_is_missing(rule: str, model: str) -> None:
    """No licensor can lift that: nobody knows who it is."""
    waiver = f"\nwaivers: [{{rule: {rule}, model: {model if ',' not in model else 'ours'}, reason: R, approved_by: B,"
    waiver += " approved_on: 2026-10-01, expires: 2027-01-01}]"
    finding = found(judge(SEATED.replace("[acme-one]", f"[{model}]") + waiver), rule)
    assert finding.waiver is None
    assert any("the missing fact must be filled in" in each for each in finding.near_misses)
    assert finding.outcome is finding.outcome.conditional
