"""Whether a license reaches a model that learned from outputs of another, and what it asks of such training."""

from __future__ import annotations

from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.license import Clause
from policycheck.students import APART, DISTILLED, TEACHER

_NO_STUDENT = Fact(value="none")


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
    if word == APART and case.component != TEACHER:
        word, why = "open", f"Only a card says that none of the teacher's weights are inside. {why}"
    return Fact(value=word, clauses=clauses, figures={"why": why})


def _whole(case: Case, fact: str) -> tuple[Clause, ...]:
    """The clauses of the whole license, of which only a part may reach the student."""
    return case.catalog.license(case.license.id).stated(fact) if case.license else ()


@derives("license.student_barred")
def student_barred(case: Case, name: str) -> Fact:
    """Whether the text keeps others from training a model on outputs, which then was done to make the student."""
    if case.relation != DISTILLED or case.license is None:
        return NO
    clauses = tuple(clause for clause in _whole(case, "output_training") if clause.value == "forbidden")
    if not clauses:
        known = "output_training" in case.catalog.license(case.license.id).known
        return NO if known else unknown("license.output_training")
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
