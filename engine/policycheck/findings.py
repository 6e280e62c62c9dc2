"""From the rules that match a case to findings: what each weighs, and what defeats what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from policycheck.facts import Case
from policycheck.finding import Finding, Outcome
from policycheck.grounds import Grounds
from policycheck.passages import severally
from policycheck.rules import Rule

_ABOUT_LICENSE = "license."
_Matched = Mapping[str, frozenset[str]]
# Whether a clause bites that the host's terms replace is known once it is known of one such clause: what lacks no more
# than that takes away what is open in those clauses, too.
_OF_ITS_TARGETS = frozenset({"license.hosted_clauses"})
_OUTCOMES = dict(Outcome.__members__)


def findings_of(
    case: Case, rules: Mapping[str, Rule], matched: Mapping[str, frozenset[str]], made: Mapping[str, Finding]
) -> list[Finding]:
    """The findings of a case: one for each rule that fires or can't be decided, in the order of their ids.

    `matched` gives for each such rule the unknown facts it hangs on; `made` are findings that cases have in common.
    """
    found: dict[str, Finding] = {}
    for name in sorted(matched):
        rule, open_facts = rules[name], matched[name]
        if case.license is None and any(fact.startswith(_ABOUT_LICENSE) for fact in open_facts):
            continue  # `license-unknown` asks for all of them at once.
        if rule.law is None or not rule.law.ended(case.today):
            found[name] = made.get(name) or finding_of(case, rule, open_facts)
    once = _asked_once(_defeats(case, rules, found, matched), rules, matched)
    return [each for finding in once for each in severally(finding, rules[finding.rule], case)]


def _asked_once(found: Mapping[str, Finding], rules: Mapping[str, Rule], matched: _Matched) -> list[Finding]:
    """Without questions that hang on facts for which another finding that weighs asks already.

    A word is open only once the facts are known.
    """
    asked = {
        fact
        for name, finding in found.items()
        if finding.outcome and finding.undetermined and rules[name].kind != "question"
        for fact in matched[name]
    }
    return [
        finding
        for name, finding in found.items()
        if not (finding.undetermined and rules[name].kind == "question" and matched[name] and matched[name] <= asked)
    ]


def finding_of(case: Case, rule: Rule, open_facts: frozenset[str]) -> Finding:
    """What one rule finds in a case, by itself."""
    outcome = rule_outcome = _OUTCOMES[rule.outcome]
    if open_facts or rule.kind == "missing-fact":
        outcome = min(outcome, _OUTCOMES[case.policy.settings.unknown])
    elif rule.kind == "question":
        outcome = min(outcome, Outcome.conditional)
    if rule.law is not None and not rule.law.in_force(case.today):
        outcome = rule_outcome = Outcome.note
    return Finding(
        rule=rule.id,
        license=case.license.id if case.license else None,
        component=case.component,
        outcome=outcome,
        rule_outcome=rule_outcome,
        kind="missing-fact" if open_facts and not _to_be_found_out(case, rule, open_facts) else rule.kind,
        basis=rule.basis,
        rule_kind=rule.kind,
        undetermined=bool(open_facts),
        grounds=Grounds(case, rule, open_facts),
    )


def _to_be_found_out(case: Case, rule: Rule, open_facts: frozenset[str]) -> bool:
    """Whether a review lacks no more than what the catalog has of the publisher, which no key of the policy can say.

    To find that out is the review then.
    """
    return rule.kind == "review" and all(
        key.startswith("publisher.") for fact in open_facts for key in (case.known(fact).missing or (fact,))
    )


def _defeats(case: Case, rules: Mapping[str, Rule], found: dict[str, Finding], matched: _Matched) -> dict[str, Finding]:
    """Exceptions take away what they override; one that can't be decided leaves it undecided too.

    An exception that is itself taken away takes nothing away: exceptions to it are therefore looked at first.
    """
    for name in _exceptions_first(found, rules):
        finding = found[name]
        law = rules[name].law
        if finding.defeated_by is not None or (law is not None and not law.in_force(case.today)):
            continue
        for target in rules[name].overrides:
            beaten = found.get(target)
            if beaten is None or beaten.defeated_by is not None:
                continue
            if matched[name] <= _OF_ITS_TARGETS and finding.exception is None:
                found[target] = replace(beaten, outcome=Outcome.note, original_outcome=beaten.outcome, defeated_by=name)
            elif not beaten.undetermined:
                milder = min(beaten.outcome, _OUTCOMES[case.policy.settings.unknown])
                found[target] = replace(
                    beaten, outcome=milder, undetermined=True, kind="missing-fact", exception=finding
                )
    return found


def _exceptions_first(found: Mapping[str, Finding], rules: Mapping[str, Rule]) -> list[str]:
    """The rules among `found` that override others, each after those that override it; circles are refused earlier."""
    waiting = [name for name in found if rules[name].overrides]
    ordered: list[str] = []
    while waiting:
        free = [name for name in waiting if not any(name in rules[other].overrides for other in waiting)]
        ordered += free or waiting
        waiting = [name for name in waiting if free and name not in free]
    return ordered
