"""A model that the catalog has and the policy describes as well: what was read of it counts, what differs is said."""

from __future__ import annotations

from dataclasses import replace

from policycheck.entries import Base, Claim, Model
from policycheck.license import Evidence
from policycheck.policy import ModelRef


def relabelled(model: Model, ref: ModelRef) -> Model:
    """`model` with what the policy says besides: more ancestors, and its license where nobody has read one.

    Another license is a claim like those of others: it can't free a model from the one that its publisher gave.
    """
    said = (Base(model=name, relation=relation) for name, relation in ref.based_on or ())
    based_on = tuple(dict.fromkeys((*model.based_on, *said)))
    if ref.license is None or ref.license == model.license:
        return replace(model, based_on=based_on)
    if model.license is None:
        return replace(model, based_on=based_on, license=ref.license)
    claim = Claim(license=ref.license, by="this policy", evidence=Evidence.reported)
    return replace(model, based_on=based_on, claims=(*model.claims, claim))
