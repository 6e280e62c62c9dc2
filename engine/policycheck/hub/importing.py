"""Takes the Hub's metadata out of files into an overlay; a file with a problem leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

from policycheck.catalog import Catalog
from policycheck.documents import MOST_PROBLEMS, printable
from policycheck.errors import DocumentError, PolicycheckError, Problem
from policycheck.hub.overlay import Overlay
from policycheck.hub.reading import Advance, Place, records
from policycheck.hub.statement import BadRecord, Statement, statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import found."""

    records: int
    models: int
    """Fewer than the records where some stand there twice."""
    entries: int
    """Models of which the catalog has an entry, which goes first."""


def import_files(paths: Sequence[Path], target: Path, today: date, advance: Advance) -> int:
    """Writes what the files state to a new overlay at `target`, and gives back how many records they hold.

    Raises DocumentError with every problem of every file.
    """
    if missing := [_no_file(path) for path in paths if not path.is_file()]:
        raise DocumentError(missing)
    try:
        overlay = Overlay.create(target)
    except Exception as error:
        raise PolicycheckError(f"the overlay can't be written to `{target}`: {error}") from None
    problems: list[Problem] = []
    total = 0
    try:
        for path in paths:
            source = overlay.source(path.as_posix(), _digest(path), today)
            total += overlay.add(_statements(path, problems, advance), source)
        overlay.commit()
    finally:
        overlay.close()
    if problems:
        raise DocumentError(problems)
    return total


def counted(path: Path, total: int, catalog: Catalog) -> Imported:
    """What is in a new overlay of `total` records."""
    overlay = Overlay.read(path)
    try:
        ids = (identifier for entry in catalog.models.values() for identifier in entry.hub)
        known = sum(overlay.get(identifier) is not None for identifier in ids)
        return Imported(records=total, models=len(overlay), entries=known)
    finally:
        overlay.close()  # Windows moves no file that is open.


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DocumentError([_problem(path, f"the file can't be read: {error.strerror or error}")]) from None


def _no_file(path: Path) -> Problem:
    if path.is_symlink() and not path.exists():
        return _problem(path, "this link leads nowhere")
    kind = "a folder" if path.is_dir() else "no ordinary file"
    said = f"this is {kind}; give the path of a file" if path.exists() else "there is no such file"
    return _problem(path, said)


def _problem(path: Path, message: str) -> Problem:
    return Problem(file=printable(path.as_posix()), line=0, column=0, message=message)


def _statements(path: Path, problems: list[Problem], advance: Advance) -> Iterator[Statement]:
    """The statements of a file; what is wrong goes to `problems`, and so many are enough."""
    empty = True
    try:
        for place, record in records(path, advance):
            empty = False
            try:
                yield statement(record)
            except BadRecord as error:
                problems.append(place.problem(str(error)))
                if len(problems) >= MOST_PROBLEMS:
                    return
    except DocumentError as error:
        problems += error.problems
    if empty and not problems:
        problems.append(Place(path.as_posix(), 0, 0).problem("it holds no model; write a list of them, or one a line"))
