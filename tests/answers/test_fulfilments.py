"""Duties that were done, and open words that counsel has read, each until its day."""

from __future__ import annotations

import pytest

from tests.answers.small import BIG, SMALL, found, judge, refused

DONE = "fulfilled:\n  - {rule: attribution-display, license: acme-1.0, done_by: a@b.example, done_on: 2026-09-01%s}\n"


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        pytest.param("", "allow", id="without end"),
        pytest.param(", valid_until: 2026-11-25", "allow", id="on its last day"),
        pytest.param(", valid_until: 2026-11-24", "conditional", id="a day too late"),
        pytest.param(", use: default", "allow", id="for this use"),
    ],
)
def test_a_duty_that_was_done_weighs_nothing_while_it_is_valid(more: str, verdict: str) -> None:
    """Expired, it is reported and weighs nothing."""
    judged = judge(SMALL + DONE % more)
    finding = found(judged, "attribution-display")
    assert judged.verdict == verdict
    assert bool(finding.fulfilled) == (verdict == "allow")
    assert bool(finding.near_misses) == (verdict != "allow")


def test_a_fulfilment_for_another_license_is_not_ours() -> None:
    """Another license, another duty."""
    assert judge(SMALL + (DONE % "").replace("acme-1.0", "mit")).verdict == "conditional"


def test_a_cap_cannot_be_fulfilled() -> None:
    """Only the licensor lifts a cap."""
    said = refused(BIG + (DONE % "").replace("attribution-display", "mau-over-cap"))
    assert "can't be fulfilled" in said
    assert "agreement" in said


def test_nothing_can_be_done_tomorrow() -> None:
    """A date in the future is a mistake."""
    assert "lies after today" in refused(SMALL + (DONE % "").replace("2026-09-01", "2026-11-26"))


JOINT = BIG.replace(
    "mau: 200M, affiliates: []",
    "mau: 60M, affiliates: [{name: JV ApS, relationship: joint-venture, ownership: 50%, mau: 60M}]",
)
READ = "determinations:\n  - {question: affiliate-undefined, license: acme-1.0, answer: %s, by: GC, on: 2026-10-02%s}\n"


def test_an_open_word_that_decides_is_a_question() -> None:
    """The text does not say whether half is an affiliate."""
    judged = judge(JOINT)
    assert judged.verdict == "conditional"
    assert found(judged, "affiliate-undefined").kind == "question"
    assert judged.range == {"mildest": "allow", "strictest": "block"}


@pytest.mark.parametrize(
    ("answer", "more", "verdict"),
    [
        pytest.param("not-triggered", "", "allow", id="not triggered"),
        pytest.param("triggered", "", "block", id="triggered"),
        pytest.param("not-triggered", ", review_by: 2026-11-25", "allow", id="on the last day before review"),
        pytest.param("not-triggered", ", review_by: 2026-11-24", "conditional", id="past its review"),
    ],
)
def test_counsels_reading_decides_until_its_review(answer: str, more: str, verdict: str) -> None:
    """Afterwards the question is open again, and the report says why."""
    judged = judge(JOINT + READ % (answer, more))
    finding = found(judged, "affiliate-undefined")
    assert judged.verdict == verdict
    assert bool(finding.determination) == (verdict != "conditional")
    assert bool(finding.near_misses) == (verdict == "conditional")


@pytest.mark.parametrize(("answer", "verdict"), [("not-triggered", "allow"), ("triggered", "block")])
def test_a_question_that_was_read_is_open_no_more(answer: str, verdict: str) -> None:
    """The range of a settled verdict is the verdict."""
    assert judge(JOINT + READ % (answer, "")).range == {"mildest": verdict, "strictest": verdict}


def test_an_agreement_lifts_a_clause_that_applies_by_counsels_reading() -> None:
    """Only the licensor can permit, and here it did; the reading stays in the report."""
    agreed = "agreements:\n  - {licensor: acme, covers: [affiliate-undefined], reference: M-1, expires: never}\n"
    judged = judge(JOINT + READ % ("triggered", "") + agreed)
    assert judged.verdict == "allow"
    finding = found(judged, "affiliate-undefined")
    assert finding.determination
    assert finding.agreement


def test_a_rule_that_asks_no_question_cannot_be_determined() -> None:
    """Counsel's reading is for open words only."""
    assert "asks no question" in refused(
        BIG + (READ % ("triggered", "")).replace("affiliate-undefined", "mau-over-cap")
    )
