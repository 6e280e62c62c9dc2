"""The results of cases: for a terminal, and as JUnit XML for a pipeline."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from policycheck.render.page import Page
from policycheck.render.words import clean
from policycheck.trial import Result, Trial

_MANY = 20


def text(trial: Trial, *, colour: bool = False, width: int = 80) -> str:
    """Each failed case with what differs and what weighs, then counts and the rules that no case made fire."""
    page = Page(width, colour=colour)
    for result in trial.failed:
        _failed(page, result)
    count, failed = len(trial.results), len(trial.failed)
    said = f"{count} case{'' if count == 1 else 's'}: {count - failed} passed, {failed} failed."
    page.put(said, style="block" if failed else "allow")
    for file, what in sorted(trial.passed_over.items()):
        page.put(f"Passed over: {file} ({what})")
    page.put()
    _coverage(page, trial)
    return page.text()


def _failed(page: Page, result: Result) -> None:
    page.raw(f"{_place(result)}: {result.case.name}", by=0)
    page.put(f"{result.verdict.model} for {result.case.use}, {result.case.today}", by=2)
    for line in result.differences():
        page.put(line, by=2, style="block")
    if result.case.why:
        page.put(f"why it is expected: {result.case.why}", by=2)
    for finding in result.weighing:
        page.put(finding.message, by=4, style=finding.outcome.name, label=f"{finding.outcome.name} {finding.rule}:")
    if not result.weighing:
        page.put("nothing weighs", by=4)
    page.put()


def _place(result: Result) -> str:
    line, column = result.case.document.mark(result.case.where)
    return f"{result.case.document.file}:{line}:{column}"


def _coverage(page: Page, trial: Trial) -> None:
    in_force = trial.in_force
    fired = sum(rule in trial.fired for rule in in_force)
    page.put(f"{fired} of {len(in_force)} rules in force fired in at least one case.", style="bold")
    for pack, rules in sorted(trial.never_fired.items(), key=lambda item: (item[0] != "own", item[0])):
        whose = "your own" if pack == "own" else f"pack {pack}"
        listed = ", ".join(rules) if len(rules) <= _MANY else f"{len(rules)} rules (named in --format json)"
        page.put(f"never fired, {whose}: {listed}", by=2)


def junit(trial: Trial) -> str:
    """JUnit XML: a suite for each file, and in each failure what differs and what weighs."""
    failed = len(trial.failed)
    whole = ET.Element("testsuites", name="policycheck", tests=str(len(trial.results)), failures=str(failed))
    suites: dict[str, list[Result]] = {}
    for result in trial.results:
        suites.setdefault(result.case.document.file, []).append(result)
    for file, results in suites.items():
        bad = sum(not result.passed for result in results)
        suite = ET.SubElement(whole, "testsuite", name=_xml(file), tests=str(len(results)), failures=str(bad))
        for result in results:
            _case(suite, result)
    ET.indent(whole)
    return ET.tostring(whole, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, result: Result) -> None:
    line, _ = result.case.document.mark(result.case.where)
    file = _xml(result.case.document.file)
    case = ET.SubElement(suite, "testcase", name=_xml(result.case.name), classname=file, file=file, line=str(line))
    if not result.passed:
        differences = [_xml(each) for each in result.differences()]
        failure = ET.SubElement(case, "failure", message="; ".join(differences))
        failure.text = "\n".join([*differences, *(_xml(each) for each in _weighing(result))])


def _weighing(result: Result) -> Iterator[str]:
    if result.case.why:
        yield f"why it is expected: {result.case.why}"
    for finding in result.weighing:
        yield f"{finding.outcome.name} {finding.rule}: {finding.message}"


def _xml(text: str) -> str:
    """A text without what XML 1.0 can't hold."""
    return clean(text).encode("utf-8", "replace").decode("utf-8")
