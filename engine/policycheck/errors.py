"""What can go wrong, as types: a document is bad, or the machine is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policycheck.values import frozen


@frozen(eq=True)
class Problem:
    """One thing that is wrong in a document: where it stands, what it is, and the way out."""

    file: str
    line: int
    """Counted from 1; 0 where the file as a whole is meant."""
    column: int
    """Counted from 1; 0 where the file as a whole is meant."""
    path: str = ""
    """The key, as `uses.support-chat.mau`."""
    message: str
    suggestion: str | None = None
    """The word that was probably meant."""

    def __lt__(self, other: Problem) -> bool:
        return self._place < other._place

    @property
    def _place(self) -> tuple[str, int, int, str, str]:
        return self.file, self.line, self.column, self.path, self.message

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class PolicycheckError(Exception):
    """The base of every error that policycheck raises on purpose."""


class DocumentError(PolicycheckError):
    """One or more documents can't be used; carries all problems, in file order."""

    def __init__(self, problems: Iterable[Problem], document: Any = None) -> None:
        """`document` is what could be read all the same, where more may be wrong with it."""
        self.problems = tuple(sorted(set(problems)))
        self.document = document
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(PolicycheckError):
    """What was asked for does not exist or does not fit, as a use that the policy lacks."""


class EngineFault(PolicycheckError):
    """The rules engine failed; no verdict may be drawn from what it said."""
