"""Whole reports on the examples, compared byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.report.update_golden import EXAMPLES, GOLDEN, ROOT, reports


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("ending", ["txt", "md", "json"])
def test_a_report_is_what_it_was(path: Path, ending: str) -> None:
    """Where it is meant to change: `python tests/report/update_golden.py`, and read the difference."""
    golden = GOLDEN / f"{path.stem}.{ending}"
    assert reports(path)[ending] == golden.read_bytes().decode("utf-8")


def test_every_golden_file_belongs_to_an_example() -> None:
    """A renamed example leaves none behind, and no two examples share a name."""
    assert len({path.stem for path in EXAMPLES}) == len(EXAMPLES)
    assert {golden.stem for golden in GOLDEN.iterdir()} == {path.stem for path in EXAMPLES}


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
