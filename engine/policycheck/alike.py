"""Which models share a judgement: those of which the catalog says the same but for their names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.entries import Model
from policycheck.facts.stated import OF_MODEL
from policycheck.lines import MARKS, Lines
from policycheck.rules import Rule, Value
from policycheck.subjects import Subject

# What a line's rows say of a model; every other fact of a model tells it from others where a rule reads it.
_IN_ROWS: Final = frozenset({"known", "components_differ", "files_disagree", "text_changed", "stated_by_hub"})
Kind = tuple[tuple[int, ...], ...]
"""For each alternative of a model, and each license that counts, a number for all that give rules the same facts."""


class Alike:
    """Tells the kinds of a catalog's models: equal kinds give rules the same facts, and the same licenses."""

    def __init__(
        self, catalog: Catalog, rules: Iterable[Rule], *, parties: Collection[str], sued_over: Collection[str]
    ) -> None:
        """`rules` are those in force, `parties` the publishers with whom there is an agreement or a suit.

        `sued_over` are the models that a suit is about.
        """
        self._catalog, self._parties, self._sued_over = catalog, parties, sued_over
        self._lines = Lines(catalog)
        tests = [test for rule in rules for group in rule.groups for test in group]
        reads = {test.fact for test in tests}
        self._by_name = not {"publisher.id", "publisher.name"}.isdisjoint(reads)
        # Two seats are one to rules that name both or neither.
        seats = (test.value for test in tests if test.fact == "publisher.jurisdiction")
        self._seats = [named for named in dict.fromkeys(seats) if isinstance(named, frozenset)]
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
            kind = self._kinds[key] = tuple([tuple([self._number(row, told) for row in rows]) for rows in line])
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

    def _number(self, row: int, told: tuple[Any, ...]) -> int:
        """What a row has in common with all that give rules the same facts."""
        key = (row, told)
        number = self._of_rows.get(key)
        if number is None:
            said = self._lines.row(row)
            ancestor = self._of(said.ancestor) if said.ancestor else None
            publisher = self._publisher(said.publisher)
            # Neither who published it nor what it is called and made from counts by itself.
            own = (said.component, said.license, said.evidence, said.relation, *said[MARKS:])
            parts = (own, publisher, ancestor, told)
            number = self._of_rows[key] = self._numbers.setdefault(parts, len(self._numbers))
        return number

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
        seat = self._catalog.publishers[identifier].jurisdiction
        return name, seat is None, *(seat in named for named in self._seats)
