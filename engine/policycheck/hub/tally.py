"""Counts over many verdicts: how many of each, by license and by reason. It grows with licenses, not with models."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from policycheck.finding import Outcome
from policycheck.hub.line import Line

WORDS = ("allow", "conditional", "block")
NO_LICENSE = "(none that is known)"


@dataclass(slots=True)
class Tally:
    """What was counted so far."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    """By use."""
    licenses: dict[str, Counter[str]] = field(default_factory=dict)
    """By the license of the weights."""
    rules: Counter[str] = field(default_factory=Counter)
    ask: Counter[str] = field(default_factory=Counter)
    evidence: Counter[str] = field(default_factory=Counter)
    waived: int = 0
    strictest: Outcome = Outcome.note

    def add(self, line: Line) -> None:
        """Counts one more verdict."""
        gist = line.gist
        self.verdicts.setdefault(line.use, Counter())[gist.verdict] += 1
        self.licenses.setdefault(gist.license or NO_LICENSE, Counter())[gist.verdict] += 1
        self.rules.update(gist.rules)
        self.ask.update(gist.missing)
        self.evidence[gist.evidence] += 1
        self.waived += gist.waived
        self.strictest = max(self.strictest, gist.outcome)

    @property
    def counts(self) -> dict[str, int]:
        """How many verdicts are allow, conditional and block."""
        return {word: sum(counter[word] for counter in self.verdicts.values()) for word in WORDS}

    @property
    def total(self) -> int:
        """How many verdicts there are."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """The counts as JSON, the most frequent first."""
        return {
            "kind": "summary",
            **self.counts,
            "waived": self.waived,
            "by_use": {use: _words(counter) for use, counter in self.verdicts.items()},
            "by_license": {name: _words(self.licenses[name]) for name in _ranked(self.licenses)},
            "by_evidence": dict(sorted(self.evidence.items())),
            "by_rule": dict(_sorted(self.rules)),
            "ask": [{"key": key, "verdicts": n} for key, n in _sorted(self.ask)],
        }


def _words(counter: Counter[str]) -> dict[str, int]:
    return {word: counter[word] for word in WORDS}


def _sorted(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _ranked(licenses: dict[str, Counter[str]]) -> list[str]:
    return sorted(licenses, key=lambda name: (-sum(licenses[name].values()), name))
