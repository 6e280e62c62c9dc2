"""Whether a model claims a freer license than the models it is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policycheck.catalog import Catalog
from policycheck.entries import Base, Model
from policycheck.expressions import alternatives_of
from policycheck.later import versions
from policycheck.students import DISTILLED, standing
from policycheck.subjects import MOST_ANCESTORS

_TIERS: Final = ("clean", "conditional", "unusable")
# Facts by which a derivative must keep the ancestor's terms.
_BOUND: Final = (
    ("redistribution", "same-license"),
    ("copyleft", "weak"),
    ("copyleft", "strong"),
    ("copyleft", "network"),
)
# What is merely inside keeps its own license, and so may what it is inside of.
_APART: Final = "component"
INSIDE, CLAIMED, TAUGHT = "inside", "claimed", "taught"
"""How an ancestor stands to a model: its weights are inside; a card alone calls it the teacher; it is one."""
_STANDINGS: Final = (INSIDE, CLAIMED, TAUGHT)


def named_in(expression: str | None, catalog: Catalog) -> list[str]:
    """The ids of the licenses that an expression names and the catalog knows."""
    if not expression:
        return []
    whole = catalog.resolve_license(expression)
    read = [expression] if whole else [name for option in alternatives_of(expression) for name in option]
    names = [version for name in read for version in versions(name, catalog)]
    return list(dict.fromkeys(found for name in names if (found := catalog.resolve_license(name)) is not None))


def freer(own: Sequence[str], theirs: Sequence[str], catalog: Catalog) -> bool:
    """Whether licenses ask for less than those of an ancestor, or the ancestor's must be handed on as it is."""
    if not own or not theirs or set(own) & (set(theirs) | _offered(theirs, catalog)):
        return False
    tier = max(_TIERS.index(catalog.licenses[each]["tier"]) for each in own)
    above = max(_TIERS.index(catalog.licenses[each]["tier"]) for each in theirs)
    facts = [(fact["fact"], fact["value"]) for each in theirs for fact in catalog.licenses[each]["facts"]]
    return tier < above or any(bound in facts for bound in _BOUND)


def _offered(licenses: Sequence[str], catalog: Catalog) -> set[str]:
    """The ids of the licenses under which a changed model may go out too, whatever else holds."""
    facts = [fact for each in licenses for fact in catalog.licenses[each]["facts"]]
    offered = [fact for fact in facts if fact["fact"] == "compatible_licenses" and "only_if" not in fact]
    return {found for fact in offered for name in fact["value"] if (found := catalog.resolve_license(name)) is not None}


def drift(model: Model, catalog: Catalog) -> Iterator[str]:
    """A sentence for each ancestor whose license is less free than the one that the model claims."""
    own = named_in(model.license, catalog) if model.based_on else []
    for base, stands in _licensed(model, catalog) if own else ():
        theirs = named_in(base.license, catalog)
        if not freer(own, theirs, catalog):
            continue
        if stands == INSIDE or all(makes_derivative(each, catalog) for each in theirs):
            yield sentence(own, theirs, base.id)
        elif stands == CLAIMED:
            yield doubtful(own, theirs, base.id)


def makes_derivative(license: str, catalog: Catalog) -> bool:
    """Whether a license makes a model that learned from outputs a derivative, as one with the weights inside."""
    return standing(catalog.licenses[license]["facts"]) == "derivative"


def sentence(own: Sequence[str], theirs: Sequence[str], base: str) -> str:
    """What a drift is, in words."""
    mine, parent = " and ".join(own), " and ".join(theirs)
    return f"this model says `{mine}`; its base model `{base}` stands under `{parent}`, which still binds it"


def doubtful(own: Sequence[str], theirs: Sequence[str], base: str) -> str:
    """What a drift is in words where a card alone says that nothing of the ancestor is inside."""
    mine, parent = " and ".join(own), " and ".join(theirs)
    return (
        f"this model says `{mine}`; by its card it was distilled from `{base}`, which stands under `{parent}`; "
        "that binds it too if its weights began as those of its teacher, or if that text reaches students"
    )


def standing_by(relation: str | None, *, by_card: bool) -> str:
    """How an ancestor stands to a model by the relation that is told, and by who tells it."""
    if relation != DISTILLED:
        return INSIDE
    return CLAIMED if by_card else TAUGHT


def _licensed(model: Model, catalog: Catalog) -> Iterator[tuple[Model, str]]:
    """The nearest ancestors whose license somebody names, and how each stands to the model.

    One of which nobody names a license is passed through.
    """
    seen, left = {model.id}, _steps(model, INSIDE)
    while left and len(seen) <= MOST_ANCESTORS:
        base, stands = left.pop(0)
        found = None if base.relation == _APART else catalog.resolve_model(base.model)
        if found is None or found.id in seen:
            continue
        seen.add(found.id)
        if found.license:
            yield found, stands
        else:
            left = sorted([*left, *_steps(found, stands)], key=_distance)


def _steps(model: Model, stands: str) -> list[tuple[Base, str]]:
    """The bases of a model and how each stands to what it is in, those whose weights are inside first."""
    steps = [
        (base, max(stands, standing_by(base.relation, by_card=base.by_card), key=_STANDINGS.index))
        for base in model.based_on
    ]
    return sorted(steps, key=_distance)


def _distance(step: tuple[Base, str]) -> int:
    return _STANDINGS.index(step[1])
