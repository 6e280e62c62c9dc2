"""What an entry of a policy means: which finding, of which model, in which use, for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from policycheck import covered
from policycheck.catalog import Catalog, folded
from policycheck.facts.affiliates import belongs, is_affiliate
from policycheck.finding import Finding, Outcome
from policycheck.policy import Part, Policy
from policycheck.records import scalar
from policycheck.values import frozen


def models_of(part: Part) -> list[str]:
    """The models that an answer names."""
    return [*([part.get("model")] if part.get("model") else []), *(part.get("models") or ())]


def names_meant(part: Part, catalog: Catalog) -> frozenset[str]:
    """Every name of the models that an answer means, folded: their own and those of a family's members."""
    found = set[str]()
    for name in models_of(part):
        model = catalog.resolve_model(name)
        found |= {folded(name), *map(folded, (model.id, *model.members) if model else ())}
    return frozenset(found)


# Conditions in whose place a separate license comes.
_REPLACED = frozenset({"further_condition", "royalty"})


@frozen
class Occasion:
    """In whose case a finding arose."""

    model: str
    requested: str
    """The model as it was asked for."""
    use: str
    party: Part
    """Who is judged."""
    client: bool = False
    """Whether that is another company for which the use is run."""
    publisher: str | None = None
    """The model's: under a public license (`licensor: anyone`) it is the publisher who can permit more."""


@frozen
class Target:
    """A finding and its occasion, to be held against the entries of a policy."""

    policy: Policy
    catalog: Catalog
    today: date
    finding: Finding
    on: Occasion
    meant_by: Callable[[Part], frozenset[str]]
    """Every name of the models that an entry means."""

    def _models_fit(self, part: Part) -> bool:
        if not models_of(part):
            return True
        return not self.meant_by(part).isdisjoint((folded(self.on.model), folded(self.on.requested)))

    def _license_fits(self, part: Part) -> bool:
        name = part.get("license")
        return name is None or (self.catalog.resolve_license(name) or name) == self.finding.license

    def _use_fits(self, part: Part) -> bool:
        named = [*([part.get("use")] if part.get("use") else []), *(part.get("uses") or ())]
        return not named or self.on.use in named

    def _section_fits(self, part: Part) -> bool:
        named = part.get("section")
        return named is None or any(str(named) in (clause.passage, clause.section) for clause in self.finding.clauses)

    def unnamed(self, part: Part) -> str | None:
        """Why an entry that names no section answers none of several, None where the rule's id says what was done."""
        finding = self.finding
        if finding.one_of == 1 or part.get("section") is not None or part.get("finding") is not None:
            return None
        if not any(rule.id == finding.rule and rule.names_section for rule in self.policy.rules):
            return None
        this = scalar(str(finding.passage))
        return f"it does not say which of several conditions was kept; write `section: {this}` for this one"

    def meant(self, part: Part, key: str) -> bool:
        """Whether an entry names this finding."""
        return (
            part.get(key) == self.finding.rule
            and self._models_fit(part)
            and self._license_fits(part)
            and self._use_fits(part)
            and self._section_fits(part)
        )

    def stale(self, part: Part, end: str) -> str | None:
        """Why an entry that names this finding weighs nothing, None where it counts."""
        last = part.get(end)
        if last is not None and last < self.today.isoformat():
            return f"it ended on {last}"
        seen = part.get("finding")
        if seen is not None and not self.finding.fingerprint.startswith(str(seen)):
            return f"the finding has changed since (it was {seen}, it is {self.finding.fingerprint})"
        return None

    def _in_the_group(self, holder: str) -> bool:
        """Whether holder and party are today the organisation or companies held by over half of the votes."""
        policy = self.policy
        names = (holder, self.on.party.get("name"))
        held = [part for part in policy.organisation.parts("affiliates") or () if part.get("name") in names]
        return all(is_affiliate(part) and belongs(part, self.today) for part in held)

    def agreement_gap(self, part: Part) -> str | None:
        """None where the agreement covers the finding, '' where it means something else, else why it misses."""
        catalog, finding = self.catalog, self.finding
        if finding.license is None:
            return ""
        known = finding.license in catalog.licenses
        licensor = catalog.license(finding.license).licensor if known else None
        named = catalog.resolve_publisher(str(part.get("licensor"))) or folded(str(part.get("licensor")))
        if licensor == "anyone":
            # Of a model that no catalog knows, the publisher is whoever the policy names with this license.
            licensor = self.on.publisher or (named if part.get("license") else None)
        if licensor is None or named != licensor:
            return ""
        covers = part.get("covers")
        lifted_by_text = any(clause.separate_license for clause in finding.clauses)
        by_name = covered.named(covers, finding)
        named_rule = by_name or covered.everything(covers)
        others = covered.not_the_licensors(finding, by_name=by_name)
        if others is not None:
            return others if named_rule and finding.outcome is not Outcome.note else ""
        # A condition that a separate license replaces goes with it; other duties may stay, and have to be named.
        condition = lifted_by_text and any(clause.fact in _REPLACED for clause in finding.clauses)
        if finding.rule_kind == "duty" and not named_rule and (covers is not None or not condition):
            # The answer to a registration may be a permit, and so may be written down as an agreement.
            permit = finding.rule == "registration" and finding.outcome is not Outcome.note and self._license_fits(part)
            return "where it is the permit that a registration leads to, name the rule under `covers`" if permit else ""
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
        organisation = str(self.policy.organisation.get("name"))
        holder, day = part.get("licensee") or organisation, self.today.isoformat()
        if not self._models_fit(part):
            return "it names other models"
        if not self._use_fits(part):
            return "it names other uses"
        name = str(self.on.party.get("name"))
        if holder != name and part.get("covers_affiliates") is not True:
            return f"its licensee is {holder}, not {name}"
        if self.on.client and holder != name:
            return f"it covers {holder} and its affiliates; {name} is a client"
        if holder != name and not self._in_the_group(holder):
            return f"it covers the affiliates of {holder}, and {name} is none of them today by over half of the votes"
        if part.get("from") and part.get("from") > day:
            return f"it begins on {part.get('from')}"
        if part.get("expires") not in (None, "never") and part.get("expires") < day:
            return f"it ended on {part.get('expires')}"
        return None
