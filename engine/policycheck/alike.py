"""Which models share a judgement: those of which the catalog says the same but for their names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.entries import Model
from policycheck.facts.stated import OF_MODEL
from policycheck.license import Evidence
from policycheck.lines import MARKS, Lines
from policycheck.rules import Rule, Test, Value
from policycheck.students import DISTILLED
from policycheck.subjects import Subject

# What a line's rows say of a model; every other fact of a model tells it from others where a rule reads it.
_IN_ROWS: Final = frozenset({"known", "components_differ", "files_disagree", "text_changed", "stated_by_hub"})
Kind = tuple[tuple[tuple[int, int], ...], ...]
"""For each alternative of a model, and each license that counts: a number for all that give rules the same facts, and
its evidence, which a verdict says whatever rules make of it."""


class Alike:
    """Tells the kinds of a catalog's models: equal kinds give rules the same facts, and the same licenses."""

    def __init__(
        self,
        catalog: Catalog,
        rules: Iterable[Rule],
        *,
        minimum_evidence: Evidence,
        parties: Collection[str],
        sued_over: Collection[str],
    ) -> None:
        """`rules` are those in force, `minimum_evidence` is what an allow may rest on.

        `parties` are the publishers with whom there is an agreement or a suit, `sued_over` the models that a suit is
        about.
        """
        self._catalog, self._parties, self._sued_over = catalog, parties, sued_over
        self._lines = Lines(catalog)
        tests = [test for rule in rules for group in rule.groups for test in group]
        reads = {test.fact for test in tests}
        self._by_name = not {"publisher.id", "publisher.name"}.isdisjoint(reads)
        self._seats = _named(tests, "publisher.jurisdiction")
        self._relations = _named(tests, "model.relation")
        self._minimum = None if "license.evidence" in reads else minimum_evidence
        told = {f"model.{name}" for name in _IN_ROWS}
        self._told: list[Callable[[Model], Value | None]] = [
            of for name, of in OF_MODEL.items() if name in reads and name not in told
        ]
        self._kinds: dict[tuple[int, tuple[Any, ...]], Kind] = {}
        self._publishers: dict[str | None, tuple[Any, ...]] = {}
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._of_rows: dict[tuple[int, tuple[Any, ...]], int] = {}

    def __contains__(self, identifier: str) -> bool:
        """Whether models share a judgement with the one that has this id."""
        return identifier in self._lines

    def kind(self, identifier: str) -> Kind:
        """The kind of the catalog's model with this id."""
        key = (self._lines.number(identifier), self._of(identifier))
        kind = self._kinds.get(key)
        if kind is None:
            line, told = self._lines.of(key[0]), key[1]
            kind = self._kinds[key] = tuple([tuple([self._part(row, told) for row in rows]) for rows in line])
        return kind

    def subject(self, requested: str, identifier: str) -> Subject:
        """The catalog's model with this id as it is judged, without its lineage."""
        return self._lines.subject(requested, identifier)

    def _of(self, identifier: str) -> tuple[Any, ...]:
        """What tells a model from others whose rows are equal."""
        if not (self._told or self._sued_over):
            return ()
        model = self._catalog.resolve_model(identifier)
        return identifier in self._sued_over, *(model and of(model) for of in self._told)

    def _part(self, row: int, told: tuple[Any, ...]) -> tuple[int, int]:
        return self._number(row, told), self._lines.row(row).evidence

    def _number(self, row: int, told: tuple[Any, ...]) -> int:
        """What a row has in common with all that give rules the same facts."""
        key = (row, told)
        number = self._of_rows.get(key)
        if number is None:
            said = self._lines.row(row)
            ancestor = self._of(said.ancestor) if said.ancestor else None
            publisher = self._publisher(said.publisher)
            # Neither who published it nor what it is called and made from counts by itself.
            parts = (
                *(said.component, said.license, self._evidence(said.evidence), said.relation == DISTILLED),
                *_told_apart(said.relation, self._relations),
                *said[MARKS:],
                *(publisher, ancestor, told),
            )
            number = self._of_rows[key] = self._numbers.setdefault(parts, len(self._numbers))
        return number

    def _evidence(self, evidence: int) -> tuple[bool, bool] | int:
        """What tells one grade of evidence from others: whether it is hearsay, and whether an allow may rest on it."""
        if self._minimum is None:
            return evidence
        return evidence == Evidence.reported, evidence < self._minimum

    def _publisher(self, identifier: str | None) -> tuple[Any, ...]:
        """What tells one publisher from others, as far as anything hangs on it."""
        if identifier not in self._publishers:
            self._publishers[identifier] = self._told_publisher(identifier)
        return self._publishers[identifier]

    def _told_publisher(self, identifier: str | None) -> tuple[Any, ...]:
        if identifier is None:
            return ()
        name = identifier if self._by_name or identifier in self._parties else None
        if not self._seats:
            return (name,)
        return name, *_told_apart(self._catalog.publishers[identifier].jurisdiction, self._seats)


def _named(tests: Iterable[Test], fact: str) -> list[frozenset[str]]:
    """The words that rules name in tests of a fact: two words are one to rules that name both or neither."""
    named = dict.fromkeys(test.value for test in tests if test.fact == fact)
    return [words for words in named if isinstance(words, frozenset)]


def _told_apart(word: str | None, named: Iterable[frozenset[str]]) -> Iterator[bool]:
    yield word is None
    for words in named:
        yield word in words
