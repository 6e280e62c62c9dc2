"""Headroom: the count is that of the verdict, and the date of crossing is the first on which the cap is passed."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from made_policies import MODELS, Maker, policy_of
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.headroom import Cap, Headroom, headroom
from policycheck.policy import ModelRef, Policy, read_policy
from policycheck.schema import schema

from tests.cli.calling import EXAMPLES, call
from tests.lint.update import FIXTURES, TODAY

DAY = date(2026, 11, 25)
FIXED = sorted((FIXTURES / "headroom").glob("*.yaml"))
_RULES = {
    "mau_cap": "mau-over-cap",
    "dau_cap": "dau-over-cap",
    "annual_revenue_cap": "revenue-over-cap",
    "monthly_revenue_cap": "revenue-over-cap",
    "monthly_visits_cap": "visits-over-cap",
}
_QUESTIONS = {"affiliate-undefined", "affiliate-joined-later", "count-at-limit", "cap-of-other-purposes"}


def caps_of(policy: Policy, growth: Fraction | None = None, models: list[ModelRef] | None = None) -> Headroom:
    return headroom(policy, shipped.catalog(), today=DAY, growth=growth, models=models)


def policy_with(organisation: str, model: str = "llama-4-maverick", more: str = "") -> Policy:
    text = f"policy_version: 1\norganisation: {{name: House AG, {organisation}}}\nmodels: [{model}]\n{more}"
    return read_policy(parse(text.encode(), "org.yaml"), shipped.catalog(), DAY)


def the_cap(policy: Policy, growth: str = "4%") -> Cap:
    (cap,) = caps_of(policy, Fraction(growth.rstrip("%")) / 100).caps
    return cap


@pytest.mark.parametrize("path", [*FIXED, *EXAMPLES], ids=lambda path: path.stem)
@pytest.mark.parametrize("growth", [(), ("--growth", "2.5%")], ids=["today", "growing"])
def test_the_json_is_what_its_schema_says(path: Path, growth: tuple[str, ...]) -> None:
    done = call("headroom", path, "--format", "json", *growth, *TODAY)
    Draft202012Validator(schema("headroom")).validate(json.loads(done.out))
    assert done.code in (0, 1)


@pytest.mark.parametrize("path", [*FIXED, *EXAMPLES], ids=lambda path: path.stem)
def test_no_line_is_wider_than_80_columns(path: Path) -> None:
    done = call("headroom", path, "--growth", "4%", *TODAY)
    assert max(len(line) for line in done.out.splitlines()) <= 80


def test_a_cap_is_passed_where_a_verdict_says_so_and_nowhere_else() -> None:
    """On random policies; a finding that an exception takes away is there all the same."""
    told = dict.fromkeys(("passed", "within", "open"), 0)
    models = [ModelRef(name=name, where=()) for name in MODELS[:-1]]
    for seed in range(60):
        policy = policy_of(Maker(seed).policy())
        report = evaluate(policy, shipped.catalog(), today=DAY, models=models)
        for cap in caps_of(policy, models=models).caps:
            told[cap.state] = told.get(cap.state, 0) + 1
            findings = [
                finding
                for verdict in report.verdicts
                if verdict.model in cap.models
                for finding in verdict.findings
                if finding.license == cap.license
            ]
            # One that an exception may take away is undetermined where that can't be decided.
            rules = {finding.rule for finding in findings}
            sure = {finding.rule for finding in findings if not finding.undetermined}
            if cap.state == "passed":
                assert _RULES[cap.fact] in rules, (seed, cap)
            elif cap.state == "within":
                assert _RULES[cap.fact] not in sure, (seed, cap)
            elif cap.state == "open":
                assert rules & {*_QUESTIONS, *_RULES.values()}, (seed, cap)
    assert min(told[state] for state in ("passed", "within", "open")) > 5, told


@pytest.mark.parametrize(
    ("count", "near"), [("79_999_999", False), ("80_000_000", True), ("100_000_000", True)], ids=str
)
def test_a_cap_is_near_where_the_verdict_says_so(count: str, near: bool) -> None:
    """Within `mau_headroom` (20%) of a cap that can still be passed."""
    policy = policy_with(f"mau: {count}, affiliates: []", "Qwen/Qwen2.5-72B-Instruct")
    report = evaluate(policy, shipped.catalog(), today=DAY)
    assert any(finding.rule == "mau-near-cap" for finding in report.verdicts[0].findings) is near
    assert the_cap(policy).state == ("near" if near else "within")


@pytest.mark.parametrize(
    ("count", "growth", "crosses"),
    [
        ("100M", "0%", None),
        ("100_000_000", "1%", date(2026, 12, 1)),
        ("99_009_900", "1%", date(2027, 1, 1)),
        ("99_009_901", "1%", date(2026, 12, 1)),
        ("50M", "100%", date(2027, 1, 1)),
        ("50_000_001", "100%", date(2026, 12, 1)),
        ("0", "100%", None),
        ("1", "0.0001%", None),
        ("100_000_001", "4%", None),
    ],
    ids=[
        "no growth",
        "at the cap",
        "one under what passes next month",
        "what passes next month",
        "doubles to the cap",
        "doubles to one over",
        "nobody",
        "not in a hundred years",
        "passed",
    ],
)
def test_the_date_is_the_first_month_in_which_the_cap_of_100M_is_passed(
    count: str, growth: str, crosses: date | None
) -> None:
    """Qwen 2.5 counts users of the product and lets 100M be."""
    cap = the_cap(policy_with(f"mau: {count}, affiliates: []", "Qwen/Qwen2.5-72B-Instruct"), growth)
    assert cap.size == 100_000_000
    assert cap.crosses_on == crosses


def test_the_month_before_the_date_does_not_pass_the_cap() -> None:
    """Counted on by hand, for many sizes and rates."""
    for millions in (1, 7, 33, 60, 99):
        for percent in (1, 3, 7, 19):
            policy = policy_with(f"mau: {millions}M, affiliates: []", "Qwen/Qwen2.5-72B-Instruct")
            found = the_cap(policy, f"{percent}%").crosses_on
            assert found is not None
            months = 12 * (found.year - DAY.year) + found.month - DAY.month
            before, after = (
                ceil(millions * 10**6 * Fraction(100 + percent, 100) ** number) for number in (months - 1, months)
            )
            assert before <= 100_000_000 < after


def test_a_closed_month_is_never_passed_by_growth() -> None:
    """Llama 4 looks at March 2025, whatever comes."""
    cap = the_cap(policy_with("mau: 699M, affiliates: []"))
    assert (cap.measured_on, cap.closed, cap.left, cap.crosses_on) == ("2025-03", True, 1_000_000, None)
    assert cap.state == "within"


def test_an_unknown_count_names_the_key_and_is_known_once_that_is_filled_in(tmp_path: Path) -> None:
    cap = the_cap(policy_with("affiliates: []"))
    assert (cap.state, cap.counted, cap.left) == ("unknown", None, None)
    assert cap.missing == ("organisation.mau",)
    assert the_cap(policy_with("affiliates: [], mau: 5M")).counted == 5_000_000


def test_a_license_of_which_nobody_read_the_caps_is_named() -> None:
    """No cap known is no cap excluded."""
    found = caps_of(policy_with("mau: 1M, affiliates: []", "nobody-knows-this"))
    assert [each.license for each in found.unread] == [None]
    assert not found.calm


def test_a_use_with_its_own_count_and_one_without_are_two_rows_of_a_cap_on_the_product() -> None:
    more = "uses: {shop: {mau: 2M}, drafts: {}, search: {}}"
    found = caps_of(policy_with("mau: 5M, affiliates: []", "Qwen/Qwen2.5-72B-Instruct", more))
    assert {cap.uses: cap.counted for cap in found.caps} == {
        ("shop",): 2_000_000,
        ("drafts",): 5_000_000,
        ("search",): 5_000_000,
    }


@pytest.mark.parametrize("growth", ["4", "-4%", "4,5%", "a lot", "1000%", "%"])
def test_a_growth_that_is_none_is_refused_with_the_way_to_write_it(growth: str) -> None:
    done = call("headroom", EXAMPLES[0], "--growth", growth)
    assert (done.code, done.out) == (2, "")
    assert "write it as 4% or 2.5%" in done.err


def test_where_no_model_is_named_nothing_is_known() -> None:
    """Silence is no leave."""
    policy = "policy_version: 1\norganisation: {name: House AG}\nmodels: []\n"
    done = call("headroom", "-", *TODAY, stdin=policy)
    assert done.code == 1
    assert "Nothing was looked at" in done.out


@pytest.mark.parametrize(("name", "code"), [("far", 0), ("several", 1), ("open-word", 1), ("without-a-rate", 1)])
def test_the_exit_code_is_0_only_where_every_cap_is_known_and_far(name: str, code: int) -> None:
    done = call("headroom", FIXTURES / "headroom" / f"{name}.yaml", *TODAY)
    assert done.code == code


def test_a_use_that_is_not_there_is_wrong_usage() -> None:
    done = call("headroom", EXAMPLES[0], "--use", "nowhere", *TODAY)
    assert (done.code, done.out) == (2, "")


def test_a_model_may_be_named_that_the_policy_does_not_name() -> None:
    done = call("headroom", EXAMPLES[0], "--model", "Qwen/Qwen2.5-72B-Instruct", "--format", "json", *TODAY)
    data: dict[str, Any] = json.loads(done.out)
    assert {cap["license"] for cap in data["caps"]} == {"qwen-license-2024"}
