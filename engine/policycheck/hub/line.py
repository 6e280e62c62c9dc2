"""A verdict on one line: what a gate over many models keeps of each."""

from __future__ import annotations

from typing import Any

from policycheck.finding import Outcome
from policycheck.hub.overlay import Kept
from policycheck.values import frozen
from policycheck.verdict import Verdict


@frozen
class Gist:
    """What models share that differ in their names only."""

    verdict: str
    outcome: Outcome
    waived: bool
    license: str | None
    licenses: tuple[str, ...]
    """Every license that counts, those of ancestors too, by id."""
    evidence: str
    tier: str
    rules: tuple[str, ...]
    """The rules whose findings weigh, the strictest first."""
    missing: tuple[str, ...]
    """Keys of the policy that may still move the verdict."""
    review_by: str | None


@frozen
class Line:
    """The verdict for one use and one model, in short."""

    use: str
    model: str
    gist: Gist
    bases: tuple[str, ...]
    kept: Kept | None
    """What a Hub states of it, where that is all that is known."""

    def as_json(self) -> dict[str, Any]:
        """The line as JSON."""
        gist, stated = self.gist, self.kept.statement if self.kept else None
        return {
            "kind": "verdict",
            "use": self.use,
            "model": self.model,
            "verdict": gist.verdict,
            "license": gist.license,
            "licenses": list(gist.licenses),
            "evidence": gist.evidence,
            "tier": gist.tier,
            "rules": list(gist.rules),
            "missing": list(gist.missing),
            "waived": gist.waived,
            "review_by": gist.review_by,
            "base_models": list(self.bases),
            "stated": stated.said if stated else None,
            "sha": stated.sha if stated else None,
            "gated": stated.gated if stated else None,
            "source": self.kept.source if self.kept else None,
            "kept_on": self.kept.kept_on if self.kept else None,
        }


def gist_of(verdict: Verdict) -> Gist:
    """The verdict without its sentences."""
    weighing = [finding for finding in verdict.findings if finding.outcome is not Outcome.note]
    keys = (key for finding in verdict.undecided for key in finding.missing)
    own = (key for key in keys if not key.startswith(("license", "model.", "publisher.")))
    ids = (str(each["id"]) for each in verdict.licenses if each.get("id"))
    return Gist(
        verdict=verdict.verdict,
        outcome=verdict.outcome,
        waived=verdict.waived,
        license=verdict.license,
        licenses=tuple(dict.fromkeys(ids)),
        evidence=verdict.evidence,
        tier=verdict.tier,
        rules=tuple(dict.fromkeys(finding.rule for finding in weighing)),
        missing=tuple(dict.fromkeys(own)),
        review_by=verdict.review_by,
    )
