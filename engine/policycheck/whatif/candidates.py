"""What else could stand under a key: the values that a reader may think of, drawn from schema, rules and licenses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from policycheck.documents import Where, dotted
from policycheck.facts.case import plain
from policycheck.license import License
from policycheck.numbers import short
from policycheck.policy import Policy
from policycheck.schema import schema
from policycheck.variation import path_of
from policycheck.vocabulary import Vocabulary
from policycheck.wholes import beside

LARGEST: Final = 10**12
"""More users or money than anybody has."""
_FEW: Final = 30
# Where several countries would do, the one that most readers know is named.
_KNOWN: Final = ("US", "DE", "FR", "GB", "CH", "JP", "CA", "AU", "IN", "BR", "KR", "CN")
# Days and names are no matter of choice; a currency or a year alone would change what a sum means.
_FIXED: Final = frozenset(
    {"name", "note", "since", "until", "month", "year", "currency", "client", "group", "workload", "volume", "arena"}
)
_PLACES: Final = ("countries", "places", "places_or_worldwide")
_COUNTS: Final = ("#/$defs/count", "#/$defs/dated_count")
_SUMS: Final = ("#/$defs/amount", "#/$defs/dated_amount")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One key set to another value, as `--set KEY=TO` does it."""

    key: str
    to: str
    """The value as YAML."""
    where: Where
    """The path of the key; for an entry that is added, that of its list."""
    before: Any = field(default=None, compare=False)
    """What stands there now; None where the key is left out, or an entry is added."""
    number: int | None = None
    """The value, where it is a count or a sum of money."""
    end: int | None = field(default=None, compare=False)
    """For the most or the least that is tried the other end, towards which the number may be moved."""
    unit: str = ""
    """What follows a number: the currency of a sum."""
    form: str = "{}"
    """How a number is written into `to`."""
    answers: frozenset[tuple[str, str | None, str | None]] = frozenset()
    """Rules whose findings this answers, each with its license, and the section where that asks in several.

    Empty where it is a change of a fact.
    """
    named: str = field(default="", compare=False)
    """What is changed, in words; for an answer the whole sentence."""

    @property
    def setting(self) -> str:
        """The change as `--set` takes it."""
        return f"{self.key}={self.to}"

    def with_number(self, number: int) -> Candidate:
        """The same key with another number."""
        return replace(self, to=self.form.format(_counted(number) + self.unit), number=number)

    def said(self, bound: str | None = None) -> str:
        """The change in words; `bound` is `at most` or `at least` where a number may also lie beyond."""
        if self.answers:
            return self.named
        now = "left out" if self.before is None else plain(self.before)
        where = {"at most": "at or below ", "at least": "at or above "}.get(bound or "", "")
        return f"with {self.named} {where}{self.to} (now {now})"


class Candidates:
    """The values that each key of a policy is tried with."""

    def __init__(self, policy: Policy, vocabulary: Vocabulary, licenses: Sequence[License]) -> None:
        self.policy, self.vocabulary = policy, vocabulary
        self.schema = schema("org", vocabulary)
        self.sets = tuple(dict.fromkeys(frozenset(found) for found in self._sets(licenses) if found))
        self.currency = next(self._currencies(licenses), "USD")
        self._made: dict[Where, tuple[Candidate, ...]] = {}

    def of(self, where: Where) -> tuple[Candidate, ...]:
        """The values that the key at `where` is tried with, the nearest to the present one first."""
        if where not in self._made:
            self._made[where] = tuple(self._of(where))
        return self._made[where]

    def month(self, missing: str) -> Candidate | None:
        """An entry for the month that a dated list lacks, where a missing key names one."""
        key, _, month = missing.partition(" for ")
        if not month:
            return None
        where: Where = self.path(key)
        form = f"{{{{month: {month}, value: {{}}}}}}"
        made = Candidate(
            f"{key}[+]", "", where, end=LARGEST, form=form, named=f"an entry more in {self._named(where)}:"
        )
        return made.with_number(0)

    def path(self, key: str) -> Where:
        """The path of a key as messages write it."""
        return path_of(key, self.policy.document.data)

    def _sets(self, licenses: Sequence[License]) -> Iterator[Iterable[str]]:
        """Every set of words that a license, a rule or the policy tells apart."""
        for license in licenses:
            for clause in (each for found in license.clauses.values() for each in found):
                for value in (clause.value, *clause.more.values()):
                    if isinstance(value, list) and all(isinstance(item, str) for item in value):
                        yield self.vocabulary.countries(value)
        for rule in self.policy.rules:
            for test in (each for group in rule.groups for each in group):
                if isinstance(test.value, frozenset):
                    yield test.value
        for use in self.policy.uses.values():
            yield self.vocabulary.countries(use.get("data_residency") or ())

    def _currencies(self, licenses: Sequence[License]) -> Iterator[str]:
        for license in licenses:
            for clause in (*license.stated("annual_revenue_cap"), *license.stated("monthly_revenue_cap")):
                yield str(clause.value["currency"] if isinstance(clause.value, dict) else clause.value.split()[-1])

    def _named(self, where: Where) -> str:
        """A key in words: one of an affiliate is called by the affiliate's name."""
        if where[:2] == ("organisation", "affiliates") and len(where) > 3:
            return f"`{dotted(where[3:])}` of {self._present((*where[:3], 'name'))}"
        return f"`{dotted(where)}`"

    def _present(self, where: Where) -> Any:
        node: Any = self.policy.document.data
        for part in where:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node

    def _node(self, where: Where) -> dict[str, Any]:
        """The part of the schema that describes the key at `where`; empty where there is none."""
        node: dict[str, Any] = self.schema
        for part in where:
            node = self._resolved(node)
            if isinstance(part, int):
                found = [self._resolved(each) for each in (node, *node.get("anyOf", ()))]
                node = next((each["items"] for each in found if "items" in each), {})
            else:
                nodes = [self._resolved(each) for each in (node, *node.get("anyOf", ()))]
                inner = [each.get("properties", {}).get(part) or each.get("additionalProperties") for each in nodes]
                node = next((each for each in inner if isinstance(each, dict)), {})
        return node

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        name = node.get("$ref", "").removeprefix("#/$defs/")
        return {**self.schema["$defs"][name], **node} if name else node

    def _of(self, where: Where) -> Iterator[Candidate]:
        key, before = dotted(where), self._present(where)
        if not where or where[-1] in _FIXED or isinstance(where[-1], int):
            return
        node = self._node(where)
        made = Candidate(key, "", where, before, named=self._named(where))
        if node.get("$ref") in (*_COUNTS, *_SUMS):
            yield from self._numbers(made, node)
            return
        values = dict.fromkeys(_written(value) for value in self._values(where, self._resolved(node), before))
        for value in values:
            if value != _written(before):
                yield replace(made, to=value)

    def _numbers(self, made: Candidate, node: dict[str, Any]) -> Iterator[Candidate]:
        if isinstance(made.before, list | dict):
            return  # Its figures have keys of their own.
        currency = self.currency if made.before is None else str(made.before).split()[-1]
        unit = f" {currency}" if node["$ref"] in _SUMS else ""
        base = replace(made, unit=unit)
        below, above = beside(self.policy.document.data, made.where)
        ends = {**dict.fromkeys((0, *below), LARGEST), **dict.fromkeys((*above, LARGEST), 0)}
        for number in dict.fromkeys((0, *sorted(below), *self._bounds(made.where), *sorted(above), LARGEST)):
            yield replace(base, end=ends.get(number)).with_number(number)

    def _bounds(self, where: Where) -> Iterator[int]:
        """Numbers that rules of the house compare this key with, and their neighbours."""
        for rule in self.policy.rules:
            for test in (each for group in rule.groups for each in group):
                if isinstance(test.value, int) and test.fact.partition(".")[2] in (where[-1], f"group_{where[-1]}"):
                    yield from (number for number in (test.value - 1, test.value, test.value + 1) if number >= 0)

    def _values(self, where: Where, node: dict[str, Any], before: Any) -> Iterator[Any]:
        last = where[-1]
        if last == "licensee":
            yield from (part.get("name") for part in (self.policy.organisation, *self._affiliates()))
        elif last == "affiliates":
            yield from () if before else ([],)
        elif last == "ownership":
            yield from ("0%", "50%", "51%", "100%")
        elif last == "handed_on_under":
            yield from ("same-license", "proprietary")
        elif last == "trains_other_models":
            yield from (False, True)
        elif last == "distribution":
            yield from self._lists(before if isinstance(before, list) else None, node)
            yield from self.vocabulary.words("distributions")
        elif last == "not_served":
            yield from self._fences(where)
        elif node.get("type") == "boolean":
            yield from (True, False)
        elif "enum" in node:
            yield from self._words(node)
        elif node.get("type") == "array":
            yield from self._lists(before, node)

    def _affiliates(self) -> Sequence[Any]:
        return self.policy.organisation.parts("affiliates") or ()

    def _words(self, node: dict[str, Any]) -> Sequence[str]:
        words = list(node["enum"])
        if node.get("x-words") in _PLACES:
            return self._countries()
        return words if len(words) <= _FEW else self._told_apart(words)

    def _countries(self) -> list[str]:
        countries = sorted(self.vocabulary.words("countries"), key=lambda each: (each not in _KNOWN, each))
        first = [each for each in _KNOWN if each in countries]
        return self._told_apart([*first, *(each for each in countries if each not in first)])

    def _told_apart(self, words: Iterable[str]) -> list[str]:
        """Of words that no license, rule or list of the policy tells apart, the first."""
        found: dict[tuple[bool, ...], str] = {}
        for word in words:
            found.setdefault(tuple(word in each for each in self.sets), word)
        return list(found.values())

    def _lists(self, before: Any, node: dict[str, Any]) -> Iterator[list[str]]:
        """Each list with one entry left out, the part of it within each set, an empty one, and one of one word."""
        present = [item for item in before or () if isinstance(item, str)]
        for item in present if len(present) > 1 else ():
            yield [other for other in present if other != item]
        for each in self.sets:
            kept = [item for item in present if item not in each and not self._inside(item, each)]
            if kept:
                yield kept
        items = self._resolved(node.get("items") or {})
        words = [*self._groups(items), *self._words(items)] if "enum" in items else []
        if items.get("x-words") in ("safeguards", "certifications"):
            yield from ([*present, word] for word in words if word not in present)
        if items.get("x-words") not in _PLACES:
            yield []  # No place at all is no place where anything could run.
        yield from ([word] for word in words)

    def _groups(self, items: dict[str, Any]) -> Iterator[str]:
        """Groups of countries that a license or rule speaks of as such."""
        if items.get("x-words") in _PLACES:
            groups = {name: frozenset(members) for name, members in self.vocabulary.data["groups"].items()}
            told = {name: members for name, members in groups.items() if members in self.sets}
            yield from (name for name, members in told.items() if not any(each < members for each in told.values()))

    def _inside(self, item: str, words: frozenset[str]) -> bool:
        return bool(self.vocabulary.countries([item]) & words)

    def _fences(self, where: Where) -> Iterator[list[str]]:
        for each in self.sets:
            countries = self.vocabulary.words("countries")
            if len(each) < len(countries) and all(item in countries for item in each):
                yield self.vocabulary.shown_places(each).split(", ")


def _counted(number: int) -> str:
    """A count as people write it, without a fraction of a thousand."""
    return f"{number:_}" if number % 1000 else short(number)


def _written(value: Any) -> str:
    """A value as YAML in one line, as a reader would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_written(item) for item in value) + "]"
    if isinstance(value, str) and not value.replace("-", "").replace("_", "").replace("%", "").isalnum():
        return json.dumps(value, ensure_ascii=False)
    return str(value)
