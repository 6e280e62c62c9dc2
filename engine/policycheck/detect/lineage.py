"""What a model is made from by its own card, and whether its license fits that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policycheck.catalog import Catalog, Model
from policycheck.detect.names import resolve

_TIERS: Final = ("clean", "conditional", "unusable")
# Facts by which a derivative must keep the ancestor's terms.
_BOUND: Final = (
    ("redistribution", "same-license"),
    ("copyleft", "weak"),
    ("copyleft", "strong"),
    ("copyleft", "network"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A model that another is made from."""

    id: str
    """As the card writes it."""
    relation: str | None
    model: Model | None
    """None where no catalog knows it: its license is unknown then, not harmless."""

    def as_json(self) -> dict[str, Any]:
        """The ancestor as JSON."""
        model = self.model
        return {
            "id": self.id,
            "relation": self.relation,
            "model": model.id if model else None,
            "license": model.license if model else None,
        }


def ancestors(named: Iterable[tuple[str, str | None]], catalog: Catalog) -> Iterator[Ancestor]:
    """The base models of a card."""
    for name, relation in named:
        yield Ancestor(id=name, relation=relation, model=catalog.resolve_model(name))


def drift(licenses: Sequence[str], bases: Sequence[Ancestor], catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Where a model's license is more permissive than its ancestor's, or the ancestor is unknown: check, sentence."""
    for base in bases:
        if base.model is None:
            yield "base-unknown", f"no catalog knows the base model `{base.id}`; its license counts too, and is unknown"
            continue
        theirs = resolve(base.model.license, catalog).licenses if base.model.license else ()
        own = [each for each in licenses if each in catalog.licenses]
        if own and theirs and not set(own) & set(theirs) and _milder(own, theirs, catalog):
            mine, parent = " and ".join(own), " and ".join(theirs)
            said = f"this model says `{mine}`; its base model `{base.model.id}` stands under `{parent}`"
            yield "license-drift", f"{said}, which still binds it"


def _milder(own: Sequence[str], theirs: Sequence[str], catalog: Catalog) -> bool:
    """Whether licenses ask for less than those of the ancestor, or the ancestor's must be handed on as it is."""
    tier = max(_TIERS.index(catalog.licenses[each]["tier"]) for each in own)
    above = max(_TIERS.index(catalog.licenses[each]["tier"]) for each in theirs)
    facts = [(fact["fact"], fact["value"]) for each in theirs for fact in catalog.licenses[each]["facts"]]
    return tier < above or any(bound in facts for bound in _BOUND)
