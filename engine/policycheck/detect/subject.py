"""A model as its own files describe it, ready to be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from policycheck.catalog import Catalog
from policycheck.detect.identity import UNREAD, Identity
from policycheck.detect.names import resolve
from policycheck.entries import Base, Model
from policycheck.license import Evidence
from policycheck.policy import ModelRef
from policycheck.subjects import modalities_of

# What a rule is told of each kind of finding; forms of a card and missing texts weigh by the evidence alone.
_WEIGHS: Final[Mapping[str, str]] = {
    "card-contradicts-text": "disagreement",
    "card-contradicts-itself": "disagreement",
    "card-restricts-use": "disagreement",
    "card-not-understood": "disagreement",
    "card-duplicate-key": "disagreement",
    "card-names-several": "disagreement",
    "config-names-a-model": "disagreement",
    "catalog-differs": "disagreement",
    "policy-of-another-license": "disagreement",
    "text-names-several": "changes",
    "text-changed": "changes",
    "text-unknown": "changes",
    "policy-changed": "changes",
    "license-drift": "drift",
}


def ref_of(identity: Identity, catalog: Catalog) -> ModelRef:
    """The model in a folder as an entry of `models:`, every license and base model that counts in it."""
    known, hub_id = identity.model, identity.folder.hub_id
    # A base that the catalog knows goes by its id there, so that each counts once.
    bases = tuple(
        Base(model=b.model.id if b.model else b.id, relation=b.relation, by_card=b.by_card) for b in identity.bases
    )
    inputs, outputs = modalities_of(bases, catalog)
    model = known or Model(
        id=hub_id or Path(identity.path).resolve().name,
        name=hub_id or identity.path,
        publisher=catalog.resolve_publisher(hub_id.partition("/")[0]) if hub_id else None,
        license=None,
        evidence=Evidence.reported,
        input=inputs,
        output=outputs,
    )
    described = replace(
        model,
        license=_all(identity.licenses),
        evidence=_evidence(identity, known, catalog),
        components={**model.components, **({"code": str(_all(identity.code) or UNREAD)} if identity.code else {})},
        based_on=bases,
        found=_found(identity),
    )
    return ModelRef(name=identity.path, where=(), revision=identity.folder.revision, described=described)


def _all(licenses: Sequence[str]) -> str | None:
    """An expression in which every license counts; one that nobody read is a name that no catalog knows."""
    return None if tuple(licenses) == (UNREAD,) else " AND ".join(licenses)


def _evidence(identity: Identity, known: Model | None, catalog: Catalog) -> Evidence:
    """What the files show, or the catalog where it says the same and was read better."""
    theirs = resolve(known.license, catalog).licenses if known and known.license else ()
    same = known is not None and set(theirs) == set(identity.licenses)
    return max(identity.evidence, known.evidence) if known is not None and same else identity.evidence


def _found(identity: Identity) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for finding in identity.findings:
        if finding.check in _WEIGHS:
            found.setdefault(_WEIGHS[finding.check], []).append(finding.message)
    return {key: "; ".join(messages) for key, messages in found.items()}
