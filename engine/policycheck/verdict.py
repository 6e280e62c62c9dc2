"""What comes out: findings, and the verdict as the strictest of them."""

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
    record: str | None = None
    """The YAML that records it as done."""

    @property
    def fingerprint(self) -> str:
        """A hash of rule, license texts read and figures used; another text or figure gives another one."""
        texts = sorted({clause.text.sha256 or clause.text.url for clause in self.clauses})
        used = sorted({(source.key, source.value) for source in self.sources})
        parts = [self.rule, self.license, texts, used, sorted(self.figures.items()), sorted(self.missing)]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]

    def as_json(self) -> dict[str, Any]:
        """The finding as the JSON report has it."""
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
            "record": self.record,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one use and one model."""

    use: str
    model: str
    requested: str
    license: str | None
    licenses: tuple[Mapping[str, Any], ...]
    evidence: str
    findings: tuple[Finding, ...]
    tier: str
    lineage: tuple[Mapping[str, Any], ...] = ()
    members: tuple[str, ...] = ()
    floor: Outcome = Outcome.note
    """No verdict of the run is milder than this (`without: [baseline]`)."""

    @property
    def outcome(self) -> Outcome:
        """The strictest finding."""
        return max(self.floor, strictest(self.findings))

    @property
    def verdict(self) -> str:
        """allow, conditional or block."""
        return VERDICTS[self.outcome]

    @property
    def waived(self) -> bool:
        """Whether a waiver lifted a finding."""
        return any(finding.waiver is not None and finding.original_outcome is not None for finding in self.findings)

    @property
    def range(self) -> dict[str, str]:
        """The verdict with the unknown facts and open words filled either way."""
        answered = [f for f in self.findings if f.defeated_by or f.original_outcome is not None]
        open_ones = [f for f in self.findings if (f.undetermined or f.kind == "question") and f not in answered]
        settled = [f.outcome for f in self.findings if f not in open_ones]
        mildest = max([self.floor, *settled])
        strict = max([mildest, *(f.rule_outcome for f in open_ones), self.outcome])
        return {"mildest": VERDICTS[mildest], "strictest": VERDICTS[strict]}

    @property
    def relied_on(self) -> list[dict[str, Any]]:
        """The facts of the organisation that the findings and their absence rest on."""
        found: dict[str, dict[str, Any]] = {}
        for finding in self.findings:
            for source in finding.sources:
                found[source.key] = {
                    "fact": source.key,
                    "value": source.value,
                    "from": source.place,
                    "assumed": source.assumed,
                }
        return [found[key] for key in sorted(found)]

    @property
    def review_by(self) -> str | None:
        """The first day on which an answer that the verdict rests on ends."""
        ends = [
            str(answer[key])
            for finding in self.findings
            for answer, key in (
                (finding.waiver, "expires"),
                (finding.fulfilled, "valid_until"),
                (finding.determination, "review_by"),
                (finding.agreement, "expires"),
            )
            if answer and answer.get(key) not in (None, "never")
        ]
        return min(ends, default=None)

    def as_json(self) -> dict[str, Any]:
        """The verdict as the JSON report has it."""
        return {
            "use": self.use,
            "model": self.model,
            "requested": self.requested,
            "members": list(self.members),
            "license": self.license,
            "licenses": [dict(each) for each in self.licenses],
            "evidence": self.evidence,
            "verdict": self.verdict,
            "range": self.range,
            "tier": self.tier,
            "lineage": [dict(each) for each in self.lineage],
            "relied_on": self.relied_on,
            "review_by": self.review_by,
            "findings": [finding.as_json() for finding in self.findings],
        }
