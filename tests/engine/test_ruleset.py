"""The door to the rules engine: whatever engine stands behind it, it says what the rules say."""

from __future__ import annotations

import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policycheck.errors import EngineFault, UsageError
from policycheck.numbers import Money
from policycheck.rules import NOTHING, Value
from policycheck.rules import Test as RuleTest
from policycheck.ruleset import Ruleset, engine_names

from tests.engine import made_rules, oracle
from tests.engine.made_rules import FACTS, LARGE, WORDS, rule

ENGINES = engine_names()
FIRES: frozenset[str] = frozenset()
each_engine = pytest.mark.parametrize("engine", ENGINES)
seeds = st.integers(min_value=0, max_value=2**32)


def said(engine: str, test: RuleTest, value: Value | None) -> bool | None:
    """What a ruleset of this one test says of a value: True, False, or None for undetermined."""
    answer = Ruleset([rule("asked", [test])], FACTS, engine).match({test.fact: value})
    assert answer in ({}, {"asked": FIRES}, {"asked": frozenset({test.fact})})
    return None if answer.get("asked") else "asked" in answer


def test_the_engines_that_belong_here_are_here() -> None:
    """A test that passes because an engine was missing would be worth nothing."""
    assert "clips" in ENGINES
    if sys.version_info < (3, 13) and sys.platform != "win32":
        assert ENGINES == ("durable-rules", "clips")


def test_both_engines_agree_with_the_oracle_on_2000_policies() -> None:
    """Seeded, so that a difference comes again; each policy with a case that knows much and one that knows little."""
    told = {"fires": 0, "undetermined": 0}
    for seed in range(1000):
        random = Random(seed)
        rules = made_rules.rules(random)
        compiled = [Ruleset(rules, FACTS, engine) for engine in ENGINES]
        for unknown in (0.1, 0.5):
            facts = made_rules.facts(random, unknown)
            wanted = oracle.answers(rules, facts)
            for ruleset in compiled:
                assert ruleset.match(facts) == wanted, f"{ruleset.name}, seed {seed}"
            for hangs in wanted.values():
                told["undetermined" if hangs else "fires"] += 1
    assert min(told.values()) > 1000


@settings(max_examples=400, deadline=None)
@given(seeds, st.sampled_from(ENGINES))
def test_the_order_of_rules_and_tests_does_not_matter(seed: int, engine: str) -> None:
    """durable-rules fires in no order to rely on; a verdict must not hang on one."""
    random = Random(seed)
    rules, facts = made_rules.rules(random), made_rules.facts(random)
    shuffled = [
        rule(each.id, *(random.sample(group, len(group)) for group in random.sample(each.groups, len(each.groups))))
        for each in random.sample(rules, len(rules))
    ]
    first = Ruleset(rules, FACTS, engine).match(facts)
    assert first == Ruleset(shuffled, FACTS, engine).match(facts) == oracle.answers(rules, facts)


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text(), st.text(), st.sampled_from(ENGINES))
def test_any_text_is_only_itself(named: str, other: str, value: str, engine: str) -> None:
    """No text of a user may end a rule early, match another or be taken for a word of the engine's own."""
    wanted = frozenset({named, other})
    assert said(engine, RuleTest("text.0", "in", wanted), value) is (value in wanted)
    assert said(engine, RuleTest("text.0", "not", wanted), value) is (value not in wanted)


@each_engine
def test_odd_words_are_told_apart(engine: str) -> None:
    """`unknown`, `true`, `1`, an empty word, quotes, backslashes, new lines and 70,000 letters are plain words."""
    rules = [rule(f"is-{number}", [RuleTest("text.0", "in", frozenset({word}))]) for number, word in enumerate(WORDS)]
    ruleset = Ruleset(rules, FACTS, engine)
    for number, word in enumerate(WORDS):
        assert ruleset.match({"text.0": word}) == {f"is-{number}": FIRES}
    assert ruleset.match({"text.0": "a word that no rule names"}) == {}


@each_engine
@pytest.mark.parametrize("bound", [0, 700_000_000, *LARGE, *(-size for size in LARGE)])
@pytest.mark.parametrize("step", [-1, 0, 1], ids=["one under", "at the bound", "one over"])
def test_numbers_are_compared_exactly(engine: str, bound: int, step: int) -> None:
    """A cap is met or passed by one user; no size of number may blur that."""
    for type_, value, size in (
        ("number.0", bound + step, bound),
        ("amount.0", Money(bound + step, "EUR"), Money(bound, "EUR")),
    ):
        assert said(engine, RuleTest(type_, "above", size), value) is (step > 0)  # type: ignore[arg-type]
        assert said(engine, RuleTest(type_, "at_least", size), value) is (step >= 0)  # type: ignore[arg-type]
        assert said(engine, RuleTest(type_, "below", size), value) is (step < 0)  # type: ignore[arg-type]
        assert said(engine, RuleTest(type_, "at_most", size), value) is (step <= 0)  # type: ignore[arg-type]


@each_engine
@pytest.mark.parametrize("op", ["above", "at_least", "below", "at_most"])
def test_an_unknown_number_leaves_a_rule_undetermined(engine: str, op: str) -> None:
    """A missing count of users must never read as few users, nor as many."""
    for bound in (-(10**18), 0, 10**18):
        assert said(engine, RuleTest("number.0", op, bound), None) is None
        assert said(engine, RuleTest("amount.0", op, Money(bound, "EUR")), None) is None


RATES = {"EUR": {"USD": "1.1"}}


@each_engine
@pytest.mark.parametrize(
    ("sum_of_money", "answer"),
    [
        pytest.param(Money(2_000_000, "EUR"), None, id="near without a rate"),
        pytest.param(Money(3_000_003, "EUR"), True, id="over three times as much"),
        pytest.param(Money(333_333, "EUR"), False, id="under a third"),
        pytest.param(Money(909_090, "EUR", RATES), False, id="under by the rate"),
        pytest.param(Money(909_092, "EUR", RATES), True, id="over by the rate"),
        pytest.param(Money(900_000_000, "JPY"), None, id="worth less, nobody says how much"),
        pytest.param(Money(300_000, "JPY"), False, id="worth less, and few"),
        pytest.param(Money(9_000_000, "KWD"), True, id="worth more, and many"),
        pytest.param(Money(9, "KWD"), None, id="worth more, nobody says how much"),
    ],
)
def test_sums_in_two_currencies_are_compared_as_far_as_is_known(
    engine: str, sum_of_money: Money, answer: bool | None
) -> None:
    """By the rate of the policy; without one only where no rate could change the answer."""
    bound = Money(1_000_000, "USD")
    assert said(engine, RuleTest("amount.0", "above", bound), sum_of_money) is answer
    assert said(engine, RuleTest("amount.0", "at_most", bound), sum_of_money) is (
        None if answer is None else not answer
    )


@each_engine
def test_no_test_holds_of_what_there_is_not(engine: str) -> None:
    """Who has no host has none outside the EU, either."""
    for op in ("in", "not"):
        assert said(engine, RuleTest("word.0", op, frozenset("a")), NOTHING) is False


@each_engine
@pytest.mark.parametrize(
    ("day", "after", "before"), [("2024-12-31", False, True), ("2025-01-01", False, False), ("2025-01-02", True, False)]
)
def test_dates_are_compared_by_the_calendar(engine: str, day: str, after: bool, before: bool) -> None:
    """From both sides of the day."""
    bound = frozenset({"2025-01-01"})
    assert said(engine, RuleTest("date.0", "above", bound), day) is after
    assert said(engine, RuleTest("date.0", "below", bound), day) is before
    assert said(engine, RuleTest("date.0", "at_least", bound), day) is not before
    assert said(engine, RuleTest("date.0", "at_most", bound), day) is not after
    assert said(engine, RuleTest("date.0", "above", bound), None) is None


@each_engine
@pytest.mark.parametrize(
    ("places", "any_", "within"),
    [((), False, True), (("FR",), True, True), (("FR", "US"), True, False), (("US",), False, False)],
    ids=["nowhere", "inside", "across", "outside"],
)
def test_lists_meet_lie_within_and_reach_beyond(engine: str, places: tuple[str, ...], any_: bool, within: bool) -> None:
    """A use that reaches one country beyond a territory is beyond it, though most of it lies within."""
    territory, value = frozenset({"DE", "FR"}), frozenset(places)
    assert said(engine, RuleTest("places.0", "includes_any", territory), value) is any_
    assert said(engine, RuleTest("places.0", "within", territory), value) is within
    assert said(engine, RuleTest("places.0", "beyond", territory), value) is not within
    assert said(engine, RuleTest("places.0", "beyond", territory), None) is None


@each_engine
def test_a_false_test_settles_what_an_unknown_fact_left_open(engine: str) -> None:
    """Nobody is asked for a fact that can't matter; where it can, only the facts it hangs on are named."""
    big, eu = RuleTest("number.0", "above", 5), RuleTest("place.0", "in", frozenset({"FR"}))
    ruleset = Ruleset([rule("both", [big, eu]), rule("either", [big], [eu])], FACTS, engine)
    assert ruleset.reads == {"number.0", "place.0"}
    assert ruleset.match({"number.0": None, "place.0": "US"}) == {"either": {"number.0"}}
    assert ruleset.match({"number.0": None, "place.0": "FR"}) == {"both": {"number.0"}, "either": FIRES}
    assert ruleset.match({"number.0": None, "place.0": None}) == {
        "both": {"number.0", "place.0"},
        "either": {"number.0", "place.0"},
    }
    assert ruleset.match({"number.0": 5, "place.0": None}) == {"either": {"place.0"}}
    assert ruleset.match({"number.0": 5, "place.0": "US"}) == {}


@each_engine
def test_tests_of_one_fact_in_one_group_all_count(engine: str) -> None:
    """Engines take a column once per rule; two bounds on one fact must not lose one."""
    between = [RuleTest("number.0", "above", 5), RuleTest("number.0", "above", 7), RuleTest("number.0", "below", 10)]
    words = [RuleTest("word.0", "in", frozenset("ab")), RuleTest("word.0", "not", frozenset("b"))]
    ruleset = Ruleset([rule("between", between), rule("only-a", words)], FACTS, engine)
    for number, word in ((7, "b"), (8, "a"), (9, "c"), (10, "a")):
        fired = {"between"} if 7 < number < 10 else set()
        fired |= {"only-a"} if word == "a" else set()
        assert set(ruleset.match({"number.0": number, "word.0": word})) == fired


@each_engine
def test_a_rule_without_tests_always_fires(engine: str) -> None:
    """An empty `when` applies to every case, and a rule without any group to none."""
    ruleset = Ruleset([rule("always", []), rule("never")], FACTS, engine)
    assert ruleset.match({}) == {"always": FIRES}
    assert Ruleset([], FACTS, engine).match({}) == {}


@each_engine
@pytest.mark.parametrize(
    ("fact", "test", "value"),
    [
        ("number.0", ("above", 5), "800"),
        ("number.0", ("above", 5), True),
        ("number.0", ("above", 5), 6.0),
        ("yes-no.0", ("in", frozenset({"yes"})), True),
        ("word.0", ("not", frozenset({"a"})), ["a"]),
        ("words.0", ("includes_any", frozenset({"a"})), ""),
        ("amount.0", ("above", Money(1, "EUR")), 5),
        ("date.0", ("above", frozenset({"2025-01-01"})), 0),
    ],
)
def test_a_value_of_another_type_is_a_fault(engine: str, fact: str, test: tuple[str, Value], value: Value) -> None:
    """Engines guess what `"800" > 700` means; nobody may guess here."""
    ruleset = Ruleset([rule("asked", [RuleTest(fact, *test)])], FACTS, engine)  # type: ignore[arg-type]
    with pytest.raises(EngineFault):
        ruleset.match({fact: value})


@each_engine
def test_a_fact_left_out_is_a_fault(engine: str) -> None:
    """A forgotten fact is not an unknown one: the first is our mistake, the second the user's to fill in."""
    ruleset = Ruleset([rule("asked", [RuleTest("number.0", "above", 5)])], FACTS, engine)
    with pytest.raises(EngineFault, match=r"number\.0"):
        ruleset.match({})


def test_a_rule_that_reads_no_fact_is_refused() -> None:
    """Packs are checked when they are read; a rule built by hand is checked here."""
    with pytest.raises(UsageError, match=r"use\.colour"):
        Ruleset([rule("asked", [RuleTest("use.colour", "in", frozenset({"red"}))])], FACTS)


def test_an_engine_that_is_not_there_is_named() -> None:
    """The message says which ones there are."""
    with pytest.raises(UsageError, match="`drools`; there are `durable-rules` and `clips`"):
        Ruleset([], FACTS, "drools")


def test_the_name_gives_the_version() -> None:
    """Reports carry it, so that an auditor can run the very same engine."""
    for engine in ENGINES:
        name, version = Ruleset([], FACTS, engine).name.split(" ")
        assert name == engine
        assert version[0].isdigit()
