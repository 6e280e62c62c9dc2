"""Answers to a question about a case: yes, no or unknown, with the keys that would settle it."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.facts.case import Case

Answer = tuple[str, tuple[str, ...]]
YES: Answer = ("yes", ())
NO: Answer = ("no", ())


def either(answers: Iterable[Answer]) -> Answer:
    """Whether one of them holds."""
    found = list(answers)
    if any(word == "yes" for word, _ in found):
        return YES
    missing = tuple(key for word, keys in found if word == "unknown" for key in keys)
    return ("unknown", missing) if missing else NO


def both(one: Answer, other: Answer) -> Answer:
    """Whether both hold."""
    if "no" in (one[0], other[0]):
        return NO
    missing = (*one[1], *other[1])
    return ("unknown", missing) if "unknown" in (one[0], other[0]) else YES


def flag(case: Case, key: str) -> Answer:
    """What a key of the use says that is true or false."""
    value = case.use.get(key)
    return ("unknown", (case.key(key),)) if value is None else YES if value else NO
