"""What one rule found in one case, and what it weighs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import IntEnum
from typing import Any

from policycheck.facts import Source
from policycheck.grounds import Grounds, Told
from policycheck.license import Clause
from policycheck.values import frozen


class Outcome(IntEnum):
    """What a finding weighs; the strictest wins."""

    note = 0
    conditional = 1
    block = 2


VERDICTS = {Outcome.note: "allow", Outcome.conditional: "conditional", Outcome.block: "block"}


@frozen
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
    grounds: Grounds | Told = field(repr=False, compare=False)
    original_outcome: Outcome | None = None
    defeated_by: str | None = None
    waiver: Mapping[str, Any] | None = None
    agreement: Mapping[str, Any] | None = None
    fulfilled: Mapping[str, Any] | None = None
    determination: Mapping[str, Any] | None = None
    near_misses: tuple[str, ...] = ()
    """Answers that were given and did not help, with the reason."""
    client: str | None = None
    """For whom the use is run, where the finding is about them."""
    passage: str | None = None
    """The section that it is about, where the license asks the same in several and each is a finding of its own."""
    one_of: int = 1
    """How many such findings there are."""
    exception: Finding | None = None
    """An exception that may take it away and could not be decided."""

    @property
    def message(self) -> str:
        """What was found, in a sentence."""
        said = self.grounds.message
        if self.exception is not None:
            keys = ", ".join(f"`{key}`" for key in self.missing)
            said = f"{said} Whether `{self.exception.rule}` takes this away could not be decided: {keys} not known."
        return f"For the client {self.client}: {said}" if self.client else said

    @property
    def lacks_fact(self) -> bool:
        """Whether only a fact can settle it, and nothing that somebody did, read or signed."""
        return self.kind == "missing-fact"

    @property
    def missing(self) -> tuple[str, ...]:
        """The keys that would settle it, where it could not be decided."""
        return self.grounds.missing if self.exception is None else self.exception.missing

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The license clauses behind the facts that the rule read."""
        return self.grounds.clauses

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the facts of the organisation stand that the rule read."""
        return self.grounds.sources

    @property
    def next_step(self) -> str | None:
        """What to do about it."""
        return self.grounds.next_step if self.exception is None else self.exception.next_step

    @property
    def figures(self) -> Mapping[str, str]:
        """The figures used."""
        return self.grounds.figures

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
