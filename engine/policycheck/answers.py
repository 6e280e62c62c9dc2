"""Answers to findings: agreements, fulfilments, determinations and waivers, each dated and each shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from policycheck import licensors, strangers
from policycheck.catalog import Catalog, folded
from policycheck.finding import Finding, Outcome
from policycheck.policy import Part, Policy
from policycheck.targets import Occasion, Target, models_of, names_meant

_BARS = ("prohibition", "cap", "exclusion")


@dataclass(eq=False)
class Desk:
    """Holds the answers of a policy, gives them to findings, and remembers which were of use."""

    policy: Policy
    catalog: Catalog
    today: date
    used: set[tuple[Any, ...]] = field(default_factory=set)
    _meanings: dict[tuple[Any, ...], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def given(self) -> bool:
        """Whether the policy holds any answer."""
        return bool(self._every)

    @cached_property
    def _every(self) -> tuple[Part, ...]:
        policy = self.policy
        return (*policy.agreements, *policy.fulfilled, *policy.determinations, *policy.waivers)

    @cached_property
    def pinned(self) -> frozenset[str]:
        """The rules of which an answer without a model holds for a finding as it was seen."""
        parts = (part for part in self._every if part.get("finding") and not models_of(part))
        return frozenset(part.get("rule") or part.get("question") for part in parts)

    def names(self, *names: str) -> bool:
        """Whether an answer names one of these models."""
        return not self._named.isdisjoint(map(folded, names)) if self.given else False

    @cached_property
    def _named(self) -> frozenset[str]:
        """Every model that an answer names, by its own and its members' ids."""
        return frozenset().union(*map(self._names_meant, self._every))

    @cached_property
    def _rules(self) -> frozenset[str]:
        """The rules that an answer other than an agreement names."""
        policy = self.policy
        answered = [part.get("question") for part in policy.determinations]
        return frozenset([*answered, *(part.get("rule") for part in (*policy.fulfilled, *policy.waivers))])

    def answer(self, finding: Finding, occasion: Occasion) -> Finding:
        """The finding with every answer that is meant for it; what weighs now follows from them."""
        if finding.defeated_by is not None or not (self.policy.agreements or finding.rule in self._rules):
            return finding
        target = self.target(finding, occasion)
        agreed = self._agreed(finding, target)
        finding = self._waived(self._determined(self._fulfilled(agreed, target), target), target)
        if agreed.agreement is None and finding.original_outcome is not None:
            # What is answered otherwise needs no agreement; why one does not help is of no use then.
            near = tuple(each for each in finding.near_misses if each not in agreed.near_misses)
            finding = replace(finding, near_misses=near)
        return finding

    def target(self, finding: Finding, occasion: Occasion) -> Target:
        """A finding and where it arose, to be held against entries."""
        return Target(
            policy=self.policy,
            catalog=self.catalog,
            today=self.today,
            finding=finding,
            on=occasion,
            meant_by=self._names_meant,
        )

    def _names_meant(self, part: Part) -> frozenset[str]:
        if part.where not in self._meanings:
            self._meanings[part.where] = names_meant(part, self.catalog)
        return self._meanings[part.where]

    def _agreed(self, finding: Finding, target: Target) -> Finding:
        if finding.rule_kind not in (*_BARS, "question", "duty"):
            return finding
        for part in self.policy.agreements:
            why = target.agreement_gap(part)
            if why is None:
                self.used.add(part.where)
                return _lift(finding, agreement=_said(part, self.today, self.policy, "expires"))
            if why:
                self.used.add(part.where)
                finding = _near(finding, f"the agreement {_named(part)} does not help: {why}")
        return finding

    def _fulfilled(self, finding: Finding, target: Target) -> Finding:
        if finding.rule_kind not in ("duty", "review"):
            return finding
        for part in self.policy.fulfilled:
            if not target.meant(part, "rule"):
                continue
            self.used.add(part.where)
            if finding.lacks_fact:
                finding = _near(finding, f"what {part.get('done_by')} did counts once the missing fact is filled in")
                continue
            why = target.stale(part, "valid_until") or target.unnamed(part)
            if why:
                finding = _near(
                    finding, f"what {part.get('done_by')} did on {part.get('done_on')} no longer counts: {why}"
                )
                continue
            return _lift(finding, fulfilled=_said(part, self.today, self.policy, "valid_until"))
        return finding

    def _determined(self, finding: Finding, target: Target) -> Finding:
        if finding.undetermined or finding.rule_kind != "question":
            return finding
        for part in self.policy.determinations:
            if not target.meant(part, "question"):
                continue
            self.used.add(part.where)
            why = target.stale(part, "review_by")
            if why:
                finding = _near(finding, f"the reading of {part.get('by')} of {part.get('on')} is open again: {why}")
                continue
            said = _said(part, self.today, self.policy, "review_by")
            if part.get("answer") == "triggered":
                # A clause that applies is still lifted by the licensor's own permission.
                outcome = finding.outcome if finding.agreement else finding.rule_outcome
                return replace(finding, outcome=outcome, determination=said, kind="question")
            return _lift(finding, determination=said)
        return finding

    def _waived(self, finding: Finding, target: Target) -> Finding:
        for part in self.policy.waivers:
            if not target.meant(part, "rule"):
                continue
            self.used.add(part.where)
            if finding.lacks_fact or finding.rule_kind == "question":
                way = "the missing fact must be filled in" if finding.lacks_fact else "counsel answers it"
                finding = _near(finding, f"the waiver by {part.get('approved_by')} does not answer this; {way}")
                continue
            why = target.stale(part, "expires")
            if why:
                finding = _near(finding, f"the waiver by {part.get('approved_by')} weighs nothing: {why}")
                continue
            said = _said(part, self.today, self.policy, "expires")
            if finding.basis != "house":
                who = "only the licensor can lift this" if finding.basis == "license" else "the law can't be waived"
                end = f"accepted by {part.get('approved_by')} until {part.get('expires')}; the verdict stands; {who}"
                return replace(finding, waiver={**said, "lifts": False, "said": end})
            return _lift(finding, waiver={**said, "lifts": True})
        return finding

    def unmatched(self) -> list[str]:
        """Answers that met no finding, and names of licensors and ids in rules that match none, in words.

        `settings.unmatched: silent` leaves out the answers: a policy that many share has some for others. A name that
        no catalog knows helps nobody, and stays.
        """
        sections = (
            ("fulfilled", self.policy.fulfilled, "rule"),
            ("determinations", self.policy.determinations, "question"),
            ("waivers", self.policy.waivers, "rule"),
            ("agreements", self.policy.agreements, "licensor"),
        )
        unknown = [
            *licensors.notices(self.policy.document, self.catalog),
            *strangers.notices(self.policy, self.catalog),
        ]
        if self.policy.settings.unmatched == "silent":
            return [str(each) for each in unknown]
        return [str(each) for each in unknown] + [
            f"{part.document.place(part.where)}: this entry of `{name}` (`{part.get(key)}`) matches no finding here"
            for name, parts, key in sections
            for part in parts
            if part.where not in self.used
        ]


def _said(part: Part, today: date, policy: Policy, end: str) -> dict[str, Any]:
    said: dict[str, Any] = {**part.data, "from_file": part.document.place(part.where)}
    last = part.get(end)
    if last not in (None, "never"):
        left = date.fromisoformat(str(last)) - today
        if left <= policy.settings.waiver_notice:
            said["ends_soon"] = f"ends on {last}, in {left.days} days"
    return said


def _lift(finding: Finding, **answer: Mapping[str, Any]) -> Finding:
    return replace(
        finding,
        outcome=Outcome.note,
        original_outcome=finding.original_outcome or finding.outcome,
        **answer,  # type: ignore[arg-type]
    )


def _near(finding: Finding, why: str) -> Finding:
    return replace(finding, near_misses=(*finding.near_misses, why))


def _named(part: Part) -> str:
    reference = part.get("reference")
    return f"{reference} with {part.get('licensor')}" if reference else f"with {part.get('licensor')}"
