"""Which model a license itself speaks of, where it says what kind of model a clause means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycheck.students import DISTILLED

if TYPE_CHECKING:
    from policycheck.catalog import Catalog
    from policycheck.entries import Model
    from policycheck.license import License


def original(model: Model, license: License | None, catalog: Catalog) -> Model:
    """The model that `license` was given for; where several of that license went into one, a multimodal one counts.

    Clauses on multimodal models mean those that the licensor gave out under the license: what others made of them
    stays bound, or stays free, whatever goes in and out of it now. Where nobody says what it was made of, the model
    itself counts.
    """
    seen, left = {model.id}, [model]
    found: list[Model] = []
    while left and license is not None:
        each = left.pop()
        bases = [catalog.resolve_model(base.model) for base in each.based_on if base.relation != DISTILLED]
        under = [base for base in bases if base and catalog.resolve_license(base.license or "") == license.id]
        if not under:
            found.append(each)
        left += [base for base in under if base.id not in seen]
        seen.update(base.id for base in under)
    return max(found, key=lambda each: (False, None, True).index(each.multimodal), default=model)
