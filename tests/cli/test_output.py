"""Where the report goes, whole, and in the same bytes everywhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.cli.calling import BANK, POLICY, RULE, TODAY, call, spawn

BLOCK = POLICY + RULE % "block"


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    """`--output org.yaml`, by a slip or a completed name, must not cost the policy."""
    policy, link = tmp_path / "org.yaml", tmp_path / "link.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    link.hardlink_to(policy)
    for arguments in (("evaluate", policy), ("headroom", policy), ("diff", BANK, policy), ("test", policy)):
        for output in (policy, link):
            done = call(*arguments, "--output", output)
            assert (done.code, done.out) == (2, "")
            assert "is read and would be lost" in done.err
    assert policy.read_text(encoding="utf-8") == POLICY


def test_a_minus_is_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is standard input where a file is read; no file of that name is made."""
    monkeypatch.chdir(tmp_path)
    plain = call("evaluate", BANK, *TODAY)
    assert call("evaluate", BANK, *TODAY, "--output", "-") == plain
    begun = call("init", "--template", "bank", "--output", "-")
    assert begun.code == 0
    assert begun.out.startswith("# yaml-language-server")
    answers = "template: bank\nanswers: {organisation.name: House AG}\n"
    assert "name: House AG" in call("init", "--answers", "-", "--output", "-", stdin=answers).out
    assert list(tmp_path.iterdir()) == []


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


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_what_nobody_read_names_the_license_and_the_next_step(form: str) -> None:
    """The sentence stands for many findings, so it has to say what they say."""
    out = call("evaluate", "-", *TODAY, "--model", "yi-lightning-2", "--format", form, stdin=POLICY).out
    said = " ".join(out.replace("\\", "").split())
    assert re.search(r"nobody has read what `yi-license` says on .* rules hang on it\. (- )?Next: The catalog", said)
