"""A rule in plain language, made from its tests, so that the words can't drift from what it does."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policycheck.numbers import Money, short
from policycheck.rules import Rule, Test
from policycheck.vocabulary import FactType, Vocabulary

_PLACEHOLDER = re.compile(r"`?\{([^{}]*)\}`?")
_KNOWN = {
    "use.name": "the use",
    "model.id": "the model",
    "license.name": "the license",
    "publisher.name": "its publisher",
}
_NUMBERS = {"above": "more than", "below": "less than", "at_least": "at least", "at_most": "at most"}
_YES = {"yes": "", "no": "it is not so that ", "open": "it is open whether ", "due": "", "later": "only later: "}


def conditions(rule: Rule, vocabulary: Vocabulary) -> list[str]:
    """When a rule applies: one sentence for each of its groups of tests, of which one must hold as a whole."""
    return [_joined([_test(test, vocabulary) for test in group], "and") or "always" for group in rule.groups]


def sentence(text: str, organisation: str, vocabulary: Vocabulary) -> str:
    """A sentence of a rule without a case: `…` stands where each case has its own; '' where that would say nothing."""
    if any(name not in vocabulary.facts for name in _PLACEHOLDER.findall(text)):
        return ""  # It is about figures that only a case has.
    known = {**_KNOWN, "organisation.name": organisation}
    said = " ".join(_PLACEHOLDER.sub(lambda match: known.get(match[1], "…"), text).split())
    return said[:1].upper() + said[1:]


def _test(test: Test, vocabulary: Vocabulary) -> str:
    fact = vocabulary.facts[test.fact]
    means = _lower(fact.means)
    if means.startswith("whether ") and test.op in ("in", "not"):
        return _yes_no(test, fact, means.removeprefix("whether "), vocabulary)
    return f"{means}: {_value(test, fact, vocabulary)}"


def _yes_no(test: Test, fact: FactType, subject: str, vocabulary: Vocabulary) -> str:
    assert isinstance(test.value, frozenset)
    words = set(test.value)
    if test.op == "not":
        known = {"yes", "no"} if fact.type == "yes-no" else set(vocabulary.words(fact.words or ""))
        words = known - words
    head, colon, tail = subject.partition(": ")
    subject = f"{head}{colon}{_lower(tail)}"
    if not words <= _YES.keys():
        return f"whether {subject}: {_joined(sorted(words), 'or')}"
    return _joined([f"{_YES[word]}{subject}" for word in sorted(words, reverse=True)], "or")


def _value(test: Test, fact: FactType, vocabulary: Vocabulary) -> str:
    if isinstance(test.value, Money):
        return f"{_NUMBERS[test.op]} {test.value}"
    if isinstance(test.value, int):
        return f"{_NUMBERS[test.op]} {short(test.value)}"
    if test.op in _NUMBERS:
        return f"{test.op.replace('_', ' ')} {', '.join(test.value)}"
    shown = vocabulary.shown_places(test.value).split(", ") if fact.is_place else sorted(test.value)
    listed = _joined(shown, "or")
    return {
        "in": listed,
        "not": f"anything but {listed}",
        "includes_any": f"among others {listed}",
        "within": f"all within {_joined(shown, 'and')}",
        "beyond": f"at least one outside {_joined(shown, 'and')}",
    }[test.op]


def _lower(means: str) -> str:
    text = means.partition(";")[0].strip().rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _joined(parts: Iterable[str], word: str) -> str:
    found = list(parts)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])}{',' if len(found) > 2 else ''} {word} {found[-1]}"
