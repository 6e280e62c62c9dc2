"""The overlay: what a Hub states of many models, in one compact file that is read a model at a time."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any, Final

from policycheck.documents import printable
from policycheck.errors import DocumentError, PolicycheckError, Problem, UsageError
from policycheck.hub.statement import Statement

_APPLICATION: Final = 0x706F6C63
_FORM: Final = 1
_BATCH: Final = 5000
TWICE: Final = "two records say different things of it"
# The id as written finds a model; so does another spelling of its capitals, where that is one model's alone.
_TABLES: Final = """
CREATE TABLE sources (n INTEGER PRIMARY KEY, source TEXT NOT NULL, sha256 TEXT, kept_on TEXT NOT NULL);
CREATE TABLE models (
  id TEXT PRIMARY KEY COLLATE NOCASE, spelled TEXT NOT NULL, sha TEXT, licenses TEXT, license_name TEXT, bases TEXT,
  gated TEXT, task TEXT, unclear TEXT, source INTEGER NOT NULL
) WITHOUT ROWID;
"""
_COLUMNS: Final = "spelled, sha, licenses, license_name, bases, gated, task, unclear"
_SAME: Final = " AND ".join(f"{name} IS excluded.{name}" for name in _COLUMNS.split(", "))
_INSERT: Final = f"""
INSERT INTO models (id, {_COLUMNS}, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET unclear = ? WHERE NOT ({_SAME})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A statement, and where it comes from."""

    statement: Statement
    source: str
    """The file or the Hub that was read."""
    kept_on: str
    """The day on which it was read."""

    @property
    def said(self) -> str:
        """The words about the license, the revision, the source and the day, in one sentence's part."""
        at = f" at revision {self.statement.sha[:12]}" if self.statement.sha else ""
        return f"{self.statement.said}{at} ({self.source}, kept on {self.kept_on})"


class Overlay:
    """An overlay that is open: read as it was imported, or written to as a Hub answers."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        self._hidden = set[str]()

    def hide(self, name: str) -> None:
        """What is stated of this model counts no longer, for as long as the overlay is open."""
        self._hidden.add(name.lower())

    @classmethod
    def read(cls, path: Path) -> Overlay:
        """The overlay at `path`; raises DocumentError where there is none."""
        name = printable(path.as_posix())
        if path.is_dir():
            raise _wrong(name, "this is a folder; name the file that `policycheck catalog import` wrote")
        if not path.is_file():
            raise _wrong(name, "there is no such file; write one with `policycheck catalog import`")
        if not os.access(path, os.R_OK):
            raise _wrong(name, "no permission to read this file")
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            _check(connection)
        except (sqlite3.Error, _NoOverlay):
            said = "this is no catalog overlay that this version reads; write it with `policycheck catalog import`"
            raise _wrong(name, said) from None
        return cls(path, connection)

    @classmethod
    def create(cls, path: Path) -> Overlay:
        """A new overlay at `path`, which must be empty or not there."""
        connection = sqlite3.connect(path)
        # Until it is whole nobody reads it: a journal would only cost time.
        connection.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id={_APPLICATION};"
            f"PRAGMA user_version={_FORM};{_TABLES}"
        )
        return cls(path, connection)

    @classmethod
    def keep(cls, path: Path) -> Overlay:
        """The overlay at `path`, to be added to; a new one where there is none yet. Raises UsageError."""
        try:
            fresh = not path.exists() or path.stat().st_size == 0
            connection = sqlite3.connect(path, timeout=30)
            if fresh:
                connection.executescript(f"PRAGMA application_id={_APPLICATION}; PRAGMA user_version={_FORM};{_TABLES}")
            _check(connection)
        except (sqlite3.Error, _NoOverlay, OSError):
            raise UsageError(f"`{printable(path.as_posix())}` can't be kept as a cache; name another file") from None
        return cls(path, connection)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def commit(self) -> None:
        """What was added is in the file."""
        self._connection.commit()

    @property
    def sha256(self) -> str:
        """SHA-256 of the file."""
        with self.path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def source(self, source: str, sha256: str | None, kept_on: date) -> int:
        """The number of a source; a new one where it is not known yet."""
        wanted = (source, sha256, kept_on.isoformat())
        query = "SELECT n FROM sources WHERE source IS ? AND sha256 IS ? AND kept_on IS ?"
        found = self._connection.execute(query, wanted).fetchone()
        if found is None:
            insert = "INSERT INTO sources (source, sha256, kept_on) VALUES (?, ?, ?) RETURNING n"
            found = self._connection.execute(insert, wanted).fetchone()
        return int(found[0])

    def add(self, statements: Iterable[Statement], source: int) -> int:
        """Adds statements and gives back how many they were; of two that differ neither counts, both being kept out."""
        total, left = 0, iter(statements)
        twice = _packed([TWICE])
        while batch := [(*_row(each), source, twice) for each in islice(left, _BATCH)]:
            self._connection.executemany(_INSERT, batch)
            total += len(batch)
        return total

    def put(self, statement: Statement, source: int) -> None:
        """Adds a statement, or puts it in the place of an older one."""
        self._connection.execute("DELETE FROM models WHERE id = ?", (statement.id,))
        self.add([statement], source)
        self.commit()

    def get(self, name: str) -> Kept | None:
        """What is stated of the model with this id, in whatever capitals; None where nothing is."""
        if self._hidden and name.lower() in self._hidden:
            return None
        query = f"SELECT {_COLUMNS}, s.source, s.kept_on FROM models m JOIN sources s ON s.n = m.source WHERE id = ?"
        try:
            row = self._connection.execute(query, (name,)).fetchone()
        except (sqlite3.Error, UnicodeError) as error:
            raise self._fault(error) from None
        return None if row is None else _kept(row)

    def ids(self) -> Iterator[str]:
        """The id of every model, in order."""
        try:
            for row in self._connection.execute("SELECT spelled FROM models ORDER BY id"):
                yield row[0]
        except sqlite3.Error as error:
            raise self._fault(error) from None

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM models").fetchone()[0])

    def _fault(self, error: Exception) -> PolicycheckError:
        return PolicycheckError(f"the overlay `{printable(self.path.as_posix())}` can't be read: {error}")


def _wrong(name: str, message: str) -> DocumentError:
    return DocumentError([Problem(file=name, line=0, column=0, message=message)])


class _NoOverlay(Exception):
    """The file is something else."""


def _check(connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    form = connection.execute("PRAGMA user_version").fetchone()[0]
    if (application, form) != (_APPLICATION, _FORM):
        raise _NoOverlay


def _packed(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None


def _row(each: Statement) -> tuple[str | None, ...]:
    licenses, bases, unclear = (_packed(value) for value in (each.licenses, each.bases, each.unclear))
    return each.id, each.id, each.sha, licenses, each.license_name, bases, each.gated, each.task, unclear


def _kept(row: tuple[Any, ...]) -> Kept:
    spelled, sha, licenses, name, bases, gated, task, unclear, source, kept_on = row
    stated = Statement(
        id=spelled,
        sha=sha,
        licenses=tuple(json.loads(licenses)) if licenses else (),
        license_name=name,
        bases=tuple((base, relation) for base, relation in json.loads(bases)) if bases else (),
        gated=gated,
        task=task,
        unclear=tuple(json.loads(unclear)) if unclear else (),
    )
    return Kept(statement=stated, source=source, kept_on=kept_on)
