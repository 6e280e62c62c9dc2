"""Agreements with a licensor: when, for whom and for which clause they count."""

from __future__ import annotations

import pytest
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.finding import Finding, Outcome
from policycheck.policy import read_policy
from policycheck.report import Report
from policycheck.verdict import Verdict

from tests.answers.small import BIG, SEATED, SMALL, TODAY, catalog, found, judge


def agreed(text: str, more: str, licensor: str = "Acme Inc.") -> Verdict:
    """The verdict where an agreement with the licensor was made."""
    return judge(f"{text}agreements:\n  - {{licensor: {licensor}, reference: MSA-1, {more}}}\n")


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        pytest.param("expires: never", "allow", id="without end"),
        pytest.param("expires: 2026-11-25", "allow", id="on its last day"),
        pytest.param("expires: 2026-11-24", "block", id="a day after it ended"),
        pytest.param("from: 2026-11-25, expires: never", "allow", id="on its first day"),
        pytest.param("from: 2026-11-26, expires: never", "block", id="a day before it begins"),
    ],
)
def test_an_agreement_counts_from_its_first_day_to_its_last(more: str, verdict: str) -> None:
    """Both days belong to it."""
    judged = agreed(BIG, more)
    assert judged.verdict == verdict
    finding = found(judged, "mau-over-cap")
    if verdict == "allow":
        assert finding.original_outcome is not None
        assert finding.original_outcome.name == "block"
        assert finding.agreement is not None
        assert finding.agreement["reference"] == "MSA-1"
        assert finding.outcome.name == "note"
    else:
        assert finding.agreement is None
        (why,) = finding.near_misses
        assert "MSA-1" in why
        assert "2026-11-2" in why


def test_an_agreement_of_another_licensee_does_not_help_and_the_report_says_so() -> None:
    """A group company's contract is no contract of ours."""
    text = BIG.replace("affiliates: []", "affiliates: [{name: Mother SE, relationship: parent, mau: 0}]")
    judged = agreed(text, "expires: never, licensee: Mother SE")
    assert judged.verdict == "block"
    assert "its licensee is Mother SE, not House AG" in found(judged, "mau-over-cap").near_misses[0]


@pytest.mark.parametrize(("covers", "verdict"), [("true", "allow"), ("false", "block")])
def test_an_agreement_helps_an_affiliate_only_where_it_covers_affiliates(covers: str, verdict: str) -> None:
    """`covers_affiliates` is a term of the contract, never assumed."""
    text = BIG.replace(
        "affiliates: []", "affiliates: [{name: Child GmbH, relationship: subsidiary, jurisdiction: US, mau: 0}]"
    )
    text = text.replace("use: {", "use: {licensee: Child GmbH, ")
    assert agreed(text, f"expires: never, covers_affiliates: {covers}").verdict == verdict


@pytest.mark.parametrize(
    ("covers", "verdict"),
    [
        pytest.param("covers: [seat-excluded]", "allow", id="the rule named"),
        pytest.param("covers: all", "allow", id="all"),
        pytest.param("covers: [mau-over-cap]", "block", id="another rule named"),
        pytest.param("", "block", id="left out, and the text names no separate license"),
    ],
)
def test_a_clause_without_a_separate_license_must_be_covered_by_name(covers: str, verdict: str) -> None:
    """Left out, `covers` means what the license's own text lets a separate license lift."""
    judged = agreed(SEATED, f"{covers + ', ' if covers else ''}expires: never")
    assert judged.verdict == verdict
    if verdict == "block":
        assert found(judged, "seat-excluded").near_misses


def test_a_clause_with_a_separate_license_is_covered_without_being_named() -> None:
    """The cap's own text says that a separate license lifts it."""
    assert agreed(BIG, "expires: never").verdict == "allow"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("models: [acme-two], expires: never", "names other models"),
        ("license: mit-x, expires: never", "is about mit-x"),
    ],
)
def test_an_agreement_on_something_else_is_a_near_miss(more: str, why: str) -> None:
    """The reader sees that the contract was read, and why it did not help."""
    judged = agreed(BIG, more)
    assert judged.verdict == "block"
    assert why in found(judged, "mau-over-cap").near_misses[0]


@pytest.mark.parametrize("licensor", ["acme", "Acme Incorporated", "ACME INC."])
def test_a_licensor_is_known_by_its_id_and_every_legal_name(licensor: str) -> None:
    """Contracts name the legal person."""
    assert agreed(BIG, "expires: never", licensor).verdict == "allow"


def test_an_agreement_with_a_stranger_is_said_to_match_nothing() -> None:
    """An entry that helps nowhere is never passed over."""
    known = catalog()
    text = f"policy_version: 1\n{BIG}agreements:\n  - {{licensor: Stranger Ltd, expires: never}}\n"
    report = evaluate(read_policy(parse(text.encode(), "org.yaml"), known, TODAY), known, today=TODAY)
    assert report.verdicts[0].verdict == "block"
    (said,) = report.unmatched
    assert "org.yaml:" in said
    assert "Stranger Ltd" in said


def test_an_agreement_frees_from_a_duty_only_where_it_names_it() -> None:
    """A separate license for the cap is no leave to drop the credit."""
    assert agreed(SMALL, "expires: never").verdict == "conditional"
    assert agreed(SMALL, "covers: [attribution-display], expires: never").verdict == "allow"


def test_an_agreement_on_another_license_is_no_near_miss_of_what_it_would_not_lift() -> None:
    """A duty is lifted only by name; what counsel has answered needs no agreement."""
    other = "agreements:\n  - {licensor: Acme Inc., license: other-1.0, reference: MSA-1, expires: never}\n"
    assert found(judge(SMALL + other), "attribution-display").near_misses == ()
    assert "it is about other-1.0" in found(judge(BIG + other), "mau-over-cap").near_misses[0]
    venture = "affiliates: [{name: V, relationship: joint-venture, ownership: 50%, mau: 200M}]"
    asked = SMALL.replace("service", "internal").replace("affiliates: []", venture) + other
    assert found(judge(asked), "affiliate-undefined").near_misses != ()
    answer = "{question: affiliate-undefined, license: acme-1.0, answer: not-triggered, by: X, on: 2026-11-01}"
    assert found(judge(f"{asked}determinations:\n  - {answer}\n"), "affiliate-undefined").near_misses == ()


@pytest.mark.parametrize(
    ("basis", "covers", "verdict"),
    [
        pytest.param("law", "all", "block", id="the law, all"),
        pytest.param("law", "[ban]", "block", id="the law, by name"),
        pytest.param("house", "all", "block", id="the house, all"),
        pytest.param("house", "[ban]", "allow", id="the house, by name"),
        pytest.param("license", "all", "allow", id="a license, all"),
        pytest.param("license", "[all]", "allow", id="a license, all in a list"),
    ],
)
def test_a_licensor_lifts_neither_the_law_nor_unnamed_rules_of_the_house(basis: str, covers: str, verdict: str) -> None:
    """A contract with the licensor permits what the licensor could forbid; the report says why it does no more."""
    rule = f"id: ban, outcome: block, kind: prohibition, basis: {basis}, when: {{license.id: acme-1.0}}, message: No."
    text = f"{SEATED.replace('DE', 'US')}rules:\n  - {{{rule}}}\n"
    judged = agreed(text, f"covers: {covers}, expires: never")
    assert judged.verdict == verdict
    assert bool(found(judged, "ban").near_misses) == (verdict == "block")


def test_a_ban_by_law_is_not_said_to_be_answered_by_an_agreement() -> None:
    """The report prints no lines that would lift nothing."""
    rule = "id: ban, outcome: block, kind: prohibition, basis: law, when: {license.id: acme-1.0}, message: No."
    judged = judge(f"{SEATED.replace('DE', 'US')}rules:\n  - {{{rule}}}\n")
    assert judged.record(found(judged, "ban")) is None


@pytest.mark.parametrize(("covers", "verdict"), [("[mau-over-cap]", "allow"), ("[revenue-over-cap]", "conditional")])
def test_an_agreement_on_a_cap_answers_the_open_words_of_that_cap(covers: str, verdict: str) -> None:
    """Whoever may pass the limit need not ask whether half a company's users would pass it."""
    half = "[{name: Half ApS, relationship: joint-venture, ownership: 50%, control: false, mau: 150M}]"
    text = BIG.replace("200M", "1M").replace("affiliates: []", f"affiliates: {half}")
    judged = agreed(text, f"covers: {covers}, expires: never")
    assert judged.verdict == verdict


SHARED = """
waivers:
  - rule: seat-review
    model: another-house-one
    reason: Another repository uses it.
    approved_by: dpo@example.org
    approved_on: 2026-10-01
    expires: 2027-03-31
agreements:
  - {licensor: Stranger Ltd, expires: never}
rules:
  - {id: seat-review, outcome: note, when: {use.name: default}, message: M}
"""


def test_a_policy_that_many_share_may_leave_out_what_matches_nothing_here() -> None:
    """Its answers are for other repositories; a rival that nobody knows is a doubtful fact in all, and stays."""
    known, big = catalog(), BIG.replace("affiliates: []", "affiliates: [], competes_with: [Rocket Works GmbH]")

    def report(settings: str) -> Report:
        text = f"policy_version: 1\n{big}{settings}{SHARED}"
        return evaluate(read_policy(parse(text.encode(), "org.yaml"), known, TODAY), known, today=TODAY)

    left_out = report("")
    said, silent = (report(f"settings: {{unmatched: {word}}}\n") for word in ("note", "silent"))
    assert [line.split("`")[1:4:2] for line in said.unmatched] == [
        ["Rocket Works GmbH"],
        ["waivers", "seat-review"],
        ["agreements", "Stranger Ltd"],
    ]
    assert len(left_out.unmatched) == len(said.unmatched)
    assert silent.unmatched == said.unmatched[:1]
    assert [each.verdicts[0].verdict for each in (left_out, said, silent)] == ["block"] * 3


def test_a_permit_written_down_as_an_agreement_is_told_to_name_the_registration() -> None:
    """Some licensors answer a registration with a permit; whoever records that must learn why it does not count yet."""
    known = catalog(more=[{"fact": "registration", "value": "Register", "on": ["commercial"]}])

    def registration(covers: str) -> Finding:
        permit = f"agreements:\n  - {{licensor: Acme Inc., {covers}reference: FORM-7, expires: never}}\n"
        return found(judge(SMALL + permit, known=known), "registration")

    assert (registration("").outcome, len(registration("").near_misses)) == (Outcome.conditional, 1)
    assert "name the rule under `covers`" in registration("").near_misses[0]
    assert (registration("covers: [registration], ").outcome, registration("covers: all, ").outcome) == (
        Outcome.note,
    ) * 2
