"""Exit codes: what a pipeline sees, and what is never an answer."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.calling import BANK, POLICY, RULE, TODAY, WAIVER, call, command, environment

BLOCK, CONDITIONAL = POLICY + RULE % "block", POLICY + RULE % "conditional"


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
        (("evaluate", ""), "", "the path is empty"),
        (("validate", ""), "", "the path is empty"),
        (("evaluate", "-", "--output", ""), POLICY, "the path is empty"),
        (("evaluate", "-", "--models-from", ""), POLICY, "the path is empty"),
        (("evaluate", "-", "--models-from", "."), POLICY, "give the path of a file with one model id a line"),
        (("init", "--template", ""), "", "no template"),
        (("catalog", "search", ""), "", "the text is empty"),
        (("catalog", "import", "nowhere", ".", "--output", "x"), "", "nowhere: there is no such file\n2 problems"),
        (("catalog", "import", "nowhere", "--output", "-"), "", "an overlay is a database"),
        (("init", "--template", "bank", "--use", "x"), "", "--use belongs to --ask"),
        (("init", "--template", "bank", "--model", "x"), "", "nothing is asked"),
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
        (("evaluate", "-", "--set", "models[7]=x"), POLICY, "there is no entry 7"),
        (("evaluate", "-", "--set", "organisation.mau=lots"), POLICY, "found `lots`"),
        (("evaluate", "-", "--set", "organisation.sectr=games"), POLICY, "did you mean `sector`"),
        (("evaluate", "-", "--set", "organisation.mau=[1"), POLICY, "--set"),
        (("evaluate", "-", "--models-from", "nowhere.txt"), POLICY, "no such file"),
        (("evaluate", "-", "--models-from", "-"), POLICY, "read once only"),
        (("evaluate", "-", "--model", ""), POLICY, "the name is empty"),
        (("explain", "-", "--model", " "), POLICY, "the name is empty"),
        (("recheck", "-", "--policy", "-"), POLICY, "read once only"),
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
