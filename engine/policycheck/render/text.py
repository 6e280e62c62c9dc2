"""The report for a terminal: top down, answer first, within 80 columns."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from policycheck.finding import Finding
from policycheck.render import tables, words
from policycheck.report import NOT_LEGAL_ADVICE, Report
from policycheck.verdict import Verdict

_STYLES = {"block": "bold red", "conditional": "bold yellow", "allow": "bold green", "note": "dim"}
_MANY = 8


def render(report: Report, *, colour: bool = False, width: int = 80, every: bool = False) -> str:
    """The report as text of at most `width` columns; over many models counts and the first of each kind."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    organisation = words.clean(str(report.policy.organisation.get("name")))
    packs = ", ".join(report.policy.packs) or "none"
    console.print(Text(f"policycheck for {organisation}, {report.today}, packs: {packs}", "bold"))
    console.print(f"{words.summary(report)} {NOT_LEGAL_ADVICE}")
    console.print()
    short = len(report.verdicts) > _MANY and not every
    if len(report.verdicts) > 1:
        _table(console, _first_of_each(report.verdicts) if short else report.verdicts)
    for verdict in _first_of_each(report.verdicts, 1) if short else report.verdicts:
        _verdict(console, verdict)
    if short:
        console.print(
            f"Shown are a few of {len(report.verdicts)} verdicts. All of them: --all; one: --model ID; for machines: "
            "--format json."
        )
        console.print()
    _foot(console, report)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _first_of_each(verdicts: Sequence[Verdict], most: int = 3) -> list[Verdict]:
    found: list[Verdict] = []
    for word in ("block", "conditional", "allow"):
        found += [verdict for verdict in verdicts if verdict.verdict == word][:most]
    return found


def _table(console: Console, verdicts: Sequence[Verdict]) -> None:
    rows = []
    for verdict in verdicts:
        answer = Text(verdict.verdict, _STYLES[verdict.verdict])
        rows.append((answer, verdict.model, verdict.use, words.first_reason(verdict)))
    tables.put(console, ("verdict", "model", "use", "first reason"), rows)
    console.print()


def _verdict(console: Console, verdict: Verdict) -> None:
    console.print(Text(words.heading(verdict), _STYLES[verdict.verdict]))
    license = verdict.license or "unknown"
    _indented(console, f"license {license}, evidence {verdict.evidence}, tier {verdict.tier}", 2)
    if verdict.requested != verdict.model:
        _indented(console, f"asked for as {words.clean(verdict.requested)}", 2)
    if verdict.members:
        _indented(console, f"a family name; its members: {', '.join(verdict.members)}", 2)
    for finding in words.weighing(verdict):
        _finding(console, finding, finding.outcome.name, record=verdict.record(finding))
    unread = words.unread(verdict)
    if unread:
        _indented(console, f"{unread[0].outcome.name} {words.unread_said(unread)}", 2)
    for finding in words.answered(verdict):
        _finding(console, finding, "note", brief=True)
    for finding in words.notes(verdict):
        _finding(console, finding, "note", brief=True)
    if verdict.range["mildest"] != verdict.range["strictest"]:
        said = verdict.range
        console.print(f"  Once the open facts are filled in: {said['mildest']} to {said['strictest']}.")
    if verdict.review_by:
        console.print(f"  Look again by {verdict.review_by}.")
    console.print()


def _finding(console: Console, finding: Finding, label: str, *, brief: bool = False, record: str | None = None) -> None:
    head = Text(f"  {label} ", _STYLES[label])
    head.append(words.clean(words.kind_of(finding)), "default")
    console.print(head)
    _indented(console, words.clean(finding.message))
    for answer in words.answers(finding):
        _indented(console, f"→ {words.clean(answer)}")
    for line in words.citations(finding.clauses, 1 if brief else 4):
        _indented(console, f"§ {line}")
    if finding.next_step and not brief:
        _indented(console, f"Next: {words.clean(finding.next_step)}")
    if record and not brief:
        _indented(console, "Recorded as done by:" if finding.kind in ("duty", "review") else "Write:")
        for each in record.splitlines():
            # Not folded, however long: it is meant to be copied.
            console.print(Text(f"      {words.clean(each)}"), soft_wrap=True)


def _indented(console: Console, text: str, by: int = 4) -> None:
    console.print(Padding(Text(text), (0, 0, 0, by)))


def _foot(console: Console, report: Report) -> None:
    if report.ask:
        console.print(Text("What to fill in first", "bold"))
        for each in report.ask[:5]:
            _indented(console, f"{words.clean(each['key'])} (may settle {each['verdicts']})", 2)
        console.print()
    for line in report.unmatched:
        console.print(f"Note: {words.clean(line)}")
    said = words.assumed(report)
    if said:
        console.print(Text("Assumed, since it was left out", "bold"))
        for line in said:
            _indented(console, words.clean(line), 2)
        console.print()
    console.print(Text("Known limitations", "bold"))
    for line in report.limitations:
        _indented(console, line, 2)
