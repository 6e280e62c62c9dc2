"""What is judged: the models a policy names, and every license that governs each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import islice, product
from typing import Any, Final

from policycheck.catalog import Catalog, folded
from policycheck.entries import Base, Model, Publisher
from policycheck.expressions import alternatives_of
from policycheck.later import versions
from policycheck.license import Evidence, License
from policycheck.policy import ModelRef, Policy
from policycheck.relabelled import relabelled
from policycheck.students import DISTILLED, TEACHER, reaching, stands_apart
from policycheck.values import frozen

MOST_ANCESTORS: Final = 100


@frozen
class Strand:
    """One license that governs a part of a model, and the model it comes from."""

    component: str
    """weights, code, data, lineage for weights of another publisher inside, teacher where it learned from outputs."""
    license: License | None
    """None where nobody knows what it says."""
    named: str | None
    """The license as the catalog or the policy names it."""
    publisher: Publisher | None
    evidence: Evidence
    ancestor: Model | None = None
    """For lineage: the model that the weights come from; for teacher: the one that taught."""
    relation: str | None = None
    """For lineage: how its own child comes from it, None where nobody says; for all behind a teacher: distillation."""


@frozen
class Subject:
    """A model that is judged: alternatives (joined by OR), each a list of licenses that all count (AND, lineage)."""

    requested: str
    model: Model
    alternatives: tuple[tuple[Strand, ...], ...]
    """One and the same object for models of one publisher, license and evidence that have nothing else inside."""
    lineage: tuple[dict[str, Any], ...] = field(default=())


# Choices along a lineage multiply; past this many the mildest of those looked at counts, which is never too mild.
_MOST_ALTERNATIVES = 256


def refs_of(policy: Policy, catalog: Catalog) -> list[ModelRef]:
    """The models that a policy names; the whole catalog where it names none."""
    if policy.models is not None:
        return list(policy.models)
    return [ModelRef(name=identifier, where=()) for identifier in catalog.identifiers]


def ref_named(name: str, policy: Policy, catalog: Catalog) -> ModelRef:
    """The entry of `models:` that `name` means, in whatever spelling; an entry of its own where the policy has none."""
    meant = catalog.resolve_model(name)
    for ref in policy.models or ():
        found = None if ref.own else catalog.resolve_model(ref.name)
        if folded(ref.name) == folded(name) or (meant is not None and found is not None and found.id == meant.id):
            return ref
    return ModelRef(name=name, where=())


def subject_of(ref: ModelRef, policy: Policy, catalog: Catalog) -> Subject:
    """The model that `ref` names, with every license that governs it; one that no catalog knows has none."""
    found = catalog.resolve_model(ref.name)
    known = found.as_obtained(ref.obtained_on, ref.revision) if found else None
    model = ref.described or (relabelled(known, ref) if known else _own(ref, catalog))
    return governed(ref.name, model, catalog, [each for each in policy.models or () if each.own])


def governed(requested: str, model: Model, catalog: Catalog, own: Sequence[ModelRef] = ()) -> Subject:
    """A model with every license that governs it; `own` are models that only a policy knows and it may stand on."""
    alternatives = _alternatives(model, catalog)
    if not model.based_on and not model.components:
        return Subject(requested=requested, model=model, alternatives=alternatives)
    choices, lineage = _lineage(model, own, catalog)
    parts = [_strands(expression, name, model, catalog)[0] for name, expression in sorted(model.components.items())]
    return Subject(
        requested=requested,
        model=model,
        alternatives=tuple(
            _without_repeats(strand for part in (*chosen, *parts) for strand in part)
            for chosen in islice(product(alternatives, *choices), _MOST_ALTERNATIVES)
        ),
        lineage=tuple(lineage),
    )


def _own(ref: ModelRef, catalog: Catalog) -> Model:
    if not ref.own:
        return unknown_model(ref.name)
    bases = tuple(Base(model=name, relation=relation) for name, relation in ref.based_on or ())
    inputs, outputs = modalities_of(bases, catalog)
    return Model(
        id=ref.name,
        name=ref.name,
        publisher=None,
        license=ref.license,
        evidence=Evidence.verified,
        input=inputs,
        output=outputs,
        based_on=bases,
        changed_by=ref.changed_by,
    )


def _ancestor(name: str, own: Sequence[ModelRef], catalog: Catalog) -> Model | None:
    """A model that another stands on: one of the policy's own, or one of the catalog."""
    described = next((ref for ref in own if folded(ref.name) == folded(name)), None)
    found = catalog.resolve_model(name)
    if described is None:
        return found
    return relabelled(found, described) if found else _own(described, catalog)


def modalities_of(bases: Sequence[Base], catalog: Catalog) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """What goes in and out of a model made from `bases`; None where it isn't known of each that the catalog has."""
    found = [base for base in (catalog.resolve_model(b.model) for b in bases) if base is not None]
    inputs = {item for base in found for item in base.input or ()} if found and all(b.input for b in found) else None
    outputs = {item for base in found for item in base.output or ()} if found and all(b.output for b in found) else None
    return tuple(sorted(inputs)) if inputs else None, tuple(sorted(outputs)) if outputs else None


def _publisher(model: Model, catalog: Catalog) -> Publisher | None:
    return catalog.publishers.get(model.publisher) if model.publisher else None


def _alternatives(model: Model, catalog: Catalog) -> tuple[tuple[Strand, ...], ...]:
    """The licenses of the weights; models for which they are the same share them."""
    key = (model.license, model.publisher, model.evidence)
    found: tuple[tuple[Strand, ...], ...] | None = catalog.alternatives.get(key)
    if found is None:
        name = model.license
        options = _strands(name, "weights", model, catalog) if name else [(_strand(None, "weights", model, catalog),)]
        found = catalog.alternatives[key] = tuple(options)
    return found


def _strands(expression: str, component: str, model: Model, catalog: Catalog) -> list[tuple[Strand, ...]]:
    whole = catalog.resolve_license(expression)
    read = [[expression]] if whole else alternatives_of(expression)
    options = [names for each in read for names in product(*(versions(name, catalog) for name in each))]
    return [tuple(_strand(name, component, model, catalog) for name in names) for names in options]


def _strand(name: str | None, component: str, model: Model, catalog: Catalog) -> Strand:
    identifier = catalog.resolve_license(name) if name else None
    license = catalog.license(identifier) if identifier else None
    evidence = min(model.evidence, license.evidence) if license else Evidence.reported
    return Strand(
        component=component,
        license=license,
        named=name,
        publisher=_publisher(model, catalog),
        evidence=evidence,
    )


_Choice = tuple[tuple[Strand, ...], ...]


@frozen
class _Step:
    """A step of descent."""

    base: Base
    of: Model
    student: bool
    """Whether the judged model learned from outputs of the base, and has none of its weights inside."""
    by_card: bool
    """Whether only a card says so; the weights may be inside then."""

    def behind(self, found: Model) -> Iterator[_Step]:
        """The steps from the base to its own bases."""
        for base in reversed(found.based_on):
            taught = base.relation == DISTILLED
            by_card = self.by_card or (taught and base.by_card)
            yield _Step(base=base, of=found, student=self.student or taught, by_card=by_card)


def _lineage(model: Model, own: Sequence[ModelRef], catalog: Catalog) -> tuple[list[_Choice], list[dict[str, Any]]]:
    """The licenses of every ancestor, each to choose from where it offers several, and how the model comes from it.

    Those whose weights are inside come first, so that one who taught as well counts as inside.
    """
    choices: list[_Choice] = []
    lineage: list[dict[str, Any]] = []
    itself = _Step(base=Base(model=model.id), of=model, student=False, by_card=False)
    seen, inside, taught = {model.id}, list[_Step](), list[_Step]()

    def follow(step: _Step, found: Model) -> None:
        for further in step.behind(found):
            (taught if further.student else inside).append(further)

    follow(itself, model)
    while inside or taught:
        step = inside.pop() if inside else taught.pop()
        # Of a line longer than this the rest is as unknown as an ancestor that nobody has heard of.
        found = _ancestor(step.base.model, own, catalog) if len(seen) <= MOST_ANCESTORS else None
        name = found.id if found else step.base.model
        lineage.append({"model": name, "relation": step.base.relation, "of": step.of.id})
        if name in seen:
            continue
        seen.add(name)
        ancestor = found or unknown_model(name)
        offered = _alternatives(ancestor, catalog)
        choices.append(tuple(tuple(_inherited(s, ancestor, step, model, catalog) for s in each) for each in offered))
        if found is not None:
            follow(step, found)
    return choices, lineage


def _inherited(strand: Strand, ancestor: Model, step: _Step, judged: Model, catalog: Catalog) -> Strand:
    """The strand as it counts for the judged model, with what of the license reaches it."""
    relation = DISTILLED if step.student else step.base.relation
    if not step.student or step.by_card:
        return replace(strand, component="lineage", ancestor=ancestor, relation=relation)
    license, publisher = strand.license, strand.publisher
    if license is not None and stands_apart(license):
        # Nothing of who published the teacher is in the model either.
        publisher, ancestor = _publisher(judged, catalog), replace(ancestor, changed_by=judged.changed_by)
    license = license and reaching(license, catalog.vocabulary.clauses)
    return replace(
        strand, component=TEACHER, license=license, publisher=publisher, ancestor=ancestor, relation=relation
    )


def _without_repeats(strands: Iterable[Strand]) -> tuple[Strand, ...]:
    """All but teachers under a license that binds the model anyway, and is shown as well for what is inside."""
    found = list(strands)
    bound = [s for s in found if s.license is not None and (s.component == "lineage" or _binds_freely(s))]
    return tuple(s for s in found if s.component != TEACHER or not any(_is_shown_by(s, each) for each in bound))


def _binds_freely(strand: Strand) -> bool:
    """Whether it is a license of the model's own that bars no training: of one that does, the claim shows no leave."""
    barred = strand.license.stated("output_training") if strand.license else ()
    return strand.component != TEACHER and all(clause.value != "forbidden" for clause in barred)


def _is_shown_by(teacher: Strand, other: Strand) -> bool:
    same = teacher.license is not None and other.license is not None and teacher.license.id == other.license.id
    return same and other.evidence <= teacher.evidence


def unknown_model(name: str) -> Model:
    """A model that no catalog knows."""
    return Model(id=name, name=name, publisher=None, license=None, evidence=Evidence.reported, known=False)
