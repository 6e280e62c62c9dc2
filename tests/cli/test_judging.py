"""What is judged: the models, uses, day and engine that a command line names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import BANK, POLICY, RULE, TODAY, WAIVER, call

BLOCK = POLICY + RULE % "block"


def judged(text: str, *arguments: str | Path) -> dict[str, Any]:
    """The JSON report on a policy, given on standard input."""
    done = call("evaluate", "-", *TODAY, "--format", "json", "--fail-on", "never", *arguments, stdin=text)
    assert done.code == 0, done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def test_standard_input_is_named_in_what_is_said() -> None:
    """`-` reads it."""
    assert judged(POLICY)["policy"]["path"] == "<stdin>"


def test_a_file_and_standard_input_give_the_same_verdicts(tmp_path: Path) -> None:
    """Only the name differs."""
    path = tmp_path / "org.yaml"
    path.write_text(BLOCK, encoding="utf-8")
    done = call("evaluate", path, *TODAY, "--format", "json")
    one, other = json.loads(done.out.replace(path.as_posix(), "<stdin>")), judged(BLOCK)
    assert one == other


def test_set_changes_a_key_and_the_digest() -> None:
    """The report tells a changed policy from the file."""
    plain, changed = judged(POLICY), judged(POLICY, "--set", "uses.drafts.deployment=on-device", "--set", "models=[]")
    assert changed["verdicts"] == []
    assert plain["policy"]["sha256"] != changed["policy"]["sha256"]


def test_set_wins_over_what_is_written() -> None:
    """A later --set over an earlier one, too."""
    text = POLICY + RULE % "block"
    assert judged(text)["summary"]["block"] == 1
    assert judged(text, "--set", "uses.drafts.deployment=on-device")["summary"]["block"] == 0
    again = ("--set", "uses.drafts.deployment=on-device", "--set", "uses.drafts.deployment=self-hosted")
    assert judged(text, *again)["summary"]["block"] == 1


def test_today_is_the_day_of_the_verdict() -> None:
    """The clock is asked only where nothing is said."""
    text = BLOCK + WAIVER
    report = json.loads(call("evaluate", "-", "--format", "json", "--today", "2026-12-31", stdin=text).out)
    assert (report["evaluated_on"], report["summary"]["block"]) == ("2026-12-31", 0)
    report = json.loads(call("evaluate", "-", "--format", "json", "--today", "2027-01-02", stdin=text).out)
    assert (report["evaluated_on"], report["summary"]["block"]) == ("2027-01-02", 1)


def test_a_model_that_no_catalog_knows_is_never_allowed() -> None:
    """What nobody has read is no permission."""
    (verdict,) = judged(POLICY, "--model", "nobody-knows-this")["verdicts"]
    assert verdict["verdict"] == "conditional"
    assert "model-unknown" in [finding["rule"] for finding in verdict["findings"]]


def test_model_and_use_narrow_what_is_judged() -> None:
    """Repeatable; twice the same is once; a model of the policy keeps what the policy says of it."""
    text = POLICY.replace("models:\n", "  other: {}\nmodels:\n  - olmo-3.1\n")
    assert len(judged(text)["verdicts"]) == 4
    named = ("--model", "house-model", "--model", "house-model", "--use", "drafts")
    (verdict,) = judged(text, *named)["verdicts"]
    assert (verdict["model"], verdict["use"], verdict["license"]) == ("house-model", "drafts", "mit")
    assert len(judged(text, "--use", "drafts", "--use", "other")["verdicts"]) == 4


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_no_model_is_no_approval(form: str) -> None:
    """`models: []` is said, and no exit code of a yes."""
    text = POLICY.replace("models:\n  - {id: house-model, license: mit, based_on: []}", "models: []")
    done = call("evaluate", "-", *TODAY, "--format", form, stdin=text)
    assert done.code == 4
    assert "Nothing was judged" in done.out
    assert "no approval" in done.err
    assert call("evaluate", "-", "--fail-on", "never", stdin=text).code == 0


def test_models_come_from_a_file_too(tmp_path: Path) -> None:
    """One id a line; blank lines and comments are passed over, a byte-order mark is no part of a name."""
    listed = tmp_path / "models.txt"
    written = "\ufeffhouse-model\n\n# a comment\n  olmo-3.1  # the text one\nhouse-model\n"
    listed.write_text(written, encoding="utf-8")
    names = [verdict["requested"] for verdict in judged(POLICY, "--models-from", listed)["verdicts"]]
    assert names == ["house-model", "olmo-3.1"]
    names = [v["requested"] for v in judged(POLICY, "--models-from", listed, "--model", "glm-4.7")["verdicts"]]
    assert names == ["glm-4.7", "house-model", "olmo-3.1"]


def test_models_and_old_reports_come_from_standard_input_too(tmp_path: Path) -> None:
    """What another program prints need not be kept as a file."""
    policy = tmp_path / "org.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    report = call("evaluate", policy, "--models-from", "-", "--format", "json", stdin="olmo-3.1\n").out
    assert [verdict["requested"] for verdict in json.loads(report)["verdicts"]] == ["olmo-3.1"]
    assert call("recheck", "-", "--policy", policy, stdin=report).code == 0


def test_a_file_of_no_models_is_no_approval(tmp_path: Path) -> None:
    """It does not stand for the whole catalog."""
    listed = tmp_path / "models.txt"
    listed.write_text("# none\n", encoding="utf-8")
    assert call("evaluate", "-", "--models-from", listed, stdin=POLICY).code == 4
    listed.write_bytes(b"\xff\xfe")
    done = call("evaluate", "-", "--models-from", listed, stdin=POLICY)
    assert done.code == 2
    assert "not UTF-8" in done.err


def test_both_engines_give_the_same_report() -> None:
    """But for the engine's name."""
    from policycheck.ruleset import engine_names

    if len(engine_names()) < 2:
        pytest.skip("one engine is installed")
    reports = []
    for engine in engine_names():
        done = call("evaluate", BANK, *TODAY, "--format", "json", "--engine", engine)
        report = json.loads(done.out)
        assert report["tool"].pop("engine").startswith(engine)
        reports.append((done.code, report))
    assert reports[0] == reports[1]


@pytest.mark.parametrize(("name", "said"), [("draft", "did you mean `drafts`?"), ("x", "there are `drafts`")])
def test_set_makes_no_use_out_of_a_misspelt_name(name: str, said: str) -> None:
    """It would be judged beside the one that was meant, and leave that as it is."""
    done = call("evaluate", "-", "--set", f"uses.{name}.outputs=public", stdin=POLICY)
    assert (done.code, done.out) == (2, "")
    assert f"the policy has no use called `{name}`" in done.err
    assert said in done.err
    assert call("evaluate", "-", "--set", "uses.drafts.outputs=public", *TODAY, stdin=POLICY).code == 0


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("organisation.mau=", "`organisation.mau` has no value"),
        ("organisation.affiliates[=A", "write KEY=VALUE"),
        ("organisation..mau=1M", "write KEY=VALUE"),
        ("organisation.affiliates[0].mau=1M", "`organisation.affiliates` is empty, so that there is no entry 0"),
        ("organisation.affiliates.name=A", "is a list; name an entry of it"),
        ("organisation.affiliates[+].name=A", "write it as `organisation.affiliates[+]={name: …}`"),
        ("uses.drafts.trains_other_models.kind=llm", "as `uses.drafts.trains_other_models={kind: …}`"),
        ("organisation.mau[+]={month: 2026-10, value: 1M}", "as `organisation.mau=[…]`"),
        ("organisation[0]=1", "`organisation` is no list"),
        ("waivers[0].rule=x", "`waivers[+]` begins it"),
        ("organisation.mau=12 Mio", "write `12M` (from `--set organisation.mau=12 Mio`)"),
        ("use.outputs=public", "not both (from `--set use.outputs=public`)"),
    ],
)
def test_what_cannot_be_set_says_what_can(setting: str, said: str) -> None:
    """With the setting named: the file says something else in that line."""
    done = call("evaluate", "-", "--set", setting, *TODAY, stdin=POLICY)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_table_that_is_cut_says_how_many_more_there_are() -> None:
    """Else a reader takes the rows that are shown for all."""
    several = ", ".join(f"{{id: house-{n}, license: mit}}" for n in range(9))
    policy = POLICY.replace("  - {id: house-model, license: mit, based_on: []}", f"  [{several}]")
    out = call("evaluate", "-", *TODAY, stdin=policy).out
    assert "These are 3 of 9 verdicts; --all shows the other 6." in out
    assert "These are" not in call("evaluate", "-", *TODAY, "--all", stdin=policy).out


def test_evidence_that_is_too_weak_is_said_once() -> None:
    """The pack and the setting ask for the same."""
    policy = (
        POLICY.replace("{id: house-model, license: mit, based_on: []}", "bloom")
        + "settings: {minimum_evidence: verified}\n"
    )
    done = call("evaluate", "-", *TODAY, "--format", "json", stdin=f"{policy}extends: [strict-evidence]\n")
    findings = json.loads(done.out)["verdicts"][0]["findings"]
    weighing = {each["rule"] for each in findings if each["outcome"] != "note"}
    assert "license-not-verified" in weighing
    assert "license-text-not-read" not in weighing
