"""What one rule found in one case, and what it weighs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from policycheck.facts import Source
from policycheck.license import Clause


class Outcome(IntEnum):
    """What a finding weighs; the strictest wins."""

    note = 0
    conditional = 1
    block = 2


VERDICTS = {Outcome.note: "allow", Outcome.conditional: "conditional", Outcome.block: "block"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found in one case, and what answers it."""

    rule: str
    license: str | None
    component: str
    outcome: Outcome
    """What weighs now."""
    rule_outcome: Outcome
    """The rule's own outcome: what it would weigh at the strictest."""
    kind: str
    basis: str
    rule_kind: str
    undetermined: bool
    message: str
    missing: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    sources: tuple[Source, ...] = ()
    next_step: str | None = None
    figures: Mapping[str, str] = field(default_factory=dict)
    original_outcome: Outcome | None = None
    defeated_by: str | None = None
    waiver: Mapping[str, Any] | None = None
    agreement: Mapping[str, Any] | None = None
    fulfilled: Mapping[str, Any] | None = None
    determination: Mapping[str, Any] | None = None
    near_misses: tuple[str, ...] = ()
    """Answers that were given and did not help, with the reason."""

    @property
    def fingerprint(self) -> str:
        """A hash of rule, license texts read and figures used; another text or figure gives another one."""
        texts = sorted({clause.text.sha256 or clause.text.url for clause in self.clauses})
        used = sorted({(source.key, source.value) for source in self.sources})
        parts = [self.rule, self.license, texts, used, sorted(self.figures.items()), sorted(self.missing)]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]

    def as_json(self, record: str | None) -> dict[str, Any]:
        """The finding as the JSON report has it; `record` is the YAML that records it as done."""
        found: dict[str, Any] = {
            "rule": self.rule,
            "license": self.license,
            "component": self.component,
            "outcome": self.outcome.name,
            "kind": self.kind,
            "basis": self.basis,
            "undetermined": self.undetermined,
            "message": self.message,
            "missing": list(self.missing),
            "citations": [clause.citation() for clause in self.clauses],
            "next_step": self.next_step,
            "record": record,
            "fingerprint": self.fingerprint,
            "defeated_by": self.defeated_by,
            "waiver": self.waiver,
            "agreement": self.agreement,
            "fulfilled": self.fulfilled,
            "determination": self.determination,
            "near_misses": list(self.near_misses),
        }
        if self.original_outcome is not None:
            found["original_outcome"] = self.original_outcome.name
        return found


def strictest(findings: Iterable[Finding]) -> Outcome:
    """The strictest outcome that weighs now; a note where nothing stands in the way."""
    return max((finding.outcome for finding in findings), default=Outcome.note)
