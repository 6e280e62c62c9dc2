"""What the rules find of a case; cases share whatever they have in common, so that it is worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from policycheck.catalog import Catalog
from policycheck.facts import Case, Kept, Known, Memory, Source, scope
from policycheck.finding import Finding
from policycheck.findings import finding_of, findings_of
from policycheck.originals import original
from policycheck.policy import Part, Policy
from policycheck.rules import Value
from policycheck.students import TEACHER
from policycheck.subjects import Strand, Subject
from policycheck.tiers import SCOPES, Rows, Tiers
from policycheck.values import frozen

if TYPE_CHECKING:
    from datetime import date

_TOUCHED: Final = "use.runs_publisher_code"


@frozen(kw_only=False)
class Party:
    """Who is judged, and whose group counts."""

    part: Part
    group: Part
    client: bool = False


class Matching:
    """Makes the cases of one policy and holds the rules against them."""

    def __init__(self, policy: Policy, catalog: Catalog, today: date, tiers: Tiers) -> None:
        self._policy, self._catalog, self._today, self._tiers = policy, catalog, today, tiers
        self._rules = {rule.id: rule for rule in policy.rules}
        self._reads = {of: [fact for fact in sorted(tiers.reads) if scope(fact) == of] for of in SCOPES}
        told = {rule.id: rule.mentions | rule.reads for rule in policy.rules}
        self.tells_model = {rule for rule, facts in told.items() if any(scope(fact) == "of_model" for fact in facts)}
        self._kept: dict[tuple[Any, ...], Kept] = {}
        self._alike: dict[tuple[Any, ...], dict[tuple[str, int | None], Known]] = {}
        self._found: dict[tuple[Any, ...], list[Finding]] = {}
        self._of_license: dict[tuple[int, str], Mapping[str, Finding]] = {}

    def found(self, case: Case, *, named: bool) -> list[Finding]:
        """The findings of a case before any answer; cases that give rules the same facts share them.

        Where it is not `named`, sentences may speak of another model that gives rules the same facts.
        """
        signature = (id(case.memory.of_license), *self._values(case, "of_model").values())
        found = self._found.get(signature)
        if found is None:
            matched = self.match(case)
            found = self._found[signature] = findings_of(case, self._rules, matched, self._in_common(case, matched))
        return [self._named(finding, case) for finding in found] if named else found

    def _in_common(self, case: Case, matched: Rows) -> Mapping[str, Finding]:
        """The findings that say nothing of the model, which all models under the license share."""
        key = (id(case.memory.of_license), case.component)
        made = self._of_license.get(key)
        if made is None:
            made = self._of_license[key] = {
                name: finding_of(case, self._rules[name], open_facts)
                for name, open_facts in matched.items()
                if name not in self.tells_model
            }
        return made

    def _named(self, finding: Finding, case: Case) -> Finding:
        """The finding with sentences that speak of the case's own model, and of whom to ask for more."""
        public = case.license is None or case.license.licensor == "anyone"
        if finding.rule not in self.tells_model and not public:
            return finding
        exception = self._named(finding.exception, case) if finding.exception is not None else None
        return replace(finding, grounds=finding.grounds.of(case), exception=exception)

    def match(self, case: Case) -> Rows:
        """The rules that fire on a case or can't be decided, as the rules engine says."""
        facts: dict[str, Value | None] = {}
        matched: dict[str, frozenset[str]] = {}
        for of in SCOPES:
            facts.update(self._values(case, of))
            kept: Kept = getattr(case.memory, of)
            if kept.matched is None:
                kept.matched = self._tiers.match(of, facts)
            matched.update(kept.matched)
        return self._of_code(case, matched) if case.component == "code" else matched

    def _of_code(self, case: Case, matched: Rows) -> Rows:
        """What a license of the publisher's code says, which others' software that runs the weights may never touch.

        Untouched, its terms weigh nothing, and one notice says so. Where nobody says, what it bars is open; what it
        asks for stays due.
        """
        touched = case.fact(_TOUCHED).value
        found: dict[str, frozenset[str]] = {}
        for name, lacking in matched.items():
            rule = self._rules[name]
            if _TOUCHED in lacking and rule.outcome == "note":
                continue
            if rule.basis != "license" or touched == "yes" or _TOUCHED in rule.reads:
                found[name] = lacking
            elif touched is None:
                bars = rule.outcome != "note" and rule.kind not in ("duty", "review")
                found[name] = lacking | {_TOUCHED} if bars else lacking
        return found

    def read(self, case: Case) -> tuple[tuple[Source, ...], ...]:
        """The facts of the policy that were read for a case."""
        return *case.memory.of_use.sources, *case.memory.of_license.sources

    def _values(self, case: Case, of: str) -> Mapping[str, Value | None]:
        """The values of the facts that rules read, of those that hang on the use, the license or the model."""
        kept: Kept = getattr(case.memory, of)
        if kept.values is None:
            ask = case.known if of == "of_license" else case.fact
            known = {name: ask(name) for name in self._reads[of]}
            kept.values = {name: each.value for name, each in known.items()}
            # Many facts rest on the same sources: one and the same tuple.
            groups = {id(each.sources): each.sources for each in known.values() if each.sources}
            kept.sources = tuple(groups.values())
        return kept.values

    def case(
        self, use: str, subject: Subject, strand: Strand, party: Party, alike: tuple[Any, ...] | None = None
    ) -> Case:
        """The case of one license of a model in a use, for one who is judged.

        `alike` stands for all models of which the same is known, in any use.
        """
        license, age = strand.license, self._policy.settings.max_fact_age
        if license is not None and age is not None:
            license = license.without_facts_read_before(self._today - age)
        # Weights of another publisher inside are judged with that publisher, but by what goes in and out of this model;
        # clauses on multimodal models mean the licensor's own.
        model = strand.ancestor or subject.model
        tells = license is not None and license.by_modality
        multimodal = original(model, license, self._catalog).multimodal if tells else None
        if strand.ancestor is not None and subject.model.input is not None:
            model = replace(model, input=subject.model.input, output=subject.model.output)
        of_use = (use, party.part.where)
        # What follows from a license hangs on the model only by whether it is multimodal, and a changed one; of a
        # teacher's license a part may reach.
        in_common = (*of_use, multimodal, model.changed_by is not None)
        of_license = (*in_common, license and license.id, strand.component == TEACHER)
        return Case(
            memory=Memory(
                of_use=self._kept_for(of_use),
                of_license=self._kept_for(of_license),
                of_model=Kept() if alike is None else self._kept_for(("of_model", *alike)),
                alike=self._alike.setdefault(in_common, {}),
            ),
            policy=self._policy,
            catalog=self._catalog,
            today=self._today,
            use_name=use,
            use=self._policy.uses[use],
            party=party.part,
            group=party.group,
            model=model,
            multimodal=multimodal,
            publisher=strand.publisher,
            license=license,
            component=strand.component,
            evidence=strand.evidence,
            relation="itself" if strand.ancestor is None else strand.relation,
        )

    def _kept_for(self, key: tuple[Any, ...]) -> Kept:
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = Kept()
        return kept
