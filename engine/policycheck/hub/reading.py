"""Reads the Hub's metadata from files of any size, a record at a time: JSON, JSON lines and Parquet."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from policycheck.documents import printable
from policycheck.errors import DocumentError, Problem, UsageError

_CHUNK: Final = 1 << 20
_LONGEST: Final = 16 << 20
_BLANK: Final = re.compile(r"[\s,]*")
_TEXT: Final = r'"(?:[^"\\]|\\.)*"'
# An object that wraps the list, as {"models": [...]}; what stands before it is plain.
_WRAPPED: Final = re.compile(
    rf'\{{\s*(?:{_TEXT}\s*:\s*(?:{_TEXT}|[-+.\w]+)\s*,\s*)*"(?:models|data|items)"\s*:\s*(?=\[)', re.S
)
_COLUMNS: Final = (
    *("id", "modelId", "model_id", "sha", "gated", "tags", "pipeline_tag", "cardData", "card_data", "baseModels"),
    *("license", "license_name", "base_model", "base_model_relation"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    file: str
    line: int
    column: int

    def problem(self, message: str) -> Problem:
        """What is wrong here."""
        return Problem(file=printable(self.file), line=self.line, column=self.column, message=message)


Advance = Callable[[int], None]
"""Told how many more bytes of the file were read."""


def records(path: Path, advance: Advance = lambda count: None) -> Iterator[tuple[Place, Any]]:
    """Each record of a file and where it stands; raises DocumentError where the file can't be read any further."""
    name = path.as_posix()
    try:
        if not path.is_file():
            raise UsageError(f"{printable(name)}: there is no such file")
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            if head == b"PAR1":
                yield from _parquet(path, raw, advance)
            elif head[:2] == b"\x1f\x8b":
                with gzip.open(raw) as unpacked:
                    yield from _Stream(unpacked, name, advance, raw).records()
            else:
                yield from _Stream(raw, name, advance, raw).records()
    except (OSError, EOFError) as error:
        message = f"the file can't be read: {getattr(error, 'strerror', None) or error}"
        raise DocumentError([Place(name, 0, 0).problem(message)]) from None


def _parquet(path: Path, raw: IO[bytes], advance: Advance) -> Iterator[tuple[Place, Any]]:
    """The rows of a Parquet file; a row's number stands for its line."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("reading Parquet needs pyarrow: pip install 'policycheck[parquet]'") from None
    name, row, size = path.as_posix(), 0, path.stat().st_size
    try:
        file = pyarrow.parquet.ParquetFile(raw)
        columns = [column for column in _COLUMNS if column in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=2000, columns=columns, use_threads=False):
            for record in batch.to_pylist():
                row += 1
                yield Place(name, row, 1), record
            advance(size * batch.num_rows // max(file.metadata.num_rows, 1))
    except (pyarrow.ArrowException, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DocumentError([Place(name, row, 1).problem(f"this Parquet file is broken: {printable(said)}")]) from None


class _Broken(Exception):
    """The text is no JSON."""


class _Stream:
    """Values out of a text of any length: one after another, in a list, or in a list inside an object."""

    def __init__(self, source: Any, name: str, advance: Advance, counted: IO[bytes]) -> None:
        self.text = io.TextIOWrapper(source, encoding="utf-8-sig")
        self.name, self.advance, self.counted, self.told = name, advance, counted, 0
        self.decoder = json.JSONDecoder(object_pairs_hook=_once)
        self.buffer, self.at, self.lines, self.ended = "", 0, 0, False
        self.column, self.marked = 0, 0
        """How far lines and columns are counted, and the column there."""

    def records(self) -> Iterator[tuple[Place, Any]]:
        try:
            while self._next():
                wrapped = self._wrapped()
                if wrapped or self.buffer[self.at] == "[":
                    yield from self._listed()
                    if wrapped:
                        self._rest()
                else:
                    yield self._place(), self._value()
        except (_Broken, UnicodeDecodeError) as error:
            said = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            raise DocumentError([self._place().problem(f"this is no JSON: {said}")]) from None

    def _listed(self) -> Iterator[tuple[Place, Any]]:
        self.at += 1
        while self._next():
            if self.buffer[self.at] == "]":
                self.at += 1
                return
            yield self._place(), self._value()
        raise _Broken("the list ends too early; the file may be cut off")

    def _wrapped(self) -> bool:
        """Whether an object opens here that holds the list; then the list comes next."""
        if self.buffer[self.at] != "{":
            return False
        if len(self.buffer) - self.at < _CHUNK // 2:
            self._more()
        found = _WRAPPED.match(self.buffer, self.at, self.at + _CHUNK // 2)
        if found:
            self.at = found.end()
        return found is not None

    def _rest(self) -> None:
        """What stands behind the list in its object, passed over."""
        while self._next():
            if self.buffer[self.at] == "}":
                self.at += 1
                return
            self._value()
            if self._next() and self.buffer[self.at] == ":":
                self.at += 1
                self._next()
                self._value()
        raise _Broken("the object ends too early; the file may be cut off")

    def _next(self) -> bool:
        """Goes to the next thing that is no blank or comma; False at the end."""
        while True:
            blank = _BLANK.match(self.buffer, self.at)
            self.at = blank.end() if blank else self.at
            if self.at < len(self.buffer):
                return True
            if not self._more():
                return False

    def _value(self) -> Any:
        """The value that stands here; more is read until it is whole."""
        while True:
            try:
                value, end = self.decoder.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                # What is cut off fails at the end of what was read, or where an open text begins.
                if not self.ended and len(self.buffer) - self.at < _LONGEST:
                    self._more()
                    continue
                where = self._place(error.pos)
                raise _Broken(f"{error.msg} (line {where.line}, column {where.column})") from None
            except (ValueError, RecursionError) as error:
                said = "nested too deep" if isinstance(error, RecursionError) else str(error)
                raise _Broken(said) from None
            if end == len(self.buffer) and not self.ended and self._more():
                continue
            self.at = end
            return value

    def _more(self) -> bool:
        """Reads on; what was passed is let go."""
        self._mark(self.at)
        chunk = self.text.read(_CHUNK)
        self.buffer, self.at, self.marked = self.buffer[self.at :] + chunk, 0, 0
        self.ended = not chunk
        position = self.counted.tell()
        self.advance(position - self.told)
        self.told = position
        return bool(chunk)

    def _mark(self, at: int) -> None:
        """Counts lines and columns up to here, from where it was counted last."""
        newline = self.buffer.rfind("\n", self.marked, at)
        self.lines += self.buffer.count("\n", self.marked, at)
        self.column = at - newline - 1 if newline >= 0 else self.column + at - self.marked
        self.marked = at

    def _place(self, at: int | None = None) -> Place:
        self._mark(self.at if at is None else at)
        return Place(self.name, self.lines + 1, self.column + 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping in which each key stands once: of two values nobody knows which counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key `{printable(twice)[:60]}` stands there twice; keep one")
    return found


def whole(raw: bytes) -> Any:
    """The one value that a text holds; raises ValueError where it is no JSON, or a key stands there twice."""
    return json.loads(raw, object_pairs_hook=_once)
