"""Entries of the catalog as `catalog show` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policycheck.catalog import Catalog
    from policycheck.entries import Model
    from policycheck.hosts import Host


def host_json(host: Host) -> dict[str, Any]:
    """A host as `catalog show` has it."""
    return {
        "kind": "host",
        "id": host.id,
        "name": host.name,
        "names": list(host.names),
        "jurisdiction": host.jurisdiction,
        "parent": host.parent,
        "parent_jurisdiction": host.parent_jurisdiction,
        "evidence": host.evidence.name,
        "parent_evidence": host.parent_evidence.name,
        "source": host.source,
        "read_on": host.read_on,
        "note": host.note,
    }


def license_json(found: Catalog, identifier: str) -> dict[str, Any]:
    """A license as the contract's `catalog show` has it."""
    license = found.license(identifier)
    wanted = {name for name, spec in found.vocabulary.clauses.items() if not spec.get("optional")}
    facts = [
        {
            "fact": clause.fact,
            "value": clause.value,
            **clause.more,
            "document": clause.text.document,
            "section": clause.section,
            "heading": clause.heading,
            "summary": clause.summary,
            "evidence": clause.evidence.name,
            "source": clause.text.url,
            "sha256": clause.text.sha256,
        }
        for clauses in license.clauses.values()
        for clause in clauses
    ]
    return {
        "kind": "license",
        "id": license.id,
        "name": license.name,
        "spdx": license.spdx,
        "names": list(license.names),
        "licensor": license.licensor,
        "tier": license.tier,
        "facts": facts,
        "silent": sorted(license.silent),
        "unknown": sorted(wanted - set(license.clauses) - license.silent),
        "note": license.note,
    }


def model_json(model: Model) -> dict[str, Any]:
    """A model as the contract's `catalog show` has it."""
    return {
        "kind": "model",
        "id": model.id,
        "names": list(dict.fromkeys(model.names)),
        "publisher": model.publisher,
        "license": model.license,
        "components": dict(model.components),
        "released": model.released,
        "modalities": {"input": list(model.input or ()), "output": list(model.output or ())},
        "lineage": [{"model": base.model, "relation": base.relation} for base in model.based_on],
        "members": list(model.members),
        "evidence": model.evidence.name,
        "source": model.source,
        "claims": [{"license": c.license, "by": c.by, "evidence": c.evidence.name} for c in model.claims],
        "note": model.note,
    }


def publisher_json(found: Catalog, identifier: str) -> dict[str, Any]:
    """A publisher with its seat, the licenses that it grants, and its models with theirs."""
    entry = next(each for each in found.data["publishers"] if each["publisher"] == identifier)
    models = [each for each in found.models.values() if each.publisher == identifier]
    return {
        "kind": "publisher",
        "id": identifier,
        "name": entry["name"],
        "names": list(dict.fromkeys(entry.get("names", ()))),
        "jurisdiction": entry.get("jurisdiction"),
        "evidence": entry["evidence"],
        "source": entry["source"],
        "read_on": entry.get("read_on"),
        "licenses": sorted(key for key, each in found.licenses.items() if each["licensor"] == identifier),
        "models": [{"model": each.id, "license": each.license} for each in sorted(models, key=lambda m: m.id)],
        "note": entry.get("note"),
    }
