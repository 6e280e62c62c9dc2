"""Whole reports on the examples, compared byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.report.update_golden import EXAMPLES, GOLDEN, ROOT, judged, reports

WORKED = [path for path in EXAMPLES if path.parent.name == "policies"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("ending", ["txt", "md", "json"])
def test_a_report_is_what_it_was(path: Path, ending: str) -> None:
    """Where it is meant to change: `python tests/report/update_golden.py`, and read the difference."""
    golden = GOLDEN / f"{path.stem}.{ending}"
    assert reports(path)[ending] == golden.read_bytes().decode("utf-8")


def test_every_golden_file_belongs_to_an_example() -> None:
    """A renamed example leaves none behind, and no two examples share a name."""
    assert len({path.stem for path in EXAMPLES}) == len(EXAMPLES)
    assert {golden.stem for golden in GOLDEN.iterdir() if golden.is_file()} == {path.stem for path in EXAMPLES}


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_every_answer_of_a_worked_policy_meets_a_finding(path: Path) -> None:
    """What a reader copies from there is there for a reason; each names four to eight models that the catalog knows."""
    report = judged(path)
    assert not [line for line in report.unmatched if "matches no finding" in line]
    models = {verdict.model: verdict.license for verdict in report.verdicts}
    assert 4 <= len(models) <= 8
    assert None not in models.values()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_placeholders_stand_only_where_another_machine_differs(path: Path) -> None:
    """Digests of license texts are facts and are compared."""
    data = json.loads(reports(path)["json"])
    assert data["catalog"] == {"version": "(catalog version)", "sha256": "(catalog sha256)"}
    assert data["tool"] == {"name": "policycheck", "version": "(tool version)", "engine": "(tool engine)"}
    assert data["policy"]["sha256"] == "(policy sha256)"
    assert data["policy"]["path"] == path.relative_to(ROOT).as_posix()
    digests = {c["sha256"] for v in data["verdicts"] for f in v["findings"] for c in f["citations"]}
    assert any(digest and len(digest) == 64 for digest in digests)
