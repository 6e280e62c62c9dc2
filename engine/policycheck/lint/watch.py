"""Watches a policy being judged: which entries met which findings, and which keys were read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from policycheck.answers import Desk
from policycheck.documents import Where
from policycheck.finding import Finding
from policycheck.policy import Part
from policycheck.targets import Occasion, Target
from policycheck.values import frozen

ENDS = {"fulfilled": "valid_until", "determinations": "review_by", "waivers": "expires", "agreements": "expires"}
NAMES = {"fulfilled": "rule", "determinations": "question", "waivers": "rule", "agreements": "licensor"}
_KINDS = {"fulfilled": ("duty", "review"), "determinations": ("question",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A finding that an entry means."""

    use: str
    model: str
    finding: Finding
    gap: str | None
    """Why the entry weighs nothing there, None where it does."""


@dataclass
class WatchedDesk(Desk):
    """A desk that notes for every entry the findings it means, whichever entry is taken in the end."""

    met: dict[Where, list[Meeting]] = field(default_factory=dict)

    def answer(self, finding: Finding, occasion: Occasion) -> Finding:
        """As the desk answers it."""
        if finding.defeated_by is None:
            for part, gap in self._meant(self.target(finding, occasion)):
                meeting = Meeting(use=occasion.use, model=occasion.model, finding=finding, gap=gap)
                self.met.setdefault(part.where, []).append(meeting)
        return super().answer(finding, occasion)

    def _meant(self, target: Target) -> Iterator[tuple[Part, str | None]]:
        finding = target.finding
        for part in self.policy.agreements:
            gap = target.agreement_gap(part) if finding.rule_kind not in ("review", "missing-fact", "notice") else ""
            if gap != "":
                yield part, gap or _settled(finding)
        for section in ("fulfilled", "determinations", "waivers"):
            for part in getattr(self.policy, section):
                if target.meant(part, NAMES[section]) and finding.rule_kind in _KINDS.get(
                    section, (finding.rule_kind,)
                ):
                    unnamed = target.unnamed(part) if section == "fulfilled" else None
                    stale = target.stale(part, ENDS[section]) or unnamed
                    yield part, stale or _bar(section, finding) or _settled(finding)


def _settled(finding: Finding) -> str | None:
    return None if finding.outcome else "it is a note there already, and stands in no one's way"


def _bar(section: str, finding: Finding) -> str | None:
    """Why an entry of this section can't answer a finding that it means."""
    if finding.lacks_fact:
        keys = ", ".join(f"`{key}`" for key in finding.missing[:3])
        return f"a fact is missing there ({keys})" if keys else "a fact is missing there, of the model or its license"
    if section == "waivers" and finding.rule_kind == "question":
        return "it is a question, which a determination answers"
    if section == "waivers" and finding.basis != "house":
        lifts = "only the licensor can lift it" if finding.basis == "license" else "the law can't be waived"
        return f"it rests on the {finding.basis}, not on a rule of the house; {lifts}"
    return None


@frozen(kw_only=False)
class WatchedPart(Part):
    """A part of a policy that notes which of its keys are read."""

    read: set[Where] = field(default_factory=set, compare=False)

    def get(self, key: str) -> Any:
        """As a part gives it."""
        self.read.add((*self.where, key))
        return self.data.get(key)

    def part(self, key: str) -> Part | None:
        """As a part gives it."""
        inner = self.get(key)
        return WatchedPart(self.document, (*self.where, key), inner, self.read) if isinstance(inner, dict) else None

    def parts(self, key: str) -> list[Part] | None:
        """As a part gives it."""
        inner = self.get(key)
        if inner is None:
            return None
        return [WatchedPart(self.document, (*self.where, key, i), each, self.read) for i, each in enumerate(inner)]


def watched(part: Part, read: set[Where]) -> WatchedPart:
    """The same part, watched."""
    return WatchedPart(part.document, part.where, part.data, read)
