"""`policycheck`: the entry point, and what every command shares."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from importlib import import_module
from typing import Any, Final

import click
from policycheck import __version__
from policycheck.errors import DocumentError, PolicycheckError, UsageError

from policycheck_cli.writing import Closed, reader_gone, say

_EPILOG = """\b
Examples:
  policycheck evaluate org.yaml
  policycheck evaluate org.yaml --model llama-4 --format markdown
  policycheck validate org.yaml
  policycheck lint org.yaml
  policycheck explain org.yaml --model llama-4-maverick
  policycheck headroom org.yaml --growth 4%
  policycheck catalog show llama-4-community

\b
Completion in bash or zsh (then zsh_source), and in fish:
  eval "$(_POLICYCHECK_COMPLETE=bash_source policycheck)"
  _POLICYCHECK_COMPLETE=fish_source policycheck | source

This is not legal advice."""


_VERBS: Final = (
    *("catalog", "diff", "evaluate", "explain", "headroom", "init", "lint", "recheck", "schema", "test", "validate"),
)


class _Commands(click.Group):
    """The commands, each imported when it is asked for.

    A reader that went away is told apart, since click would end with 1, which means `block`.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command: click.Command = getattr(import_module(f"policycheck_cli.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            if reader_gone(error):
                raise _ReaderGone from None
            raise


class _ReaderGone(Exception):
    """Whoever read our output reads no more."""


@click.group(cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policycheck")
def cli() -> None:
    """Whether your organisation may use an open-weight AI model, and the license clause that says so."""


def main() -> None:
    """Runs a command and ends with the exit code that the contract gives it."""
    # A command makes many small objects that stay until it ends; looking for garbage among them is a sixth of its time.
    gc.set_threshold(1_000_000)
    _streams()
    try:
        code = _run()
    except KeyboardInterrupt:  # One that click did not meet.
        code = _say("Stopped.", 3)
    except Exception as error:  # A fault of ours must read as 'don't know', never as an answer.
        code = _say(f"No verdict could be reached; this is a fault of policycheck: {error!r}", 3)
    gc.freeze()  # The process ends: what is left need not be searched for garbage once more.
    sys.exit(code)


def _streams() -> None:
    """The same bytes on every system, whatever it takes for its encoding and for the end of a line."""
    if sys.stdout is None:
        sys.stdout = Closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        # What is no UTF-8 becomes characters that no answer may hold.
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")


def _run() -> int:
    try:
        code = cli.main(standalone_mode=False, prog_name="policycheck")
        sys.stdout.flush()
    except (PolicycheckError, click.ClickException, click.Abort) as error:
        return _refused(error)
    except _ReaderGone:
        _silence()
        return 3
    except OSError as error:
        _silence()
        return 3 if reader_gone(error) else _say(f"No verdict could be reached: {error}", 3)
    return code if isinstance(code, int) else 0


def _refused(error: PolicycheckError | click.ClickException | click.Abort) -> int:
    """What is wrong, on standard error, and the exit code for it."""
    if isinstance(error, DocumentError):
        for problem in error.problems:
            _say(str(problem), 2)
        count = len(error.problems)
        return _say(f"{count} problem{'s' if count != 1 else ''}; nothing was evaluated.", 2)
    if isinstance(error, UsageError):
        return _say(f"Error: {error}", 2)
    if isinstance(error, click.ClickException):
        shown = io.StringIO()
        error.show(file=shown)
        for line in shown.getvalue().rstrip("\n").split("\n"):
            _say(line, 2)
        return 2
    if isinstance(error, click.Abort):
        return _say("Stopped.", 3)
    return _say(f"No verdict could be reached: {error}", 3)


def _say(line: str, code: int) -> int:
    """A line on standard error, in which nothing of the user's moves the cursor; gives `code` back."""
    say(line)
    return code


def _silence() -> None:
    """Nothing more can be written; what is left in the buffer must not fail a second time at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
