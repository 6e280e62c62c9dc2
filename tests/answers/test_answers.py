"""What answers a finding: agreements, fulfilments, determinations and waivers, each dated and each shown."""

from __future__ import annotations

from datetime import date

import pytest
from policycheck.catalog import Catalog
from policycheck.documents import parse
from policycheck.errors import DocumentError
from policycheck.evaluate import evaluate
from policycheck.finding import Finding, Outcome
from policycheck.policy import read_policy
from policycheck.report import Report
from policycheck.verdict import Verdict

from tests.answers.small import BIG, SEATED, SMALL, TODAY, catalog, found, judge


def agreed(text: str, more: str, licensor: str = "Acme Inc.") -> Verdict:
    """The verdict where an agreement with the licensor was made."""
    return judge(f"{text}agreements:\n  - {{licensor: {licensor}, reference: MSA-1, {more}}}\n")


def refused(text: str) -> str:
    """What is said of a policy that is no good."""
    with pytest.raises(DocumentError) as caught:
        judge(text)
    return str(caught.value)


# --- Agreements -------------------------------------------------------------------------------------------------------


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


def test_an_agreement_frees_from_a_duty_only_where_it_names_it() -> None:
    """A separate license for the cap is no leave to drop the credit."""
    assert agreed(SMALL, "expires: never").verdict == "conditional"
    assert agreed(SMALL, "covers: [attribution-display], expires: never").verdict == "allow"


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


# --- Fulfilments ------------------------------------------------------------------------------------------------------

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


# --- Determinations ---------------------------------------------------------------------------------------------------

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


# --- Waivers ----------------------------------------------------------------------------------------------------------

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


# --- Unknowns, range and floor ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unknown", "verdict"), [("conditional", "conditional"), ("block", "block")])
def test_a_missing_fact_weighs_what_the_house_sets(unknown: str, verdict: str) -> None:
    """Never an allow, and never stricter than the rule itself."""
    judged = judge(BIG.replace("mau: 200M, ", "") + f"settings: {{unknown: {unknown}}}\n")
    finding = found(judged, "mau-over-cap")
    assert judged.verdict == verdict
    assert finding.undetermined
    assert "organisation.mau" in finding.missing
    assert judged.range == {"mildest": "allow", "strictest": "block"}


def test_a_missing_fact_of_a_mild_rule_stays_mild() -> None:
    """`settings.unknown: block` makes no duty a ban."""
    judged = judge(SMALL.replace("distribution: service, ", "") + "settings: {unknown: block}\n")
    assert found(judged, "attribution-display").undetermined
    assert found(judged, "attribution-display").outcome.name == "conditional"


def test_without_the_baseline_nothing_is_allowed() -> None:
    """Whoever takes the license texts out has not read them."""
    judged = judge(SEATED + "without: [baseline]\n")
    assert judged.findings == ()
    assert judged.verdict == "conditional"
    assert judged.range == {"mildest": "conditional", "strictest": "conditional"}


def test_a_waiver_does_not_break_the_floor() -> None:
    """The floor is no finding that could be lifted."""
    assert (
        judge(HOUSE % "note" + WAIVED % ("house-rule", "2027-03-31", "") + "without: [baseline]\n").verdict
        == "conditional"
    )


@pytest.mark.parametrize("model", ["nobodys-model", "{id: own-one, license: nobodys-license}"])
@pytest.mark.parametrize(("unknown", "verdict"), [("conditional", "conditional"), ("block", "block")])
def test_a_model_or_license_that_nobody_knows_weighs_what_the_house_sets(
    model: str, unknown: str, verdict: str
) -> None:
    """It may hold any ban, and so weighs as a ban about which a fact is missing."""
    judged = judge(SMALL.replace("[acme-one]", f"[{model}]") + f"settings: {{unknown: {unknown}}}\n")
    assert (judged.verdict, judged.findings[0].kind) == (verdict, "missing-fact")
    assert judged.range == {"mildest": "allow", "strictest": "block"}
    assert "block" in {finding.rule_outcome.name for finding in judged.findings}


# --- The law ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "verdict", "said"),
    [
        pytest.param("status: in-force", "block", "", id="in force"),
        pytest.param("status: in-force, from: 2026-11-25", "block", "", id="from today"),
        pytest.param("status: in-force, from: 2026-11-26", "allow", "in force from 2026-11-26", id="from tomorrow"),
        pytest.param("status: in-force, until: 2026-11-25", "block", "", id="until today"),
        pytest.param("status: in-force, until: 2026-11-24", "allow", None, id="until yesterday"),
        pytest.param("status: proposed", "allow", "The law is proposed", id="proposed"),
        pytest.param("status: suspended", "allow", "The law is suspended", id="suspended"),
        pytest.param("status: repealed", "allow", None, id="repealed"),
    ],
)
def test_only_the_law_in_force_weighs(law: str, verdict: str, said: str | None) -> None:
    """A law to come is a notice that says what it would do; one that is gone says nothing."""
    rule = "id: law-rule, outcome: block, basis: law, when: {use.deployment: self-hosted}, message: M."
    judged = judge(f"{SEATED.replace('DE', 'US')}rules:\n  - {{{rule}, law: {{{law}}}}}\n")
    messages = [finding.message for finding in judged.findings if finding.rule == "law-rule"]
    assert judged.verdict == verdict
    assert bool(messages) == (said is not None)
    assert (said or "") in "".join(messages)
    if said and verdict == "allow":
        assert "when in force it would be block" in messages[0]


def test_the_law_moves_with_the_day() -> None:
    """The same policy, judged on two days."""
    rule = (
        "{id: law-rule, outcome: block, basis: law, when: {use.deployment: self-hosted}, message: M., "
        "law: {status: in-force, from: 2026-12-01, until: 2026-12-31}}"
    )
    text = f"{SEATED.replace('DE', 'US')}rules:\n  - {rule}\n"
    days = ((2026, 11, 30), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1))
    assert [judge(text, today=date(*day)).verdict for day in days] == ["allow", "block", "block", "allow"]


# --- Overrides --------------------------------------------------------------------------------------------------------


def overriding(*rules: str) -> str:
    """A policy with these rules of the house."""
    listed = "".join(f"  - {{{rule}, message: M.}}\n" for rule in rules)
    return f"{SEATED.replace('DE', 'US')}rules:\n{listed}"


def test_an_exception_takes_away_what_it_overrides_and_both_are_shown() -> None:
    """The defeated finding stays, as a note that names the exception."""
    judged = judge(
        overriding(
            "id: ban, outcome: block, when: {use.deployment: self-hosted}",
            "id: exception, outcome: note, when: {use.purpose: commercial}, overrides: [ban]",
        )
    )
    assert judged.verdict == "allow"
    assert found(judged, "ban").defeated_by == "exception"
    assert found(judged, "ban").original_outcome == Outcome.block
    assert found(judged, "exception").rule == "exception"


def test_an_exception_that_cannot_be_decided_leaves_it_undecided() -> None:
    """Neither a ban nor a pass."""
    judged = judge(
        overriding(
            "id: ban, outcome: block, when: {use.deployment: self-hosted}",
            "id: exception, outcome: note, when: {use.personal_data: false}, overrides: [ban]",
        )
    )
    assert judged.verdict == "conditional"
    assert found(judged, "ban").undetermined
    assert found(judged, "ban").missing == ("use.personal_data",)
    assert judged.range == {"mildest": "allow", "strictest": "block"}


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        pytest.param("true", "block", id="it applies"),
        pytest.param("false", "allow", id="it does not"),
        pytest.param("", "conditional", id="open"),
    ],
)
def test_an_exception_that_is_taken_away_takes_nothing_away(data: str, verdict: str) -> None:
    """An exception to the exception brings the ban back."""
    text = overriding(
        "id: a-ban, outcome: block, when: {use.deployment: self-hosted}",
        "id: but, outcome: note, when: {use.purpose: commercial}, overrides: [a-ban]",
        "id: but-not, outcome: note, when: {use.personal_data: true}, overrides: [but]",
    )
    judged = judge(text.replace("use: {", f"use: {{personal_data: {data}, ") if data else text)
    assert judged.verdict == verdict
    assert found(judged, "a-ban").defeated_by == ("but" if verdict == "allow" else None)
    if not data:
        assert found(judged, "a-ban").missing == ("use.personal_data",)
        assert judged.range == {"mildest": "allow", "strictest": "block"}


def test_an_open_exception_that_weighs_itself_is_the_mildest_that_can_come_of_it() -> None:
    """Either the host's terms must be read, or the cap blocks; nothing of that is an allow."""
    text = BIG.replace(
        "deployment: self-hosted", "deployment: hosted-api, provider: {name: Host Ltd, jurisdiction: US}"
    )
    assert judge(text).verdict == "conditional"
    assert judge(text).range == {"mildest": "conditional", "strictest": "block"}


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(("id: a, overrides: [a]",), id="itself"),
        pytest.param(("id: a, overrides: [b]", "id: b, overrides: [a]"), id="each other"),
        pytest.param(("id: a, overrides: [b]", "id: b, overrides: [c]", "id: c, overrides: [a]"), id="three"),
    ],
)
def test_rules_that_take_each_other_away_in_a_circle_are_refused(rules: tuple[str, ...]) -> None:
    """No order of theirs would be the right one."""
    said = refused(overriding(*(f"{rule}, outcome: block, when: {{use.deployment: self-hosted}}" for rule in rules)))
    assert "in a circle" in said


@pytest.mark.parametrize(
    ("target", "said"),
    [("seat-excluded", "a rule of the house can't take it away"), ("nowhere", "no rule in force is called `nowhere`")],
)
def test_a_rule_of_the_house_overrides_rules_of_the_house_only(target: str, said: str) -> None:
    """What the license says stays said."""
    rule = f"id: a, outcome: note, when: {{use.deployment: self-hosted}}, overrides: [{target}]"
    assert said in refused(overriding(rule))


# --- What the catalog lacks of a publisher ----------------------------------------------------------------------------

SEAT = """rules:
  - {id: seat-review, outcome: conditional, kind: review, message: "Seated in {publisher.jurisdiction}.",
    when: {publisher.jurisdiction: {in: [CN]}}}
"""
HOUSED = SMALL.replace("service", "internal") + SEAT


def homeless() -> Catalog:
    """A catalog that has no seat of the publisher."""
    known = catalog()
    del known.data["publishers"][0]["jurisdiction"]
    return known


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("", "conditional"),
        ("fulfilled:\n  - {rule: seat-review, model: acme-one, done_by: X, done_on: 2026-11-01}\n", "allow"),
        (
            "waivers:\n  - {rule: seat-review, model: acme-one, reason: R, approved_by: X, approved_on: 2026-11-01,"
            " expires: 2027-01-01}\n",
            "allow",
        ),
    ],
    ids=["unanswered", "found out", "waived"],
)
def test_a_seat_that_the_catalog_lacks_is_a_review_that_can_be_done(answer: str, verdict: str) -> None:
    """No key of the policy could say it, so that the verdict would be conditional for ever."""
    judged = judge(HOUSED + answer, known=homeless())
    assert judged.verdict == verdict
    finding = found(judged, "seat-review")
    assert (finding.kind, finding.undetermined, finding.missing) == ("review", True, ("publisher.jurisdiction",))
    assert "fulfilled:" in (
        judge(HOUSED, known=homeless()).record(found(judge(HOUSED, known=homeless()), "seat-review")) or ""
    )


@pytest.mark.parametrize(
    ("seat", "verdict", "kind"),
    [
        ("jurisdiction: US", "allow", None),
        ("jurisdiction: CN", "conditional", "review"),
        ("kind: company", "conditional", "missing-fact"),
    ],
    ids=["elsewhere", "seated there", "left out"],
)
def test_a_model_of_ones_own_has_the_seat_of_who_changed_it(seat: str, verdict: str, kind: str | None) -> None:
    """It comes from nowhere else."""
    own = HOUSED.replace("[acme-one]", "[{id: house-one, license: acme-1.0, changed_by: House Labs AG}]")
    policy = own.replace(
        "affiliates: []", f"affiliates: [{{name: House Labs AG, relationship: sister, mau: 1, {seat}}}]"
    )
    judged = judge(policy)
    kinds = [finding.kind for finding in judged.findings if finding.rule == "seat-review"]
    assert (judged.verdict, kinds) == (verdict, [kind] if kind else [])


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
