"""The verdict for one use and one model: the strictest of its findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from policycheck.facts import Source
from policycheck.finding import VERDICTS, Finding, Outcome
from policycheck.judgement import Judgement
from policycheck.records import record
from policycheck.subjects import Subject
from policycheck.values import frozen

Own = tuple[Subject, Judgement]


@frozen
class Verdict:
    """The answer for one use and one model."""

    use: str
    model: str
    requested: str
    today: date
    judgement: Judgement
    """Shared by all models that are alike: what it weighs holds for each of them."""
    own: Callable[[], Own]
    """The model with its licenses, and the same judgement in sentences that name it; worked out once, when shown."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, the strictest first."""
        return self.own()[1].findings

    @property
    def lineage(self) -> tuple[Mapping[str, Any], ...]:
        """The models that it comes from."""
        return self.own()[0].lineage

    @property
    def members(self) -> tuple[str, ...]:
        """For a bare family name: its members."""
        return self.own()[0].model.members

    @property
    def license(self) -> str | None:
        """The license of the weights."""
        return self.judgement.license

    @property
    def licenses(self) -> tuple[Mapping[str, Any], ...]:
        """The license of each part."""
        return self.own()[1].licenses

    @property
    def evidence(self) -> str:
        """How well it is shown that the weights have this license."""
        return self.judgement.evidence

    @property
    def tier(self) -> str:
        """The license for everyone: clean, conditional or unusable."""
        return self.judgement.tier

    @property
    def outcome(self) -> Outcome:
        """The strictest finding."""
        return self.judgement.outcome

    @property
    def verdict(self) -> str:
        """allow, conditional or block."""
        return VERDICTS[self.judgement.outcome]

    @property
    def waived(self) -> bool:
        """Whether a waiver lifted a finding."""
        return self.judgement.waived

    @property
    def range(self) -> dict[str, str]:
        """The verdict with the unknown facts and open words filled either way."""
        return self.judgement.range

    @property
    def undecided(self) -> list[Finding]:
        """Findings that lack a fact and may still move the verdict."""
        return self.judgement.undecided

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every fact of the policy that was read."""
        return self.judgement.sources

    @property
    def relied_on(self) -> list[dict[str, Any]]:
        """The facts of the organisation that the findings and their absence rest on."""
        return self.judgement.relied_on

    @property
    def review_by(self) -> str | None:
        """The first day on which an answer that the verdict rests on ends."""
        return self.judgement.review_by

    def record(self, finding: Finding) -> str | None:
        """The lines for org.yaml that record the finding as done; None where nothing is asked."""
        return record(finding, self.model, self.use, self.today)

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
