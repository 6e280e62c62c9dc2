"""Help, version and completion in the shell."""

from __future__ import annotations

import click
import pytest
from policycheck_cli.main import cli

from tests.cli.calling import call, spawn


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
