"""A rule: which facts it reads, what each must be, and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from typing import Any, Final

from policycheck.advice import PLACE, date_hint, hint, is_day, odd_characters, shown
from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.numbers import Money, count, money
from policycheck.values import frozen
from policycheck.vocabulary import FactType, Vocabulary

Value = str | int | Money | frozenset[str]
NOTHING: Final = "\0nothing"
"""What a fact says of a thing that there is not, as the seat of a host: no test of it holds. No document can say it."""

_LIST_TESTS = ("includes", "includes_any", "within", "beyond")
_SET_TESTS = ("equals", "in", "not")
_NUMBER_TESTS = ("above", "below", "at_least", "at_most")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@frozen(kw_only=False, eq=True)
class Test:
    """What one fact must be.

    `op` is `in` or `not` over words (`value`: a frozenset; `equals` is an `in` of one), `above`, `below`, `at_least`
    or `at_most` over numbers (an int) and sums of money (a Money), or `includes_any`, `within` or `beyond` over lists
    (a frozenset; `includes` is an `includes_any` of one). Groups of countries are already spelled out.
    """

    fact: str
    op: str
    value: frozenset[str] | int | Money


@frozen
class Law:
    """Where the law behind a rule stands."""

    status: str
    start: str | None = None
    until: str | None = None
    reference: str | None = None

    def in_force(self, today: date) -> bool:
        """Whether the law weighs on `today`."""
        day = today.isoformat()
        return self.status == "in-force" and (self.start or day) <= day <= (self.until or day)

    def ended(self, today: date) -> bool:
        """Whether the law is one of the past on `today`."""
        return self.status == "repealed" or (self.until or "9999") < today.isoformat()


@frozen
class Rule:
    """A rule of a pack or of an organisation. It applies where one of its groups of tests holds as a whole."""

    id: str
    outcome: str
    """block, conditional or note."""
    kind: str
    basis: str
    groups: tuple[tuple[Test, ...], ...]
    message: str
    pack: str
    asks: str | None = None
    next_step: str | None = None
    overrides: tuple[str, ...] = ()
    names_section: bool = False
    """Whether an entry of what was done must name its section where there are several: the id does not say what."""
    law: Law | None = None
    document: Document | None = field(default=None, compare=False, repr=False)
    """Where it is written."""
    where: Where = field(default=(), compare=False, repr=False)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts it reads; citations, missing keys and signature follow from them."""
        return frozenset(test.fact for group in self.groups for test in group)

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The facts that its sentences put in."""
        said = f"{self.message} {self.next_step or ''} {self.asks or ''}"
        return frozenset(name for name in _PLACEHOLDER.findall(said) if "." in name)


def rules_from(document: Document, key: str, pack: str, vocabulary: Vocabulary) -> tuple[list[Rule], list[Problem]]:
    """The rules under `key` of a document that passed its schema, and what is wrong with them."""
    rules: list[Rule] = []
    wrong: list[Problem] = []
    for index, data in enumerate(document.data.get(key, ())):
        if "when" not in data:  # The schema refused it, and the rest of the document is checked.
            continue
        reader = _Reader(document, (key, index), vocabulary)
        rules.append(reader.rule(data, pack))
        wrong += reader.problems
    return rules, wrong


class _Reader:
    def __init__(self, document: Document, where: Where, vocabulary: Vocabulary) -> None:
        self.document, self.where, self.vocabulary = document, where, vocabulary
        self.problems: list[Problem] = []

    def _wrong(self, where: Where, message: str, *, suggestion: str | None = None, key: bool = False) -> None:
        self.problems.append(self.document.problem(where, message, suggestion=suggestion, key=key))

    def rule(self, data: Mapping[str, Any], pack: str) -> Rule:
        when = dict(data["when"])
        alternatives = when.pop("any", None)
        if not alternatives and when.keys() <= {"note"}:
            self._wrong((*self.where, "when"), "this names no fact, so the rule would always apply; write a test")
        shared = tuple(self._tests(when, (*self.where, "when")))
        groups = tuple(
            shared + tuple(self._tests(each, (*self.where, "when", "any", number)))
            for number, each in enumerate(alternatives or ({},))
        )
        law = data.get("law")
        rule = Rule(
            id=data["id"],
            outcome=data["outcome"],
            kind=data.get("kind", "notice" if data["outcome"] == "note" else "review"),
            basis=data.get("basis", "house"),
            groups=groups,
            message=data["message"].strip(),
            pack=pack,
            asks=data.get("asks"),
            next_step=data.get("next_step"),
            overrides=tuple(data.get("overrides", ())),
            names_section=data.get("names_section", False),
            law=Law(status=law["status"], start=law.get("from"), until=law.get("until"), reference=law.get("reference"))
            if law
            else None,
            document=self.document,
            where=self.where,
        )
        self._placeholders(rule)
        if rule.law and rule.law.start and rule.law.until and rule.law.until < rule.law.start:
            message = f"`until` ({rule.law.until}) lies before `from` ({rule.law.start})"
            self._wrong((*self.where, "law", "until"), message)
        return rule

    def _placeholders(self, rule: Rule) -> None:
        facts = self.vocabulary.facts
        figures = {figure for name in rule.reads if name in facts for figure in facts[name].figures}
        for key, text in (("message", rule.message), ("next_step", rule.next_step or ""), ("asks", rule.asks or "")):
            for name in _PLACEHOLDER.findall(text):
                if name not in facts and name not in figures:
                    meant = self.vocabulary.suggestion(name, [*facts, *figures])
                    end = f"; did you mean `{{{meant}}}`?" if meant else "; it must be a fact, as `{use.name}`"
                    self._wrong((*self.where, key), f"`{{{name}}}` names no fact{end}", suggestion=meant)

    def _tests(self, when: Mapping[str, Any], where: Where) -> Iterator[Test]:
        for name, spec in when.items():
            if name == "note":
                continue
            inner: Where = (*where, name)
            fact = self.vocabulary.facts.get(name)
            if fact is None:
                meant = self.vocabulary.suggestion(name, self.vocabulary.facts)
                end = f"; did you mean `{meant}`?" if meant else "; `policycheck catalog list facts` prints all"
                self._wrong(inner, f"unknown fact `{name}`{end}", suggestion=meant, key=True)
                continue
            for op, value in (spec if isinstance(spec, dict) else {"equals": spec}).items():
                if op != "note":
                    yield from self._test(fact, op, value, (*inner, op) if isinstance(spec, dict) else inner)

    def _test(self, fact: FactType, op: str, value: Any, where: Where) -> Iterator[Test]:
        op = "not" if op == "not_in" else op
        if fact.is_list and op not in _LIST_TESTS:
            listed = ", ".join(f"`{test}`" for test in _LIST_TESTS)
            self._wrong(where, f"`{fact.name}` is a list; test it with {listed}, as `{{includes: …}}`")
        elif not fact.is_list and op in _LIST_TESTS:
            self._wrong(where, f"`{fact.name}` is no list; `{op}` needs one")
        elif fact.type in ("number", "amount"):
            yield from self._number(fact, op, value, where)
        elif op in _NUMBER_TESTS and fact.type != "date":
            self._wrong(where, f"`{fact.name}` is no number; `{op}` needs one")
        else:
            yield from self._words(fact, op, value, where)

    def _number(self, fact: FactType, op: str, value: Any, where: Where) -> Iterator[Test]:
        if op not in _NUMBER_TESTS:
            listed = ", ".join(f"`{test}`" for test in _NUMBER_TESTS)
            example = "`{above: 1M USD}`" if fact.type == "amount" else "`{above: 1M}`"
            self._wrong(where, f"`{fact.name}` is a number; test it with {listed}, as {example}")
            return
        amount = fact.type == "amount"
        try:
            bound = money(value) if amount else count(value)
        except (ValueError, KeyError, TypeError):
            expected = "a sum of money, as `1M USD`" if amount else "a whole number, as `12M`"
            said = hint(value, money=amount)
            self._wrong(where, f"expected {expected}, found `{value}`{said and f'; {said}'}")
            return
        if isinstance(bound, Money) and not _CURRENCY.fullmatch(bound.currency):
            upper = bound.currency.upper()
            way = f"write `{upper}`" if _CURRENCY.fullmatch(upper) else "write its three letters, as `EUR`"
            self._wrong(where, f"`{bound.currency}` is no currency; {way}")
        elif isinstance(bound, Money) and bound.currency not in self.vocabulary.currencies:
            self._wrong(where, f"`{bound.currency}` is no currency; write its code of ISO 4217, as `EUR`")
        elif isinstance(bound, int) and bound < 0:
            self._wrong(where, f"`{fact.name}` is never negative, and `{value}` is; write a count from 0 upwards")
        else:
            yield Test(fact.name, op, bound)

    def _words(self, fact: FactType, op: str, value: Any, where: Where) -> Iterator[Test]:
        values = value if isinstance(value, list) else [value]
        if op == "includes" and len(values) > 1:
            self._wrong(where, "`includes` takes one word; write `includes_any` where one of them is enough")
        if fact.type == "date":
            odd = [each for each in values if not is_day(str(each))]
            for each in odd:
                said = date_hint(each) or "write it as `2027-03-31`"
                self._wrong(where, f"`{fact.name}` is a day, and `{each}` is none; {said}")
            if odd:
                return
        spoken = [{True: "yes", False: "no"}[v] if isinstance(v, bool) else str(v) for v in values]
        known = self._known(fact)
        for index, word in enumerate(spoken):
            if known is not None and word and word not in known:  # An empty one was spoken of when it was read.
                meant = self.vocabulary.suggestion(word, known)
                listed = ", ".join(f"`{each}`" for each in (["true", "false"] if fact.type == "yes-no" else known))
                other = f"expected {PLACE}" if fact.is_place else f"known are {listed}"
                end = f"did you mean `{meant}`?" if meant else other
                place = (*where, index) if isinstance(value, list) else where
                message = f"`{shown(word)}` is no word of `{fact.name}`{odd_characters(word)}; {end}"
                self._wrong(place, message, suggestion=meant)
        words = self.vocabulary.countries(spoken) if fact.is_place else frozenset(spoken)
        plain = {"equals": "in", "includes": "includes_any"}.get(op, op)
        yield Test(fact.name, plain, words)

    def _known(self, fact: FactType) -> list[str] | None:
        if fact.type == "yes-no":
            return ["yes", "no"]
        if fact.is_place:
            return list(self.vocabulary.words("places"))
        if fact.words is not None:
            return list(self.vocabulary.words(fact.words))
        return None
