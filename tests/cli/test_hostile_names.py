"""Names of any length and kind: the terminal is not written to by them, and no table breaks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.calling import BANK, EXAMPLES, POLICY, RULE, TODAY, WAIVER, call, command, environment

LONG = "averylongnamewithoutanyhyphenthatgoesonandonandon" * 3
WIDE = "漢字" * 45
HOSTILE = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "line\nbreak",
    "carriage\rreturn",
    "tab\tstop",
    "\x9b31m",
    "\u202egnirts",
    "zero\u200bwidth",
    "\u2028separator",
    "a|b",
    "`|`",
    "a`|`b|",
    "<script>alert(1)</script>",
    "[link](javascript:x)",
    "![image](https://x.example)",
    "**bold** _it_ ~~gone~~ # head",
    "\\|",
    "[red]markup[/red] :smile:",
    "{use.name} {0} %s",
    "::error file=x::boo",
    "##[add-mask]a ##vso[task.complete]",
]


def controls(text: str) -> list[str]:
    """Characters that move the cursor, turn the direction or are drawn as nothing."""
    return [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


def commands(text: str) -> list[str]:
    """Lines that the runner of a pipeline obeys."""
    return [line for line in text.splitlines() if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]


def copied(line: str) -> bool:
    """Whether a line belongs to the YAML that is meant to be copied, which is not folded."""
    return line.startswith("      ")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_line_of_an_examples_report_is_wider_than_80_columns(path: Path) -> None:
    """In full and in short."""
    for more in ((), ("--all",)):
        lines = call("evaluate", path, *TODAY, *more).out.splitlines()
        assert [line for line in lines if cell_len(line) > 80] == []


@pytest.mark.parametrize("name", [LONG, WIDE, "漢字 " * 40, "a-" * 90], ids=["long", "wide", "wide words", "hyphens"])
def test_no_line_is_wider_than_80_columns_whatever_the_names(name: str) -> None:
    """As a model, an organisation, a message and an approver."""
    text = (
        POLICY.replace("House AG", name)
        + (RULE % "block").replace("No.", name)
        + (
            f'waivers:\n  - {{rule: house-rule, model: "{name}", reason: "{name}", approved_by: "{name}", '
            "approved_on: 2026-10-01, expires: 2026-12-01}\n"
        )
    )
    lines = call("evaluate", "-", *TODAY, "--model", name, "--model", "house-model", stdin=text).out.splitlines()
    assert lines
    assert [line for line in lines if cell_len(line) > 80 and not copied(line)] == []


def test_names_break_at_hyphens() -> None:
    """`llama-4-communi/ty` is hard to read."""
    lines = call("evaluate", BANK, *TODAY).out.splitlines()
    table = lines[lines.index("") + 1 :]
    for line in table[1 : table.index("")]:
        assert line[:13].strip() in ("block", "conditional", "allow", "")
    assert "personal-data-with-a-host-" in "\n".join(table)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_name_does_not_write_to_the_terminal(name: str, form: str) -> None:
    """As a model from the command line, and where a message repeats it on standard error."""
    done = call("evaluate", "-", *TODAY, "--model", name, "--model", "glm-4.7", "--format", form, stdin=POLICY)
    assert done.code == 0
    assert controls(done.out + done.err) == []
    for arguments in (("--use", name), ("--set", f"{name}=1"), ("--format", name), ("--today", name), (f"--{name}",)):
        done = call("evaluate", "-", *arguments, stdin=POLICY)
        assert done.code == 2
        assert controls(done.err) == []
    for arguments in (("catalog", "show", name), ("catalog", "search", name), ("validate", name), ("evaluate", name)):
        done = call(*arguments)
        assert done.code in (1, 2)
        assert controls(done.out + done.err) == []


@pytest.mark.parametrize("before", range(0, 80, 3))
@pytest.mark.parametrize("form", ["text", "markdown", "json", "jsonl", "counts"])
def test_a_name_gives_no_command_to_the_runner_of_a_pipeline(before: int, form: str) -> None:
    """A fold may put `::` at the start of a line, blanks before it do not count, and `##[` is obeyed anywhere."""
    name = f"{'x' * before} ::error::boo ##[add-mask]a ##vso[task.complete]"
    text = POLICY + RULE % "block" + WAIVER.replace("model: house-model", f"model: {json.dumps(name)}")
    for done in (
        call("evaluate", "-", *TODAY, "--model", name, "--format", form, stdin=text),
        call("evaluate", "-", *TODAY, "--model", "house-model", "--format", form, stdin=text),
        call("evaluate", "-", "--use", name, stdin=text),
        call("validate", name),
        call("validate", "-", stdin=text.replace("drafts:", f"{json.dumps(name)}:")),
    ):
        assert commands(done.out + done.err) == []


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_text_of_the_policy_does_not_write_to_the_terminal(name: str) -> None:
    """Quoted text may hold anything that YAML can write."""
    quoted = '"' + "".join(f"\\U{ord(char):08x}" for char in name) + '"'
    text = (
        POLICY.replace("House AG", quoted)
        + (RULE % "block")
        + (
            f"waivers:\n  - {{rule: house-rule, model: house-model, reason: {quoted}, approved_by: {quoted}, "
            "approved_on: 2026-10-01, expires: 2027-01-01}\n"
        )
    )
    for form in ("text", "markdown"):
        done = call("evaluate", "-", *TODAY, "--format", form, stdin=text)
        assert done.code in (0, 2), done.err
        assert controls(done.out + done.err) == []
    assert controls(call("explain", "-", *TODAY, "--model", "house-model", stdin=text).out) == []


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_does_not_break_a_markdown_table(name: str) -> None:
    """Each row has its five cells, and nothing in them is markup."""
    out = call("evaluate", "-", *TODAY, "--model", name, "--format", "markdown", stdin=POLICY).out
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert len(rows) == 3
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 6
    unescaped = re.sub(r"\\.", "", rows[2])
    assert not set("`*_[]<>#~") & set(unescaped)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_does_not_break_the_yaml_to_be_copied(name: str) -> None:
    """What is pasted into the policy names the same model again."""
    import yaml

    text = POLICY + RULE % "block"
    done = call("evaluate", "-", *TODAY, "--model", name, "--format", "json", stdin=text)
    records = [f["record"] for f in json.loads(done.out)["verdicts"][0]["findings"] if f["rule"] == "house-rule"]
    assert yaml.safe_load(records[0])["fulfilled"][0]["model"] == name


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
@pytest.mark.parametrize("no_colour", [True, False])
def test_a_terminal_gets_colours_unless_no_color_is_set(no_colour: bool) -> None:
    """https://no-color.org"""
    import pty

    own, theirs = pty.openpty()
    more = {"NO_COLOR": "1"} if no_colour else {"NO_COLOR": ""}
    process = subprocess.Popen(command("evaluate", BANK, *TODAY), stdout=theirs, env=environment(more))
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(own, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(own)
    assert process.wait() == 1
    assert (b"\x1b[" in seen) != no_colour
    assert b"BLOCK" in seen


def test_a_file_gets_no_colours(tmp_path: Path) -> None:
    """Nor does a pipe, whatever the environment asks for."""
    assert "\x1b" not in call("evaluate", BANK, *TODAY).out
    call("evaluate", BANK, *TODAY, "--output", tmp_path / "report.txt")
    assert "\x1b" not in (tmp_path / "report.txt").read_text(encoding="utf-8")
