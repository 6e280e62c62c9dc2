"""The report for a terminal: top down, answer first, within 80 columns."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from policycheck.render import words
from policycheck.report import NOT_LEGAL_ADVICE, Report
from policycheck.verdict import Finding, Verdict

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
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name, ratio in (("verdict", 0), ("model", 3), ("use", 2), ("license", 3), ("first reason", 3)):
        table.add_column(name, ratio=ratio or None, overflow="fold", no_wrap=ratio == 0)
    for verdict in verdicts:
        first = next(iter(words.weighing(verdict)), None)
        table.add_row(
            Text(verdict.verdict, _STYLES[verdict.verdict]),
            words.clean(verdict.model),
            words.clean(verdict.use),
            verdict.license or "unknown",
            first.rule if first else "",
        )
    console.print(table)
    console.print()


def _verdict(console: Console, verdict: Verdict) -> None:
    console.print(Text(words.heading(verdict), _STYLES[verdict.verdict]))
    license = verdict.license or "license unknown"
    console.print(f"  license {license}, evidence {verdict.evidence}, tier {verdict.tier}")
    if verdict.requested != verdict.model:
        console.print(f"  asked for as {words.clean(verdict.requested)}")
    if verdict.members:
        console.print(f"  a family name; its members: {', '.join(verdict.members)}")
    for finding in words.weighing(verdict):
        _finding(console, finding, finding.outcome.name)
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


def _finding(console: Console, finding: Finding, label: str, *, brief: bool = False) -> None:
    line = Text(f"  {label} ", _STYLES[label])
    line.append(words.clean(words.kind_of(finding)), "default")
    console.print(line)
    _indented(console, words.clean(finding.message))
    for answer in words.answers(finding):
        _indented(console, f"→ {words.clean(answer)}")
    for clause in finding.clauses if not brief else finding.clauses[:1]:
        _indented(console, f"§ {words.cited(clause)}")
    if finding.next_step and not brief:
        _indented(console, f"Next: {words.clean(finding.next_step)}")
    if finding.record and not brief:
        _indented(console, "Recorded as done by:" if finding.kind in ("duty", "review") else "Write:")
        for each in finding.record.splitlines():
            console.print(Text(f"      {each}"), soft_wrap=True)


def _indented(console: Console, text: str) -> None:
    from rich.padding import Padding

    console.print(Padding(Text(text), (0, 0, 0, 4)))


def _foot(console: Console, report: Report) -> None:
    if report.ask:
        console.print(Text("What to fill in first", "bold"))
        for each in report.ask[:5]:
            console.print(f"  {each['key']} (may settle {each['verdicts']})")
        console.print()
    for line in report.unmatched:
        console.print(f"Note: {words.clean(line)}")
    said = words.assumed(report)
    if said:
        console.print(Text("Assumed, since it was left out", "bold"))
        for line in said:
            console.print(f"  {words.clean(line)}")
        console.print()
    console.print(Text("Known limitations", "bold"))
    for line in report.limitations:
        console.print(f"  {line}")
