"""Judges the cases of one policy: every license that governs a model, for everyone who is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from typing import Any, NamedTuple

from policycheck.alike import Alike, Kind
from policycheck.answers import Desk
from policycheck.catalog import Catalog
from policycheck.choices import Option, chosen, in_order
from policycheck.doubt import asked, settled
from policycheck.errors import UsageError
from policycheck.facts import Case, Source
from policycheck.finding import Finding, Outcome
from policycheck.judgement import Judgement
from policycheck.matching import Matching, Party
from policycheck.policy import ModelRef, Policy
from policycheck.students import DISTILLED
from policycheck.subjects import Strand, Subject, subject_of
from policycheck.targets import Occasion
from policycheck.tiers import Rows, Tiers
from policycheck.verdict import Own, Verdict

_Key = tuple[str, str | None, str | None]


class _Found(NamedTuple):
    """Answered findings, the strictest first, and the facts of the policy that were read."""

    findings: Sequence[Finding]
    read: tuple[tuple[Source, ...], ...]


class Judge:
    """Judges cases of one policy; the rules are compiled once, and cases share what they have in common."""

    def __init__(self, policy: Policy, catalog: Catalog, today: date, tiers: Tiers) -> None:
        self.policy, self.catalog, self.today, self.tiers = policy, catalog, today, tiers
        self.desk = Desk(policy, catalog, today)
        self._matching = Matching(policy, catalog, today, tiers)
        self._about = {rule.id: _about(rule.reads) for rule in policy.rules}
        suits = [suit for part in policy.companies for suit in part.get("disputes") or ()]
        self.suits = bool(suits)
        named = [catalog.resolve_model(str(suit["about"])) for suit in suits if "about" in suit]
        self._alike = Alike(
            catalog,
            policy.rules,
            minimum_evidence=policy.settings.minimum_evidence,
            # Under a public license it is the publisher who can permit more, or be sued.
            parties=frozenset(
                catalog.resolve_publisher(str(name)) or str(name)
                for name in (
                    *(part.get("licensor") for part in policy.agreements),
                    *(suit.get("against") for suit in suits),
                )
            ),
            sued_over=frozenset(name for model in named if model for name in (model.id, *model.members)),
        )
        # A model of the catalog may be made from one that the policy describes.
        self._stands_on_own = any(ref.own for ref in policy.models or ())
        self._judged: dict[tuple[Any, ...], Judgement] = {}
        self._owned: dict[tuple[str, ModelRef], Own] = {}
        self._shared: dict[tuple[Any, ...], _Found] = {}
        self._parties: dict[str, list[Party]] = {}

    def verdict_of(self, use: str, ref: ModelRef) -> Verdict:
        """The verdict for one use and the model that `ref` names; models that differ in their names only share it."""
        identifier = ref.described.id if ref.described else self.catalog.identifier(ref.name) or ref.name
        own = partial(self._own, use, ref)
        if self._shares(ref, identifier):
            kind = self._alike.kind(identifier)
            judged = self._judged.get((use, kind))
            if judged is None:
                subject = self._alike.subject(ref.name, identifier)
                judged = self._judged[use, kind] = self._judgement(use, subject, kind)
        else:
            judged = own()[1]
        return Verdict(use=use, model=identifier, requested=ref.name, today=self.today, judgement=judged, own=own)

    def _own(self, use: str, ref: ModelRef) -> Own:
        found = self._owned.get((use, ref))
        if found is None:
            subject = subject_of(ref, self.policy, self.catalog)
            found = self._owned[use, ref] = subject, self._judgement(use, subject)
        return found

    def verdict(self, use: str, subject: Subject) -> Verdict:
        """The verdict for one use and one model."""
        judgement = self._judgement(use, subject)
        return Verdict(
            use=use,
            model=subject.model.id,
            requested=subject.requested,
            today=self.today,
            judgement=judgement,
            own=lambda: (subject, judgement),
        )

    @cached_property
    def each_alone(self) -> bool:
        """Whether models alike may differ: by an answer to a finding with the figures of one."""
        return not self.desk.pinned.isdisjoint(self._matching.tells_model)

    def _shares(self, ref: ModelRef, identifier: str) -> bool:
        """Whether a model shares its judgement with all that are alike."""
        if self.each_alone or self._stands_on_own or not ref.plain or identifier not in self._alike:
            return False
        return not (self.desk.given and self.desk.names(ref.name, identifier))

    def _judgement(self, use: str, subject: Subject, kind: Kind | None = None) -> Judgement:
        """Of alternatives the mildest, within each the strictest.

        Where it is for all models of a `kind`, sentences may speak of another one that gives rules the same facts.
        """
        numbers: Sequence[Sequence[int | None]]
        if kind is None:
            numbers = [[None] * len(strands) for strands in subject.alternatives]
        else:
            numbers = [[number for number, _ in each] for each in kind]
        strands, findings, read = chosen(
            [
                Option(strands, *self._found(use, subject, list(zip(strands, each, strict=True))))
                for strands, each in zip(subject.alternatives, numbers, strict=True)
            ],
            self.catalog,
        )
        weights = [strand for strand in strands if strand.component == "weights"]
        first = weights[0]
        tiers = [
            strand.license.tier if strand.license else "conditional" for strand in strands if strand.component != "code"
        ]
        return Judgement(
            license=first.license.id if first.license else None,
            licenses=tuple(_named(strand) for strand in strands),
            evidence=min(strand.evidence for strand in weights).name,
            tier=max(tiers, key=("clean", "conditional", "unusable").index),
            findings=tuple(findings),
            read=read,
            floor=Outcome.conditional if self.policy.without else Outcome.note,
        )

    def _found(self, use: str, subject: Subject, strands: Sequence[tuple[Strand, int | None]]) -> _Found:
        """The answered findings of all licenses that count, and every fact of the policy that was read."""
        each = [
            self._of_strand(use, subject, strand, party, number)
            for party in self.parties(use)
            for strand, number in strands
        ]
        if len(each) == 1:
            return each[0]
        found: dict[_Key, Finding] = {}
        for finding in (finding for findings, _ in each for finding in findings):
            first = found.setdefault((finding.rule, self._thing(finding), finding.client), finding)
            if finding.outcome > first.outcome:
                found[finding.rule, self._thing(finding), finding.client] = finding
        kept = [finding for finding in found.values() if not _said_before(finding, found)]
        return _Found(in_order(kept), tuple(group for _, read in each for group in read))

    def _of_strand(self, use: str, subject: Subject, strand: Strand, party: Party, number: int | None) -> _Found:
        """The answered findings of one license for one party; all models of which it has the same number share them."""
        key = None if number is None else (use, party.part.where, number)
        found = self._shared.get(key) if key is not None else None
        if found is None:
            case = self._matching.case(use, subject, strand, party, key)
            findings = self._settled(self._matching.found(case, named=key is None), use, subject, strand, party)
            found = _Found(in_order(findings), self._matching.read(case))
            if key is not None:
                self._shared[key] = found
        return found

    def _settled(
        self, findings: Sequence[Finding], use: str, subject: Subject, strand: Strand, party: Party
    ) -> Iterable[Finding]:
        """The findings with their answers; whether a license reaches a student at all may be a question of its own."""
        if strand.relation != DISTILLED:
            return self._answered(findings, use, subject, strand, party)
        return settled(self._answered(asked(findings), use, subject, strand, party))

    def _answered(
        self, findings: Iterable[Finding], use: str, subject: Subject, strand: Strand, party: Party
    ) -> Iterable[Finding]:
        name = str(party.part.get("name"))
        if self.desk.given:
            occasion = Occasion(
                model=subject.model.id,
                requested=subject.requested,
                use=use,
                party=party.part,
                client=party.client,
                publisher=strand.publisher.id if strand.publisher else None,
            )
            findings = [self.desk.answer(finding, occasion) for finding in findings]
        return [replace(finding, client=name) for finding in findings] if party.client else findings

    def _thing(self, finding: Finding) -> str | None:
        """What a finding is about, so that each thing is said once."""
        about = self._about[finding.rule]
        if about == "license":
            return f"{finding.license} {finding.passage}" if finding.passage else finding.license
        return finding.grounds.message if about == "model" else None

    def states(self, use: str, subject: Subject) -> Iterator[tuple[Case, Rows]]:
        """Each case behind a verdict, with the rules that match it; of alternatives the first."""
        for party in self.parties(use):
            for strand in subject.alternatives[0]:
                case = self._matching.case(use, subject, strand, party)
                yield case, self.match(case)

    def match(self, case: Case) -> Rows:
        """The rules that fire on a case or can't be decided, as the rules engine says."""
        return self._matching.match(case)

    def uses(self, names: Sequence[str] | None) -> list[str]:
        """The uses called `names`, all where none is named; raises UsageError for one that the policy lacks."""
        for name in names or ():
            if name not in self.policy.uses:
                listed = ", ".join(f"`{use}`" for use in self.policy.uses)
                raise UsageError(f"the policy has no use called `{name}`; it has {listed}")
        return list(dict.fromkeys(names)) if names else list(self.policy.uses)

    def cases(self, use: str, subject: Subject) -> Iterator[Case]:
        """Each case behind a verdict, of all alternatives."""
        for party in self.parties(use):
            seen: list[Strand] = []
            for strand in (strand for strands in subject.alternatives for strand in strands):
                if strand not in seen:
                    seen.append(strand)
                    yield self._matching.case(use, subject, strand, party)

    def parties(self, use: str) -> list[Party]:
        """Who is judged in a use: the licensee, and the client where there is one."""
        if use not in self._parties:
            part, organisation = self.policy.uses[use], self.policy.organisation
            licensee, client = part.get("licensee"), part.part("client")
            own = Party(self.policy.entity(licensee) if licensee else organisation, organisation)
            self._parties[use] = [own] if client is None else [own, Party(client, client, client=True)]
        return self._parties[use]


def _said_before(finding: Finding, found: Mapping[_Key, Finding]) -> bool:
    """Whether a finding about the client says what one about the licensee says already, and weighs no more."""
    if finding.client is None:
        return False
    own = (each for key, each in found.items() if key[0] == finding.rule and key[2] is None)
    return any(each.outcome >= finding.outcome and each.grounds.message == finding.grounds.message for each in own)


def _about(reads: frozenset[str]) -> str:
    """What a rule is about, so that each thing is said once: a license, a model, or the organisation alone."""
    if any(fact.startswith(("license.", "publisher.")) for fact in reads):
        return "license"
    return "model" if any(fact.startswith("model.") for fact in reads) else "organisation"


def _named(strand: Strand) -> dict[str, str | None]:
    found = {"component": strand.component, "id": strand.license.id if strand.license else None}
    if strand.license is None and strand.named:
        found["named"] = strand.named
    if strand.ancestor is not None:
        found["model"] = strand.ancestor.id
    return found
