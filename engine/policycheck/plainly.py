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
_DAYS = {"above": "after", "below": "before", "at_least": "not before", "at_most": "not after"}


def applies(rule: Rule, vocabulary: Vocabulary) -> str:
    """When a rule applies, in one sentence; what all its groups of tests share is said once."""
    first, *others = rule.groups
    shared = [test for test in first if all(test in group for group in others)]
    rest = [[test for test in group if test not in shared] for group in rule.groups]
    if not (others and shared and all(len(group) == 1 for group in rest)):
        return "; or ".join(conditions(rule, vocabulary))
    ways = [_test(test, vocabulary) for group in rest for test in group]
    return f"{_together([_test(test, vocabulary) for test in shared])}; and besides {', or '.join(ways)}"


def conditions(rule: Rule, vocabulary: Vocabulary) -> list[str]:
    """When a rule applies: one sentence for each of its groups of tests, of which one must hold as a whole."""
    return [_together([_test(test, vocabulary) for test in group]) or "always" for group in rule.groups]


def sentence(text: str, organisation: str, vocabulary: Vocabulary) -> str:
    """A sentence of a rule without a case: `…` stands where each case has its own; '' where that would say nothing."""
    if any(name not in vocabulary.facts for name in _PLACEHOLDER.findall(text)):
        return ""  # It is about figures that only a case has.
    known = {**_KNOWN, "organisation.name": organisation}
    said = " ".join(_PLACEHOLDER.sub(lambda match: known.get(match[1], "…"), text).split())
    return said[:1].upper() + said[1:]


def _test(test: Test, vocabulary: Vocabulary) -> str:
    fact = vocabulary.facts[test.fact]
    said = _lower(fact.means)
    if said.startswith("whether ") and fact.called is None:
        return _yes_no(test, fact, said.removeprefix("whether "), vocabulary)
    return f"{fact.called or said} {_value(test, fact, vocabulary)}"


def _yes_no(test: Test, fact: FactType, subject: str, vocabulary: Vocabulary) -> str:
    assert isinstance(test.value, frozenset)
    words = set(test.value)
    if test.op == "not":
        known = {"yes", "no"} if fact.type == "yes-no" else set(vocabulary.words(fact.words or ""))
        words = known - words
    head, colon, tail = subject.partition(": ")
    subject = f"{head}{colon}{_lower(tail)}"
    spoken = {
        "yes": subject,
        "due": subject,
        "no": fact.denied or f"it is not so that {subject}",
        "none": f"it is not so that {subject}",
        "open": f"it is open whether {subject}",
        "later": f"only later {subject}",
    }
    return _joined([spoken[word] for word in sorted(words, reverse=True)], "or")


def _value(test: Test, fact: FactType, vocabulary: Vocabulary) -> str:
    """What is said of the value of a fact, with the verb that its name lacks."""
    if isinstance(test.value, Money):
        return f"{_NUMBERS[test.op]} {test.value}"
    if isinstance(test.value, int):
        return f"{_NUMBERS[test.op]} {short(test.value)}"
    if test.op in _DAYS:
        return f"is {_DAYS[test.op]} {', '.join(test.value)}"
    groups = vocabulary.data["groups"]
    shown = vocabulary.shown_places(test.value).split(", ") if fact.is_place else sorted(test.value)
    named = [f"the {each}" if fact.is_place and each in groups else each for each in shown]
    one, every, none = _joined(named, "or"), _joined(named, "and"), _joined(named, "nor")
    if fact.is_place and test.op in ("in", "not"):  # A seat lies in a country, and so in a group of countries.
        return f"lies {'outside' if test.op == 'not' else 'in'} {every if test.op == 'not' else one}"
    return {
        "in": f"is {one}",
        "not": f"is neither {none}" if len(named) > 1 else f"is not {one}",
        "includes_any": f"include {one}",
        "within": f"are all {'within' if fact.is_place else 'among'} {every}",
        "beyond": f"are not all {'within' if fact.is_place else 'among'} {every}",
    }[test.op]


def _lower(means: str) -> str:
    text = means.partition(";")[0].strip().rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _together(parts: list[str]) -> str:
    """What must hold together; with `;` between where a part has commas of its own."""
    return "; and ".join(parts) if any("," in part for part in parts) else _joined(parts, "and")


def _joined(parts: Iterable[str], word: str) -> str:
    found = list(parts)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])}{',' if len(found) > 2 else ''} {word} {found[-1]}"
