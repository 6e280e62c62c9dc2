"""Judges variations of one case: the same model and use under a policy with keys changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from policycheck import crosschecks
from policycheck.catalog import Catalog
from policycheck.documents import Where
from policycheck.errors import DocumentError, UsageError
from policycheck.facts import Case, Memory
from policycheck.finding import Finding
from policycheck.judge import Judge
from policycheck.license import License
from policycheck.policy import ModelRef, Policy, read_policy, reread
from policycheck.rules import Rule
from policycheck.subjects import Strand, Subject, subject_of
from policycheck.tiers import Tiers
from policycheck.variation import with_settings
from policycheck.verdict import Verdict
from policycheck.whatif.candidates import Candidate, Candidates
from policycheck.whatif.remedies import remedies
from policycheck.whatif.watching import watched

Settings = frozenset[Candidate]
PRESENT: Settings = frozenset()
_OF_CODE = frozenset({"use.runs_publisher_code"})


class Bench:
    """One use and one model of a policy, and what comes out when keys are changed."""

    def __init__(
        self, policy: Policy, catalog: Catalog, ref: ModelRef, use: str, *, today: date, engine: str | None = None
    ) -> None:
        self.policy, self.catalog, self.today, self.use = policy, catalog, today, use
        self.tiers = Tiers(policy.rules, catalog.vocabulary.facts, engine)
        self.rules = {rule.id: rule for rule in policy.rules}
        self.subject = subject_of(ref, policy, catalog)
        self.candidates = Candidates(policy, catalog.vocabulary, self.licenses)
        self._policies: dict[Settings, Policy | None] = {}
        self._verdicts: dict[tuple[Settings, int], Verdict] = {}
        alternatives = self.subject.alternatives
        several = tuple(replace(self.subject, alternatives=(each,)) for each in alternatives)
        self._subjects = several if len(alternatives) > 1 else (self.subject,)

    @cached_property
    def licenses(self) -> tuple[License, ...]:
        """Every license that may count."""
        strands = (strand for strands in self.subject.alternatives for strand in strands)
        found = {strand.license.id: strand.license for strand in strands if strand.license is not None}
        return tuple(found.values())

    @cached_property
    def present(self) -> Verdict:
        """The verdict as things are."""
        return Judge(self.policy, self.catalog, self.today, self.tiers).verdict(self.use, self.subject)

    @cached_property
    def chosen(self) -> Subject:
        """The model with the alternative of its licenses that the verdict chooses."""
        return next(each for each in self._subjects if self.verdict_of(PRESENT, each).licenses == self.present.licenses)

    def policy_with(self, settings: Settings) -> Policy | None:
        """The policy with these changes; None where they contradict each other or the rest of it."""
        if settings not in self._policies:
            self._policies[settings] = self._policy_with(settings)
        return self._policies[settings]

    def _policy_with(self, settings: Settings) -> Policy | None:
        try:
            document = with_settings(self.policy.document, in_order(settings))
        except UsageError:
            return None
        if any(crosschecks.check(document, self.catalog, self.policy.rules, self.today)):
            return None
        return reread(self.policy, document)

    def verdict(self, settings: Settings) -> Verdict | None:
        """The verdict with these changes; None where they can't be made."""
        policy = self.policy_with(settings)
        if policy is None or self.use not in policy.uses:
            return None
        return self._judged(settings, policy, self.subject)

    def _judged(self, settings: Settings, policy: Policy, subject: Subject) -> Verdict:
        key = (settings, id(subject))
        if key not in self._verdicts:
            judge = Judge(policy, self.catalog, self.today, self.tiers)
            self._verdicts[key] = judge.verdict(self.use, subject)
        return self._verdicts[key]

    def holds(self, settings: Settings, verdict: str) -> bool:
        """Whether a policy that is read from the changed document, with every check, gets this verdict."""
        try:
            document = with_settings(self.policy.document, in_order(settings))
            policy = read_policy(document, self.catalog, self.today)
        except (DocumentError, UsageError):
            return False
        judge = Judge(policy, self.catalog, self.today, self.tiers)
        return judge.verdict(self.use, self.subject).verdict == verdict

    def verdict_of(self, settings: Settings, subject: Subject) -> Verdict:
        """The verdict with these changes if only one alternative of the licenses were offered."""
        policy = self.policy_with(settings)
        assert policy is not None
        return self._judged(settings, policy, subject)

    def options(self, settings: Settings) -> Iterator[tuple[Subject, Verdict]]:
        """The verdict of each alternative of the licenses by itself."""
        for subject in self._subjects:
            yield subject, self.verdict_of(settings, subject)

    def states(self, subject: Subject) -> list[tuple[Case, dict[str, frozenset[str]]]]:
        """Each case behind a verdict as things are, with the rules that match it."""
        judge = Judge(self.policy, self.catalog, self.today, self.tiers)
        return [(case, dict(matched)) for case, matched in judge.states(self.use, subject)]

    def touching(self, settings: Settings, subject: Subject, findings: Sequence[Finding]) -> list[list[Candidate]]:
        """For each finding the changes that may alter it: of keys that it hangs on, and answers to it.

        A change of any other key leaves it as it is, since nothing that it was worked out from looks there.
        """
        keys = self._reach(settings, subject, {finding.rule for finding in findings})
        return [list(self._alternatives(keys[finding.rule], finding)) for finding in findings]

    def _reach(self, settings: Settings, subject: Subject, rules: set[str]) -> dict[str, set[Where]]:
        """The keys that each rule, and what may take it away, hangs on."""
        policy, seen = self.policy_with(settings), set[Where]()
        assert policy is not None
        judge = Judge(watched(policy, seen), self.catalog, self.today, self.tiers)
        found: dict[str, set[Where]] = {rule: set() for rule in rules}
        for case, _ in judge.states(self.use, subject):
            for rule in rules & self.rules.keys():
                seen.clear()
                fresh = replace(case, memory=Memory())
                # What the license of the publisher's code says weighs only where that code is run.
                for name in self._reads(self.rules[rule]) | (_OF_CODE if case.component == "code" else set()):
                    fresh.fact(name)
                found[rule] |= seen
        licensee = policy.uses[self.use].where
        return {rule: keys | {(*licensee, "licensee")} for rule, keys in found.items()}

    def _reads(self, rule: Rule) -> set[str]:
        above = (other for other in self.rules.values() if rule.id in other.overrides)
        return set(rule.reads).union(*(self._reads(other) for other in above))

    def _alternatives(self, keys: set[Where], finding: Finding) -> Iterator[Candidate]:
        asked = {self.candidates.path(key) for key in finding.missing if key.startswith(("organisation.", "use"))}
        for where in sorted(keys | asked, key=str):
            yield from self.candidates.of(where)
        for missing in finding.missing:
            month = self.candidates.month(missing)
            if month is not None:
                yield month
        yield from remedies(self, finding)

    def every_key(self) -> list[Where]:
        """The keys of the policy that the verdict, or the absence of a finding, hangs on as things are."""
        seen = set[Where]()
        judge = Judge(watched(self.policy, seen), self.catalog, self.today, self.tiers)
        for subject in self._subjects:
            judge.verdict(self.use, subject)
        return sorted(seen, key=str)

    def strands(self) -> Iterator[Strand]:
        """Every license that may count, with the part of the model that it governs."""
        for strands in self.subject.alternatives:
            yield from strands


def in_order(settings: Settings) -> list[str]:
    """The changes as `--set` takes them, always in the same order; what is added to lists comes last."""
    return sorted((each.setting for each in settings), key=lambda setting: ("[+]" in setting, setting))
