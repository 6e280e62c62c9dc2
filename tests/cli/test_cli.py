"""Exit codes, streams and options: what a shell and a pipeline see."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
from policycheck_cli.main import cli

from tests.cli.calling import BANK, POLICY, RULE, TODAY, WAIVER, call, command, environment, spawn

BLOCK, CONDITIONAL = POLICY + RULE % "block", POLICY + RULE % "conditional"


def judged(text: str, *arguments: str | Path) -> dict[str, Any]:
    """The JSON report on a policy, given on standard input."""
    done = call("evaluate", "-", *TODAY, "--format", "json", "--fail-on", "never", *arguments, stdin=text)
    assert done.code == 0, done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


# --- Exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (POLICY, "block", 0),
        (POLICY, "waived", 0),
        (CONDITIONAL, "block", 0),
        (CONDITIONAL, "conditional", 4),
        (CONDITIONAL, "waived", 4),
        (CONDITIONAL, "never", 0),
        (BLOCK, "block", 1),
        (BLOCK, "conditional", 1),
        (BLOCK, "waived", 1),
        (BLOCK, "never", 0),
        (BLOCK + WAIVER, "block", 0),
        (BLOCK + WAIVER, "conditional", 0),
        (BLOCK + WAIVER, "waived", 4),
        (BLOCK + WAIVER, "never", 0),
    ],
)
def test_the_exit_code_is_what_fail_on_asks_for(text: str, fail_on: str, code: int) -> None:
    """A pipeline tells no, sign-off needed and yes apart."""
    assert call("evaluate", "-", *TODAY, "--fail-on", fail_on, stdin=text).code == code


def test_block_is_what_fails_where_nothing_is_said() -> None:
    """The default of --fail-on."""
    assert call("evaluate", "-", *TODAY, stdin=BLOCK).code == 1
    assert call("evaluate", "-", *TODAY, stdin=CONDITIONAL).code == 0


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("evaluate", "-"), "policy_version: 2", "expected `1`, found `2`"),
        (("evaluate", "-"), "", "empty"),
        (("evaluate", "-"), b"\xff\xfe\xff", "<stdin>"),
        (("evaluate", "nowhere.yaml"), "", "no such file"),
        (("evaluate", "."), "", "a folder"),
        (("evaluate",), "", "ORG.yaml"),
        (("evaluate", "-", "--nonsense"), POLICY, "--nonsense"),
        (("evaluate", "-", "--format", "pdf"), POLICY, "pdf"),
        (("evaluate", "-", "--fail-on", "maybe"), POLICY, "maybe"),
        (("evaluate", "-", "--today", "25.11.2026"), POLICY, "2026-11-25"),
        (("evaluate", "-", "--today", "20261125"), POLICY, "2026-11-25"),
        (("evaluate", "-", "--today", "2026-02-30"), POLICY, "2026-11-25"),
        (("evaluate", "-", "--use", "nowhere"), POLICY, "it has `drafts`"),
        (("evaluate", "-", "--engine", "drools"), POLICY, "drools"),
        (("evaluate", "-", "--set", "organisation.mau"), POLICY, "KEY=VALUE"),
        (("evaluate", "-", "--set", "=1"), POLICY, "KEY=VALUE"),
        (("evaluate", "-", "--set", "models[7]=x"), POLICY, "not there"),
        (("evaluate", "-", "--set", "organisation.mau=lots"), POLICY, "found `lots`"),
        (("evaluate", "-", "--set", "organisation.sectr=games"), POLICY, "did you mean `sector`"),
        (("evaluate", "-", "--set", "organisation.mau=[1"), POLICY, "--set"),
        (("evaluate", "-", "--models-from", "nowhere.txt"), POLICY, "no such file"),
        (("explain", "-"), POLICY, "--model"),
        (("explain", "-", "--model", "house-model", "--use", "nowhere"), POLICY, "nowhere"),
        (("validate",), "", "ORG.yaml"),
        (("schema", "nothing"), "", "nothing"),
        (("catalog", "list", "things"), "", "things"),
        (("frobnicate",), "", "frobnicate"),
        ((), "", "Usage"),
    ],
)
def test_wrong_usage_and_bad_documents_end_with_2_and_write_nothing(
    arguments: tuple[str, ...], stdin: str | bytes, said: str
) -> None:
    """Nothing was evaluated, so standard output is empty."""
    done = call(*arguments, stdin=stdin)
    assert done.code == 2, done.err
    assert done.out == ""
    assert said in done.err


def test_every_problem_is_said_at_once() -> None:
    """In file order, then a count."""
    done = call("evaluate", "-", stdin="policy_version: 1\norganisation: {name: N, mao: 1}\nusers: {}\n")
    assert [line.split(": ")[0] for line in done.err.splitlines()[:-1]] == ["<stdin>:2:25", "<stdin>:3:1"]
    assert done.err.splitlines()[-1] == "2 problems; nothing was evaluated."


def test_a_report_that_cannot_be_written_ends_with_3(tmp_path: Path) -> None:
    """No verdict got to the reader."""
    for output in (tmp_path / "missing" / "report.txt", tmp_path):
        done = call("evaluate", "-", *TODAY, "--output", output, stdin=POLICY)
        assert done.code == 3
        assert done.out == ""
        assert "can't be written" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_ends_with_3() -> None:
    """Half a report is none."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command("evaluate", BANK), stdout=full, stderr=subprocess.PIPE, check=False, env=environment({})
        )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


@pytest.mark.parametrize("arguments", [("evaluate", BANK, "--all"), ("catalog", "list"), ("schema", "org")])
def test_a_reader_that_goes_away_is_no_verdict(arguments: tuple[str, ...]) -> None:
    """`policycheck evaluate … | head -1`; 1 would mean `block`."""
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment({}))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 3
    assert said == b""


def test_a_fault_of_ours_is_never_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, and no exit code that means yes or no."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("policycheck.evaluate.evaluate", broken)
    done = call("evaluate", "-", stdin=POLICY)
    assert done.code == 3
    assert done.out == ""
    assert "a fault of policycheck" in done.err


# --- What is judged ---------------------------------------------------------------------------------------------------


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
    text = POLICY.replace("models:\n  - {id: house-model, license: mit}", "models: []")
    done = call("evaluate", "-", *TODAY, "--format", form, stdin=text)
    assert done.code == 4
    assert "Nothing was judged" in done.out
    assert "no approval" in done.err
    assert call("evaluate", "-", "--fail-on", "never", stdin=text).code == 0


def test_models_come_from_a_file_too(tmp_path: Path) -> None:
    """One id a line; blank lines and comments are passed over, a byte-order mark is no part of a name."""
    listed = tmp_path / "models.txt"
    listed.write_text("\ufeffhouse-model\n\n# a comment\n  olmo-3.1  \nhouse-model\n", encoding="utf-8")
    names = [verdict["requested"] for verdict in judged(POLICY, "--models-from", listed)["verdicts"]]
    assert names == ["house-model", "olmo-3.1"]
    names = [v["requested"] for v in judged(POLICY, "--models-from", listed, "--model", "glm-4.7")["verdicts"]]
    assert names == ["glm-4.7", "house-model", "olmo-3.1"]


def test_a_file_of_no_models_is_no_approval(tmp_path: Path) -> None:
    """It does not stand for the whole catalog."""
    listed = tmp_path / "models.txt"
    listed.write_text("# none\n", encoding="utf-8")
    assert call("evaluate", "-", "--models-from", listed, stdin=POLICY).code == 4
    listed.write_bytes(b"\xff\xfe")
    done = call("evaluate", "-", "--models-from", listed, stdin=POLICY)
    assert done.code == 2
    assert "not UTF-8" in done.err


# --- Output -----------------------------------------------------------------------------------------------------------


def test_output_writes_the_file_and_nothing_else(tmp_path: Path) -> None:
    """The same bytes as standard output would get; no leftovers beside it."""
    output = tmp_path / "report.json"
    done = call("evaluate", "-", *TODAY, "--format", "json", "--output", output, stdin=BLOCK)
    assert (done.code, done.out) == (1, "")
    assert output.read_text(encoding="utf-8") == call("evaluate", "-", *TODAY, "--format", "json", stdin=BLOCK).out
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole or not at all."""
    output = tmp_path / "report.txt"
    output.write_text("old", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("policycheck_cli.writing.os.replace", refuse)
    assert call("evaluate", "-", "--output", output, stdin=POLICY).code == 3
    assert output.read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_report_may_be_read_by_whoever_may_read_files_here(tmp_path: Path) -> None:
    """A temporary file's own permissions would keep colleagues out; an old file's stay."""
    output = tmp_path / "report.txt"
    mask = os.umask(0o022)
    try:
        call("evaluate", "-", "--output", output, stdin=POLICY)
        assert output.stat().st_mode & 0o777 == 0o644
        output.chmod(0o600)
        call("evaluate", "-", "--output", output, stdin=POLICY)
        assert output.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(mask)


@pytest.mark.skipif(os.name == "nt", reason="devices of POSIX")
def test_a_device_is_written_to_and_not_replaced() -> None:
    """`--output /dev/null` as root must leave /dev/null a device."""
    assert call("evaluate", "-", "--output", "/dev/null", stdin=POLICY).code == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_same_inputs_give_the_same_bytes(form: str) -> None:
    """Also where Python orders its sets in another way."""
    arguments = ("evaluate", BANK, *TODAY, "--all", "--format", form)
    first = spawn(*arguments, PYTHONHASHSEED="1")
    assert first.code == 1
    assert spawn(*arguments, PYTHONHASHSEED="2") == first
    assert call(*arguments).out == first.out


def test_another_encoding_of_the_terminal_changes_nothing() -> None:
    """Reports are UTF-8 everywhere, a pipe on Windows included."""
    for arguments in (("evaluate", BANK, *TODAY), ("catalog", "show", "llama-4-community"), ("catalog", "list")):
        odd = spawn(*arguments, PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
        assert odd == spawn(*arguments)


# --- Help and completion ----------------------------------------------------------------------------------------------


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command, as the words that call it."""
    found: list[tuple[str, ...]] = [path]
    for name, each in group.commands.items():
        found += commands(each, (*path, name)) if isinstance(each, click.Group) else [(*path, name)]
    return found


@pytest.mark.parametrize("words", commands(cli), ids=" ".join)
def test_the_help_of_a_command_has_an_example(words: tuple[str, ...]) -> None:
    """And the example is of that command."""
    done = call(*words, "--help")
    assert done.code == 0
    assert done.err == ""
    assert "Example" in done.out
    assert f"  policycheck {' '.join(words)}".rstrip() in done.out.partition("Example")[2]
    assert call(*words, "-h") == done


def test_the_version_is_printed() -> None:
    """It stands in every report too."""
    done = call("--version")
    assert done.code == 0
    assert done.out.startswith("policycheck, version ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_prints_a_script(shell: str) -> None:
    """As the help says."""
    done = spawn(_POLICYCHECK_COMPLETE=f"{shell}_source")
    assert "_POLICYCHECK_COMPLETE" in done.out


# --- validate and schema ----------------------------------------------------------------------------------------------


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


# --- The engines ------------------------------------------------------------------------------------------------------


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


def test_a_table_that_is_cut_says_how_many_more_there_are() -> None:
    """Else a reader takes the rows that are shown for all."""
    several = ", ".join(f"{{id: house-{n}, license: mit}}" for n in range(9))
    policy = POLICY.replace("  - {id: house-model, license: mit}", f"  [{several}]")
    out = call("evaluate", "-", *TODAY, stdin=policy).out
    assert "These are 3 of 9 verdicts; --all shows the other 6." in out
    assert "These are" not in call("evaluate", "-", *TODAY, "--all", stdin=policy).out


def test_evidence_that_is_too_weak_is_said_once() -> None:
    """The pack and the setting ask for the same."""
    policy = POLICY.replace("{id: house-model, license: mit}", "bloom") + "settings: {minimum_evidence: verified}\n"
    done = call("evaluate", "-", *TODAY, "--format", "json", stdin=f"{policy}extends: [strict-evidence]\n")
    findings = json.loads(done.out)["verdicts"][0]["findings"]
    weighing = {each["rule"] for each in findings if each["outcome"] != "note"}
    assert "license-not-verified" in weighing
    assert "license-text-not-read" not in weighing
