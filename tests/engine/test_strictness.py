"""Rules as such: what is said of two sets of them is checked against an independent reading of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import made_rules
import oracle
import pytest
from policycheck import shipped
from policycheck.documents import read_file
from policycheck.errors import DocumentError
from policycheck.numbers import Money
from policycheck.packs import rules_in_force
from policycheck.rules import Law, Rule, Value, rules_from
from policycheck.rules import Test as Condition
from policycheck.strictness import relation
from policycheck.vocabulary import FactType, Vocabulary

TODAY = date(2026, 11, 25)
_OUTCOMES = ("note", "conditional", "block")
_FEW = ("word.0", "words.0", "number.0", "amount.0", "yes-no.0", "date.0")


class _Made(Vocabulary):
    """A vocabulary of the made-up facts."""

    facts: Mapping[str, FactType] = made_rules.FACTS  # type: ignore[assignment]


MADE = _Made({"countries": dict.fromkeys(("alpha", "beta", "gamma"), "Made up.")})


def rank(rules: Sequence[Rule], facts: Mapping[str, Value | None]) -> int:
    """The strictest outcome of the rules on a case, as the oracle reads them."""
    matched = oracle.answers(rules, facts)
    found = 0
    for rule in rules:
        if rule.id not in matched:
            continue
        weighs = _OUTCOMES.index(rule.outcome)
        above = [matched[other.id] for other in rules if rule.id in other.overrides and other.id in matched]
        if any(not open_facts for open_facts in above):
            continue
        found = max(found, min(weighs, 1) if matched[rule.id] or above else weighs)
    return found


def made(random: Random, most: int) -> list[Rule]:
    """Rules of every outcome over few facts, of which some take others away."""
    rules = [
        replace(
            rule,
            outcome=random.choice(_OUTCOMES),
            groups=tuple(tuple(test for test in group if test.fact in _FEW) for group in rule.groups),
        )
        for rule in made_rules.rules(random, most)
    ]
    names = [rule.id for rule in rules]
    exceptions = [rule for rule in rules if random.random() < 0.3]
    plain = [name for name in names if name not in {rule.id for rule in exceptions}]
    return [
        replace(rule, overrides=tuple(random.sample(plain, 1))) if plain and rule in exceptions else rule
        for rule in rules
    ]


def countable(case: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """The case with no count or sum below zero: no document can hold one."""
    found = dict(case)
    for name, value in case.items():
        if isinstance(value, int):
            found[name] = abs(value)
        elif isinstance(value, Money):
            found[name] = Money(abs(value.amount), value.currency)
    return found


def value_of(text: str, fact: FactType, before: Sequence[Rule], after: Sequence[Rule]) -> Value | None:
    """A value that a witness shows, read back."""
    if text == "(not known)":
        return None
    if fact.is_list:
        return frozenset(word for word in text[1:-1].split(", ") if word)
    if fact.type == "number":
        return int(text)
    return text


@pytest.mark.parametrize("seed", range(120))
def test_what_is_said_of_two_sets_of_rules_is_so(seed: int) -> None:
    """A witness differs the way it says, and where there is none, no case that was tried differs that way."""
    random = Random(seed)
    before = made(random, 4)
    after = made(random, 4) if random.random() < 0.5 else [*before[1:], *made(random, 1)]
    after = [
        replace(rule, id=f"other-{rule.id}", overrides=tuple(f"other-{o}" for o in rule.overrides)) for rule in after
    ]
    found = relation(before, after, MADE, TODAY)
    words = {
        (False, False): "equivalent",
        (True, False): "stricter",
        (False, True): "milder",
        (True, True): "incomparable",
    }
    assert found.word == words[found.stricter is not None, found.milder is not None]
    for witness, sign in ((found.stricter, 1), (found.milder, -1)):
        if witness is not None:
            order = ("allow", "conditional", "block")
            assert (order.index(witness.after) - order.index(witness.before)) * sign > 0
    for _ in range(400):
        case = countable(made_rules.facts(random, random.choice((0, 0.2, 0.6))))
        step = rank(after, case) - rank(before, case)
        assert step <= 0 or found.stricter is not None, case
        assert step >= 0 or found.milder is not None, case


@pytest.mark.parametrize("seed", range(120))
def test_a_witness_holds_when_the_oracle_reads_it(seed: int) -> None:
    """Facts that a witness leaves out are not known."""
    random = Random(1000 + seed)
    plain = [fact for fact in _FEW if not fact.startswith(("amount", "words"))]

    def simple(rules: list[Rule], name: str) -> list[Rule]:
        groups = ([tuple(t for t in group if t.fact in plain) for group in rule.groups] for rule in rules)
        return [
            replace(r, id=f"{name}-{r.id}", groups=tuple(g), overrides=tuple(f"{name}-{o}" for o in r.overrides))
            for r, g in zip(rules, groups, strict=True)
        ]

    before, after = simple(made(random, 4), "a"), simple(made(random, 4), "b")
    found = relation(before, after, MADE, TODAY)
    for witness, sign in ((found.stricter, 1), (found.milder, -1)):
        if witness is None:
            continue
        case: dict[str, Value | None] = dict.fromkeys(made_rules.FACTS)
        for fact, shown in {**witness.facts, **witness.rest}.items():
            case[fact] = value_of(shown, made_rules.FACTS[fact], before, after)
        assert (rank(after, case) - rank(before, case)) * sign > 0
        assert [_word(rank(before, case)), _word(rank(after, case))] == [witness.before, witness.after]


def _word(rank: int) -> str:
    return ("allow", "conditional", "block")[rank]


def one(outcome: str, *tests: Condition, **more: object) -> Rule:
    """A rule with one group of tests."""
    return replace(made_rules.rule("one", list(tests)), outcome=outcome, **more)


def test_exceptions_to_exceptions_are_said_not_to_be_compared() -> None:
    """Whether they lift a ban hangs on three rules at once; a wrong word would be worse than none."""
    ban = one("block", Condition("number.0", "above", 5), id="ban")
    exception = one("note", Condition("word.0", "in", frozenset("a")), id="exception", overrides=("ban",))
    limit = one("note", Condition("word.0", "in", frozenset("b")), id="limit", overrides=("exception",))
    assert relation([ban, exception], [ban, exception], MADE, TODAY).word == "equivalent"
    assert relation([ban, exception], [ban, exception, limit], MADE, TODAY).word == "not-compared"


def test_a_bound_that_moves_by_one_is_told() -> None:
    """At 700M and at 700M + 1 the rules differ."""
    old = [one("block", Condition("number.0", "above", 700_000_000))]
    new = [one("block", Condition("number.0", "at_least", 700_000_000))]
    found = relation(old, new, MADE, TODAY)
    assert found.word == "stricter"
    assert found.stricter is not None
    assert found.stricter.facts == {"number.0": "700000000"}


def test_the_same_rule_written_in_two_ways_is_equivalent() -> None:
    """Above 5 and at least 6, over whole numbers; one rule or two."""
    old = [one("block", Condition("number.0", "above", 5), Condition("word.0", "in", frozenset({"alpha", "beta"})))]
    new = [
        one("block", Condition("number.0", "at_least", 6), Condition("word.0", "in", frozenset({word})), id=word)
        for word in ("alpha", "beta")
    ]
    found = relation(old, new, MADE, TODAY)
    assert (found.word, found.stricter, found.milder) == ("equivalent", None, None)


def test_a_rule_for_each_answer_is_milder_than_a_rule_for_all_where_the_answer_is_not_known() -> None:
    """The unknown is a value of its own: two rules that ask become conditional where one that does not ask blocks."""
    always = [one("block")]
    asking = [one("block", Condition("yes-no.0", "in", frozenset({word})), id=word) for word in ("yes", "no")]
    found = relation(always, asking, MADE, TODAY)
    assert found.word == "milder"
    assert found.milder is not None
    assert found.milder.as_json() == {
        "facts": {"yes-no.0": "(not known)"},
        "rest": {},
        "before": "block",
        "after": "conditional",
    }


def test_an_exception_makes_rules_milder() -> None:
    """A rule that takes another away is a rule as well."""
    bar = one("block", Condition("word.0", "in", frozenset({"alpha"})))
    exception = one("note", Condition("yes-no.0", "in", frozenset({"yes"})), id="exception", overrides=("one",))
    found = relation([bar], [bar, exception], MADE, TODAY)
    assert found.word == "milder"
    assert found.milder is not None
    assert found.milder.facts == {"word.0": "alpha", "yes-no.0": "yes"}


def test_a_law_that_is_not_in_force_weighs_nothing() -> None:
    """Until the day on which it is."""
    rule = one("block", law=Law(status="in-force", start="2027-08-02"))
    assert relation([], [rule], MADE, TODAY).word == "equivalent"
    assert relation([], [rule], MADE, date(2027, 8, 2)).word == "stricter"


def test_each_shipped_pack_is_equivalent_to_itself_and_stricter_than_none() -> None:
    """Over the whole vocabulary."""
    catalog = shipped.catalog()
    for path in sorted((shipped.folder("policies") / "packs").glob("*.yaml")):
        rules, wrong = rules_from(read_file(path), "rules", path.stem, catalog.vocabulary)
        assert not wrong
        assert relation(rules, rules, catalog.vocabulary, TODAY).word == "equivalent", path.stem
        found = relation([], rules, catalog.vocabulary, TODAY)
        assert (found.word, found.milder) == ("stricter", None), path.stem


def test_a_policy_with_one_more_pack_is_stricter() -> None:
    """Every pack on top of `baseline`, whose rules are many."""
    catalog = shipped.catalog()
    for name in catalog.data["packs"]:
        if name == "baseline":
            continue
        try:
            old, new = (_in_force(catalog, extends) for extends in ([], [name]))
        except DocumentError as error:  # pragma: no cover
            pytest.fail(str(error))
        assert relation(old, new, catalog.vocabulary, TODAY).word == "stricter", name


def _in_force(catalog: object, extends: list[str]) -> list[Rule]:
    from policycheck.documents import Document

    data = {"policy_version": 1, "organisation": {"name": "N"}, "extends": extends}
    return rules_in_force(Document("org.yaml", data, {}, {}), catalog)[1]  # type: ignore[arg-type]
