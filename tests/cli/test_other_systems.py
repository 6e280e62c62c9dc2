"""What Windows and odd terminals do otherwise, as far as it can be shown here: the same bytes, and no traceback."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from policycheck.packs import leads_out
from policycheck_cli import writing
from policycheck_cli.main import main

from tests.cli.calling import BANK, POLICY, TODAY, call, command, environment, spawn

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and shells of POSIX")
SAID = [
    ("evaluate", BANK, *TODAY),
    ("explain", BANK, "--model", "llama-4-maverick", *TODAY),
    ("headroom", BANK, *TODAY),
    ("lint", BANK, *TODAY),
    ("diff", BANK, BANK, *TODAY),
    ("validate", "nowhere-ü.yaml"),
    ("catalog", "list"),
    ("catalog", "show", "llama-4-community"),
    ("catalog", "resolve", "Apache 2.0"),
    ("schema", "org"),
    ("evaluate", "--help"),
]


@pytest.mark.parametrize("arguments", SAID, ids=lambda words: " ".join(map(str, words[:2])))
def test_the_encoding_and_line_ends_of_the_system_change_no_byte(
    arguments: tuple[str | Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that is redirected on Windows has the bytes of one that is redirected here."""
    monkeypatch.setenv("COLUMNS", "80")
    plain = call(*arguments)
    odd = {name: io.TextIOWrapper(io.BytesIO(), "cp1252", newline="\r\n") for name in ("stdout", "stderr")}
    with patch.multiple(sys, argv=["policycheck", *map(str, arguments)], **odd), pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == plain.code
    for name, said in (("stdout", plain.out), ("stderr", plain.err)):
        odd[name].flush()
        raw = odd[name].buffer.getvalue()  # type: ignore[attr-defined]  # it is the BytesIO above
        assert raw == said.encode()
        assert b"\r" not in raw


@pytest.mark.parametrize(
    "more",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["cp1252", "C"],
)
def test_answers_from_a_pipe_are_utf8_whatever_the_system_takes(more: dict[str, str], tmp_path: Path) -> None:
    """A name with an umlaut gets into the file as it was meant."""
    answers = "start-up\nMüller & Söhne\nsuche\n\n\n\nq\n".encode()
    spawn("init", "--output", tmp_path / "org.yaml", *TODAY, stdin=answers, **more)
    assert "Müller & Söhne" in (tmp_path / "org.yaml").read_text(encoding="utf-8")
    done = spawn("init", "--output", tmp_path / "b.yaml", *TODAY, stdin=b"start-up\nM\xfcller\nq\n", **more)
    assert "characters that can't be seen" in done.err
    assert not (tmp_path / "b.yaml").exists()


def test_a_reader_that_went_away_is_told_apart_on_windows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """There a closed pipe is an `invalid argument`; elsewhere that is a fault."""

    def gone(*_: object) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    for module in ("evaluate", "lint"):
        monkeypatch.setattr(f"policycheck_cli.{module}.write", gone)
    for windows, said in ((True, False), (False, True)):
        monkeypatch.setattr(writing, "_WINDOWS", windows)
        for verb in ("evaluate", "lint"):
            done = call(verb, "-", *TODAY, stdin=POLICY)
            assert (done.code, bool(done.err)) == (3, said)


@pytest.mark.parametrize(
    ("console", "coloured"), [("asked", True), ("old", False), (None, False)], ids=["new", "old", "no colorama"]
)
def test_the_console_of_windows_gets_colours_only_where_it_shows_them(
    console: str | None, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a reader sees the codes."""

    def fix() -> None:
        if console == "old":
            monkeypatch.setattr(sys, "stdout", SimpleNamespace())

    monkeypatch.setattr(writing, "_WINDOWS", True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setitem(sys.modules, "colorama", SimpleNamespace(just_fix_windows_console=fix) if console else None)
    terminal = SimpleNamespace(isatty=lambda: True)
    with patch.object(sys, "stdout", terminal):
        assert writing.colourful(None) == coloured
        assert sys.stdout is terminal


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("rules.yaml", False),
        ("sub/rules.yaml", False),
        ("sub\\rules.yaml", False),
        ("../rules.yaml", True),
        ("..\\rules.yaml", True),
        ("/etc/rules.yaml", True),
        ("\\rules.yaml", True),
        ("C:\\rules.yaml", True),
        ("C:rules.yaml", True),
        ("\\\\host\\share\\rules.yaml", True),
    ],
)
def test_a_pack_lies_beside_its_policy_in_the_spelling_of_any_system(name: str, out: bool) -> None:
    """A policy that somebody sends must not make Windows read, or `diff --git` write, elsewhere."""
    assert leads_out(name) == out
    done = call("validate", "-", stdin=f"{POLICY}extends: ['{name}']\n")
    assert ("leads out of this folder" in done.err) == out


def test_a_file_below_a_folder_is_found_in_git_by_its_path_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git knows `/` only."""
    from contextlib import ExitStack

    from policycheck_cli.revisions import at_revision

    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "org.yaml").write_text(POLICY, encoding="utf-8")
    git = ("git", "-c", "user.name=T", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "One")):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("policycheck_cli.revisions.os.sep", "\\")
    with ExitStack() as stack:
        assert at_revision("HEAD", "sub\\org.yaml", stack).raw == POLICY.encode()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="shows which files are open")
def test_no_file_is_open_when_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows moves no open file, so that nothing could be imported there."""
    replace, seen = os.replace, list[str]()

    def watched(source: str, target: Path) -> None:
        opened = [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]
        seen.extend(each for each in opened if each == os.path.realpath(source))
        replace(source, target)

    monkeypatch.setattr("policycheck_cli.writing.os.replace", watched)
    (tmp_path / "hub.jsonl").write_text('{"id": "org/m", "tags": ["license:mit"]}\n', encoding="utf-8")
    done = call("catalog", "import", tmp_path / "hub.jsonl", "--output", tmp_path / "hub.overlay")
    assert done.code == 0, done.err
    report = tmp_path / "report.jsonl"
    call("evaluate", "-", "--format", "jsonl", "--output", report, *TODAY, stdin=POLICY)
    call("evaluate", "-", "--output", report, *TODAY, stdin=POLICY)
    assert seen == []


@POSIX
@pytest.mark.parametrize("closed", ["1", "2", "0"])
def test_a_closed_stream_is_no_traceback(closed: str, tmp_path: Path) -> None:
    """A report that nobody gets is none; one that goes to a file needs no standard output."""
    policy = tmp_path / "org.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    shell = ["sh", "-c", f'exec "$@" {closed}>&-', "sh"]
    run = {"capture_output": True, "check": False, "env": environment({})}
    done = subprocess.run([*shell, *command("evaluate", policy, *TODAY)], **run)  # type: ignore[call-overload]
    assert done.returncode == (3 if closed == "1" else 0)
    assert b"Traceback" not in done.stderr
    assert closed != "1" or b"standard output is closed" in done.stderr
    done = subprocess.run([*shell, *command("validate", policy)], **run)  # type: ignore[call-overload]
    assert done.returncode == (3 if closed == "1" else 0)
    output = ("--output", tmp_path / "report.txt")
    done = subprocess.run([*shell, *command("evaluate", policy, *output)], **run)  # type: ignore[call-overload]
    assert done.returncode == 0
    assert (tmp_path / "report.txt").exists()


@pytest.mark.parametrize("verb", ["evaluate", "lint"])
def test_whoever_stops_a_command_gets_no_verdict(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C: a word, no traceback, and an exit code that is no answer."""

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policycheck_cli.inquiry.read_policy", stopped)
    done = call(verb, "-", stdin=POLICY)
    assert (done.code, done.out, done.err.strip()) == (3, "", "Stopped.")


@POSIX
def test_a_signal_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    """Of a long run; the file that was there stays."""
    from tests.hub.test_import import imported

    imported(tmp_path, *({"id": f"org/m{n}", "tags": ["license:mit"]} for n in range(30_000)))
    report = tmp_path / "report.jsonl"
    report.write_text("old", encoding="utf-8")
    more = ("--catalog", tmp_path / "hub.overlay", "--every-model", "--format", "jsonl", "--output", report)
    process = subprocess.Popen(command("evaluate", BANK, *more), stderr=subprocess.PIPE, env=environment({}))
    while not list(tmp_path.glob(".report*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert (process.returncode, said.strip()) == (3, b"Stopped.")
    assert report.read_text(encoding="utf-8") == "old"
    assert not list(tmp_path.glob(".report*"))
