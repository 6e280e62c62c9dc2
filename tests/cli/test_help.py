"""Help, version and completion in the shell."""

from __future__ import annotations

import shlex

import click
import pytest
from policycheck_cli.main import cli

from tests.cli.calling import call, spawn


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command, as the words that call it."""
    found: list[tuple[str, ...]] = [path]
    context = click.Context(group)
    for name in group.list_commands(context):
        each = group.get_command(context, name)
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


@pytest.mark.parametrize("words", commands(cli), ids=" ".join)
def test_help_fits_a_terminal_and_no_line_of_it_is_cut(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """In 80 columns, examples and exit codes too; of each command of a group a whole sentence."""
    monkeypatch.setenv("COLUMNS", "80")
    said = call(*words, "--help").out
    assert [line for line in said.splitlines() if len(line) > 80] == []
    assert "..." not in said.partition("Commands:")[2].partition("Example")[0]


def completed(shell: str, line: str) -> list[str]:
    """What a shell is offered at the end of a line."""
    words = shlex.split(f"policycheck {line}")
    word = words[-1] if shell == "fish" else str(len(words) - 1)
    asked = {"_POLICYCHECK_COMPLETE": f"{shell}_complete", "COMP_WORDS": shlex.join(words), "COMP_CWORD": word}
    return spawn(**asked).out.splitlines()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("eval", "plain,evaluate"),
        ("evaluate --format js", "plain,jsonl"),
        ("catalog imp", "plain,import"),
        ("evaluate pol", "file,pol"),
        ("diff old.yaml n", "file,n"),
        ("evaluate org.yaml --model-dir mod", "file,mod"),
        ("explain org.yaml --model llama-4-mav", "plain,llama-4-maverick"),
        ("catalog show llama-4-com", "plain,llama-4-community"),
    ],
)
def test_the_shell_completes_commands_words_files_and_models(line: str, wanted: str) -> None:
    assert wanted in completed("bash", line)


@pytest.mark.parametrize(("shell", "wanted"), [("zsh", "evaluate"), ("fish", "plain,evaluate")])
def test_other_shells_complete_too(shell: str, wanted: str) -> None:
    assert any(line.startswith(wanted) for line in completed(shell, "eval"))
