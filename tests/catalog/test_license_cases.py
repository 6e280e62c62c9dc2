"""Every license of the catalog is tried by cases, so that a fact that slips shows in a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from policycheck import shipped
from policycheck.cases import CaseFile, PolicyCase
from policycheck.documents import read_file
from policycheck.license import Evidence
from policycheck.subjects import subject_of

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
ENOUGH = 3

# Licenses whose own text nobody could read; their cases say what is known all the same, and none of them is an allow.
NOBODY_READ = {
    "deepseek-license-v2": "named by one article only; the publisher shows no such text",
    "h-research": "its name alone stands in a README of the publisher",
    "jamba-open-model": "behind the publisher's page; its model cards alone could be read",
    "qwen-research-2026": "only notes of others that quote its clauses could be read",
    "yi-license": "named by one article only, which tells nothing of it",
}


@cache
def cases() -> tuple[PolicyCase, ...]:
    """Every case of every file below fixtures/cases."""

    def read() -> Iterator[PolicyCase]:
        for path in sorted(CASES.rglob("*.yaml")):
            file = CaseFile(read_file(path), shipped.catalog(), date(2026, 11, 25))
            yield from (file.case(index) for index in range(len(file.top["cases"])))

    return tuple(read())


def licenses_of(case: PolicyCase) -> set[str]:
    """The licenses that govern a case's model, those of what it was made from among them."""
    subject = subject_of(case.model, case.policy, shipped.catalog())
    strands = (strand for chosen in subject.alternatives for strand in chosen)
    return {strand.license.id for strand in strands if strand.license}


def test_every_license_has_three_cases() -> None:
    """One that is allowed, one that the text bars and one at the boundary is the least."""
    count = Counter(license_ for case in cases() for license_ in licenses_of(case))
    fewer = {name: count[name] for name in shipped.catalog().licenses if count[name] < ENOUGH}
    assert fewer == {}, f"write cases for {', '.join(f'{name} (has {n})' for name, n in sorted(fewer.items()))}"


def test_the_licenses_that_nobody_read_are_listed_with_a_reason() -> None:
    """Both ways: a text that somebody has read since leaves the list."""
    catalog = shipped.catalog()
    unread = {name for name in catalog.licenses if catalog.license(name).texts["license"].evidence is Evidence.reported}
    assert set(NOBODY_READ) == unread
    assert all(len(reason.split()) > 3 for reason in NOBODY_READ.values())


def test_no_case_allows_what_nobody_has_read() -> None:
    """Such a case could only repeat hearsay; who lets hearsay count says so in the policy."""
    allowed = [
        case.name
        for case in cases()
        if licenses_of(case) & set(NOBODY_READ)
        and case.expected.verdict == "allow"
        and case.policy.settings.minimum_evidence is not Evidence.reported
    ]
    assert allowed == []
