"""`validate` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.calling import POLICY, TODAY, call


def test_validate_says_that_nothing_is_wrong() -> None:
    """In text and as JSON."""
    assert call("validate", "-", stdin=POLICY).out == "1 file, no problem.\n"
    done = call("validate", "-", "--format", "json", stdin=POLICY)
    assert (done.code, json.loads(done.out)) == (0, {"problems": [], "notices": []})


def test_validate_shows_every_problem_of_every_file(tmp_path: Path) -> None:
    """File, line, column, path, message and what was probably meant."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("policy_version: 1\norganisation: {nane: N}\n", encoding="utf-8")
    files = (tmp_path / "a.yaml", tmp_path / "b.yaml")
    done = call("validate", *files)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("did you mean `name`?") == 2
    assert done.err.splitlines()[-1] == "4 problems."
    done = call("validate", *files, "--format", "json")
    problems = json.loads(done.out)["problems"]
    assert done.code == 2
    assert len(problems) == 4
    assert all(set(each) == {"file", "line", "column", "path", "message", "suggestion"} for each in problems)
    assert [each["suggestion"] for each in problems].count("name") == 2


def test_a_licensor_that_no_catalog_knows_is_said_and_not_refused() -> None:
    """It matches none, and a reader who meant one must see that; whoever is nobody's namesake may be named."""
    policy = POLICY.replace("affiliates: []", "affiliates: [], competes_with: [Google Cloud, Rocket Works GmbH]")
    done = call("validate", "-", stdin=policy)
    assert (done.code, done.out) == (0, "1 file, no problem.\n")
    assert done.err.count("matches no licensor of the catalog") == 2
    assert "where `Google LLC` is meant" in done.err
    notices = json.loads(call("validate", "-", "--format", "json", stdin=policy).out)["notices"]
    assert [each["suggestion"] for each in notices] == ["Google LLC", None]
    report = json.loads(call("evaluate", "-", *TODAY, "--format", "json", stdin=policy).out)
    assert sum("matches no licensor" in line for line in report["unmatched"]) == 2


@pytest.mark.parametrize("name", ["org", "pack", "license", "models", "vocabulary", "report"])
def test_each_schema_is_printed(name: str) -> None:
    """With every word of the vocabulary, for an editor."""
    done = call("schema", name)
    assert done.code == 0
    assert json.loads(done.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
