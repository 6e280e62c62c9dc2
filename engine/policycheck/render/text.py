"""The report for a terminal: top down, answer first, within 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from policycheck.finding import Finding
from policycheck.render import words
from policycheck.render.page import Page
from policycheck.report import NOT_LEGAL_ADVICE, Report
from policycheck.verdict import Verdict

_MANY = 8


def render(report: Report, *, colour: bool = False, width: int = 80, every: bool = False) -> str:
    """The report as text of at most `width` columns; over many models counts and the first of each kind."""
    page = Page(width, colour=colour)
    organisation = report.policy.organisation.get("name")
    packs = ", ".join(report.policy.packs) or "none"
    page.put(f"policycheck for {organisation}, {report.today}, packs: {packs}", style="bold")
    page.put(f"{words.summary(report)} {NOT_LEGAL_ADVICE}")
    page.put()
    short = len(report.verdicts) > _MANY and not every
    if len(report.verdicts) > 1:
        rows = _first_of_each(report.verdicts) if short else report.verdicts
        _table(page, rows)
        if len(rows) < len(report.verdicts):
            more = len(report.verdicts) - len(rows)
            page.put(f"These are {len(rows)} of {len(report.verdicts)} verdicts; --all shows the other {more}.")
            page.put()
    for verdict in _first_of_each(report.verdicts, 1) if short else report.verdicts:
        _verdict(page, verdict)
    if short:
        page.put(
            f"Shown are a few of {len(report.verdicts)} verdicts. All of them: --all; one: --model ID; for machines: "
            "--format json."
        )
        page.put()
    _foot(page, report)
    return page.text()


def _first_of_each(verdicts: Sequence[Verdict], most: int = 3) -> list[Verdict]:
    found: list[Verdict] = []
    for word in ("block", "conditional", "allow"):
        found += islice((verdict for verdict in verdicts if verdict.verdict == word), most)
    return found


def _table(page: Page, verdicts: Sequence[Verdict]) -> None:
    rows = [(verdict.verdict, verdict.model, verdict.use, words.first_reason(verdict)) for verdict in verdicts]
    page.table(("verdict", "model", "use", "first reason"), rows)
    page.put()


def _verdict(page: Page, verdict: Verdict) -> None:
    page.put(words.heading(verdict), style=verdict.verdict)
    license = verdict.license or "unknown"
    page.put(f"license {license}, evidence {verdict.evidence}, {words.tier(verdict)}", by=2)
    if verdict.requested != verdict.model:
        page.put(f"asked for as {verdict.requested}", by=2)
    if verdict.members:
        page.put(f"a family name; its members: {', '.join(verdict.members)}", by=2)
    for finding in words.weighing(verdict):
        _finding(page, finding, finding.outcome.name, record=verdict.record(finding))
    unread = words.unread(verdict)
    if unread:
        page.put(f"{unread[0].outcome.name} {words.unread_said(unread)}", by=2)
        page.put(f"Next: {words.unread_next(unread)}", by=4)
    for finding in words.answered(verdict):
        _finding(page, finding, "note", brief=True)
    for finding in words.notes(verdict):
        _finding(page, finding, "note", brief=True)
    if verdict.range["mildest"] != verdict.range["strictest"]:
        said = verdict.range
        page.put(f"Once the open facts are filled in: {said['mildest']} to {said['strictest']}.", by=2)
    for note in words.noted(verdict):
        page.put(note, by=2)
    if verdict.review_by:
        page.put(f"Look again by {verdict.review_by}.", by=2)
    page.put()


def _finding(page: Page, finding: Finding, label: str, *, brief: bool = False, record: str | None = None) -> None:
    page.put(words.kind_of(finding), by=2, style=label, label=label)
    page.put(finding.message, by=4)
    for line in words.prescribed(finding):
        page.put(line, by=4)
    for answer in words.answers(finding):
        page.put(f"→ {answer}", by=4)
    for line in words.citations(finding.clauses, 1 if brief else 4):
        page.put(f"§ {line}", by=4)
    step = words.next_step(finding)
    if step and not brief:
        page.put(f"Next: {words.clean(step)}", by=4)
    if record and not brief:
        page.put("Recorded as done by:" if finding.kind in ("duty", "review") else "Write:", by=4)
        for each in record.splitlines():
            page.raw(each, by=6)


def _foot(page: Page, report: Report) -> None:
    if report.ask:
        page.put("What to fill in first", style="bold")
        for each in report.ask[:5]:
            company = report.policy.company_in_list(each["key"])
            of = f" of {words.clean(company)}" if company else ""
            page.put(f"{each['key']}{of} (may settle {each['verdicts']})", by=2)
        page.put()
    for line in report.unmatched:
        page.put(f"Note: {line}")
    if report.unmatched:
        page.put()
    said = words.assumed(report)
    if said:
        page.put("Assumed, since it was left out", style="bold")
        for line in said:
            page.put(line, by=2)
        page.put()
    page.put("Known limitations", style="bold")
    for line in report.limitations:
        page.put(line, by=2)
