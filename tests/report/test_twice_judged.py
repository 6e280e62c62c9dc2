"""One model judged under two names is two verdicts, of which a comparison loses none."""

from __future__ import annotations

from typing import Any

from policycheck.comparison import compare


def report(**verdicts: str) -> dict[str, Any]:
    """A report on one use and one model, by what was asked for."""
    same = {"use": "chat", "model": "one", "license": None, "evidence": "stated", "findings": []}
    around = {"evaluated_on": "d", "catalog": {"sha256": "c"}, "policy": {"sha256": "p"}, "tool": {"version": "t"}}
    judged = [{**same, "requested": name, "verdict": verdict} for name, verdict in verdicts.items()]
    return {**around, "verdicts": judged}


def test_a_model_named_and_given_as_a_folder_is_compared_each_with_its_own() -> None:
    """The one by name went from allow to block; the other, the same before and after, hid that."""
    found = compare(report(one="allow", folder="block"), report(one="block", folder="block"))
    assert [(shift.before, shift.after) for shift in found.shifts] == [("allow", "block")]
    assert found.same == 1


def test_a_folder_that_joins_a_name_is_new() -> None:
    found = compare(report(one="allow"), report(one="allow", folder="block"))
    assert [(shift.before, shift.after) for shift in found.shifts] == [(None, "block")]
    assert found.same == 1


def test_another_name_of_a_model_that_is_judged_once_is_the_same_verdict() -> None:
    """A policy may name it by its Hub id today and by its catalog id tomorrow."""
    assert not compare(report(lab_one="allow"), report(one="allow")).shifts
