"""What is found of a model under its licenses; models that are alike but for their names share it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from policycheck.facts import Source
from policycheck.finding import VERDICTS, Finding, Outcome
from policycheck.values import frozen


@frozen
class Judgement:
    """The findings for one use and one kind of model, the strictest first, and what follows from them."""

    license: str | None
    licenses: tuple[Mapping[str, Any], ...]
    evidence: str
    tier: str
    findings: tuple[Finding, ...]
    read: tuple[tuple[Source, ...], ...]
    """Every fact of the policy that was read, where a rule applied and where none did, in groups that many share."""
    floor: Outcome
    """No verdict of the run is milder than this (`without: [baseline]`)."""

    @cached_property
    def outcome(self) -> Outcome:
        """The strictest finding, which stands first."""
        return max(self.floor, self.findings[0].outcome) if self.findings else self.floor

    @cached_property
    def waived(self) -> bool:
        """Whether a waiver lifted a finding."""
        return any(finding.waiver is not None and finding.original_outcome is not None for finding in self.findings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every fact of the policy that was read, each once."""
        return tuple(dict.fromkeys(source for group in dict.fromkeys(self.read) for source in group))

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

    @cached_property
    def asked(self) -> frozenset[str]:
        """The keys that may still move the verdict."""
        return frozenset(key for finding in self.undecided for key in finding.missing)

    @cached_property
    def _open(self) -> tuple[Outcome, list[Finding]]:
        """What the verdict is at the mildest, and the findings whose facts or words are open."""
        open_ones, mildest = list[Finding](), self.floor
        for finding in self.findings:
            answered = finding.defeated_by or finding.original_outcome is not None or finding.determination
            if (finding.undetermined or finding.kind in ("question", "missing-fact")) and not answered:
                open_ones.append(finding)
                mildest = max(mildest, self._at_least(finding))
            else:
                mildest = max(mildest, finding.outcome)
        return mildest, open_ones

    def _at_least(self, finding: Finding) -> Outcome:
        """What an open finding weighs at the mildest: it or the exception to it, unless that is recorded already."""
        if finding.exception is None:
            return Outcome.note
        recorded = any(each.near_misses for each in self.findings if each.rule == finding.exception.rule)
        return Outcome.note if recorded else min(finding.rule_outcome, finding.exception.rule_outcome)

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
