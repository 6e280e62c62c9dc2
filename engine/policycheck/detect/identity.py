"""What was found in a model's files, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.detect.card import Card
from policycheck.detect.folder import Folder
from policycheck.detect.lineage import Ancestor
from policycheck.detect.texts import Match, Passage
from policycheck.entries import Model
from policycheck.license import Evidence

UNREAD: Final = "a text that nobody read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about the files that somebody should look at."""

    check: str
    message: str
    passages: tuple[Passage, ...] = ()
    file: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON."""
        passages = [{"text": each.text, "lines": list(each.lines)} for each in self.passages]
        return {"check": self.check, "message": self.message, "file": self.file, "passages": passages}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What the text in a file is."""

    file: str
    kind: str
    match: Match
    license: str | None
    """The license of a known text; None for one that nobody read."""

    def as_json(self, catalog: Catalog) -> dict[str, Any]:
        """The detection as JSON; a score of 100 is identity, any other one only nearness."""
        near = self.license or next((each.license for each in self.match.nearest), None)
        known = self.license is not None
        return {
            "file": self.file,
            "license": self.license,
            "spdx": catalog.licenses[self.license].get("spdx") if self.license else None,
            "score": 100.0 if known else min(99.9, round(100 * self.match.share, 1)),
            "lines": list(self.match.lines),
            "documents": [each.document for each in self.match.known],
            "nearest": None if known else near,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the files at a path say of model and license."""

    path: str
    folder: Folder
    card: Card | None
    model: Model | None
    """The catalog's model, where the Hub's own cache names it."""
    licenses: tuple[str, ...]
    """Every license that counts, by id; `UNREAD` stands for a text that nobody read."""
    evidence: Evidence
    code: tuple[str, ...]
    """The licenses of the code, where it has texts of its own."""
    rungs: tuple[str, ...]
    """How far the evidence reaches: tag, card, file, text, notice."""
    detected: tuple[Detected, ...]
    bases: tuple[Ancestor, ...]
    findings: tuple[Finding, ...]

    @property
    def license(self) -> str | None:
        """The one license that all files agree on; None where there is none, or more than one."""
        one = self.licenses[0] if len(self.licenses) == 1 else None
        return None if one == UNREAD else one

    def as_json(self, catalog: Catalog) -> dict[str, Any]:
        """The identity as the contract's `catalog identify` has it."""
        return {
            "path": self.path,
            "model": self.model.id if self.model else None,
            "hub_id": self.folder.hub_id,
            "revision": self.folder.revision,
            "license": self.license,
            "spdx": catalog.licenses[self.license].get("spdx") if self.license else None,
            "declared": self.card.declared if self.card else None,
            "license_name": self.card.license_name if self.card else None,
            "license_link": self.card.license_link if self.card else None,
            "evidence": self.evidence.name,
            "rungs": list(self.rungs),
            "detected": [each.as_json(catalog) for each in self.detected],
            "base_models": [each.as_json() for each in self.bases],
            "findings": [each.as_json() for each in self.findings],
        }
