"""A remark: what is odd in a policy that is valid, where it stands, what shows it, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policycheck.documents import Document, Where, printable
from policycheck.numbers import Money

CHECKS = (
    "never-fires",
    "always-fires",
    "contradicts",
    "covered-by",
    "matches-nothing",
    "overlaps",
    "expired",
    "expires-soon",
    "no-effect",
    "use-without-rule",
    "cell-without-rule",
    "fact-nobody-reads",
    "fact-missing",
)
SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that lint has to say."""

    check: str
    """One of CHECKS."""
    severity: str
    """`error`: it can't be meant so; `warning`: it does not do what it seems to; `note`: worth knowing."""
    message: str
    way_out: str
    file: str
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1."""
    rules: tuple[str, ...] = ()
    witness: Mapping[str, Any] | None = None
    """A case that shows what is claimed: values of facts as rules read them."""

    def __lt__(self, other: Remark) -> bool:
        return self._place < other._place

    @property
    def _place(self) -> tuple[str, int, int, int, str]:
        return self.file, self.line, self.column, CHECKS.index(self.check), self.message

    def as_json(self) -> dict[str, Any]:
        """The remark as JSON."""
        witness = None if self.witness is None else {name: _plain(value) for name, value in self.witness.items()}
        return {
            "check": self.check,
            "severity": self.severity,
            "message": self.message,
            "way_out": self.way_out,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "rules": list(self.rules),
            "witness": witness,
        }


def remark(
    check: str,
    severity: str,
    place: tuple[Document, Where],
    message: str,
    way_out: str,
    *,
    key: bool = False,
    rules: tuple[str, ...] = (),
    witness: Mapping[str, Any] | None = None,
) -> Remark:
    """A remark on the part of a document at `place`; with `key`, on its key."""
    document, where = place
    line, column = document.mark(where, key=key)
    return Remark(
        check=check,
        severity=severity,
        message=printable(message),
        way_out=printable(way_out),
        file=document.file,
        line=line,
        column=column,
        rules=rules,
        witness=witness,
    )


def listed(names: tuple[str, ...] | list[str], most: int = 4) -> str:
    """Names as a sentence has them, the first few."""
    said = ", ".join(f"`{name}`" for name in names[:most])
    return said + (f" and {len(names) - most} more" if len(names) > most else "")


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Money) else value
