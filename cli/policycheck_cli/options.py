"""Options that mean the same on every command that reads a policy."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.documents import Document, parse, read_file
from policycheck.errors import DocumentError, PolicycheckError, Problem, UsageError
from policycheck.policy import ModelRef, Policy, read_policy, with_all_problems
from policycheck.render.words import clean
from policycheck.schema import is_day

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day as 2026-11-25."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if not is_day(str(value)):
            self.fail(f"`{value}` is no day; write it as 2026-11-25", param, ctx)
        return date.fromisoformat(str(value))


class Place(click.ParamType[Path]):
    """A path; an empty one, as of a variable that is not set, does not stand for the folder one is in."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            self.fail("the path is empty; write `.` for the folder you are in", param, ctx)
        return Path(value)


_WRITTEN = click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
_JUDGED = click.option("--engine", type=click.Choice(["durable-rules", "clips"]), help="The rules engine.")
_VARIED = (
    click.option("--today", type=Day(), help="Judge as of this day (2026-11-25); default is today."),
    click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a key, as organisation.mau=800M."
    ),
)
_NARROWED = (
    click.option("--use", "uses", multiple=True, metavar="NAME", help="Judge this use only (repeatable)."),
    click.option("--model", "models", multiple=True, metavar="ID", help="Judge this model only (repeatable)."),
)


def _adds(command: F, *options: Callable[[F], F]) -> F:
    for option in options:
        command = option(command)
    return command


def policy_options(command: F) -> F:
    """Adds --model, --use, --set, --today, --engine and --output."""
    return _adds(command, _WRITTEN, _JUDGED, *_VARIED, *_NARROWED)


def variation_options(command: F) -> F:
    """Adds --set, --today, --engine and --output, for what looks at a policy as a whole."""
    return _adds(command, _WRITTEN, _JUDGED, *_VARIED)


def figure_options(command: F) -> F:
    """Adds --model, --use, --set, --today and --output, for what runs no rules."""
    return _adds(command, _WRITTEN, *_VARIED, *_NARROWED)


def read_document(path: str) -> Document:
    """The document at `path`; `-` is standard input."""
    if path == "-":
        if sys.stdin is None:
            raise UsageError("`-` reads standard input, and that is closed")
        return parse(sys.stdin.buffer.read(), "<stdin>")
    return read_file(Path(path))


def policy_from(path: str, today: date, settings: tuple[str, ...] = (), catalog: Catalog | None = None) -> Policy:
    """The checked policy at `path`, with --set applied; `catalog` where it isn't the shipped one."""
    from policycheck.variation import with_settings

    catalog = catalog or shipped.catalog()
    try:
        document = read_document(path)
    except DocumentError as error:
        raise with_all_problems(error, catalog, today) from None
    if settings:
        document = with_settings(document, settings)
    return read_policy(document, catalog, today)


def described(folders: Sequence[Path]) -> list[ModelRef]:
    """The models in folders, as their own files describe them; raises DocumentError with all that can't be read."""
    if not folders:
        return []
    from policycheck.detect.identify import identify
    from policycheck.detect.subject import ref_of

    catalog, found, wrong = shipped.catalog(), list[ModelRef](), list[Problem]()
    for path in dict.fromkeys(folders):
        try:
            found.append(ref_of(identify(path, catalog), catalog))
        except DocumentError as error:
            wrong += error.problems
    if wrong:
        raise DocumentError(wrong)
    return found


def say(line: str) -> None:
    """A line on standard error, in which nothing of the user's moves the cursor."""
    click.echo(clean(line), err=True)


def day(today: date | None) -> date:
    """The day to judge on; only here the clock is asked."""
    return today or date.today()


def write(text: str, output: Path | None) -> None:
    """The text to standard output, or to a file that is complete or not there at all."""
    # A file name that is no UTF-8 may stand in the text; it must not keep the report back.
    write_bytes(text.encode("utf-8", "backslashreplace"), output)


def write_bytes(raw: bytes, output: Path | None) -> None:
    """The bytes to standard output, or to a file that is complete or not there at all."""
    if output is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    try:
        _put(raw, Path(os.path.realpath(output)))
    except OSError as error:
        raise PolicycheckError(f"the report can't be written to `{output}`: {error.strerror or error}") from None


def _put(raw: bytes, path: Path) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(raw)  # A device, as /dev/null, is written to and stays; a folder is refused.
        return
    with _beside(path) as made:
        made.write_bytes(raw)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new file that takes the place of `path` when it is done; left behind is nothing."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.")
    os.close(handle)
    try:
        yield Path(name)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


@contextmanager
def replaced(output: Path) -> Iterator[Path]:
    """A new file that takes the place of `output` when it is whole."""
    path = Path(os.path.realpath(output))
    if path.exists() and not path.is_file():
        raise UsageError(f"`{output}` is no file; name one")
    try:
        with _beside(path) as made:
            yield made
    except OSError as error:
        raise PolicycheckError(f"nothing can be written to `{output}`: {error.strerror or error}") from None


def write_lines(lines: Iterable[str], output: Path | None) -> None:
    """Lines as they come, to standard output or to a file that is complete or not there at all."""
    encoded = (line.encode("utf-8", "backslashreplace") for line in lines)
    if output is None:
        sys.stdout.buffer.writelines(encoded)
        sys.stdout.buffer.flush()
    elif output.exists() and not output.is_file():
        with output.open("wb") as device:
            device.writelines(encoded)
    else:
        with replaced(output) as made, made.open("wb") as file:
            file.writelines(encoded)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def colourful(output: Path | None) -> bool:
    """Whether the terminal takes colours and the user wants them (https://no-color.org)."""
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
