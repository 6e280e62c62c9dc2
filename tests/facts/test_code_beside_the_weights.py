"""The license of the publisher's code weighs where that code is run or handed on, and only there."""

from __future__ import annotations

import pytest
from policycheck.catalog import Catalog

from tests.answers.small import catalog, judge

HOUSE = """organisation: {name: House AG, jurisdiction: US, mau: 1M, affiliates: []}
use: {deployment: self-hosted, distribution: %s, outputs: internal, field_of_use: [search], purpose: commercial,
  environment: production, fine_tunes: false, trains_other_models: false, data_classes: [], oversight: none%s}
models: [made]
"""


def known() -> Catalog:
    """Weights that anybody may use for anything, and code beside them for no business, whose source must be offered."""
    more = ({"fact": "grant", "value": "non-commercial"}, {"fact": "disclose_source", "value": "O", "on": ["weights"]})
    data = dict(catalog(more=more).data)
    (narrow,) = data["licenses"].values()
    kept = ("redistribution", "derivatives", "hosting")
    stated = {fact["fact"]: fact for fact in narrow["facts"]}
    facts = [*(stated[fact] for fact in kept), {**stated["grant"], "value": "any"}]
    silent = sorted({*narrow["silent"], *(f["fact"] for f in narrow["facts"])} - {*kept, "grant"})
    free = {**narrow, "license": "free-1.0", "name": "Free", "licensor": "anyone", "facts": facts, "silent": silent}
    data["licenses"] = {**data["licenses"], "free-1.0": free}
    made = {"id": "made", "name": "Made", "license": "free-1.0", "evidence": "verified", "input": ["text"]}
    (acme,) = data["publishers"]
    data["publishers"] = [{**acme, "models": [{**made, "output": ["text"], "components": {"code": "acme-1.0"}}]}]
    return Catalog(catalog().vocabulary, data, "b" * 64, "test")


def said(touched: str, distribution: str = "internal") -> tuple[str, dict[str, str]]:
    """The verdict, and what each finding on the code weighs; `?` where it could not be decided."""
    verdict = judge(HOUSE % (distribution, touched), known=known())
    found = [each for each in verdict.findings if each.component == "code" and each.rule != "duties-if-handed-on"]
    return verdict.verdict, {each.rule + "?" * each.undetermined: each.outcome.name for each in found}


def test_code_that_is_run_binds_as_weights_do() -> None:
    assert said(", runs_publisher_code: true")[0] == "block"
    assert said(", runs_publisher_code: true")[1]["use-not-granted"] == "block"


def test_where_nobody_says_whether_it_is_run_the_key_is_asked_for() -> None:
    """It neither blocks in silence nor passes."""
    verdict, found = said("")
    assert (verdict, found["use-not-granted?"]) == ("conditional", "conditional")
    finding = next(f for f in judge(HOUSE % ("internal", ""), known=known()).findings if f.rule == "use-not-granted")
    assert finding.missing == ("use.runs_publisher_code",)


def test_code_that_is_left_aside_is_said_and_weighs_nothing() -> None:
    """Other software runs the weights."""
    assert said(", runs_publisher_code: false") == ("allow", {"code-left-aside": "note"})


@pytest.mark.parametrize(("touched", "due"), [("", True), (", runs_publisher_code: true", True)])
def test_what_a_copyleft_asks_for_is_due_unless_the_code_is_left_aside(touched: str, *, due: bool) -> None:
    """Weights that go out may go out with the code."""
    assert ("disclose-source" in said(touched, "weights")[1]) is due
    assert "disclose-source" not in said(", runs_publisher_code: false", "weights")[1]
