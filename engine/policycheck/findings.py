"""From the rules that match a case to findings: sentence, citations, next step, and what defeats what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from policycheck.facts import Case, Fact
from policycheck.finding import Finding, Outcome
from policycheck.license import Clause
from policycheck.numbers import Money, short
from policycheck.rules import Rule

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ABOUT_LICENSE = "license."


def findings_of(case: Case, rules: Mapping[str, Rule], matched: Mapping[str, frozenset[str]]) -> list[Finding]:
    """The findings of a case: one for each rule that fires or can't be decided, in the order of their ids.

    `matched` gives for each such rule the unknown facts it hangs on.
    """
    found: dict[str, Finding] = {}
    asked = frozenset[str]().union(
        *(open_facts for name, open_facts in matched.items() if rules[name].kind != "question")
    )
    for name in sorted(matched):
        rule, open_facts = rules[name], matched[name]
        if open_facts and rule.kind == "question" and open_facts <= asked:
            continue  # Another rule asks for the same facts; the word is open only once they are known.
        if case.license is None and any(fact.startswith(_ABOUT_LICENSE) for fact in open_facts):
            continue  # `license-unknown` asks for all of them at once.
        finding = _finding(case, rule, open_facts)
        if finding is not None:
            found[name] = finding
    return list(_defeats(case, rules, found).values())


def _finding(case: Case, rule: Rule, open_facts: frozenset[str]) -> Finding | None:
    facts = {name: case.fact(name) for name in sorted(rule.reads)}
    outcome = rule_outcome = Outcome[rule.outcome]
    kind, message, missing = rule.kind, "", tuple[str, ...]()
    if open_facts:
        kind = "missing-fact"
        missing = _missing(facts, open_facts)
        outcome = min(outcome, Outcome[case.policy.settings.unknown])
        message = _undecided(case, rule, facts, missing)
    elif rule.kind == "question":
        outcome = min(outcome, Outcome.conditional)
    message = message or fill(rule.message, case, facts)
    if rule.law is not None and not rule.law.in_force(case.today):
        if rule.law.status == "repealed" or (rule.law.until or "9999") < case.today.isoformat():
            return None
        outcome, said = (
            Outcome.note,
            rule.law.status if rule.law.status != "in-force" else f"in force from {rule.law.start}",
        )
        message = f"The law is {said}; when in force it would be {rule.outcome}: {message}"
    figures = {key: value for fact in facts.values() for key, value in fact.figures.items()}
    return Finding(
        rule=rule.id,
        license=case.license.id if case.license else None,
        component=case.component,
        outcome=outcome,
        rule_outcome=rule_outcome if rule.law is None or rule.law.in_force(case.today) else Outcome.note,
        kind=kind,
        basis=rule.basis,
        rule_kind=rule.kind,
        undetermined=bool(open_facts),
        message=message,
        missing=missing,
        clauses=_clauses(facts.values()),
        sources=tuple(dict.fromkeys(source for fact in facts.values() for source in fact.sources)),
        next_step=_next_step(case, rule, facts, missing),
        figures=figures,
    )


def _clauses(facts: Iterable[Fact]) -> tuple[Clause, ...]:
    seen: dict[tuple[str, str, str, str | None], Clause] = {}
    for fact in facts:
        for clause in fact.clauses:
            seen.setdefault((clause.license, clause.fact, clause.text.document, clause.section), clause)
    return tuple(seen.values())


def _missing(facts: Mapping[str, Fact], open_facts: frozenset[str]) -> tuple[str, ...]:
    keys = [key for name in sorted(open_facts) for key in (facts[name].missing or (name,))]
    return tuple(dict.fromkeys(keys))


def _undecided(case: Case, rule: Rule, facts: Mapping[str, Fact], missing: tuple[str, ...]) -> str:
    asked = fill(rule.asks, case, facts) if rule.asks else f"whether the rule `{rule.id}` applies"
    keys = ", ".join(f"`{key}`" for key in missing)
    return f"Could not decide {asked}: {keys} {'is' if len(missing) == 1 else 'are'} not known."


def _next_step(case: Case, rule: Rule, facts: Mapping[str, Fact], missing: tuple[str, ...]) -> str | None:
    own = [key for key in missing if not key.startswith(("license", "model.", "publisher."))]
    if own:
        return f"Fill in {', '.join(f'`{key}`' for key in own)}."
    if missing:
        return "The catalog does not hold this; read the text and add it, or ask for it to be added."
    return fill(rule.next_step, case, facts) if rule.next_step else None


def fill(template: str, case: Case, facts: Mapping[str, Fact]) -> str:
    """The sentence with facts and figures put in."""
    figures = {key: value for fact in facts.values() for key, value in fact.figures.items()}

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name in figures:
            return figures[name]
        return say(case.fact(name), case) if "." in name else f"({name} not known)"

    return " ".join(_PLACEHOLDER.sub(put, template).split())


def say(fact: Fact, case: Case) -> str:
    """A fact as a sentence has it."""
    if fact.value is None:
        return "(not known)"
    if fact.shown is not None:
        return fact.shown
    if isinstance(fact.value, frozenset):
        places = case.catalog.vocabulary.data["countries"]
        if fact.value and all(item in places for item in fact.value):
            return case.catalog.vocabulary.shown_places(fact.value)
        return ", ".join(sorted(fact.value)) or "none"
    if isinstance(fact.value, Money):
        return str(fact.value)
    return short(fact.value) if isinstance(fact.value, int) else fact.value


def _defeats(case: Case, rules: Mapping[str, Rule], found: dict[str, Finding]) -> dict[str, Finding]:
    """Exceptions take away what they override; one that can't be decided leaves it undecided too."""
    for name, finding in list(found.items()):
        for target in rules[name].overrides:
            beaten = found.get(target)
            if beaten is None or beaten.defeated_by is not None:
                continue
            if not finding.undetermined:
                found[target] = replace(beaten, outcome=Outcome.note, original_outcome=beaten.outcome, defeated_by=name)
            elif not beaten.undetermined:
                milder = min(beaten.outcome, Outcome[case.policy.settings.unknown])
                keys = ", ".join(f"`{key}`" for key in finding.missing)
                open_end = f"Whether `{name}` takes this away could not be decided: {keys} not known."
                found[target] = replace(
                    beaten,
                    outcome=milder,
                    undetermined=True,
                    kind="missing-fact",
                    missing=finding.missing,
                    message=f"{beaten.message} {open_end}",
                )
    return found
