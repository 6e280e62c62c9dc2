"""What upkeep has to say of one place of the catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from policycheck.documents import Document, Where

CHECKS: Final = {
    "fact-incomplete": "A fact lacks its clause, its evidence or its source.",
    "fact-left-out": "A text that was read says nothing on a fact, and is not said to be silent on it either.",
    "fact-old": "A text was read longer ago than is allowed.",
    "dated-wrongly": "A day lies in the future, or before one that it must follow.",
    "read-later": "Texts were read after the day that somebody chose to look from.",
    "no-value": "In a quarter from 2023 to 2028 no value is in force.",
    "several-values": "In a quarter from 2023 to 2028 more than one value is in force.",
    "word-unexplained": "A word of the vocabulary has no sentence.",
    "word-unused": "A word of the vocabulary is used nowhere.",
    "text-differs": "A text at hand is another one than that which was read.",
    "text-unknown": "A text at hand is none that was read, nor near to one.",
}
_NOTES: Final = frozenset({"word-unused", "text-unknown", "fact-left-out", "read-later"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to mend: which check found it, where, and what."""

    check: str
    file: str
    line: int
    column: int
    message: str
    read_on: str | None = None
    """For a fact that is old: the day it was read."""
    days: int | None = None
    """How many days ago that was."""

    @property
    def severity(self) -> str:
        """Whether it is a fault, to be mended, or a note: worth knowing."""
        return "note" if self.check in _NOTES else "fault"

    def as_json(self) -> dict[str, Any]:
        """The remark as JSON."""
        found: dict[str, Any] = {
            "check": self.check,
            "severity": self.severity,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
        }
        return found if self.read_on is None else {**found, "read_on": self.read_on, "days": self.days}

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message} ({self.check})"


def remark(document: Document, where: Where, check: str, message: str) -> Remark:
    """A remark on a part of a document."""
    line, column = document.mark(where)
    return Remark(check=check, file=document.file, line=line, column=column, message=message)
