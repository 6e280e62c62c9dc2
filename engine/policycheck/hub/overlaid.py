"""A catalog with an overlay beside it: what the catalog lacks is known by what its publisher states on a Hub."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from hashlib import sha256
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.detect.claimed import Claimed, claimed, unversioned
from policycheck.documents import printable
from policycheck.entries import Base, Model
from policycheck.expressions import alternatives_of
from policycheck.hub.overlay import Kept, Overlay
from policycheck.license import Evidence
from policycheck.students import DISTILLED
from policycheck.subjects import modalities_of
from policycheck.values import frozen

_MOST: Final = 5_000
_OF_TEXT: Final = ("text-generation", "text2text-generation", "translation", "summarization", "fill-mask", None)
_CARD: Final = "the Hub's record"


@frozen(kw_only=False)
class Overlaid(Catalog):
    """The catalog, and beside it what one or more overlays state; an entry of the catalog goes first."""

    beneath: Catalog
    """The catalog alone."""
    overlays: tuple[Overlay, ...] = ()
    _known: OrderedDict[str, tuple[Model | None, Kept | None]] = field(default_factory=OrderedDict)
    _meant: dict[tuple[tuple[str, ...], str | None], Claimed] = field(default_factory=dict)

    def forget(self) -> None:
        """Looks again into overlays that were added to."""
        self._known.clear()

    @property
    def compiled_lines(self) -> None:
        """None: an overlay may say more of a model, or of one that it is made from."""
        return None

    def resolve_model(self, name: str) -> Model | None:
        """The model that `name` names: one of the catalog, or one of an overlay by its Hub id."""
        if name in self._known:
            return self._known[name][0]
        ours = self.beneath.resolve_model(name)
        kept = None if ours is not None else self.kept(name)
        found = self._compared(ours) if ours is not None else self._stated(kept) if kept is not None else None
        if len(self._known) >= _MOST:
            self._known.popitem(last=False)
        self._known[name] = found, kept
        return found

    def entry(self, name: str) -> tuple[Mapping[str, Any], str] | None:
        """What the catalog's file says of a model; None where an overlay says more of it."""
        found = super().entry(name)
        same = found is not None and self.resolve_model(name) is self.beneath.resolve_model(name)
        return found if same else None

    def stated(self, name: str) -> Kept | None:
        """What is stated of a model that the catalog lacks."""
        self.resolve_model(name)
        return self._known[name][1]

    def lacks(self, name: str) -> bool:
        """Whether the catalog itself has no entry for a model."""
        return self.beneath.resolve_model(name) is None

    def lacked(self) -> Iterator[str]:
        """The ids of the models that an overlay has and the catalog lacks, each once."""
        for number, overlay in enumerate(self.overlays):
            for identifier in overlay.ids():
                before = any(other.get(identifier) is not None for other in self.overlays[:number])
                if not before and self.lacks(identifier):
                    yield identifier

    def kept(self, name: str) -> Kept | None:
        """What the first overlay that has it states of a model, by its Hub id."""
        return next((kept for overlay in self.overlays if (kept := overlay.get(name)) is not None), None)

    def _claimed(self, kept: Kept) -> Claimed:
        """Which license the words mean: one that is known, or none."""
        stated = kept.statement
        key = (stated.licenses, stated.license_name)
        if key not in self._meant:
            if len(self._meant) >= _MOST:
                self._meant.clear()
            self._meant[key] = claimed(*key, self, said_by=_CARD)
        return self._meant[key]

    def _license(self, kept: Kept) -> str | None:
        """The one license that is stated; none where there are several, or where anything about it is unclear."""
        licenses = self._claimed(kept).licenses
        one = licenses is not None and len(licenses) == 1 and len(kept.statement.licenses) <= 1
        return licenses[0] if licenses and one and not kept.statement.unclear else None

    def _odd(self, kept: Kept) -> list[str]:
        """What somebody should look at in a statement, in sentences."""
        stated = kept.statement
        said = [note.message for note in self._claimed(kept).notes]
        if len(stated.licenses) > 1:
            listed = " and ".join(f"`{each}`" for each in stated.licenses)
            said.append(f"{_CARD} names {listed} without a word on how they relate")
        return [*said, *(f"{_CARD} is unclear: {each}" for each in stated.unclear)]

    def _stated(self, kept: Kept) -> Model:
        """A model of which nothing is known but what its publisher states on a Hub."""
        stated = kept.statement
        license, odd = self._license(kept), self._odd(kept)
        bases = tuple(Base(model=self._id(name), relation=how, by_card=True) for name, how in stated.bases)
        inputs, outputs = self._modalities(bases, stated.task)
        owner, _, name = stated.id.partition("/")
        return Model(
            id=stated.id,
            name=stated.id,
            publisher=self.resolve_publisher(owner) if name else None,
            license=license,
            evidence=Evidence.stated if license else Evidence.reported,
            hub=(stated.id,),
            input=inputs,
            output=outputs,
            source=kept.source,
            based_on=bases,
            found={"stated": kept.said, **({"disagreement": printable("; ".join(odd))} if odd else {})},
        )

    def _modalities(
        self, bases: tuple[Base, ...], task: str | None
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """What goes in and out, where the catalog knows it of each base model and the task says no more than that."""
        if any(self.lacks(base.model) for base in bases):
            return None, None
        inputs, outputs = modalities_of(bases, self.beneath)
        more = task not in _OF_TEXT and (inputs, outputs) == (("text",), ("text",))
        return (None, None) if more else (inputs, outputs)

    def _id(self, name: str) -> str:
        """A base model of the catalog goes by its id there."""
        ours = self.beneath.resolve_model(name)
        return ours.id if ours is not None else name

    def _compared(self, ours: Model) -> Model:
        """An entry of the catalog; where a Hub states another license or more base models, these count too."""
        for hub in ours.hub:
            kept = self.kept(hub)
            if kept is None:
                continue
            ours = self._with_bases(ours, kept)
            license = self._license(kept)
            if license is None or self._says(ours, license, kept.statement.licenses):
                continue
            message = f"the Hub says {kept.said}, and the catalog `{ours.license or 'nothing'}`"
            both = f"({ours.license}) AND {license}" if ours.license else license
            evidence = ours.evidence if ours.license else Evidence.stated
            ours = replace(ours, license=both, evidence=evidence, found={**ours.found, "disagreement": message})
        return ours

    def _with_bases(self, ours: Model, kept: Kept) -> Model:
        named = (Base(model=self._id(name), relation=how, by_card=True) for name, how in kept.statement.bases)
        # Weights may be inside of a model that the catalog knows as a teacher only.
        known = {ours.id, *(base.model for base in ours.based_on if base.relation != DISTILLED)}
        more = tuple(base for base in named if base.model not in known)
        return replace(ours, based_on=(*ours.based_on, *more)) if more else ours

    def _says(self, ours: Model, license: str, said: tuple[str, ...]) -> bool:
        """Whether the catalog gives a model this license too, today or before; or the same terms in a version."""
        own = [ours.license, *(each.license for each in ours.earlier)]
        names = [name for each in own if each for option in alternatives_of(each) for name in option]
        known = [found for name in names if (found := self.resolve_license(name)) is not None]
        return license in known or bool(known and unversioned(", ".join(said), [license], known, self))


def overlaid(catalog: Catalog, *overlays: Overlay) -> Overlaid:
    """The catalog with overlays beside it, the first one that knows a model going first."""
    digests = (catalog.sha256, *(overlay.sha256 for overlay in overlays))
    return Overlaid(
        catalog.vocabulary,
        catalog.data,
        sha256("\n".join(digests).encode()).hexdigest(),
        catalog.version,
        catalog,
        overlays,
    )
