"""Cases are files: a policy, a model and the verdict that a reader of the license text expects."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.cases import CaseFile
from policycheck.documents import read_file
from policycheck.schema import problems
from policycheck.trial import run

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
FILES = sorted(CASES.rglob("*.yaml"))


@cache
def case_file(path: Path) -> CaseFile:
    """A case file, read once."""
    return CaseFile(read_file(path), shipped.catalog(), date(2026, 11, 25))


def cases() -> list[Any]:
    """Every case of every file below fixtures/cases."""
    return [
        pytest.param(path, index, id=f"{path.stem}-{case['case']}")
        for path in FILES
        for index, case in enumerate(case_file(path).top["cases"])
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_file_has_the_form_that_policycheck_test_asks_for(path: Path) -> None:
    """They run with `policycheck test fixtures/cases` too; each says why and what was read, of a model and a policy."""
    file = case_file(path)
    assert problems(file.document, "case", shipped.catalog().vocabulary) == []
    assert file.same_name_twice() == []
    shared = {"policy", "model"} & set(file.top)
    assert all({"why", "reads", "model", "policy"} <= set(case) | shared for case in file.top["cases"])


@pytest.mark.parametrize(("path", "index"), cases())
def test_a_case_gets_the_verdict_that_its_license_text_asks_for(path: Path, index: int) -> None:
    """The reader who wrote the case did not write the license's facts."""
    (result,) = run([case_file(path).case(index)], shipped.catalog())
    said = "\n".join(f"{f.outcome.name} {f.rule}: {f.message}" for f in result.weighing)
    assert list(result.differences()) == [], said or "nothing weighs"
