"""Options that mean the same on every command that reads a policy."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from policycheck import shipped
from policycheck.documents import Document, parse, read_file
from policycheck.policy import Policy, read_policy

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day as 2026-11-25."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is no day; write it as 2026-11-25", param, ctx)


def policy_options(command: F) -> F:
    """Adds --model, --use, --set, --today, --engine and --output."""
    for option in (
        click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file."),
        click.option("--engine", type=click.Choice(["durable-rules", "clips"]), help="The rules engine."),
        click.option("--today", type=Day(), help="Judge as of this day (2026-11-25); default is today."),
        click.option(
            "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a key, as organisation.mau=800M."
        ),
        click.option("--use", "uses", multiple=True, metavar="NAME", help="Judge this use only (repeatable)."),
        click.option("--model", "models", multiple=True, metavar="ID", help="Judge this model only (repeatable)."),
    ):
        command = option(command)
    return command


def read_document(path: str) -> Document:
    """The document at `path`; `-` is standard input."""
    if path == "-":
        return parse(sys.stdin.buffer.read(), "<stdin>")
    return read_file(Path(path))


def policy_from(path: str, today: date, settings: tuple[str, ...] = ()) -> Policy:
    """The checked policy at `path`, with --set applied."""
    from policycheck.variation import with_settings

    document = read_document(path)
    if settings:
        document = with_settings(document, settings)
    return read_policy(document, shipped.catalog(), today)


def day(today: date | None) -> date:
    """The day to judge on; only here the clock is asked."""
    return today or date.today()


def write(text: str, output: Path | None) -> None:
    """The text to standard output, or to a file that is complete or not there at all."""
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    with tempfile.NamedTemporaryFile("wb", dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
        file.write(text.encode("utf-8"))
    try:
        os.replace(file.name, output)
    except OSError:
        os.unlink(file.name)
        raise


def colourful(output: Path | None) -> bool:
    """Whether the terminal takes colours and the user wants them (https://no-color.org)."""
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
