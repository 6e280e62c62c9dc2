"""The lines that a report prints beside a condition: pasted and filled in, they settle it."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.documents import read_file
from policycheck.errors import UsageError
from policycheck.questions import answered, question_for

from tests.cli.calling import EXAMPLES, ROOT, TODAY, call

_POLICIES = [*EXAMPLES, *sorted((ROOT / "fixtures" / "policies").glob("*.yaml"))]
_MODELS = "llama-4-maverick hyperclova-x-seed-3b kimi-k2 flux-1-dev mistral-large-3.1 tencent-hunyuan-7b 360zhinao-7b"
_ENTRY = re.compile(r"(fulfilled|determinations|waivers|agreements):\n")


def _report(path: Path) -> list[dict[str, Any]]:
    models = [part for model in _MODELS.split() for part in ("--model", model)]
    done = call("evaluate", path, *TODAY, *models, "--format", "json", "--fail-on", "never")
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["verdicts"]
    return found


def _weighing(verdicts: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """What stands in the way with the record that answers it, but for missing facts."""
    return {
        (verdict["use"], verdict["model"], each["rule"], str(each["license"]), each["record"])
        for verdict in verdicts
        for each in verdict["findings"]
        if each["outcome"] != "note" and _ENTRY.match(each["record"] or "")
    }


def _pasted(text: str, records: set[str]) -> str:
    for record in sorted(records):
        head, lines = record.split("\n", 1)
        lines = re.sub(r"(expires: )…", r"\g<1>never" if head == "agreements:" else r"\g<1>2027-01-01", lines)
        lines = lines.replace("…", "by hand")
        text = re.sub(rf"^{head} \[\]$", head, text, flags=re.MULTILINE)
        if not re.search(rf"^{head}$", text, re.MULTILINE):
            text = f"{text.rstrip()}\n{head}\n"
        text = re.sub(rf"^{head}$", lambda found, more=lines: f"{found[0]}\n{more}", text, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize("path", _POLICIES, ids=lambda each: each.stem)
def test_what_a_report_prints_settles_what_it_stands_beside(path: Path, tmp_path: Path) -> None:
    """A lawyer pastes the lines and fills the gaps; a subsidiary's or a client's license is its own."""
    policy = Path(shutil.copytree(path.parent, tmp_path / "policies")) / path.name
    for _ in range(3):  # What one permission lifts for the house may then be asked for the client.
        asked = _weighing(_report(policy))
        records = {record for *_, record in asked}
        policy.write_text(_pasted(policy.read_text(encoding="utf-8"), records), encoding="utf-8")
        assert not asked & _weighing(_report(policy))


_RATES = """
policy_version: 1
organisation:
  name: House Inc.
  annual_revenue: {amount: 9M, currency: USD, year: 2025}
  affiliates: []
use: {distribution: internal}
models: [indextts-2]
rules:
  - {id: large-house, outcome: block, when: {organisation.annual_revenue: {above: 8M EUR}}, message: No.}
"""


def test_a_rate_is_asked_for_with_both_currencies() -> None:
    """One that names the policy's own currency alone can't be looked up."""
    report = json.loads(call("evaluate", "-", *TODAY, "--format", "json", stdin=_RATES).out)
    found = {each["rule"]: each for each in report["verdicts"][0]["findings"]}
    cap = found["revenue-over-cap"]
    assert cap["missing"] == ["settings.exchange_rates.USD.CNY"]
    assert cap["record"].splitlines() == [
        "settings:",
        "  exchange_rates:",
        "    USD:",
        "      CNY: …",
        "      on: 2026-11-25",
    ]
    assert found["large-house"]["missing"] == ["settings.exchange_rates.USD.EUR"]


def test_a_rate_that_was_filled_in_settles_the_cap() -> None:
    """As it is printed, with a number in place of the gap."""
    filled = f"{_RATES}settings:\n  exchange_rates:\n    USD:\n      CNY: 7.1\n      on: 2026-11-25\n"
    report = json.loads(call("evaluate", "-", *TODAY, "--format", "json", stdin=filled).out)
    assert "revenue-over-cap" not in {each["rule"] for each in report["verdicts"][0]["findings"]}


def test_a_licensor_is_named_in_its_own_letters() -> None:
    """A name in Chinese is read, and copied, as it is written."""
    policy = "policy_version: 1\norganisation: {name: House AG}\nmodels: [360zhinao-7b]\n"
    out = call("evaluate", "-", *TODAY, "--format", "json", stdin=policy).out
    records = [each["record"] or "" for each in json.loads(out)["verdicts"][0]["findings"]]
    assert any('licensor: "三六零' in record for record in records)


def test_a_rate_is_answered_in_the_dialogue_with_a_number(tmp_path: Path) -> None:
    """The question names both currencies; the day is that of the answer."""
    policy = tmp_path / "org.yaml"
    policy.write_text(_RATES, encoding="utf-8")
    question = question_for("settings.exchange_rates.USD.CNY", read_file(policy), shipped.catalog())
    assert question.asks.startswith("How many CNY is one USD worth?")
    changed = answered(read_file(policy), question, shipped.catalog(), date(2026, 11, 25), "7.1")
    assert changed.data["settings"]["exchange_rates"] == {"USD": {"CNY": "7.1", "on": "2026-11-25"}}
    with pytest.raises(UsageError, match="in another currency"):
        answered(read_file(policy), question, shipped.catalog(), date(2026, 11, 25), "0.9 EUR")
