"""The report: verdicts, a summary, what it relied on and what it can't know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from policycheck import __version__
from policycheck.catalog import Catalog
from policycheck.facts import Source
from policycheck.finding import VERDICTS, Outcome
from policycheck.judgement import Judgement
from policycheck.policy import Policy
from policycheck.tiers import Tiers
from policycheck.values import frozen
from policycheck.verdict import Verdict

NOT_LEGAL_ADVICE = (
    "This is not legal advice: it says what license texts and your own rules ask for, as far as they were read; "
    "a lawyer decides."
)
_LIMITS = (
    NOT_LEGAL_ADVICE,
    "The law of the land (AI, data protection, export, competition law) is judged only where a pack says so.",
    "License facts hold for the text whose SHA-256 is cited; a publisher may offer another text tomorrow.",
    "What the policy states about the organisation is taken as it is; nobody checked it.",
)


@frozen(kw_only=False)
class Report:
    """What an evaluation found."""

    policy: Policy
    catalog: Catalog
    today: date
    tiers: Tiers
    verdicts: tuple[Verdict, ...]
    unmatched: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many verdicts are allow, conditional and block."""
        counted = dict.fromkeys(VERDICTS.values(), 0)
        for judgement, count in self._judgements.items():
            counted[VERDICTS[judgement.outcome]] += count
        return counted

    @cached_property
    def _judgements(self) -> Mapping[Judgement, int]:
        """What was judged, each with the number of verdicts that share it."""
        return Counter(verdict.judgement for verdict in self.verdicts)

    @property
    def strictest(self) -> Outcome:
        """The strictest verdict."""
        return max((judgement.outcome for judgement in self._judgements), default=Outcome.note)

    @property
    def waived(self) -> int:
        """How many verdicts a waiver made milder."""
        return sum(count for judgement, count in self._judgements.items() if judgement.waived)

    @cached_property
    def ask(self) -> list[dict[str, Any]]:
        """The missing keys of the policy, ranked by how many verdicts each may settle.

        A key that can move no verdict any more, since what is sure is as strict, is not asked for.
        """
        keys: Counter[str] = Counter()
        for judgement, count in self._judgements.items():
            keys.update(dict.fromkeys(judgement.asked, count))
        own = {key: n for key, n in keys.items() if not key.startswith(("license", "model.", "publisher."))}
        return [{"key": key, "verdicts": n} for key, n in sorted(own.items(), key=lambda item: (-item[1], item[0]))]

    @property
    def sources(self) -> list[Source]:
        """Every fact of the policy that a verdict read."""
        # Judgements share groups of them, and there are far fewer groups than verdicts.
        groups = {id(group): group for judgement in self._judgements for group in judgement.read}
        return [source for group in groups.values() for source in group]

    @property
    def limitations(self) -> list[str]:
        """What this report can't know, in sentences."""
        said = list(_LIMITS)
        if self.policy.without:
            said.insert(1, "The pack `baseline` was taken out: license texts were not judged, and nothing is allowed.")
        if any(part.get("affiliates") is not None for part in (self.policy.organisation,)):
            said.append("The list of affiliates was relied on as complete.")
        if not self.verdicts:
            said.insert(0, "Nothing was judged: the policy names no model. This is no approval.")
        return said

    def as_json(self) -> dict[str, Any]:
        """The report as JSON: the same inputs give the same bytes."""
        kinds = Counter(f.kind for v in self.verdicts for f in v.findings if f.outcome)
        models: dict[str, dict[str, Any]] = {}
        for verdict in self.verdicts:
            entry = models.setdefault(verdict.model, {"model": verdict.model, "tier": verdict.tier, "verdicts": {}})
            entry["verdicts"][verdict.use] = verdict.verdict
        return {
            "report_version": 1,
            **judged_with(self.policy, self.catalog, self.today, self.tiers),
            "verdicts": [verdict.as_json() for verdict in self.verdicts],
            "models": list(models.values()),
            "summary": {**self.counts, "waived": self.waived, "by_kind": dict(sorted(kinds.items())), "ask": self.ask},
            "unmatched": list(self.unmatched),
            "limitations": self.limitations,
        }


def judged_with(policy: Policy, catalog: Catalog, today: date, tiers: Tiers) -> dict[str, Any]:
    """What was judged with what, and when, as every output for machines has it."""
    return {
        "tool": {"name": "policycheck", "version": __version__, "engine": tiers.name},
        "evaluated_on": today.isoformat(),
        "policy": {
            "path": policy.document.file,
            "sha256": sha256(policy.document.raw).hexdigest(),
            "organisation": policy.organisation.get("name"),
            "packs": list(policy.packs),
            "without": list(policy.without),
        },
        "catalog": {"version": catalog.version, "sha256": catalog.sha256},
    }
