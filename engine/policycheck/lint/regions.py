"""The values of one fact that pass some tests, as a region that can be cut, and from which a value can be taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import count

from policycheck.numbers import Money
from policycheck.rules import Test, Value
from policycheck.vocabulary import FactType

_CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "CNY")


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words: those named, or all but those named."""

    names: frozenset[str] = frozenset()
    all_but: bool = False

    def __and__(self, other: Words) -> Words:
        if self.all_but and other.all_but:
            return Words(self.names | other.names, True)
        if self.all_but:
            return Words(other.names - self.names)
        return Words(self.names - other.names if other.all_but else self.names & other.names)

    def __invert__(self) -> Words:
        return Words(self.names, not self.all_but)

    def __bool__(self) -> bool:
        return self.all_but or bool(self.names)

    def __contains__(self, word: str) -> bool:
        return (word in self.names) != self.all_but

    def one(self, preferred: tuple[str, ...] = ()) -> str:
        """One word of the set: a preferred one where it may be, else the first; of all but some, one that is new."""
        if not self.all_but:
            return next((word for word in preferred if word in self.names), min(self.names))
        made = (f"other-{number}" if number else "other" for number in count())
        return next(word for word in (*preferred, *(next(made) for _ in range(len(self.names) + 1))) if word in self)


ANY = Words(all_but=True)


@dataclass(frozen=True, slots=True)
class Region:
    """A set of values of one fact; which fields weigh depends on the fact's type."""

    words: Words = ANY
    """What a word may be; the currency of a sum; what a list may hold."""
    low: int = 0
    """The least of a number, of a sum in whole units, or of a day as an ordinal; no fact is negative."""
    high: int | None = None
    hits: tuple[Words, ...] = ()
    """Sets of which a list must hold a member each."""

    def __and__(self, other: Region) -> Region:
        highs = [high for high in (self.high, other.high) if high is not None]
        return Region(
            self.words & other.words,
            max(self.low, other.low),
            min(highs, default=None),
            self.hits + tuple(hit for hit in other.hits if hit not in self.hits),
        )

    def some(self, fact: FactType) -> Value | None:
        """A known value of the region, None where it has none."""
        if fact.is_list:
            return self._list()
        if fact.type == "date":
            return self._day()
        if fact.type in ("number", "amount"):
            if self.high is not None and self.low > self.high:
                return None
            if fact.type == "number":
                return self.low
            return Money(self.low, self.words.one(_CURRENCIES)) if self.words else None
        return self.words.one() if self.words else None

    def _list(self) -> frozenset[str] | None:
        chosen = frozenset[str]()
        for hit in self.hits:
            inside = hit & self.words
            if not inside:
                return None
            if not any(word in inside for word in chosen):
                chosen |= {inside.one()}
        return chosen

    def _day(self) -> str | None:
        last = date.max.toordinal() if self.high is None else min(self.high, date.max.toordinal())
        if not self.words.all_but:
            days = sorted(word for word in self.words.names if self.low <= _ordinal(word) <= last)
            return days[0] if days else None
        # Of one day more than are left out, one is free.
        days = [_day(each) for each in range(max(self.low, 1), last + 1)[: len(self.words.names) + 1]]
        return next((day for day in days if day in self.words), None)

    def empty(self, fact: FactType) -> bool:
        """Whether nothing is in it."""
        return self.some(fact) is None


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def whole(universe: frozenset[str] | None) -> Region:
    """Every value of a fact; `universe` holds the words of a closed list."""
    return Region(words=ANY if universe is None else Words(universe))


@cache
def passing(test: Test) -> Region:
    """The values on which a test surely holds."""
    if isinstance(test.value, Money):
        return replace(_from(test.op, test.value.amount), words=Words(frozenset({test.value.currency})))
    if isinstance(test.value, int):
        return _from(test.op, test.value)
    words = Words(test.value)
    if test.op in ("in", "within"):
        return Region(words=words)
    if test.op == "not":
        return Region(words=~words)
    if test.op in ("includes_any", "beyond"):
        return Region(hits=(words if test.op == "includes_any" else ~words,))
    return _from(test.op, _ordinal(words.one()))


@cache
def failing(test: Test) -> tuple[Region, ...]:
    """The known values on which a test does not surely hold, as regions that may overlap."""
    opposite = {
        "in": "not", "not": "in", "includes_any": "lacks", "within": "beyond", "beyond": "within",
        "above": "at_most", "at_most": "above", "below": "at_least", "at_least": "below",
    }[test.op]  # fmt: skip
    if opposite == "lacks":
        assert isinstance(test.value, frozenset)
        return (Region(words=~Words(test.value)),)
    # A sum is looked at in the currency of the rules; what it is in another one, a rate says.
    return (passing(replace(test, op=opposite)),)


def _from(op: str, bound: int) -> Region:
    if op in ("above", "at_least"):
        return Region(low=max(0, bound + (op == "above")))
    return Region(high=bound - (op == "below"))
