"""Cases of rules that a house writes: each adds its own to a policy of which everything else is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.cases import CaseFile
from policycheck.documents import parse, read_file
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.trial import run

FOLDER = Path(__file__).parents[1] / "fixtures" / "house-rules"
TODAY = date(2026, 11, 25)
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "org")


def cases() -> list[Any]:
    """Every case of every file."""
    files = [CaseFile(read_file(path), shipped.catalog(), TODAY) for path in FILES]
    return [
        pytest.param(file, index, id=f"{path.stem}-{case['case']}")
        for path, file in zip(FILES, files, strict=True)
        for index, case in enumerate(file.top["cases"])
    ]


@pytest.mark.parametrize(("file", "index"), cases())
def test_a_rule_of_the_house_does_what_it_says(file: CaseFile, index: int) -> None:
    """Without its rules, the policy allows the model."""
    (result,) = run([file.case(index)], shipped.catalog())
    said = "\n".join(f"{f.outcome.name} {f.rule}: {f.message}" for f in result.weighing)
    assert list(result.differences()) == [], said or "nothing weighs"


def test_an_id_that_nobody_has_is_said() -> None:
    """The rule was written to ban a publisher, and would let it through without a word."""
    text = (FOLDER / "org.yaml").read_text(encoding="utf-8")
    text += "rules:\n  - {id: ban, outcome: block, when: {publisher.id: {in: [metta, xai]}}, message: M.}\n"
    text += "models: [olmo-3.1]\n"
    policy = read_policy(parse(text.encode(), "org.yaml"), shipped.catalog(), TODAY)
    (said,) = evaluate(policy, shipped.catalog(), today=TODAY).unmatched
    assert "`metta` is no `publisher.id`" in said
    assert said.endswith("did you mean `meta`?")
