"""Models that learned from the outputs of another: what of its license reaches them, and who is asked about it."""

from __future__ import annotations

import pytest
from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.vocabulary import Vocabulary

from tests.answers.small import catalog, found, judge

HOUSE = """organisation: {name: House AG, kind: company, jurisdiction: US, mau: %s, affiliates: [], disputes: []}
use: {deployment: self-hosted, distribution: internal, outputs: internal, field_of_use: [search], oversight: none,
  purpose: commercial, environment: production, fine_tunes: false, trains_other_models: false, data_classes: []}
models: [{id: kid, based_on: [{model: acme-one, relation: %s}], license: free-1.0}]
%s"""


def known(reach: str | None = None, *, more: tuple[dict[str, object], ...] = ()) -> Catalog:
    """Acme's license with this word on students, and a free one beside it; without a word it is silent."""
    said = () if reach is None else ({"fact": "students", "value": reach},)
    data = dict(catalog(more=(*said, *more)).data)
    (acme,) = data["licenses"].values()
    facts = [fact for fact in acme["facts"] if fact["fact"] in ("grant", "redistribution", "derivatives", "hosting")]
    silent = sorted({*acme["silent"], *(fact["fact"] for fact in acme["facts"])} - {fact["fact"] for fact in facts})
    free = {**acme, "license": "free-1.0", "name": "Free", "licensor": "anyone", "tier": "clean"}
    data["licenses"] = {"acme-1.0": acme, "free-1.0": {**free, "facts": facts, "silent": silent}}
    return Catalog(Vocabulary(shipped.catalog().vocabulary.data), data, "b" * 64, "test")


def weighing(text: str, of: Catalog) -> tuple[str, set[str]]:
    verdict = judge(text, known=of)
    return verdict.verdict, {finding.rule for finding in verdict.findings if finding.outcome}


@pytest.mark.parametrize(
    ("reach", "verdict", "rules"),
    [
        ("derivative", "block", {"mau-over-cap", "license-drift"}),
        ("apart", "allow", set()),
        ("open", "conditional", {"student-question"}),
        (None, "conditional", {"student-question"}),
    ],
    ids=["a derivative", "apart", "left open", "silent"],
)
def test_the_word_of_the_text_says_what_reaches_a_student(reach: str | None, verdict: str, rules: set[str]) -> None:
    """Above the cap; a tuned copy is blocked whatever the text says of students."""
    assert weighing(HOUSE % ("200M", "distillation", ""), known(reach)) == (verdict, rules)
    assert weighing(HOUSE % ("200M", "finetune", ""), known(reach)) == ("block", {"mau-over-cap", "license-drift"})


def test_where_an_open_word_would_tip_nothing_nobody_is_asked() -> None:
    assert weighing(HOUSE % ("1M", "distillation", ""), known("open")) == ("allow", set())


def test_a_license_of_which_nobody_read_whether_it_reaches_students_is_no_pass() -> None:
    """Neither stated nor silent: the key is named."""
    of = known("apart")
    acme = of.data["licenses"]["acme-1.0"]
    acme["facts"] = [fact for fact in acme["facts"] if fact["fact"] != "students"]
    verdict = judge(HOUSE % ("200M", "distillation", ""), known=of)
    question = found(verdict, "student-question")
    assert verdict.verdict == "conditional"
    assert (question.undetermined, question.missing) == (True, ("license.students",))


def test_a_fact_that_is_too_old_sets_no_student_free() -> None:
    old = "settings: {max_fact_age: 10 days}"
    assert weighing(HOUSE % ("200M", "distillation", old), known("apart"))[0] == "conditional"


@pytest.mark.parametrize(("answer", "verdict"), [("triggered", "block"), ("not-triggered", "allow")])
def test_counsel_answers_for_all_that_hangs_on_the_question(answer: str, verdict: str) -> None:
    """The entry that the report prints is taken as it is, fingerprint included."""
    of, text = known("open"), HOUSE % ("200M", "distillation", "%s")
    pinned = found(judge(text % "", known=of), "student-question").fingerprint
    entry = f"question: student-question, license: acme-1.0, answer: {answer}, finding: {pinned}, reading: R"
    told = judge(text % f"determinations: [{{{entry}, by: C, on: 2026-11-01, review_by: 2027-11-01}}]", known=of)
    assert told.verdict == verdict
    assert found(told, "student-question").determination is not None


def test_an_agreement_on_what_hangs_on_the_question_leaves_nothing_to_ask() -> None:
    entry = "agreements: [{licensor: acme, license: acme-1.0, reference: A-1, expires: never}]"
    assert weighing(HOUSE % ("200M", "distillation", entry), known("open")) == ("allow", set())


BAN = {"fact": "output_training", "value": "forbidden", "section": "9"}


@pytest.mark.parametrize("reach", ["apart", "open", "derivative"])
def test_a_text_that_bars_training_asks_who_uses_the_student_to_look_into_it(reach: str) -> None:
    """Whoever trained it broke the text, or had leave: to be found out, and recorded as done."""
    text = HOUSE % ("1M", "distillation", "%s")
    of = known(reach, more=(BAN,))
    assert "teacher-bars-training" in weighing(text % "", of)[1]
    done = "fulfilled: [{rule: teacher-bars-training, model: kid, evidence: E, done_by: D, done_on: 2026-11-01}]"
    assert "teacher-bars-training" not in weighing(text % done, of)[1]
    assert "teacher-bars-training" not in weighing(HOUSE % ("1M", "finetune", ""), of)[1]


def test_outputs_that_may_serve_no_business_are_no_leave_to_train_for_one() -> None:
    """Whoever uses the student for research is not asked how it came about."""
    of = known("apart", more=({"fact": "outputs_use", "value": "non-commercial"},))
    text = HOUSE % ("1M", "distillation", "")
    assert "teacher-bars-training" in weighing(text, of)[1]
    studied = text.replace("purpose: commercial", "purpose: research, commercial_link: false")
    assert "teacher-bars-training" not in weighing(studied, of)[1]


def test_a_document_that_nobody_read_may_bar_training_too() -> None:
    of = known("apart")
    acme = of.data["licenses"]["acme-1.0"]
    acme["silent"] = [fact for fact in acme["silent"] if fact != "output_training"]
    acme["unread"] = ["output_training"]
    bar = found(judge(HOUSE % ("1M", "distillation", ""), known=of), "teacher-bars-training")
    assert (bar.undetermined, bar.missing) == (True, ("license.output_training",))


def test_who_tunes_and_teaches_within_one_license_does_not_meet_its_bar() -> None:
    """The student stands under the same license by its own weights."""
    both = HOUSE.replace("relation: %s}", "relation: finetune}, {model: acme-two, relation: %s}")
    assert "teacher-bars-training" not in weighing(both % ("1M", "distillation", ""), known("apart", more=(BAN,)))[1]


def test_to_claim_the_license_of_a_teacher_is_no_leave_to_train() -> None:
    claimed = HOUSE.replace("license: free-1.0", "license: acme-1.0")
    assert "teacher-bars-training" in weighing(claimed % ("1M", "distillation", ""), known("apart", more=(BAN,)))[1]


def test_the_seat_of_a_teacher_that_left_nothing_inside_counts_for_nothing() -> None:
    rule = "rules: [{id: no-us, outcome: block, when: {publisher.jurisdiction: US}, message: No.}]"
    seated = HOUSE.replace("license: free-1.0}", "license: free-1.0, changed_by: House AG}")
    seated = seated.replace("jurisdiction: US", "jurisdiction: CH")
    assert weighing(seated % ("1M", "distillation", rule), known("apart"))[0] == "allow"
    assert weighing(seated % ("1M", "finetune", rule), known("apart"))[0] == "block"


def test_a_cap_that_does_not_reach_a_student_is_no_cap_to_keep_an_eye_on() -> None:
    near = judge(HOUSE % ("95M", "distillation", ""), known=known("apart"))
    assert near.verdict == "allow"
    assert near.tier == "clean"
