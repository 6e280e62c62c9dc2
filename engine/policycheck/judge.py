"""Judges the cases of one policy: every license that governs a model, for everyone who is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policycheck.answers import Desk
from policycheck.catalog import Catalog
from policycheck.doubt import asked, settled
from policycheck.errors import UsageError
from policycheck.facts import Case, Kept, Memory, Source, scope
from policycheck.finding import Finding, Outcome, strictest
from policycheck.findings import findings_of
from policycheck.grounds import Told
from policycheck.judgement import Judgement
from policycheck.license import License, silent_license
from policycheck.policy import ModelRef, Part, Policy
from policycheck.rules import Value
from policycheck.ruleset import Ruleset
from policycheck.students import DISTILLED
from policycheck.subjects import Strand, Subject, subject_of
from policycheck.verdict import Own, Verdict

_SAID = ("id", "family", "input", "output", "released", "training_data")
_SCOPES = ("of_use", "of_license", "of_model")
_Key = tuple[str, str | None, str | None]
_Kind = tuple[Any, ...]
_Rows = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """Who is judged, and whose group counts."""

    part: Part
    group: Part
    client: bool = False


class Judge:
    """Judges cases of one policy; the rules are compiled once, and cases share what they have in common."""

    def __init__(self, policy: Policy, catalog: Catalog, today: date, ruleset: Ruleset) -> None:
        self.policy, self.catalog, self.today, self.ruleset = policy, catalog, today, ruleset
        self.rules = {rule.id: rule for rule in policy.rules}
        self.desk = Desk(policy, catalog, today)
        self._about = {rule.id: _about(rule.reads) for rule in policy.rules}
        self._reads = {of: [fact for fact in sorted(ruleset.reads) if scope(fact) == of] for of in _SCOPES}
        told = {rule.id: rule.mentions | rule.reads for rule in policy.rules}
        self._tells_model = {rule for rule, facts in told.items() if any(scope(fact) == "of_model" for fact in facts)}
        self._suits = any(part.get("disputes") for part in policy.companies)
        # Under a public license it is the publisher who can permit more.
        self._publisher_counts = bool(policy.agreements) or any(fact.startswith("publisher.") for fact in ruleset.reads)
        self._said = [name for name in _SAID if f"model.{name}" in ruleset.reads]
        self._shared: dict[_Kind, Judgement] = {}
        facts = catalog.vocabulary.facts
        self._turns_on = [(name, facts[name].clauses) for name in self._reads["of_license"] if facts[name].clauses]
        self._optional = [name for name, spec in catalog.vocabulary.clauses.items() if spec.get("optional")]
        self._silent: dict[tuple[str, str], list[str]] = {}
        self._silent_license = silent_license(list(catalog.vocabulary.clauses))
        self._kept: dict[tuple[Any, ...], Kept] = {}
        self._matched: dict[tuple[Any, ...], _Rows] = {}
        self._found: dict[tuple[Any, ...], list[Finding]] = {}

    def verdict_of(self, use: str, ref: ModelRef) -> Verdict:
        """The verdict for one use and the model that `ref` names; models that differ in their names only share it."""
        kind = self._kind(use, ref)
        shared = self._shared.get(kind) if kind is not None else None
        if shared is None:
            return self._judged_first(use, subject_of(ref, self.policy, self.catalog), kind)

        def own() -> Own:
            subject = subject_of(ref, self.policy, self.catalog)
            return subject, self._judgement(use, subject)

        identifier = self.catalog.identifier(ref.name) or ref.name
        return Verdict(use, identifier, ref.name, self.today, shared, own)

    def verdict(self, use: str, subject: Subject) -> Verdict:
        """The verdict for one use and one model."""
        judgement = self._judgement(use, subject)
        return Verdict(use, subject.model.id, subject.requested, self.today, judgement, lambda: (subject, judgement))

    def _judged_first(self, use: str, subject: Subject, kind: _Kind | None) -> Verdict:
        judgement = self._judgement(use, subject, named=False)
        if kind is not None:
            self._shared[kind] = judgement
        return Verdict(
            use,
            subject.model.id,
            subject.requested,
            self.today,
            judgement,
            lambda: (subject, self._judgement(use, subject)),
        )

    def _kind(self, use: str, ref: ModelRef) -> _Kind | None:
        """What stands for all models with which a model shares its judgement; None where it is judged by itself."""
        entry = self.catalog.entry(ref.name) if ref.plain else None
        if entry is None or self._suits or self.desk.pinned or self.desk.names(ref.name, entry[0]["id"]):
            return None
        model, publisher = entry
        if "claims" in model or "earlier" in model:
            return None
        modalities = {*model["input"], *model["output"]} if "input" in model and "output" in model else None
        return (
            use,
            model.get("license"),
            model["evidence"],
            None if modalities is None else len(modalities) > 1,
            publisher if self._publisher_counts else None,
            *(tuple(sorted(base.items())) for base in model.get("based_on", ())),
            *model.get("components", {}).items(),
            *(str(model.get(name)) for name in self._said),
        )

    def _judgement(self, use: str, subject: Subject, *, named: bool = True) -> Judgement:
        """Of alternatives the mildest, within each the strictest.

        Where it is not `named`, sentences may speak of another model that gives rules the same facts.
        """
        relied: dict[Source, None] = {}
        options = [(self._findings(use, subject, strands, relied, named), strands) for strands in subject.alternatives]
        findings, strands = options[0]
        if len(options) > 1:
            findings, strands = min(options, key=lambda option: (strictest(option[0]), _weight(option[0])))
            findings = [*findings, _choice(strands, len(options))]
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
            findings=tuple(sorted(findings, key=lambda f: (-f.outcome, -f.rule_outcome, f.rule, f.license or ""))),
            sources=tuple(relied),
            floor=Outcome.conditional if self.policy.without else Outcome.note,
        )

    def _findings(
        self, use: str, subject: Subject, strands: Iterable[Strand], relied: dict[Source, None], named: bool
    ) -> list[Finding]:
        """The answered findings of all licenses that count; `relied` takes every fact of the policy that was read."""
        found: dict[_Key, Finding] = {}
        for party in self.parties(use):
            for strand in strands:
                case = self._case(use, subject, strand, party)
                unanswered, student = self._unanswered(case, named), strand.relation == DISTILLED
                answered = self._answered(asked(unanswered) if student else unanswered, use, subject, strand, party)
                for finding in settled(answered) if student else answered:
                    key = (finding.rule, self._thing(finding), finding.client)
                    first = found.get(key)
                    if first is None or finding.outcome > first.outcome:
                        found[key] = finding
                relied.update(dict.fromkeys((*case.memory.of_use.sources, *case.memory.of_license.sources)))
        return [finding for finding in found.values() if not _said_before(finding, found)]

    def _answered(
        self, findings: Iterable[Finding], use: str, subject: Subject, strand: Strand, party: Party
    ) -> Iterable[Finding]:
        name = str(party.part.get("name"))
        if self.desk.given:
            findings = [
                self.desk.answer(
                    finding,
                    model=subject.model.id,
                    requested=subject.requested,
                    use=use,
                    party=party.part,
                    client=party.client,
                    publisher=strand.publisher.id if strand.publisher else None,
                )
                for finding in findings
            ]
        return [replace(finding, client=name) for finding in findings] if party.client else findings

    def _thing(self, finding: Finding) -> str | None:
        """What a finding is about, so that each thing is said once."""
        about = self._about[finding.rule]
        return finding.license if about == "license" else finding.grounds.message if about == "model" else None

    def _unanswered(self, case: Case, named: bool) -> list[Finding]:
        """The findings of a case before any answer; cases that give rules the same facts share them."""
        signature = (id(case.memory.of_license), *self._values(case, "of_model").values())
        matched = self._matched.get(signature)
        if matched is None:
            matched = self._matched[signature] = self.match(case)
        found = self._found.get(signature)
        if found is None:
            found = self._found[signature] = findings_of(case, self.rules, matched)
        return [self._named(finding, case) for finding in found] if named else found

    def _named(self, finding: Finding, case: Case) -> Finding:
        """The finding with sentences that speak of the case's own model, and of whom to ask for more."""
        public = case.license is None or case.license.licensor == "anyone"
        if finding.rule not in self._tells_model and not public:
            return finding
        exception = self._named(finding.exception, case) if finding.exception is not None else None
        return replace(finding, grounds=finding.grounds.of(case), exception=exception)

    def match(self, case: Case) -> _Rows:
        """The rules that fire on a case or can't be decided, as the rules engine says."""
        use, license, model = (self._values(case, of) for of in _SCOPES)
        return self.ruleset.match({**use, **license, **model})

    def _values(self, case: Case, of: str) -> Mapping[str, Value | None]:
        """The values of the facts that rules read, of those that hang on the use, the license or the model."""
        kept: Kept = getattr(case.memory, of)
        if kept.values is None:
            if of == "of_license" and case.license is not None:
                self._take_what_is_silent(case, case.license, kept)
            facts = {name: case.fact(name) for name in self._reads[of]}
            kept.values = {name: fact.value for name, fact in facts.items()}
            kept.sources = tuple(dict.fromkeys(source for fact in facts.values() for source in fact.sources))
        return kept.values

    def _take_what_is_silent(self, case: Case, license: License, kept: Kept) -> None:
        """Facts that turn on clauses on which the license is silent follow from the use alone: one for all licenses."""
        # Of one and the same license less reaches a student than others.
        names = self._silent.get((license.id, case.component))
        if names is None:
            names = self._silent[license.id, case.component] = [
                fact for fact, on in self._turns_on if license.silent_on(on, optional=self._optional)
            ]
        key = ("silent", case.use_name, case.party.where, case.component, case.model.multimodal, case.model.changed_by)
        memory = Memory(case.memory.of_use, self._kept.setdefault(key, Kept()), Kept())
        silent = replace(case, license=self._silent_license, memory=memory)
        kept.facts.update({name: silent.fact(name) for name in names})

    def states(self, use: str, subject: Subject) -> Iterator[tuple[Case, _Rows]]:
        """Each case behind a verdict, with the rules that match it; of alternatives the first."""
        for party in self.parties(use):
            for strand in subject.alternatives[0]:
                case = self._case(use, subject, strand, party)
                yield case, self.match(case)

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
                    yield self._case(use, subject, strand, party)

    def parties(self, use: str) -> Iterator[Party]:
        """Who is judged in a use: the licensee, and the client where there is one."""
        part = self.policy.uses[use]
        organisation = self.policy.organisation
        licensee = part.get("licensee")
        yield Party(self.policy.entity(licensee) if licensee else organisation, organisation)
        client = part.part("client")
        if client is not None:
            yield Party(client, client, client=True)

    def _case(self, use: str, subject: Subject, strand: Strand, party: Party) -> Case:
        license, age = strand.license, self.policy.settings.max_fact_age
        if license is not None and age is not None:
            license = license.without_facts_read_before(self.today - age)
        # Weights of another publisher inside are judged with that publisher, but by what goes in and out of this model.
        model = strand.ancestor or subject.model
        if strand.ancestor is not None and subject.model.input is not None:
            model = replace(model, input=subject.model.input, output=subject.model.output)
        of_use = (use, party.part.where)
        kept = self._kept
        # What follows from a license hangs on the model only by whether it is multimodal, and a changed one.
        of_license = (*of_use, license.id if license else None, strand.component, model.multimodal, model.changed_by)
        return Case(
            memory=Memory(
                kept.get(of_use) or kept.setdefault(of_use, Kept()),
                kept.get(of_license) or kept.setdefault(of_license, Kept()),
                Kept(),
            ),
            policy=self.policy,
            catalog=self.catalog,
            today=self.today,
            use_name=use,
            use=self.policy.uses[use],
            party=party.part,
            group=party.group,
            model=model,
            publisher=strand.publisher,
            license=license,
            component=strand.component,
            evidence=strand.evidence,
            relation="itself" if strand.ancestor is None else strand.relation,
        )


def _said_before(finding: Finding, found: Mapping[_Key, Finding]) -> bool:
    """Whether a finding about the client says what one about the licensee says already, and weighs no more."""
    if finding.client is None:
        return False
    own = next((each for key, each in found.items() if key[0] == finding.rule and key[2] is None), None)
    return own is not None and own.outcome >= finding.outcome and own.grounds.message == finding.grounds.message


def _about(reads: frozenset[str]) -> str:
    """What a rule is about, so that each thing is said once: a license, a model, or the organisation alone."""
    if any(fact.startswith(("license.", "publisher.")) for fact in reads):
        return "license"
    return "model" if any(fact.startswith("model.") for fact in reads) else "organisation"


def _weight(findings: Iterable[Finding]) -> int:
    return sum(3 if finding.outcome is Outcome.block else finding.outcome for finding in findings)


def _named(strand: Strand) -> dict[str, str | None]:
    found = {"component": strand.component, "id": strand.license.id if strand.license else None}
    if strand.license is None and strand.named:
        found["named"] = strand.named
    if strand.ancestor is not None:
        found["model"] = strand.ancestor.id
    return found


def _choice(strands: Sequence[Strand], count: int) -> Finding:
    names = " and ".join(
        dict.fromkeys(strand.license.name if strand.license else str(strand.named) for strand in strands)
    )
    return Finding(
        rule="license-choice",
        license=strands[0].license.id if strands[0].license else None,
        component="weights",
        outcome=Outcome.note,
        rule_outcome=Outcome.note,
        kind="notice",
        basis="license",
        rule_kind="notice",
        undetermined=False,
        grounds=Told(message=f"The publisher offers {count} licenses to choose from; this verdict chooses {names}."),
    )
