"""Currencies of a policy that are none: a sum in one could be converted into nothing, and so compared with nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.figures import SUMS, homes
from policycheck.vocabulary import Vocabulary


def check(document: Document, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Codes of three letters that ISO 4217 does not have, in a policy that passed its schema."""
    # No code is guessed: one letter makes it another country's money.
    for where, code, key in _named(document.data):
        if code.isupper() and code not in vocabulary.currencies:
            message = f"`{code}` is no currency; write its code of ISO 4217, as `EUR`"
            yield document.problem(where, message, key=key)


def _named(data: Any) -> Iterator[tuple[Where, str, bool]]:
    """Each code, where it stands, and whether it is a key there."""
    for where, home in homes(data):
        for key in SUMS:
            value = home.get(key)
            for index, entry in enumerate(value) if isinstance(value, list) else ((None, value),):
                inner: Where = (*where, key) if index is None else (*where, key, index)
                if isinstance(entry, dict) and "currency" in entry:
                    yield (*inner, "currency"), entry["currency"], False
                elif isinstance(entry, str):
                    yield inner, entry.rpartition(" ")[2], False
    for base, others in data.get("settings", {}).get("exchange_rates", {}).items():
        place: Where = ("settings", "exchange_rates", base)
        if isinstance(others, dict):
            yield place, base, True
            yield from (((*place, other), other, True) for other in others if other not in ("on", "note"))
