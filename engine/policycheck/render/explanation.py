"""An explanation for a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from policycheck.explanation import Explanation, Read, RuleState
from policycheck.finding import Finding, Outcome
from policycheck.render import words
from policycheck.render.page import Page


def render(explanations: Sequence[Explanation], *, colour: bool = False, width: int = 80) -> str:
    """The explanations as text of at most `width` columns; what is meant to be copied stays whole."""
    page = Page(width, colour=colour)
    for number, explanation in enumerate(explanations):
        if number:
            page.put()
        _explanation(page, explanation)
    return page.text()


def _explanation(page: Page, explanation: Explanation) -> None:
    verdict = explanation.verdict
    page.put(words.heading(verdict), style=verdict.verdict)
    page.put(f"license {verdict.license or 'unknown'}, evidence {verdict.evidence}, tier {verdict.tier}", by=2)
    page.put()
    states = {(state.rule, state.license): state for state in explanation.rules}
    defeated = [each for each in verdict.findings if each.defeated_by]
    weighing = [each for each in verdict.findings if each.outcome]
    _findings(page, "What stands in the way", weighing, states)
    if defeated:
        page.put("What an exception takes away", style="bold")
        for finding in defeated:
            page.put(defeat(finding, verdict.findings), by=2)
            _facts(page, finding, states)
            _cited(page, finding)
        page.put()
    others = [each for each in verdict.findings if each not in weighing and each not in defeated]
    _findings(page, "What was answered, or only informs", others, states)
    _near(page, explanation.rules)
    _changes(page, explanation)


def _findings(
    page: Page, title: str, findings: Sequence[Finding], states: dict[tuple[str, str | None], RuleState]
) -> None:
    if not findings:
        return
    page.put(title, style="bold")
    for finding in findings:
        page.put(words.kind_of(finding), by=2, style=finding.outcome.name, label=finding.outcome.name)
        page.put(finding.message, by=4)
        for answer in words.answers(finding):
            page.put(f"→ {answer}", by=4)
        _facts(page, finding, states)
        _cited(page, finding)
        if finding.next_step and finding.outcome:
            page.put(f"Next: {finding.next_step}", by=4)
    page.put()


def _facts(page: Page, finding: Finding, states: dict[tuple[str, str | None], RuleState]) -> None:
    state = states.get((finding.rule, finding.license))
    for read in state.reads if state else ():
        page.put(f"{_fact(read)} [{'; '.join((read.fact, *read.places))}]", by=4)


def _fact(read: Read) -> str:
    return f"- {read.means.rstrip('.')}: {'not known' if read.value is None else read.value}"


def _cited(page: Page, finding: Finding) -> None:
    for line in words.citations(finding.clauses, len(finding.clauses)):
        page.put(f"§ {line}", by=4)


def defeat(finding: Finding, findings: Iterable[Finding]) -> str:
    """An exception as a defeated section: what it would do, what takes it away, and why."""
    exception = next((each for each in findings if each.rule == finding.defeated_by), None)
    would = finding.original_outcome.name if finding.original_outcome else Outcome.note.name
    said = f"{_sections(finding)} would {'be ' if would == 'conditional' else ''}{would} ({finding.rule})"
    if exception is None:
        return f"{said}; `{finding.defeated_by}` takes it away."
    return f"{said}; {_sections(exception)} takes it away ({exception.rule}): {exception.message}"


def _sections(finding: Finding) -> str:
    """The passages that a finding rests on, as a lawyer names them; the rule where no text is cited."""
    sections = list(dict.fromkeys(clause.section for clause in finding.clauses if clause.section))
    if not sections:
        return f"the rule `{finding.rule}`"
    return words.clean(" and ".join(f"section {each}" if each[0].isdigit() else f"the {each}" for each in sections))


def _near(page: Page, rules: Sequence[RuleState]) -> None:
    near = {state.rule: state for state in rules if state.near is not None}
    if near:
        page.put("What nearly applied: one key away", style="bold")
        for rule, state in near.items():
            assert state.near is not None
            page.put(f"{rule} {state.near.change.said(state.near.bound)}", by=2)
            for read in state.reads:
                page.put(f"{_fact(read)} [{'; '.join((read.fact, *read.places, *read.clauses))}]", by=4)
        page.put()
    # One that does not apply under one license may under another of the same model.
    apply = {state.rule for state in rules if state.state != "not-fired"}
    others = dict.fromkeys(state.rule for state in rules if state.rule not in near and state.rule not in apply)
    if others:
        page.put(f"{len(others)} other rules do not apply: {', '.join(others)}.")
        page.put()


def _changes(page: Page, explanation: Explanation) -> None:
    page.put("The smallest changes that alter the verdict (each was tried)", style="bold")
    reached = {change.verdict.verdict for change in explanation.changes}
    for word in ("allow", "conditional", "block"):
        if word == explanation.verdict.verdict:
            break
        if word not in reached:
            page.put("no change of up to three keys leads there", by=2, style=word, label=f"{word}:")
    if not explanation.changes and explanation.verdict.verdict == "allow":
        page.put("no change of one key makes it stricter", by=2)
    for change in explanation.changes:
        verdict = change.verdict.verdict
        end = f"; or {', '.join(change.others)}" if change.others else ""
        page.put(f"{change.said}{end}", by=2, style=verdict, label=f"{verdict}")
        for each in change.changes:
            page.raw(f"--set {shlex.quote(each.setting)}", by=6)
