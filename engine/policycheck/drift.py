"""Whether a model claims a freer license than the models it is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policycheck.catalog import Base, Catalog, Model
from policycheck.students import DISTILLED, standing
from policycheck.subjects import MOST_ANCESTORS, alternatives_of

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


def named_in(expression: str | None, catalog: Catalog) -> list[str]:
    """The ids of the licenses that an expression names and the catalog knows."""
    if not expression:
        return []
    whole = catalog.resolve_license(expression)
    names = [expression] if whole else [name for option in alternatives_of(expression) for name in option]
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
    for base, taught in _licensed(model, catalog) if own else ():
        theirs = named_in(base.license, catalog)
        if freer(own, theirs, catalog) and (not taught or all(makes_derivative(each, catalog) for each in theirs)):
            yield sentence(own, theirs, base.id)


def makes_derivative(license: str, catalog: Catalog) -> bool:
    """Whether a license makes a model that learned from outputs a derivative, as one with the weights inside."""
    return standing(catalog.licenses[license]["facts"]) == "derivative"


def sentence(own: Sequence[str], theirs: Sequence[str], base: str) -> str:
    """What a drift is, in words."""
    mine, parent = " and ".join(own), " and ".join(theirs)
    return f"this model says `{mine}`; its base model `{base}` stands under `{parent}`, which still binds it"


def _licensed(model: Model, catalog: Catalog) -> Iterator[tuple[Model, bool]]:
    """The nearest ancestors whose license somebody names, and whether each is a teacher.

    One of which nobody names a license is passed through.
    """
    seen, left = {model.id}, _steps(model, False)
    while left and len(seen) <= MOST_ANCESTORS:
        base, taught = left.pop(0)
        found = None if base.relation == _APART else catalog.resolve_model(base.model)
        if found is None or found.id in seen:
            continue
        seen.add(found.id)
        if found.license:
            yield found, taught
        else:
            left = sorted([*left, *_steps(found, taught)], key=_is_taught)


def _steps(model: Model, taught: bool) -> list[tuple[Base, bool]]:
    """The bases of a model and whether each is a teacher, those whose weights are inside first."""
    steps = [(base, taught or (base.relation == DISTILLED and not base.by_card)) for base in model.based_on]
    return sorted(steps, key=_is_taught)


def _is_taught(step: tuple[Base, bool]) -> bool:
    return step[1]
