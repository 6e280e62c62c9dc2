"""What governs each model of a catalog, row by row; the index holds it, so that no start works it out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from policycheck.catalog import Catalog
from policycheck.drift import drift
from policycheck.later import newest
from policycheck.license import Evidence
from policycheck.originals import original
from policycheck.students import TEACHER, reaching
from policycheck.subjects import Strand, Subject, governed, unknown_model


class Row(NamedTuple):
    """One license that governs a part of a model, by ids, and what a rule may read of the model it comes with."""

    component: str
    license: str | None
    named: str | None
    publisher: str | None
    evidence: int
    relation: str | None
    ancestor: str | None
    """For lineage and teachers: the model that the license comes from."""
    known: bool
    claims_differ: bool
    components_differ: bool
    switched: bool
    drift: bool
    found: str
    """What its own files show, in words."""
    newest: bool
    """Whether its name lets one take a later version of the license, and there is none."""
    multimodal: bool | None
    """Of the model that the license speaks of, where it speaks of multimodal ones."""


MARKS: Final = Row._fields.index("known")
"""From here on a row says what a rule may read of the model."""
Line = tuple[tuple[Row, ...], ...]
"""The alternatives of a model, each with every row that counts."""
Numbers = Sequence[Sequence[int]]
"""A line, each row by its number."""


class Lines:
    """The lines of a catalog's models: read from what was compiled, or worked out."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        compiled = catalog.compiled_lines or {"rows": (), "lines": (), "models": {}}
        self._compiled: Sequence[Sequence[Any]] = compiled["rows"]
        self._lines: list[Numbers] = list(compiled["lines"])
        self._models: dict[str, int] = dict(compiled["models"])
        self._rows: dict[int, Row] = {}
        self._seen: dict[Row, int] = {}
        self._strands: dict[int, Strand] = {}

    def __contains__(self, identifier: str) -> bool:
        """Whether the catalog's own files alone say what governs the model with this id."""
        return identifier in self._models or self._catalog.entry(identifier) is not None

    def number(self, identifier: str) -> int:
        """The number of a model's line, which models share whose lines are equal; raises KeyError."""
        number = self._models.get(identifier)
        if number is None:
            line = line_of(governed(identifier, self._catalog.model(identifier), self._catalog), self._catalog)
            number = self._models[identifier] = len(self._lines)
            self._lines.append([[self._numbered(row) for row in rows] for rows in line])
        return number

    def of(self, number: int) -> Numbers:
        """The line with this number."""
        return self._lines[number]

    def row(self, number: int) -> Row:
        """The row with this number."""
        if number not in self._rows:
            self._rows[number] = Row(*self._compiled[number])
        return self._rows[number]

    def subject(self, requested: str, identifier: str) -> Subject:
        """The model as it is judged; its lineage, which no rule reads, is left out."""
        line = self._lines[self.number(identifier)]
        alternatives = tuple([tuple([self._strand(number) for number in numbers]) for numbers in line])
        return Subject(requested=requested, model=self._catalog.model(identifier), alternatives=alternatives)

    def _strand(self, number: int) -> Strand:
        found = self._strands.get(number)
        if found is None:
            found = self._strands[number] = _strand(self.row(number), self._catalog)
        return found

    def _numbered(self, row: Row) -> int:
        number = self._seen.setdefault(row, len(self._compiled) + len(self._seen))
        self._rows[number] = row
        return number


def _strand(row: Row, catalog: Catalog) -> Strand:
    license = catalog.license(row.license) if row.license else None
    if license is not None and row.component == TEACHER:
        license = reaching(license, catalog.vocabulary.clauses)
    ancestor = row.ancestor and (catalog.resolve_model(row.ancestor) or unknown_model(row.ancestor))
    return Strand(
        component=row.component,
        license=license,
        named=row.named,
        publisher=catalog.publishers[row.publisher] if row.publisher else None,
        evidence=Evidence(row.evidence),
        ancestor=ancestor or None,
        relation=row.relation,
    )


def line_of(subject: Subject, catalog: Catalog) -> Line:
    """The line of a model, out of all that is known of it."""
    return tuple(tuple(_row(strand, subject, catalog) for strand in strands) for strands in subject.alternatives)


def _row(strand: Strand, subject: Subject, catalog: Catalog) -> Row:
    model, license = strand.ancestor or subject.model, strand.license
    return Row(
        component=strand.component,
        license=license.id if license else None,
        named=strand.named,
        publisher=strand.publisher.id if strand.publisher else None,
        evidence=int(strand.evidence),
        relation=strand.relation,
        ancestor=strand.ancestor.id if strand.ancestor else None,
        known=model.known,
        claims_differ=bool(catalog.other_claims(model)),
        components_differ=bool(model.components),
        switched=bool(model.earlier),
        drift=strand.component != TEACHER and any(drift(model, catalog)),
        found=" ".join(sorted(model.found)),
        newest=strand.named is not None and newest(strand.named, catalog),
        multimodal=original(model, license, catalog).multimodal if license and license.by_modality else None,
    )


def compiled(catalog: Catalog) -> dict[str, Any]:
    """The lines of all models of a catalog, as the index has them: each row and each line once, by their numbers."""
    rows: dict[Row, int] = {}
    lines: dict[Line, int] = {}

    def number(identifier: str) -> int:
        line = line_of(governed(identifier, catalog.model(identifier), catalog), catalog)
        return lines.setdefault(line, len(lines))

    models = {identifier: number(identifier) for identifier in catalog.identifiers}
    numbered = [[[rows.setdefault(row, len(rows)) for row in each] for each in line] for line in lines]
    return {"rows": [list(row) for row in rows], "lines": numbered, "models": models}
