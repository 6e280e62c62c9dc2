"""Counts and sums of money as policies write them: 12M, 4.2B EUR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Any, Final

from policycheck.values import frozen

_SCALE: Final = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_COUNT: Final = re.compile(r"([0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?)([KMB]?)")


@frozen(kw_only=False, eq=True)
class Money:
    """A sum of money in one currency (ISO 4217)."""

    amount: int
    """In whole units of the currency."""
    currency: str
    rates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False, repr=False)
    """What one unit of a currency is worth in another, as far as the policy says it."""

    def __str__(self) -> str:
        return f"{short(self.amount)} {self.currency}"


def count(value: Any) -> int:
    """The whole number that a policy writes as 12000000, 12_000_000 or 12M; raises ValueError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _COUNT.fullmatch(str(value))
    if not found:
        raise ValueError(f"no count: {value!r}")
    exact = Decimal(found[1].replace("_", "")) * _SCALE[found[2]]
    if exact != exact.to_integral_value():
        raise ValueError(f"no whole number: {value!r}")
    return int(exact)


def money(value: Any) -> Money:
    """The sum that a policy writes as {amount: 4.2B, currency: EUR} or 4.2B EUR; raises ValueError."""
    if isinstance(value, dict):
        return Money(count(value["amount"]), value["currency"])
    amount, _, currency = str(value).rpartition(" ")
    return Money(count(amount), currency)


# Without a rate a sum is known to a factor of three only between currencies whose units are worth about the same, and
# an upper bound only where the unit is surely worth less. One unit of these has been worth between a third of a US
# dollar and three, or more than one, for decades; that of any other currency is worth less than a dollar.
_NEAR_DOLLAR: Final = frozenset(
    ["USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD", "BND", "BGN", "BAM", "BSD", "BMD", "PAB", "KYD"]
)
_ABOVE_DOLLAR: Final = frozenset(["KWD", "BHD", "OMR", "JOD"])


def bounds_in(found: Money, currency: str) -> tuple[int, int | None]:
    """The bounds in whole units of `currency` between which a sum surely lies; None: no upper one.

    With a rate, either way round, both are the same; without one, they hold whatever the rate is.
    """
    if found.currency == currency:
        return found.amount, found.amount
    if pair := rate_between(found, currency):
        rate = float(found.rates[pair[0]][pair[1]])
        exact = round(found.amount * rate if pair[0] == found.currency else found.amount / rate)
        return exact, exact
    if currency not in _NEAR_DOLLAR:
        return 0, None
    if found.currency in _NEAR_DOLLAR:
        return found.amount // 3, found.amount * 3
    return (found.amount // 3, None) if found.currency in _ABOVE_DOLLAR else (0, found.amount * 3)


def rate_between(found: Money, currency: str) -> tuple[str, str] | None:
    """The two currencies of a rate by which a sum can be said in `currency`, in the order in which it is stated."""
    pairs = ((found.currency, currency), (currency, found.currency))
    return next((pair for pair in pairs if pair[1] in found.rates.get(pair[0], {})), None)


def short(number: int) -> str:
    """A count as people say it, without losing a digit: 12M, 652M, 1.5B, 12_345."""
    for letter in ("B", "M", "K"):
        scale = _SCALE[letter]
        fits = scale <= abs(number) < scale * 1000 or letter == "B"
        if fits and abs(number) >= scale and number * 1000 % scale == 0:
            return (
                f"{Decimal(number) / scale:f}".rstrip("0").rstrip(".") + letter
                if number % scale
                else (f"{number // scale}{letter}")
            )
    return f"{number:_}"
