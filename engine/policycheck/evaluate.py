"""The whole story: a policy, a catalog and a day in; a report out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policycheck.answers import Desk
from policycheck.catalog import Catalog
from policycheck.errors import UsageError
from policycheck.facts import Case, Fact, Memory, Source
from policycheck.finding import Finding, Outcome, strictest
from policycheck.findings import findings_of
from policycheck.policy import ModelRef, Part, Policy
from policycheck.report import Report
from policycheck.ruleset import Ruleset
from policycheck.subjects import Strand, Subject, refs_of, subject_of
from policycheck.verdict import Verdict


def evaluate(
    policy: Policy,
    catalog: Catalog,
    *,
    today: date,
    engine: str | None = None,
    models: Sequence[ModelRef] | None = None,
    uses: Sequence[str] | None = None,
) -> Report:
    """The verdict for every use and model of `policy`, judged on `today`.

    `models` and `uses` narrow what is judged; `engine` is durable-rules or clips. Raises UsageError for a use that the
    policy lacks and EngineFault where the rules engine fails.
    """
    judge = Judge(policy, catalog, today, Ruleset(policy.rules, catalog.vocabulary.facts, engine))
    verdicts = [
        judge.verdict(use, subject_of(ref, policy, catalog))
        for use in _uses(policy, uses)
        for ref in (models if models is not None else refs_of(policy, catalog))
    ]
    return Report(policy, catalog, today, judge.ruleset, tuple(verdicts), tuple(judge.desk.unmatched()))


def _uses(policy: Policy, names: Sequence[str] | None) -> list[str]:
    for name in names or ():
        if name not in policy.uses:
            listed = ", ".join(f"`{use}`" for use in policy.uses)
            raise UsageError(f"the policy has no use called `{name}`; it has {listed}")
    return list(dict.fromkeys(names)) if names else list(policy.uses)


@dataclass(frozen=True, slots=True)
class _Party:
    """Who is judged, and whose group counts."""

    part: Part
    group: Part
    client: bool = False


class Judge:
    """Judges cases of one policy; the rules are compiled once."""

    def __init__(self, policy: Policy, catalog: Catalog, today: date, ruleset: Ruleset) -> None:
        self.policy, self.catalog, self.today, self.ruleset = policy, catalog, today, ruleset
        self.rules = {rule.id: rule for rule in policy.rules}
        self.desk = Desk(policy, catalog, today)
        self._of_model = sorted(fact for fact in ruleset.reads if fact.startswith(("model.", "publisher.")))
        self._matched: dict[tuple[Any, ...], Mapping[str, frozenset[str]]] = {}
        self._found: dict[tuple[Any, ...], list[Finding]] = {}
        self._memory: dict[tuple[Any, ...], dict[str, Fact]] = {}
        self._relied: dict[tuple[Any, ...], tuple[Source, ...]] = {}

    def verdict(self, use: str, subject: Subject) -> Verdict:
        """The verdict for one use and one model: of alternatives the mildest, within each the strictest."""
        relied: dict[Source, None] = {}
        options = [(self._findings(use, subject, strands, relied), strands) for strands in subject.alternatives]
        findings, strands = min(options, key=lambda option: (strictest(option[0]), _weight(option[0])))
        if len(options) > 1:
            findings = [*findings, _choice(strands, len(options))]
        weights = [strand for strand in strands if strand.component == "weights"]
        first = weights[0]
        tiers = [
            strand.license.tier if strand.license else "conditional" for strand in strands if strand.component != "code"
        ]
        return Verdict(
            use=use,
            model=subject.model.id,
            requested=subject.requested,
            license=first.license.id if first.license else None,
            licenses=tuple(_named(strand) for strand in strands),
            evidence=min(strand.evidence for strand in weights).name,
            findings=tuple(sorted(findings, key=lambda f: (-f.outcome, -f.rule_outcome, f.rule, f.license or ""))),
            tier=max(tiers, key=("clean", "conditional", "unusable").index),
            lineage=subject.lineage,
            members=subject.model.members,
            sources=tuple(relied),
            today=self.today,
            floor=Outcome.conditional if self.policy.without else Outcome.note,
        )

    def _findings(
        self, use: str, subject: Subject, strands: Iterable[Strand], relied: dict[Source, None]
    ) -> list[Finding]:
        """The answered findings of all licenses that count; `relied` takes every fact of the policy that was read."""
        found: dict[tuple[str, str | None], Finding] = {}
        for party in self._parties(use):
            for strand in strands:
                for finding in self._case_findings(use, subject, strand, party, relied):
                    key = (finding.rule, _about(finding, self.rules[finding.rule].reads))
                    first = found.get(key)
                    if first is None or finding.outcome > first.outcome:
                        found[key] = finding
        return list(found.values())

    def _case_findings(
        self, use: str, subject: Subject, strand: Strand, party: _Party, relied: dict[Source, None]
    ) -> Iterator[Finding]:
        case = self._case(use, subject, strand, party)
        name = str(party.part.get("name"))
        findings, sources = self._unanswered(case)
        relied.update(dict.fromkeys(sources))
        for finding in findings:
            answered = self.desk.answer(
                finding,
                model=subject.model.id,
                requested=subject.requested,
                use=use,
                party=name,
                publisher=strand.model.publisher,
            )
            if party.client:
                answered = replace(answered, message=f"For the client {name}: {answered.message}")
            yield answered

    def _unanswered(self, case: Case) -> tuple[list[Finding], tuple[Source, ...]]:
        """The findings of a case before any answer, and what it read; cases with equal signatures share them."""
        signature = (
            case.use_name,
            case.party.where,
            case.license.id if case.license else None,
            case.component,
            case.evidence,
            case.model.multimodal,
            *(case.fact(name).value for name in self._of_model),
        )
        matched = self._matched.get(signature)
        if matched is None:
            matched = self._matched[signature] = self.match(case)
            read = (source for name in sorted(self.ruleset.reads) for source in case.fact(name).sources)
            self._relied[signature] = tuple(dict.fromkeys(read))
        told = {
            name for rule in matched for name in self.rules[rule].mentions if name.startswith(("model.", "publisher."))
        }
        key = (signature, *(case.fact(name).value for name in sorted(told)))
        if key not in self._found:
            self._found[key] = findings_of(case, self.rules, matched)
        return self._found[key], self._relied[signature]

    def match(self, case: Case) -> Mapping[str, frozenset[str]]:
        """The rules that fire on a case or can't be decided, as the rules engine says."""
        return self.ruleset.match({name: case.fact(name).value for name in self.ruleset.reads})

    def states(self, use: str, subject: Subject) -> Iterator[tuple[Case, Mapping[str, frozenset[str]]]]:
        """Each case behind a verdict, with the rules that match it; of alternatives the first."""
        for party in self._parties(use):
            for strand in subject.alternatives[0]:
                case = self._case(use, subject, strand, party)
                yield case, self.match(case)

    def _parties(self, use: str) -> Iterator[_Party]:
        part = self.policy.uses[use]
        organisation = self.policy.organisation
        licensee = part.get("licensee")
        yield _Party(self.policy.entity(licensee) if licensee else organisation, organisation)
        client = part.part("client")
        if client is not None:
            yield _Party(client, client, client=True)

    def _case(self, use: str, subject: Subject, strand: Strand, party: _Party) -> Case:
        license, age = strand.license, self.policy.settings.max_fact_age
        if license is not None and age is not None:
            license = license.without_facts_read_before(self.today - age)
        # Weights of another publisher inside are judged with that publisher, but by what goes in and out of this model.
        model = strand.model if strand.component == "lineage" else subject.model
        if strand.component == "lineage" and subject.model.input is not None:
            model = replace(model, input=subject.model.input, output=subject.model.output)
        of_use = self._memory.setdefault((use, party.part.where), {})
        # What follows from a license hangs on the model only by whether it is multimodal.
        told = (license.id if license else None, strand.component, strand.evidence, model.multimodal)
        of_license = self._memory.setdefault((use, party.part.where, *told), {})
        return Case(
            memory=Memory(of_use, of_license, {}),
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
        )


def _about(finding: Finding, reads: frozenset[str]) -> str | None:
    """What a finding is about, so that each thing is said once: a license, a model, or the organisation alone."""
    if any(fact.startswith(("license.", "publisher.")) for fact in reads):
        return finding.license
    return finding.message if any(fact.startswith("model.") for fact in reads) else None


def _weight(findings: Iterable[Finding]) -> int:
    return sum(3 if finding.outcome is Outcome.block else finding.outcome for finding in findings)


def _named(strand: Strand) -> dict[str, str | None]:
    found = {"component": strand.component, "id": strand.license.id if strand.license else None}
    if strand.license is None and strand.named:
        found["named"] = strand.named
    if strand.component == "lineage":
        found["model"] = strand.model.id
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
        message=f"The publisher offers {count} licenses to choose from; this verdict chooses {names}.",
    )
