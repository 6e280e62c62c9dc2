"""Whether a license reaches a model that learned from outputs of another, and what it asks of such training."""

from __future__ import annotations

from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.license import Clause
from policycheck.students import APART, DISTILLED, TEACHER

_NO_STUDENT = Fact(value="none")
_OF_TRAINING = ("output_training", "outputs_use")
"""The facts of a license by which it may keep others from training on outputs."""


@derives("license.student")
def student(case: Case, name: str) -> Fact:
    """How a student stands under its teacher's license; where the text does not say, that is open."""
    if case.relation != DISTILLED:
        return _NO_STUDENT
    if case.unread("students"):
        return unknown(*case.unread("students"))
    clauses = case.clauses("students")
    word = str(clauses[0].value) if clauses else "open"
    why = clauses[0].summary if clauses else "The text does not speak of such models."
    if word in (APART, "open") and case.component != TEACHER:
        word, why = "open", f"Only a card says that none of the teacher's weights are inside. {why}"
    return Fact(value=word, clauses=clauses, figures={"why": why})


def _whole(case: Case, fact: str) -> tuple[Clause, ...]:
    """The clauses of the whole license, of which only a part may reach the student."""
    return case.catalog.license(case.license.id).stated(fact) if case.license else ()


@derives("license.student_barred")
def student_barred(case: Case, name: str) -> Fact:
    """Whether the text keeps others from training a model on outputs, which then was done to make the student.

    Outputs that may serve some purposes only are no leave to train a student that serves business.
    """
    if case.relation != DISTILLED or case.license is None:
        return NO
    clauses = tuple(clause for clause in _whole(case, "output_training") if clause.value == "forbidden")
    purpose = case.fact("use.purpose")
    if not clauses and purpose.value in (None, "commercial"):
        clauses = tuple(clause for clause in _whole(case, "outputs_use") if clause.value != "any")
    if not clauses:
        whole = case.catalog.license(case.license.id)
        missing = [f"license.{each}" for each in _OF_TRAINING if each in whole.unread or each not in whole.known]
        return unknown(*missing) if missing else NO
    return Fact(value="yes", clauses=clauses, figures={"ban": " ".join(clause.summary for clause in clauses)})


@derives("license.student_duty")
def student_duty(case: Case, name: str) -> Fact:
    """Whether the text asks something of whoever trains a model on outputs, where the student itself stands apart."""
    if case.relation != DISTILLED or case.fact("license.student").value == "derivative":
        return NO
    duties = (clause for duty in case.catalog.vocabulary.data["duties"] for clause in _whole(case, duty))
    clauses = tuple(clause for clause in duties if "training" in clause.more.get("on", ()))
    asked = " ".join(clause.summary for clause in clauses)
    return Fact(value="yes", clauses=clauses, figures={"asked": asked}) if clauses else NO
