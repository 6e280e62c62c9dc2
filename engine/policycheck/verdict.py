"""The verdict for one use and one model: the strictest of its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policycheck.facts import Source
from policycheck.finding import VERDICTS, Finding, Outcome
from policycheck.records import record


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
    sources: tuple[Source, ...] = ()
    """Every fact of the policy that was read, where a rule applied and where none did."""
    today: date
    floor: Outcome = Outcome.note
    """No verdict of the run is milder than this (`without: [baseline]`)."""

    @property
    def outcome(self) -> Outcome:
        """The strictest finding, which stands first."""
        return max(self.floor, self.findings[0].outcome) if self.findings else self.floor

    @property
    def verdict(self) -> str:
        """allow, conditional or block."""
        return VERDICTS[self.outcome]

    def record(self, finding: Finding) -> str | None:
        """The lines for org.yaml that record the finding as done; None where nothing is asked."""
        return record(finding, self.model, self.use, self.today)

    @property
    def waived(self) -> bool:
        """Whether a waiver lifted a finding."""
        return any(finding.waiver is not None and finding.original_outcome is not None for finding in self.findings)

    @property
    def range(self) -> dict[str, str]:
        """The verdict with the unknown facts and open words filled either way."""
        mildest, open_ones = self._open
        strict = max([mildest, *(f.rule_outcome for f in open_ones), self.outcome])
        return {"mildest": VERDICTS[mildest], "strictest": VERDICTS[strict]}

    @property
    def undecided(self) -> list[Finding]:
        """Findings that lack a fact and may still move the verdict: the others are no stricter than what is sure."""
        mildest, open_ones = self._open
        return [f for f in open_ones if f.undetermined and f.rule_outcome > mildest]

    @property
    def _open(self) -> tuple[Outcome, list[Finding]]:
        """What the verdict is at the mildest, and the findings whose facts or words are open."""
        open_ones, mildest = list[Finding](), self.floor
        for finding in self.findings:
            answered = finding.defeated_by or finding.original_outcome is not None or finding.determination
            if (finding.undetermined or finding.kind == "question") and not answered:
                open_ones.append(finding)
            else:
                mildest = max(mildest, finding.outcome)
        return mildest, open_ones

    @property
    def relied_on(self) -> list[dict[str, Any]]:
        """The facts of the organisation that the findings and their absence rest on."""
        found = {
            source.key: {
                "fact": source.key,
                "value": source.value,
                "from": source.place,
                "assumed": source.assumed,
                **({} if source.note is None else {"note": source.note}),
            }
            for source in self.sources
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
            if answer and answer.get("lifts", True) and answer.get(key) not in (None, "never")
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
            "findings": [finding.as_json(self.record(finding)) for finding in self.findings],
        }
