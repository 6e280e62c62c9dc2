"""Values that follow each other in time: on every day exactly one of them is in force."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

FIRST: Final = 2023
LAST: Final = 2028
_QUARTERS: Final = tuple(date(year, month, 1) for year in range(FIRST, LAST + 1) for month in (1, 4, 7, 10))
_END: Final = date(LAST + 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A value and the days on which it is in force."""

    value: str
    start: str | None
    """The first day; None: always before the end."""
    end: str | None
    """The first day on which it no longer is; None: it has none."""

    def holds(self, day: str) -> bool:
        """Whether it is in force on a day."""
        return (self.start or "") <= day < (self.end or "9999")


def faults(spans: Sequence[Span]) -> Iterator[tuple[str, list[str]]]:
    """Each quarter on some day of which not exactly one value is in force, with those that are."""
    edges = {day for span in spans for day in (span.start, span.end) if day is not None}
    days = {quarter.isoformat() for quarter in _QUARTERS}
    days |= {day for day in edges if _QUARTERS[0].isoformat() <= day < _END.isoformat()}
    said: dict[str, list[str]] = {}
    for day in sorted(days):
        holding = [span.value for span in spans if span.holds(day)]
        if len(holding) != 1:
            said.setdefault(quarter_of(day), holding)
    yield from said.items()


def quarter_of(day: str) -> str:
    """The quarter of a day, as 2024-Q2."""
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def in_turn(dated: Iterable[tuple[str, str]], before: str) -> list[Span]:
    """Spans of values that each hold from a day until that of the next one; `before` is said of the time ahead."""
    found = sorted(dated, key=lambda each: each[1])
    starts = sorted({start for _, start in found})
    ends = dict(itertools.pairwise(starts))
    return [Span(before, None, starts[0]), *(Span(value, start, ends.get(start)) for value, start in found)]


def day_after(day: str) -> str:
    """The day after a day."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def runs(quarters: Sequence[str]) -> str:
    """Quarters as one run, or several, in words."""
    order = [quarter_of(quarter.isoformat()) for quarter in _QUARTERS]
    found: list[list[str]] = []
    for quarter in quarters:
        if found and order.index(found[-1][-1]) + 1 == order.index(quarter):
            found[-1].append(quarter)
        else:
            found.append([quarter])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in found)
