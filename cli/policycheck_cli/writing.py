"""Where output goes: whole or not at all, the same bytes everywhere, and nothing of the user's moves the cursor."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from policycheck.errors import PolicycheckError, UsageError
from policycheck.render.words import clean

_WINDOWS = os.name == "nt"


def say(line: str) -> None:
    """A line on standard error, in which nothing of the user's moves the cursor; nothing where that is closed."""
    if sys.stderr is not None:
        click.echo(clean(line), err=True)


def reader_gone(error: OSError) -> bool:
    """Whether whoever read our output reads no more; Windows says `invalid argument` of such a pipe."""
    return isinstance(error, BrokenPipeError) or (_WINDOWS and error.errno == errno.EINVAL)


def write(text: str, output: Path | None) -> None:
    """The text to standard output, or to a file that is complete or not there at all."""
    # A file name that is no UTF-8 may stand in the text; it must not keep the report back.
    write_bytes(text.encode("utf-8", "backslashreplace"), output)


def write_json(data: Any, output: Path | None) -> None:
    """The data as JSON that people can read, too."""
    write(json.dumps(data, ensure_ascii=False, indent=2) + "\n", output)


def write_bytes(raw: bytes, output: Path | None) -> None:
    """The bytes to standard output, or to a file that is complete or not there at all."""
    if output is None:
        _standard().write(raw)
        _standard().flush()
        return
    try:
        _put(raw, Path(os.path.realpath(output)))
    except OSError as error:
        raise PolicycheckError(f"the report can't be written to `{output}`: {error.strerror or error}") from None


class Closed(io.TextIOBase):
    """Standard output that was closed before we began: what goes there must not pass for written."""

    def write(self, text: str) -> int:
        raise PolicycheckError("standard output is closed; keep it open, or name a file where there is `--output`")


def _standard() -> BinaryIO:
    """Standard output; raises PolicycheckError where that is closed."""
    if isinstance(sys.stdout, Closed):
        sys.stdout.write("")
    return sys.stdout.buffer


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
    # Named before it is there: a signal at any moment finds what to take away.
    made = path.with_name(f".{path.name[:50]}.{os.urandom(8).hex()}")
    try:
        made.touch(0o600, exist_ok=False)
        yield made
        os.chmod(made, mode)
        os.replace(made, path)
    except BaseException:
        made.unlink(missing_ok=True)
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
        _standard().writelines(encoded)
        _standard().flush()
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
    wanted = output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return wanted and os.environ.get("TERM") != "dumb" and (not _WINDOWS or _windows_colours())


def _windows_colours() -> bool:
    """Whether the console of Windows shows colours, which it has to be asked for first."""
    try:
        import colorama  # click brings it, on Windows
    except ImportError:
        return False
    before = sys.stdout
    colorama.just_fix_windows_console()
    fixed = sys.stdout is before  # An old console gets a stream that translates; our bytes go around that.
    sys.stdout = before
    return fixed
