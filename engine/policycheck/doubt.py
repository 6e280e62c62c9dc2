"""Where a text leaves open whether it reaches a student: what would weigh under it becomes one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from policycheck.finding import Finding, Outcome, strictest
from policycheck.grounds import Told

QUESTION: Final = "student-question"
# What these say holds of the training, whoever uses the student now, and whether or not the license reaches it.
_OF_THE_TRAINING: Final = frozenset({"teacher-bars-training", "teacher-asks-of-trainer"})
_MOST_NAMED: Final = 5


def asked(findings: Sequence[Finding]) -> list[Finding]:
    """The unanswered findings under a teacher's license, the question with all that hangs on it.

    Where nothing would weigh, nobody is asked.
    """
    question = next((each for each in findings if each.rule == QUESTION), None)
    if question is None:
        return list(findings)
    weighing = [each for each in findings if _hangs(each) and each.outcome]
    rest = [each for each in findings if each is not question]
    return [*rest, _with(question, weighing)] if weighing else [each for each in rest if not _hangs(each)]


def settled(findings: Iterable[Finding]) -> list[Finding]:
    """The answered findings as they weigh: all of them, or none that hangs on the question, or the question alone."""
    found = list(findings)
    question = next((each for each in found if each.rule == QUESTION), None)
    if question is None:
        return found
    hanging = [each for each in found if _hangs(each)]
    other = [each for each in found if each is not question and each not in hanging]
    answer = question.determination
    if answer is not None and answer.get("answer") == "triggered":
        return [*other, *hanging, replace(question, outcome=Outcome.note, original_outcome=question.outcome)]
    open_still = question.outcome is not Outcome.note and strictest(hanging) is Outcome.note
    return other if open_still else [*other, question]


def _hangs(finding: Finding) -> bool:
    """Whether a finding holds only if the license reaches the student."""
    return finding.basis == "license" and finding.rule not in _OF_THE_TRAINING and finding.rule != QUESTION


def _with(question: Finding, weighing: Sequence[Finding]) -> Finding:
    named = [f"`{each.rule}` ({each.outcome.name})" for each in weighing[:_MOST_NAMED]]
    more = len(weighing) - len(named)
    said = ", ".join(named) + (f" and {more} more" if more else "")
    grounds = Told(
        message=f"{question.grounds.message} If it reaches it, this weighs: {said}.",
        missing=question.missing,
        clauses=tuple(dict.fromkeys(clause for each in (question, *weighing) for clause in each.clauses)),
        sources=tuple(dict.fromkeys(source for each in weighing for source in each.sources)),
        next_step=question.next_step,
        licensor=question.grounds.licensor,
        figures={"weighing": ", ".join(f"{each.rule} {each.outcome.name}" for each in weighing)},
    )
    worst = max(each.rule_outcome for each in weighing)
    return replace(question, grounds=grounds, outcome=min(question.outcome, strictest(weighing)), rule_outcome=worst)
