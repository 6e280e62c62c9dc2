"""What a finding rests on and how it is said; worked out when somebody asks, since most findings are never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cached_property

from policycheck.facts import Case, Fact, Known, Source
from policycheck.license import Clause
from policycheck.numbers import Money, short
from policycheck.rules import Rule
from policycheck.values import frozen

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_GAP = "not known"
# A figure in brackets of its own, or after `of`.
_GAPS = re.compile(rf" \((?:\(\w+ {_GAP}\))+\)| of \(\w+ {_GAP}\)")


@frozen
class Told:
    """Grounds that are known beforehand: a sentence, and nothing behind it."""

    message: str
    missing: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    sources: tuple[Source, ...] = ()
    next_step: str | None = None
    licensor: str | None = None
    licensee: str | None = None

    def of(self, case: Case) -> Told:
        """The same; it speaks of no case."""
        return self

    figures: Mapping[str, str] = field(default_factory=dict)

    def company(self, key: str) -> str | None:
        """No key of a list is missing here."""
        return None


class Grounds:
    """The facts of a case that a rule read, and the sentences that follow from them."""

    def __init__(self, case: Case, rule: Rule, open_facts: frozenset[str]) -> None:
        """`open_facts` are the unknown facts on which the rule hangs; none where it fires."""
        self.case, self.rule, self.open_facts = case, rule, open_facts

    def of(self, case: Case) -> Grounds:
        """The same of another case that gives the rule the same facts."""
        return Grounds(case, self.rule, self.open_facts)

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact that the rule reads."""
        return {name: self.case.fact(name) for name in sorted(self.rule.reads)}

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses behind the facts."""
        seen: dict[tuple[str, str, str, str | None], Clause] = {}
        for fact in self.facts.values():
            for clause in fact.clauses:
                seen.setdefault((clause.license, clause.fact, clause.text.document, clause.section), clause)
        return tuple(seen.values())

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Where the organisation's facts stand."""
        return tuple(dict.fromkeys(source for fact in self.facts.values() for source in fact.sources))

    @cached_property
    def figures(self) -> Mapping[str, str]:
        """The figures used."""
        return {key: value for fact in self.facts.values() for key, value in fact.figures.items()}

    @property
    def licensor(self) -> str | None:
        """The legal name of who can permit more: the licensor, under a public license the model's publisher."""
        license, publisher = self.case.license, self.case.publisher
        if license is None or license.licensor == "anyone":
            return publisher.name if publisher else None
        return self.case.catalog.publisher_name(license.licensor)

    @property
    def licensee(self) -> str | None:
        """The name of who needs the permission; None where it is the organisation itself."""
        name, own = self.case.party.get("name"), self.case.policy.organisation.get("name")
        return None if name == own else str(name)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The keys that would settle what is open."""
        keys = [key for name in sorted(self.open_facts) for key in _asked(self.case.known(name), name, self.rule)]
        return tuple(dict.fromkeys(keys))

    def company(self, key: str) -> str | None:
        """The name of the company in a list to which a missing key belongs."""
        return self.case.policy.company_in_list(key)

    def _keys(self, keys: Iterable[str]) -> str:
        """Keys in a sentence; that of an affiliate with the affiliate's name."""
        companies = ((key, self.company(key)) for key in keys)
        return ", ".join(f"`{key}` ({name})" if name else f"`{key}`" for key, name in companies)

    @cached_property
    def message(self) -> str:
        """What was found, in a sentence with the organisation's own figures."""
        said = self._undecided() if self.open_facts else self._filled(self.rule.message)
        said = f"The {said[4:]}" if said.startswith("the ") else said
        law = self.rule.law
        if law is None or law.in_force(self.case.today):
            return said
        status = law.status if law.status != "in-force" else f"in force from {law.start}"
        return f"The law is {status}; when in force it would be {self.rule.outcome}: {said}"

    @cached_property
    def next_step(self) -> str | None:
        """What to do about it."""
        own = [key for key in self.missing if not key.startswith(("license", "model.", "publisher."))]
        if own:
            return f"Fill in {self._keys(own)}."
        if self.missing and all(key.startswith("publisher.") for key in self.missing):
            if self.case.model.known and self.case.publisher is None and self.case.model.changed_by is None:
                return "Write `changed_by` beside the model, with who made it; or record what you found out."
            return "The catalog has no seat of the publisher. Find out where it is, and record what you found."
        if self.missing and all(key.startswith("model.") for key in self.missing):
            return "The catalog does not say this of the model; look it up in its card, and ask for it to be added."
        if self.missing:
            return "The catalog does not hold this; read the text and add it, or ask for it to be added."
        return self._filled(self.rule.next_step) if self.rule.next_step else None

    def _undecided(self) -> str:
        asked = _without_gaps(self._filled(self.rule.asks or f"whether the rule `{self.rule.id}` applies"))
        keys = self._keys(self.missing)
        return f"Could not decide {asked}: {keys} {'is' if len(self.missing) == 1 else 'are'} not known."

    def _filled(self, template: str) -> str:
        """The sentence with facts and figures put in."""

        def put(match: re.Match[str]) -> str:
            name = match[1]
            if name in self.figures:
                return self.figures[name]
            return say(self.case.fact(name), self.case) if "." in name else f"({name} {_GAP})"

        return " ".join(_PLACEHOLDER.sub(put, template).split())


def _without_gaps(asked: str) -> str:
    """A question without the figures that nobody knows: the keys that are missing name them."""
    return _GAPS.sub("", asked)


def _asked(fact: Known, name: str, rule: Rule) -> tuple[str, ...]:
    """The keys that would settle a fact; a sum that is known lacks the rate to the currency of the rule."""
    if isinstance(fact.value, Money):
        bounds = [test.value for group in rule.groups for test in group if test.fact == name]
        others = {bound.currency for bound in bounds if isinstance(bound, Money)} - {fact.value.currency}
        return tuple(f"settings.exchange_rates.{fact.value.currency}.{other}" for other in sorted(others))
    return fact.missing or (name,)


def say(fact: Fact, case: Case) -> str:
    """A fact as a sentence has it."""
    if fact.value is None:
        return "(not known)"
    if fact.shown is not None:
        return fact.shown
    if isinstance(fact.value, frozenset):
        places = case.catalog.vocabulary.data["countries"]
        if fact.value and all(item in places for item in fact.value):
            return case.catalog.vocabulary.shown_places(fact.value)
        return ", ".join(sorted(fact.value)) or "none"
    if isinstance(fact.value, Money):
        return str(fact.value)
    return short(fact.value) if isinstance(fact.value, int) else fact.value
