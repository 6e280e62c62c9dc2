"""What is so: licenses, models and publishers, and the names by which people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from policycheck.entries import Claim, Model, Publisher, claim_from, model_from
from policycheck.license import License, license_from
from policycheck.shapes import shape_of
from policycheck.values import frozen
from policycheck.vocabulary import Vocabulary


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """A name without capitals, blanks and marks that people write differently."""
    return re.sub(r"[\s_]+", "-", name.strip().lower())


@frozen(kw_only=False)
class Catalog:
    """All licenses, models and publishers that are known."""

    vocabulary: Vocabulary
    data: Mapping[str, Any]
    """`licenses` by id, `publishers`: the checked documents; `packs`: the shipped rule packs."""
    sha256: str
    version: str

    @cached_property
    def licenses(self) -> Mapping[str, Mapping[str, Any]]:
        """The license documents by id."""
        licenses: Mapping[str, Mapping[str, Any]] = self.data["licenses"]
        return licenses

    @cached_property
    def alternatives(self) -> dict[tuple[Any, ...], Any]:
        """A place for what governs models of one license, publisher and evidence."""
        return {}

    @property
    def compiled_lines(self) -> Mapping[str, Any] | None:
        """What governs each model, where that was worked out when the catalog was compiled."""
        found: Mapping[str, Any] | None = self.data.get("lines")
        return found

    @cached_property
    def _built(self) -> dict[str, License]:
        return {}

    def license(self, identifier: str) -> License:
        """The license with this id; raises KeyError."""
        if identifier not in self._built:
            shape = shape_of(self.data.get("shapes"), identifier)
            self._built[identifier] = license_from(self.licenses[identifier], shape)
        return self._built[identifier]

    @cached_property
    def _license_names(self) -> Mapping[str, str]:
        return self.data.get("license_names") or license_names(self.licenses.values())

    def resolve_license(self, name: str) -> str | None:
        """The id of the license that `name` names, in whatever spelling; None where it names none."""
        return self._license_names.get(name) or self._license_names.get(folded(name))

    def other_claims(self, model: Model) -> list[Claim]:
        """What others say of a model's license where it is another one than the one that counts."""
        own = self.resolve_license(model.license or "")
        return [claim for claim in model.claims if self.resolve_license(claim.license) != own]

    def similar_licenses(self, name: str) -> list[str]:
        """Ids of licenses whose names are close to `name`."""
        return _similar(folded(name), self._license_names)

    @cached_property
    def publishers(self) -> Mapping[str, Publisher]:
        """Publishers by id."""
        return {
            entry["publisher"]: Publisher(
                id=entry["publisher"],
                name=entry["name"],
                names=tuple(entry.get("names", ())),
                jurisdiction=entry.get("jurisdiction"),
                source=entry.get("source"),
            )
            for entry in self.data["publishers"]
        }

    @cached_property
    def _publisher_names(self) -> Mapping[str, str]:
        return {
            folded(name): publisher.id
            for publisher in self.publishers.values()
            for name in (publisher.id, publisher.name, *publisher.names)
        }

    def resolve_publisher(self, name: str) -> str | None:
        """The id of the publisher or licensor that `name` names; None where it names none."""
        return self._publisher_names.get(folded(name))

    def publisher_name(self, identifier: str) -> str:
        """The legal name of a publisher or licensor, or its id where the catalog has none."""
        return self.publishers[identifier].name if identifier in self.publishers else identifier

    @cached_property
    def _entries(self) -> Mapping[str, tuple[Mapping[str, Any], str]]:
        return {
            model["id"]: (model, entry["publisher"]) for entry in self.data["publishers"] for model in entry["models"]
        }

    @cached_property
    def identifiers(self) -> list[str]:
        """The ids of all models, in order."""
        return sorted(self._entries)

    @cached_property
    def models(self) -> Mapping[str, Model]:
        """Models by id; a bare family name is no entry of its own."""
        return {identifier: self.model(identifier) for identifier in self._entries}

    @cached_property
    def _made(self) -> dict[str, Model]:
        return {}

    def model(self, identifier: str) -> Model:
        """The model with this id; raises KeyError."""
        if identifier not in self._made:
            self._made[identifier] = model_from(*self._entries[identifier])
        return self._made[identifier]

    @cached_property
    def families(self) -> Mapping[str, Model]:
        """Bare family names, each with its members and their common license."""
        found: dict[str, Model] = {}
        for entry in self.data["publishers"]:
            for family in entry.get("families", ()):
                found[family["id"]] = self._family(family, entry["publisher"])
        return found

    def _family(self, family: Mapping[str, Any], publisher: str) -> Model:
        members = [self.model(member) for member in family["members"]]
        licenses = {member.license for member in members}
        modalities = {(member.input, member.output) for member in members}
        shared = next(iter(modalities)) if len(modalities) == 1 else (None, None)
        released = [member.released for member in members if member.released]
        own = tuple(claim_from(claim) for claim in family.get("claims", ()))
        return Model(
            id=family["id"],
            name=family["name"],
            publisher=publisher,
            license=next(iter(licenses)) if len(licenses) == 1 else None,
            evidence=min(member.evidence for member in members),
            aliases=tuple(family.get("aliases", ())),
            family=family["id"],
            input=shared[0],
            output=shared[1],
            released=min(released) if released else None,
            claims=own,
            based_on=tuple(dict.fromkeys(base for member in members for base in member.based_on)),
            members=tuple(member.id for member in members),
            note=family.get("note"),
        )

    @cached_property
    def _model_names(self) -> Mapping[str, str]:
        return self.data.get("model_names") or self.model_names()

    def model_names(self) -> dict[str, str]:
        """Every name of every model, folded; a name that two models share names neither: better none than wrong."""
        found: dict[str, str] = {}
        shared: set[str] = set()
        for model in (*self.families.values(), *self.models.values()):
            for index, name in enumerate(model.names):
                key = folded(name)
                if index == 0:
                    found[key] = model.id
                elif found.get(key, model.id) != model.id and key not in self.models and key not in self.families:
                    shared.add(key)
                else:
                    found.setdefault(key, model.id)
        return {key: identifier for key, identifier in found.items() if key not in shared}

    def resolve_model(self, name: str) -> Model | None:
        """The model (or bare family) that `name` names: an id, a Hub id or an alias; None where it names none."""
        identifier = self.identifier(name)
        if identifier is None:
            return None
        return self.model(identifier) if identifier in self._entries else self.families[identifier]

    def identifier(self, name: str) -> str | None:
        """The id of the model (or bare family) that `name` names; None where it names none."""
        return name if name in self._entries else self._model_names.get(name) or self._model_names.get(folded(name))

    def entry(self, name: str) -> tuple[Mapping[str, Any], str] | None:
        """What the catalog's file says of the model that `name` names, and its publisher; None for a bare family."""
        identifier = self.identifier(name)
        return self._entries.get(identifier) if identifier is not None else None

    def similar_models(self, name: str) -> list[str]:
        """Ids of models whose names are close to `name`."""
        return _similar(folded(name), self._model_names)


def license_names(licenses: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Every name of every license, folded, with the license's id."""
    found: dict[str, str] = {}
    for entry in licenses:
        for name in (entry["license"], entry["name"], entry.get("spdx"), *entry.get("names", ())):
            if name:
                found.setdefault(folded(name), entry["license"])
    return found


def _similar(name: str, names: Mapping[str, str]) -> list[str]:
    from difflib import get_close_matches  # only for who misspelt a name

    near: Iterable[str] = get_close_matches(name, names, n=5, cutoff=0.75)
    parts = [key for key in names if name in key] if len(name) > 3 else []
    return list(dict.fromkeys(names[key] for key in (*near, *parts)))[:5]
