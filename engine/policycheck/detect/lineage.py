"""What a model is made from by its own card, and whether its license fits that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policycheck.catalog import Catalog
from policycheck.detect.names import resolve
from policycheck.drift import CLAIMED, INSIDE, doubtful, freer, makes_derivative, sentence, standing_by
from policycheck.entries import Base, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A model that another is made from."""

    id: str
    """As the card writes it."""
    relation: str | None
    model: Model | None
    """None where no catalog knows it: its license is unknown then, not harmless."""
    by_card: bool = True
    """Whether only the card says so."""

    def as_json(self) -> dict[str, Any]:
        """The ancestor as JSON."""
        model = self.model
        return {
            "id": self.id,
            "relation": self.relation,
            "model": model.id if model else None,
            "license": model.license if model else None,
        }


def ancestors(bases: Iterable[Base], catalog: Catalog) -> Iterator[Ancestor]:
    """The base models of a card, each with what the catalog knows of it."""
    for base in bases:
        model = catalog.resolve_model(base.model)
        yield Ancestor(id=base.model, relation=base.relation, model=model, by_card=base.by_card)


def drift(licenses: Sequence[str], bases: Sequence[Ancestor], catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Where a model's license is more permissive than its ancestor's, or the ancestor is unknown: check, sentence."""
    for base in bases:
        if base.model is None:
            yield "base-unknown", f"no catalog knows the base model `{base.id}`; its license counts too, and is unknown"
            continue
        theirs = resolve(base.model.license, catalog).licenses if base.model.license else ()
        own = [each for each in licenses if each in catalog.licenses]
        if base.relation == "component" or not freer(own, theirs, catalog):
            continue
        stands = standing_by(base.relation, by_card=base.by_card)
        if stands == INSIDE or all(makes_derivative(each, catalog) for each in theirs):
            yield "license-drift", sentence(own, theirs, base.model.id)
        elif stands == CLAIMED:
            yield "license-drift", doubtful(own, theirs, base.model.id)
