"""What the author may claim: keys that a strict default stands in for, where another answer makes a verdict milder.

Nobody has to be asked for these, and so the report does not; but who begins a policy wants to know of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policycheck.errors import DocumentError
from policycheck.evaluate import evaluate
from policycheck.policy import Policy, read_policy
from policycheck.questions import Question, question_for
from policycheck.report import Report
from policycheck.subjects import ref_named
from policycheck.variation import Setting, path_of, with_value
from policycheck.verdict import Verdict

_ORDER = ("allow", "conditional", "block")
# An exception for those who host nothing themselves has to be claimed, and only this key can.
_DEPLOYMENT = "deployment"


def claims(report: Report, engine: str | None = None) -> Iterator[Question]:
    """Questions whose answer may make a verdict milder, each tried; the one that helps most verdicts first."""
    found = []
    for key in _keys(report):
        question = question_for(key, report.policy.document, report.catalog)
        helped = max((_milder(report, key, value, engine) for value in _answers(question)), default=0)
        if helped:
            found.append((helped, question_for(key, report.policy.document, report.catalog, verdicts=helped)))
    yield from (question for _, question in sorted(found, key=lambda each: (-each[0], each[1].key)))


def _keys(report: Report) -> list[str]:
    """The keys of the policy that were assumed, and the deployment of each use that does not name it."""
    strict = _strict(report)
    found = {fact["fact"] for verdict in strict for fact in verdict.relied_on if fact["assumed"]}
    uses = {verdict.use: report.policy.uses[verdict.use] for verdict in strict}
    found |= {part.key(_DEPLOYMENT) for part in uses.values() if part.get(_DEPLOYMENT) is None}
    return sorted(key for key in found if key.startswith("use"))


def _strict(report: Report) -> list[Verdict]:
    """The verdicts that no missing fact can make an allow."""
    return [verdict for verdict in report.verdicts if verdict.range["mildest"] != "allow"]


def _answers(question: Question) -> Iterator[Any]:
    if question.form == "word":
        yield from question.words
    elif question.form in ("count", "amount"):
        yield 0 if question.form == "count" else "0 USD"


def _milder(report: Report, key: str, value: Any, engine: str | None) -> int:
    """How many verdicts become milder where `key` has this value."""
    changed = _with(report, key, value)
    if changed is None:
        return 0
    now = {(verdict.use, verdict.requested): _mildest(verdict) for verdict in _strict(report)}
    refs = [ref_named(name, changed, report.catalog) for name in dict.fromkeys(name for _, name in now)]
    uses = list(dict.fromkeys(use for use, _ in now))
    after = evaluate(changed, report.catalog, today=report.today, engine=engine, models=refs, uses=uses)
    return sum(_mildest(verdict) < now.get((verdict.use, verdict.requested), 0) for verdict in after.verdicts)


def _mildest(verdict: Verdict) -> int:
    return _ORDER.index(verdict.range["mildest"])


def _with(report: Report, key: str, value: Any) -> Policy | None:
    document = report.policy.document
    try:
        setting = Setting(path_of(key, document.data), value)
        return read_policy(with_value(document, setting), report.catalog, report.today)
    except DocumentError:
        return None
