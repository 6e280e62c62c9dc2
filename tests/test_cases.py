"""Cases are files: a policy, a model and the verdict that a reader of the license text expects."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.documents import Document, read_file
from policycheck.evaluate import evaluate
from policycheck.policy import ModelRef, read_policy

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
KEYS = {"case", "why", "reads", "today", "model", "policy", "verdict", "rules", "not_rules", "cites", "note"}


def cases() -> list[Any]:
    """Every case of every file below fixtures/cases."""
    found = []
    for path in sorted(CASES.rglob("*.yaml")):
        for index, case in enumerate(read_file(path).data["cases"]):
            found.append(pytest.param(path, index, case, id=f"{path.stem}-{case['case']}"))
    return found


def policy_document(path: Path, index: int, policy: dict[str, Any]) -> Document:
    """The policy of a case as a document of its own."""
    whole = {"policy_version": 1, **policy}
    return Document(f"{path.name}#{index}", whole, {}, {}, json.dumps(whole, sort_keys=True).encode())


@pytest.mark.parametrize(("path", "index", "case"), cases())
def test_a_case_gets_the_verdict_that_its_license_text_asks_for(path: Path, index: int, case: dict[str, Any]) -> None:
    """The reader who wrote the case did not write the license's facts."""
    assert set(case) <= KEYS, f"unknown keys {set(case) - KEYS}"
    today = date.fromisoformat(case.get("today", "2026-11-25"))
    catalog = shipped.catalog()
    policy = read_policy(policy_document(path, index, case["policy"]), catalog, today)
    named = {ref.name: ref for ref in policy.models or ()}
    ref = named.get(case["model"], ModelRef(name=case["model"], where=()))
    report = evaluate(policy, catalog, today=today, models=[ref])
    (verdict,) = report.verdicts
    weighing = {finding.rule: finding for finding in verdict.findings if finding.outcome}
    said = "\n".join(f"{f.outcome.name} {f.rule}: {f.message}" for f in weighing.values())
    assert verdict.verdict == case["verdict"], said or "nothing weighs"
    assert set(case.get("rules", ())) <= set(weighing), said
    assert not set(case.get("not_rules", ())) & set(weighing), said
    for cited in case.get("cites", ()):
        sections = {clause.section for finding in weighing.values() for clause in finding.clauses}
        assert str(cited) in sections, sections
