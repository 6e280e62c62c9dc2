"""Answers to findings: agreements, fulfilments, determinations and waivers, each dated and each shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from policycheck import licensors, strangers
from policycheck.catalog import Catalog, folded
from policycheck.facts.affiliates import is_affiliate
from policycheck.finding import Finding, Outcome
from policycheck.policy import Part, Policy

_BARS = ("prohibition", "cap", "exclusion")


@dataclass(eq=False)
class Desk:
    """Holds the answers of a policy, gives them to findings, and remembers which were of use."""

    policy: Policy
    catalog: Catalog
    today: date
    used: set[tuple[Any, ...]] = field(default_factory=set)

    @property
    def given(self) -> bool:
        """Whether the policy holds any answer."""
        return bool(self._every)

    @cached_property
    def _every(self) -> tuple[Part, ...]:
        policy = self.policy
        return (*policy.agreements, *policy.fulfilled, *policy.determinations, *policy.waivers)

    @cached_property
    def pinned(self) -> bool:
        """Whether an answer without a model holds for a finding as it was seen, whose figures may be one model's."""
        return any(part.get("finding") and not models_of(part) for part in self._every)

    def names(self, *names: str) -> bool:
        """Whether an answer names one of these models."""
        return not self._named.isdisjoint(map(folded, names)) if self.given else False

    @cached_property
    def _named(self) -> frozenset[str]:
        """Every model that an answer names, by its own and its members' ids."""
        found = set[str]()
        for part in self._every:
            for name in models_of(part):
                model = self.catalog.resolve_model(name)
                found |= {folded(name), *map(folded, (model.id, *model.members) if model else ())}
        return frozenset(found)

    def answer(
        self,
        finding: Finding,
        *,
        model: str,
        requested: str,
        use: str,
        party: Part,
        client: bool = False,
        publisher: str | None = None,
    ) -> Finding:
        """The finding with every answer that is meant for it; what weighs now follows from them.

        `party` is who is judged, `client` whether that is another company for which the use is run. `publisher` is the
        model's: under a public license (`licensor: anyone`) it is the publisher who can permit more.
        """
        if finding.defeated_by is not None or not self.given:
            return finding
        target = self.target(
            finding, model=model, requested=requested, use=use, party=party, client=client, publisher=publisher
        )
        agreed = self._agreed(finding, target)
        finding = self._waived(self._determined(self._fulfilled(agreed, target), target), target)
        if agreed.agreement is None and finding.original_outcome is not None:
            # What is answered otherwise needs no agreement; why one does not help is of no use then.
            near = tuple(each for each in finding.near_misses if each not in agreed.near_misses)
            finding = replace(finding, near_misses=near)
        return finding

    def target(
        self,
        finding: Finding,
        *,
        model: str,
        requested: str,
        use: str,
        party: Part,
        client: bool = False,
        publisher: str | None = None,
    ) -> Target:
        """A finding and where it arose, to be held against entries."""
        return Target(self, finding, frozenset({folded(model), folded(requested)}), use, party, client, publisher)

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
            why = target.stale(part, "valid_until")
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
        """Answers that met no finding, and names of licensors and ids in rules that match none, in words."""
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
        return [str(each) for each in unknown] + [
            f"{part.document.place(part.where)}: this entry of `{name}` (`{part.get(key)}`) matches no finding here"
            for name, parts, key in sections
            for part in parts
            if part.where not in self.used
        ]


def models_of(part: Part) -> list[str]:
    """The models that an answer names."""
    return [*([part.get("model")] if part.get("model") else []), *(part.get("models") or ())]


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


@dataclass(frozen=True, eq=False)
class Target:
    """A finding, and the model, use and licensee in whose case it arose."""

    desk: Desk
    finding: Finding
    models: frozenset[str]
    use: str
    party: Part
    client: bool
    publisher: str | None

    def _models_fit(self, part: Part) -> bool:
        named = models_of(part)
        if not named:
            return True
        found = {folded(name) for name in named}
        for name in named:
            model = self.desk.catalog.resolve_model(name)
            if model is not None:
                found |= {folded(model.id), *(folded(member) for member in model.members)}
        return bool(found & self.models)

    def _license_fits(self, part: Part) -> bool:
        name = part.get("license")
        return name is None or (self.desk.catalog.resolve_license(name) or name) == self.finding.license

    def _use_fits(self, part: Part) -> bool:
        named = [*([part.get("use")] if part.get("use") else []), *(part.get("uses") or ())]
        return not named or self.use in named

    def meant(self, part: Part, key: str) -> bool:
        """Whether an entry names this finding."""
        return (
            part.get(key) == self.finding.rule
            and self._models_fit(part)
            and self._license_fits(part)
            and self._use_fits(part)
        )

    def stale(self, part: Part, end: str) -> str | None:
        """Why an entry that names this finding weighs nothing, None where it counts."""
        last = part.get(end)
        if last is not None and last < self.desk.today.isoformat():
            return f"it ended on {last}"
        seen = part.get("finding")
        if seen is not None and not self.finding.fingerprint.startswith(str(seen)):
            return f"the finding has changed since (it was {seen}, it is {self.finding.fingerprint})"
        return None

    def _in_the_group(self, holder: str) -> bool:
        """Whether holder and party are the organisation or companies held by over half of the votes."""
        policy = self.desk.policy
        names = (holder, self.party.get("name"))
        held = [part for part in policy.organisation.parts("affiliates") or () if part.get("name") in names]
        return all(is_affiliate(part) for part in held)

    def agreement_gap(self, part: Part) -> str | None:
        """None where the agreement covers the finding, '' where it means something else, else why it misses."""
        catalog, finding = self.desk.catalog, self.finding
        if finding.license is None:
            return ""
        known = finding.license in catalog.licenses
        licensor = catalog.license(finding.license).licensor if known else None
        named = catalog.resolve_publisher(str(part.get("licensor"))) or folded(str(part.get("licensor")))
        if licensor == "anyone":
            # Of a model that no catalog knows, the publisher is whoever the policy names with this license.
            licensor = self.publisher or (named if part.get("license") else None)
        if licensor is None or named != licensor:
            return ""
        covers = part.get("covers")
        lifted_by_text = any(clause.separate_license for clause in finding.clauses)
        named_rule = covers == "all" or (isinstance(covers, list) and finding.rule in covers)
        # A condition that a separate license replaces goes with it; other duties may stay, and have to be named.
        condition = lifted_by_text and any(clause.fact == "further_condition" for clause in finding.clauses)
        if finding.rule_kind == "duty" and not named_rule and (covers is not None or not condition):
            return ""
        if not self._license_fits(part):
            # One about another license is near only where it would lift this finding.
            near = finding.outcome is not Outcome.note and (named_rule or (covers is None and lifted_by_text))
            return f"it is about {part.get('license')}" if near else ""
        if covers is not None and not named_rule:
            return "" if finding.outcome == Outcome.note else f"it covers {', '.join(covers)}, not {finding.rule}"
        if covers is None and not lifted_by_text:
            return (
                "the license's own text names no separate license that lifts this clause; name the rule under `covers`"
            )
        return self._scope_gap(part)

    def _scope_gap(self, part: Part) -> str | None:
        organisation = str(self.desk.policy.organisation.get("name"))
        holder, day = part.get("licensee") or organisation, self.desk.today.isoformat()
        if not self._models_fit(part):
            return "it names other models"
        if not self._use_fits(part):
            return "it names other uses"
        name = str(self.party.get("name"))
        if holder != name and part.get("covers_affiliates") is not True:
            return f"its licensee is {holder}, not {name}"
        if self.client and holder != name:
            return f"it covers {holder} and its affiliates; {name} is a client"
        if holder != name and not self._in_the_group(holder):
            return f"it covers the affiliates of {holder}, and {name} is none by over half of the votes"
        if part.get("from") and part.get("from") > day:
            return f"it begins on {part.get('from')}"
        if part.get("expires") not in (None, "never") and part.get("expires") < day:
            return f"it ended on {part.get('expires')}"
        return None
