"""Rules and facts made at random from a seed, for the tests and the long run alike."""

from __future__ import annotations

from random import Random

from policycheck.numbers import Money
from policycheck.rules import Rule, Test, Value
from policycheck.vocabulary import FactType

TYPES = ("word", "words", "number", "amount", "yes-no", "text", "texts", "place", "places", "date")
FACTS = {
    f"{type_}.{number}": FactType(name=f"{type_}.{number}", type=type_, means="Made up.")
    for type_ in TYPES
    for number in range(2)
}
# Words that an engine might take for something else.
WORDS = (
    "alpha", "beta", "gamma", "", " ", "unknown", "none", "nil", "true", "1", "1.5", "yes", "no", "other", "v1", "w0",
    'a "quoted" word', "back\\slash", "new\nline", "?x&:(halt)", "$eq", "Zürich ✓", "\u2028", "x" * 70_000,
)  # fmt: skip
DATES = ("2024-12-31", "2025-01-01", "2025-01-02", "2026-06-30")
NUMBERS = (-1, 0, 1, 699_999_999, 700_000_000, 700_000_001)
LARGE = (2**31, 2**53 - 2, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 10**18, 10**18 + 1, 10**30)
SIZES = (*NUMBERS, *LARGE, *(-size for size in LARGE))
_NUMBER_OPS = ("above", "below", "at_least", "at_most")


def rules(random: Random, most: int = 8) -> list[Rule]:
    """Up to `most` rules, of up to three groups of up to four tests each."""
    return [
        rule(f"rule-{number}", *(
            [made_test(random) for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4)) if random.random() < 0.9 else 1)]
            for _ in range(random.choice((1, 1, 1, 2, 3)))
        ))
        for number in range(random.randint(1, most))
    ]  # fmt: skip


def rule(id_: str, *groups: list[Test]) -> Rule:
    """A rule that blocks where one of `groups` holds."""
    return Rule(
        id=id_, outcome="block", kind="review", basis="house", message="Made up.", pack="made",
        groups=tuple(tuple(group) for group in groups),
    )  # fmt: skip


def made_test(random: Random) -> Test:
    """A test of any fact."""
    fact = random.choice(list(FACTS.values()))
    if fact.type == "number":
        return Test(fact.name, random.choice(_NUMBER_OPS), _size(random))
    if fact.type == "amount":
        return Test(fact.name, random.choice(_NUMBER_OPS), _money(random))
    if fact.is_list:
        return Test(fact.name, random.choice(("includes_any", "within", "beyond")), _words(random))
    if fact.type == "date" and random.random() < 0.7:
        return Test(fact.name, random.choice(_NUMBER_OPS), frozenset({random.choice(DATES)}))
    words = frozenset(random.sample(DATES, 2)) if fact.type == "date" else _words(random)
    return Test(fact.name, random.choice(("in", "not")), words)


def facts(random: Random, unknown: float = 0.2) -> dict[str, Value | None]:
    """A value for every fact, a share of them unknown."""
    return {name: None if random.random() < unknown else _value(fact, random) for name, fact in FACTS.items()}


def _value(fact: FactType, random: Random) -> Value:
    if fact.type == "number":
        return _size(random)
    if fact.type == "amount":
        return _money(random)
    if fact.is_list:
        return _words(random)
    return random.choice(DATES if fact.type == "date" else WORDS)


def _words(random: Random) -> frozenset[str]:
    # Few words, so that tests meet values; seldom any of them.
    words = WORDS if random.random() < 0.3 else WORDS[:4]
    return frozenset(random.sample(words, random.randint(0, 3)))


def _size(random: Random) -> int:
    return random.choice(NUMBERS if random.random() < 0.7 else SIZES)


def _money(random: Random) -> Money:
    return Money(_size(random), random.choice(("EUR", "EUR", "USD")))
