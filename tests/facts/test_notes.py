"""What a policy notes beside its facts is shown where they count."""

from __future__ import annotations

import json

import pytest
from policycheck.render.words import answers

from tests.answers.small import SMALL, judge
from tests.cli.calling import POLICY, TODAY, call


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_note_is_printed_with_the_facts_that_it_stands_beside(form: str) -> None:
    """Else nobody but its author reads it."""
    policy = POLICY.replace("drafts: {", "drafts: {note: For the staff., ")
    out = call("evaluate", "-", *TODAY, "--format", form, stdin=policy).out
    assert "Note on `uses.drafts`: For the staff." in out.replace("\\", "")


def test_the_json_has_the_note_beside_the_value() -> None:
    """And no such key where nothing is noted."""
    policy = POLICY.replace("drafts: {", "drafts: {note: For the staff., ")
    report = json.loads(call("evaluate", "-", *TODAY, "--format", "json", stdin=policy).out)
    relied_on = {each["fact"]: each for each in report["verdicts"][0]["relied_on"]}
    of_use = [each.get("note") for key, each in relied_on.items() if key.startswith("uses.drafts.")]
    assert "For the staff." in of_use
    assert not [key for key, each in relied_on.items() if "note" in each and not key.startswith("uses.drafts.")]


def test_the_note_of_an_answer_is_printed_with_it() -> None:
    """As with a waiver or a fulfilment."""
    done = "{rule: attribution-display, model: acme-one, done_by: X, done_on: 2026-11-01, note: On the foot.}"
    verdict = judge(f"{SMALL}fulfilled:\n  - {done}\n")
    assert "note: On the foot." in [line for finding in verdict.findings for line in answers(finding)]
