"""`policycheck test`: what a case that fails shows, what `--update` writes, and that no mistake passes for a pass."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.documents import read_file
from policycheck.schema import schema

from tests.cli.calling import POLICY, ROOT, RULE, call, command, environment

CASES = """# Ours.
policy: org.yaml
today: 2026-11-25
model: house-model
cases:
  - case: our-own-model-is-blocked   # by us
    why: Decided by the board.
    verdict: block
    rules:
      # the one that matters
      - house-rule   # ours
      - mau-over-cap
  - case: elsewhere-it-is-not
    set: {uses.drafts.deployment: on-device, uses.drafts.distribution: product}
    verdict: conditional
    not_rules: [house-rule]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy whose one rule blocks, and two cases, of which the first fails."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org.yaml").write_text(POLICY + RULE % "block", encoding="utf-8")
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def passing(folder: Path) -> None:
    (folder / "cases.yaml").write_text(CASES.replace("      - mau-over-cap\n", ""), encoding="utf-8")


def report(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("test", ".", "--format", "json", *arguments).out)
    return found


def test_cases_that_pass_end_with_0_and_one_that_fails_with_1(folder: Path) -> None:
    """A pipeline tells them apart."""
    assert call("test", ".").code == 1
    passing(folder)
    done = call("test", ".")
    assert done.code == 0
    assert done.out.startswith("2 cases: 2 passed, 0 failed.\nPassed over: org.yaml (a policy)\n")


def test_a_failed_case_shows_what_differs_why_it_is_expected_and_what_weighs(folder: Path) -> None:
    """With its place, so that an editor jumps to it."""
    said = call("test", "cases.yaml").out
    assert said.startswith("cases.yaml:6:5: our-own-model-is-blocked\n  house-model for drafts, 2026-11-25\n")
    assert "\n  rules: `mau-over-cap` should weigh and does not apply\n" in said
    assert "\n  why it is expected: Decided by the board.\n" in said
    assert "\n    block house-rule: No.\n" in said
    assert max(len(line) for line in said.splitlines()) <= 80


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            "waivers:\n  - {rule: house-rule, model: house-model, reason: R, approved_by: B, approved_on: 2026-10-01,\n"
            "     expires: 2027-01-01}\n",
            "is answered under `waivers`",
        ),
        ("  - {id: other, outcome: note, overrides: [house-rule], when: {use.name: drafts}, message: M.}\n", "`other`"),
    ],
    ids=["a waiver", "an exception"],
)
def test_a_rule_that_was_answered_is_said_to_be(more: str, said: str, folder: Path) -> None:
    """It applies, and yet it weighs nothing: that is another thing than not applying."""
    (folder / "org.yaml").write_text(POLICY + RULE % "block" + more, encoding="utf-8")
    assert f"rules: `house-rule` should weigh and {said}" in " ".join(call("test", ".").out.split()).replace(
        "is taken away by ", ""
    )


def test_the_json_has_the_shape_of_the_contract(folder: Path) -> None:
    """Names, places, what was wanted and what was got, and the coverage."""
    found = report()
    Draft202012Validator(schema("test")).validate(found)
    first, second = found["cases"]
    assert (first["name"], first["file"], first["line"]) == ("our-own-model-is-blocked", "cases.yaml", 6)
    assert (first["passed"], second["passed"]) == (False, True)
    wanted = {"verdict": "block", "rules": ["house-rule", "mau-over-cap"], "not_rules": [], "cites": []}
    assert first["wanted"] == wanted
    assert first["got"] == {"verdict": "block", "rules": ["house-rule"], "cites": []}
    assert "house-rule" in found["coverage"]["fired"]
    assert "mau-over-cap" in found["coverage"]["never_fired"]
    assert not set(found["coverage"]["fired"]) & set(found["coverage"]["never_fired"])


def test_a_rule_of_ones_own_that_never_fires_is_named_first(folder: Path) -> None:
    """Nobody has tried it."""
    passing(folder)
    idle = "  - {id: never-tried, outcome: note, when: {use.deployment: third-party-product}, message: M.}\n"
    (folder / "org.yaml").write_text(POLICY + RULE % "block" + idle, encoding="utf-8")
    lines = call("test", ".").out.splitlines()
    assert lines[4] == "  never fired, your own: never-tried"


def test_junit_has_a_suite_for_each_file_and_says_why_a_case_failed(folder: Path) -> None:
    """CI systems show these lines."""
    (folder / "more.yaml").write_text(CASES.replace("Ours", "More"), encoding="utf-8")
    whole = ET.fromstring(call("test", ".", "--format", "junit").out)
    assert [suite.attrib["name"] for suite in whole] == ["cases.yaml", "more.yaml"]
    assert (whole.attrib["tests"], whole.attrib["failures"]) == ("4", "2")
    failure = whole.find("testsuite/testcase/failure")
    assert failure is not None
    assert "block house-rule: No." in (failure.text or "")


def test_update_shows_what_would_change_and_writes_nothing_without_a_yes(folder: Path) -> None:
    """In a pipe there is nobody to ask."""
    done = call("test", ".", "--update")
    assert done.code == 1
    assert "-      - mau-over-cap" in done.err
    assert "Nothing was written." in done.err
    assert (folder / "cases.yaml").read_text(encoding="utf-8") == CASES


def test_update_changes_the_expected_lines_and_keeps_all_others(folder: Path) -> None:
    """Remarks on the lines that stay, stay."""
    done = call("test", ".", "--update", "--yes")
    assert done.code == 0
    assert (folder / "cases.yaml").read_text("utf-8") == CASES.replace("      - mau-over-cap\n", "")
    assert call("test", ".").code == 0


def test_update_says_where_a_case_would_expect_a_milder_verdict(folder: Path) -> None:
    """A policy that lost a rule by mistake must not update its own proof in silence."""
    (folder / "org.yaml").write_text(POLICY + RULE % "note", encoding="utf-8")
    done = call("test", ".", "--update", "--yes")
    assert "1 case would expect a milder verdict than now." in done.err
    assert "verdict: allow" in (folder / "cases.yaml").read_text(encoding="utf-8")
    assert call("test", ".").code == 0


@pytest.mark.parametrize(
    ("answer", "written"), [(b"y\n", True), (b"n\n", False), (b"\n", False)], ids=["y", "n", "Enter"]
)
def test_update_asks_in_a_terminal(answer: bytes, written: bool, folder: Path) -> None:
    """Enter is no."""
    pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminal")
    main, other = pty.openpty()
    os.write(main, answer)
    words = command("test", ".", "--update")
    done = subprocess.run(words, stdin=other, capture_output=True, check=False, env=environment({}))
    os.close(main)
    os.close(other)
    assert done.returncode == (0 if written else 1), done.stderr
    assert ((folder / "cases.yaml").read_text(encoding="utf-8") != CASES) is written


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere",), "nowhere: there is no such file"),
        (("empty",), "no case file is at `empty`"),
        (("org.yaml",), "no case file is at `org.yaml`"),
        ((), "DIR"),
        ((".", "--format", "sarif"), "sarif"),
    ],
    ids=str,
)
def test_no_case_at_all_is_no_pass(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    """A folder that was moved would be green for ever."""
    (folder / "empty").mkdir()
    done = call("test", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_bad_file_among_good_ones_stops_all(folder: Path) -> None:
    """Every problem of every file, and nothing was judged."""
    (folder / "bad.yaml").write_text("cases:\n  - {case: a, verdict: alow}\n  - {case: B, verdict: block}\n", "utf-8")
    (folder / "worse.yml").write_text("cases: [\n", "utf-8")
    done = call("test", ".")
    assert (done.code, done.out) == (2, "")
    (folder / "worse.yml").unlink()
    done = call("test", ".")
    assert (done.code, done.out) == (2, "")
    assert [line.split(":")[1] for line in done.err.splitlines()[:-1]] == ["2", "3"]


def test_a_case_without_a_day_is_judged_today_and_one_with_a_day_on_that(folder: Path) -> None:
    """`--today` speaks for those that name none."""
    law = "{id: new, outcome: block, when: {use.name: drafts}, message: M., law: {status: in-force, from: 2027-01-01}}"
    (folder / "org.yaml").write_text(POLICY + "rules: [" + law + "]\n", encoding="utf-8")
    text = "policy: org.yaml\nmodel: house-model\ncases:\n  - {case: a, verdict: allow%s}\n"
    (folder / "cases.yaml").write_text(text % "", encoding="utf-8")
    assert call("test", "cases.yaml", "--today", "2026-12-31").code == 0
    assert call("test", "cases.yaml", "--today", "2027-01-01").code == 1
    (folder / "cases.yaml").write_text(text % ", today: 2026-12-31", encoding="utf-8")
    assert call("test", "cases.yaml", "--today", "2027-01-01").code == 0


def test_a_model_that_nobody_knows_may_be_expected_as_such(folder: Path) -> None:
    """An author proves that the unknown is no pass."""
    text = "policy: org.yaml\nmodel: nobody-knows-this\ncases:\n  - {case: a, verdict: block, rules: [model-unknown]}\n"
    (folder / "cases.yaml").write_text(text, encoding="utf-8")
    assert call("test", "cases.yaml").code == 0


def test_a_policy_without_uses_may_have_its_one_use_filled_in(folder: Path) -> None:
    """It is called `default`; a use of another name would be another one, which the case does not judge."""
    (folder / "org.yaml").write_text("policy_version: 1\norganisation: {name: N}\n", encoding="utf-8")
    text = (
        "policy: org.yaml\nmodel: olmo-3.1\ncases:\n  - {case: a, verdict: %s, set: {uses.%s.distribution: internal}}\n"
    )
    (folder / "cases.yaml").write_text(text % ("conditional", "default"), encoding="utf-8")
    assert call("test", "cases.yaml", "--update", "--yes").code == 0
    assert call("test", "cases.yaml").code == 0
    (folder / "cases.yaml").write_text(text % ("conditional", "defualt"), encoding="utf-8")
    done = call("test", "cases.yaml")
    assert done.code == 2
    assert "no use called `defualt`; did you mean `default`?" in done.err


def test_the_projects_own_cases_run_by_the_same_command() -> None:
    """One form for both."""
    done = call("test", ROOT / "fixtures" / "cases" / "falcon-dbrx.yaml")
    assert done.code == 0, done.out


@pytest.mark.parametrize("name", ["case", "answers", "test"])
def test_the_printed_schema_is_one(name: str) -> None:
    """JSON Schema 2020-12, with every part described for an editor."""
    whole = json.loads(call("schema", name).out)
    Draft202012Validator.check_schema(whole)
    for properties in [whole["properties"], *(d.get("properties", {}) for d in whole.get("$defs", {}).values())]:
        assert all("description" in part or "$ref" in part for part in properties.values())


def test_every_case_file_of_the_project_fits_the_printed_schema() -> None:
    """The editor and the command must not contradict each other."""
    whole = schema("case", shipped.catalog().vocabulary, hover=True)
    validator = Draft202012Validator(whole)
    for path in sorted((ROOT / "fixtures" / "cases").glob("*.yaml")):
        assert list(validator.iter_errors(read_file(path).data)) == []
