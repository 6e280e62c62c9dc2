"""The report as Markdown, for a ticket or a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.finding import Finding
from policycheck.render import words
from policycheck.report import NOT_LEGAL_ADVICE, Report
from policycheck.verdict import Verdict

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def escape(text: str) -> str:
    """A text of the user's as Markdown shows it literally; names in backticks stay code."""
    parts = words.clean(text).split("`")
    if len(parts) % 2 == 0:
        return _SPECIAL.sub(r"\\\1", words.clean(text))
    return "".join(f"`{part}`" if index % 2 else _SPECIAL.sub(r"\\\1", part) for index, part in enumerate(parts))


def cell(text: str) -> str:
    """A text of the user's for a table, where a `|` ends the cell even inside code."""
    return _SPECIAL.sub(r"\\\1", words.clean(text))


def render(report: Report) -> str:
    """The report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# policycheck: {escape(str(report.policy.organisation.get('name')))}"
    yield ""
    yield f"{report.today}, packs: {', '.join(report.policy.packs) or 'none'}. {words.summary(report)}"
    yield ""
    yield f"*{NOT_LEGAL_ADVICE}*"
    yield ""
    yield "| verdict | model | use | license | first reason |"
    yield "| --- | --- | --- | --- | --- |"
    for verdict in report.verdicts:
        license, first = verdict.license or "unknown", words.first_reason(verdict)
        cells = (verdict.verdict, verdict.model, verdict.use, license, first)
        yield f"| {' | '.join(cell(each) for each in cells)} |"
    for verdict in report.verdicts:
        yield ""
        yield from _verdict(verdict)
    yield ""
    yield "## Relied on"
    yield ""
    yield from (f"- {escape(line)}" for line in (*report.unmatched, *words.assumed(report), *report.limitations))


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield f"## {escape(words.heading(verdict))}"
    yield ""
    yield f"License {verdict.license or 'unknown'}, evidence {verdict.evidence}, {words.tier(verdict)}."
    yield ""
    unread = words.unread(verdict)
    if unread:
        yield f"- **{unread[0].outcome.name}** {escape(words.unread_said(unread))}"
        yield f"  - Next: {escape(words.unread_next(unread))}"
    for finding in (*words.weighing(verdict), *words.answered(verdict), *words.notes(verdict)):
        yield from _finding(finding, verdict.record(finding))
    yield from (f"- {escape(note)}" for note in words.noted(verdict))


def _finding(finding: Finding, record: str | None) -> Iterator[str]:
    yield f"- **{finding.outcome.name}** {escape(words.kind_of(finding))}: {escape(finding.message)}"
    for line in (*words.prescribed(finding), *words.answers(finding)):
        yield f"  - {escape(line)}"
    for line in words.citations(finding.clauses, 8):
        yield f"  - {escape(line)}"
    step = words.next_step(finding)
    if step and finding.outcome:
        yield f"  - Next: {escape(step)}"
    if record:
        yield ""
        yield "    ```yaml"
        yield from (f"    {words.clean(line)}" for line in record.splitlines())
        yield "    ```"
