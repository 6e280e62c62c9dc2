"""Judges models by the thousand: those that differ in their names only are judged once; nothing grows with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.entries import Model
from policycheck.hub.line import Gist, Line, gist_of
from policycheck.hub.overlaid import Overlaid
from policycheck.judge import Judge
from policycheck.policy import ModelRef, Policy
from policycheck.subjects import Strand, Subject, subject_of
from policycheck.tiers import Tiers

_MOST: Final = 20_000
_FRESH: Final = 5_000
# What these facts of a model say follows from the rest of a signature.
_FOLLOWS: Final = frozenset(
    f"model.{name}"
    for name in (
        *("known", "evidence", "multimodal", "components_differ", "derived", "files_disagree", "text_changed"),
        *("license_drift", "stated_by_hub", "relation", "claims_differ", "license_switched", "lineage_unstated"),
    )
)
_SAID: Final = ("family", "input", "output", "released", "training_data")


class Bulk:
    """Judges models of one policy, one after another."""

    def __init__(self, policy: Policy, catalog: Catalog, today: date, engine: str | None = None) -> None:
        self.policy, self.catalog, self.today = policy, catalog, today
        self.tiers = Tiers(policy.rules, catalog.vocabulary.facts, engine)
        self.judge = Judge(policy, catalog, today, self.tiers)
        read = {fact for fact in self.tiers.reads if fact.startswith("model.")}
        self._said = [name for name in _SAID if f"model.{name}" in read]
        others = read - _FOLLOWS - {f"model.{name}" for name in _SAID}
        self._alone = bool(others) or self.judge.suits or self.judge.each_alone
        self._described = frozenset(ref.name for ref in policy.models or () if ref.own)
        self._gists: dict[tuple[Any, ...], Gist] = {}
        self._judged = 0

    def lines(self, refs: Iterable[ModelRef], uses: Sequence[str] | None = None) -> Iterator[Line]:
        """The verdicts, model by model. Raises UsageError for a use that the policy lacks, and EngineFault."""
        names = self.judge.uses(uses)
        for ref in refs:
            subject = subject_of(ref, self.policy, self.catalog)
            key = self._signature(subject)
            bases = tuple(dict.fromkeys(str(step["model"]) for step in subject.lineage))
            kept = self._kept(subject.model)
            for use in names:
                yield Line(use=use, model=subject.model.id, gist=self._gist(key, use, subject), bases=bases, kept=kept)

    def unmatched(self) -> list[str]:
        """Answers of the policy that met no finding, in words."""
        return self.judge.desk.unmatched()

    def _kept(self, model: Model) -> Any:
        return self.catalog.stated(model.id) if isinstance(self.catalog, Overlaid) and "stated" in model.found else None

    def _gist(self, key: tuple[Any, ...], use: str, subject: Subject) -> Gist:
        found = self._gists.get((use, key))
        if found is None:
            found = gist_of(self.judge.verdict(use, subject))
            if len(self._gists) >= _MOST:
                self._gists.clear()
            self._gists[(use, key)] = found
            self._judged += 1
            if self._judged % _FRESH == 0:
                self._refresh()
        return found

    def _refresh(self) -> None:
        """Another judge, since one remembers every model that shares with no other."""
        fresh = Judge(self.policy, self.catalog, self.today, self.tiers)
        fresh.desk.used |= self.judge.desk.used
        self.judge = fresh

    def _signature(self, subject: Subject) -> tuple[Any, ...]:
        """What two models must have in common to get the same verdict for the same reasons."""
        model = subject.model
        special = (model.components, model.members, model.claims, model.earlier, model.changed_by)
        named = self.judge.desk.names(model.id, subject.requested)
        steps = {model.id: 0}
        for step in subject.lineage:
            steps.setdefault(str(step["model"]), len(steps))
        by_itself = self._alone or any(special) or named or not self._described.isdisjoint(steps)
        alone = (model.id, subject.requested) if by_itself else None
        line = tuple((steps[str(s["of"])], steps[str(s["model"])], s["relation"]) for s in subject.lineage)
        strands = tuple(tuple(self._strand(strand) for strand in option) for option in subject.alternatives)
        return (alone, self._model(model), line, strands)

    def _model(self, model: Model) -> tuple[Any, ...]:
        said = tuple(getattr(model, name) for name in self._said)
        return (model.license, model.publisher, model.evidence, model.multimodal, model.known, *model.found, *said)

    def _strand(self, strand: Strand) -> tuple[Any, ...]:
        publisher = strand.publisher.id if strand.publisher else None
        license = strand.license.id if strand.license else None
        ancestor = self._model(strand.ancestor) if strand.ancestor else None
        return (strand.component, license, publisher, strand.evidence, strand.relation, ancestor)


def all_refs(catalog: Catalog) -> Iterator[ModelRef]:
    """Every model of the catalog, and of the overlays those that it lacks."""
    for identifier in sorted(catalog.models):
        yield ModelRef(name=identifier, where=())
    if isinstance(catalog, Overlaid):
        yield from (ModelRef(name=identifier, where=()) for identifier in catalog.lacked())
