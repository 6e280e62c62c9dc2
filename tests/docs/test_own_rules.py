"""The worked rules of docs/own-rules.md: each is a file, with cases in which it fires and in which it does not."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.documents import Document, read_file
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.subjects import ref_named
from policycheck.variation import with_settings
from policycheck.verdict import Verdict

ROOT = Path(__file__).parents[2]
RULES = ROOT / "policies" / "examples" / "rules"
CASES = ROOT / "fixtures" / "own-rules"
TODAY = date(2026, 11, 25)
KEYS = {"case", "why", "model", "set", "verdict", "rules", "not_rules"}


def cases() -> list[Any]:
    """Every case of every file."""
    return [
        pytest.param(path, case, id=f"{path.stem}-{case['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in read_file(path).data["cases"]
    ]


def verdict_of(path: Path, case: dict[str, Any]) -> Verdict:
    """The verdict on a case: the policy of its file, with what the case sets."""
    data = read_file(path).data["policy"]
    document = Document(path.name, data, {}, {}, json.dumps(data).encode(), RULES)
    catalog = shipped.catalog()
    policy = read_policy(with_settings(document, case.get("set", ())), catalog, TODAY)
    ref = ref_named(case["model"], policy, catalog)
    return evaluate(policy, catalog, today=TODAY, models=[ref]).verdicts[0]


@pytest.mark.parametrize(("path", "case"), cases())
def test_a_rule_of_ones_own_does_what_its_case_says(path: Path, case: dict[str, Any]) -> None:
    """Facts that nobody knows are no pass."""
    assert set(case) <= KEYS
    verdict = verdict_of(path, case)
    weighing = {finding.rule for finding in verdict.findings if finding.outcome}
    said = "\n".join(f"{f.outcome.name} {f.rule}: {f.message}" for f in verdict.findings if f.outcome)
    assert verdict.verdict == case["verdict"], said
    assert set(case.get("rules", ())) <= weighing, said
    assert not set(case.get("not_rules", ())) & weighing, said


def test_each_rule_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    """A rule that is only seen to fire may fire always."""
    for path in sorted(RULES.glob("*.yaml")):
        found = read_file(CASES / path.name).data["cases"]
        for rule in read_file(path).data["rules"]:
            if rule["outcome"] == "note":
                continue
            assert any(rule["id"] in case.get("rules", ()) for case in found), rule["id"]
            assert any(rule["id"] in case.get("not_rules", ()) for case in found), rule["id"]


def test_the_page_shows_each_of_the_ten_files_as_it_is() -> None:
    """A reader copies from the page what was tested."""
    page = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```yaml\n(pack: .*?)^```$", page, re.MULTILINE | re.DOTALL)
    files = [path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.yaml"))]
    bare = ["".join(line for line in text.splitlines(keepends=True) if line[0] != "#") for text in files]
    assert sorted(shown) == sorted(bare)
    assert len(files) == 10
    assert all(f"policies/examples/rules/{path.name}" in page for path in RULES.glob("*.yaml"))
