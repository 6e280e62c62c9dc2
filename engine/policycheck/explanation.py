"""Why: which rules ran, which facts each read and from where, and the smallest changes that would alter the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policycheck.catalog import Catalog
from policycheck.errors import DocumentError, UsageError
from policycheck.grounds import say
from policycheck.judge import Judge
from policycheck.policy import ModelRef, Policy, read_policy
from policycheck.ruleset import Ruleset
from policycheck.subjects import subject_of
from policycheck.variation import with_settings
from policycheck.verdict import Verdict

_ORDER = ("allow", "conditional", "block")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """A verdict with all rules and what would change it."""

    verdict: Verdict
    rules: tuple[Mapping[str, Any], ...]
    changes: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The explanation as JSON."""
        return {
            **self.verdict.as_json(),
            "rules": [dict(rule) for rule in self.rules],
            "changes": [dict(change) for change in self.changes],
        }


def explain(
    policy: Policy, catalog: Catalog, ref: ModelRef, use: str, *, today: date, engine: str | None = None
) -> Explanation:
    """Why the verdict of `use` and the model that `ref` names is what it is."""
    if use not in policy.uses:
        raise UsageError(f"the policy has no use called `{use}`; it has {', '.join(f'`{u}`' for u in policy.uses)}")
    judge = Judge(policy, catalog, today, Ruleset(policy.rules, catalog.vocabulary.facts, engine))
    subject = subject_of(ref, policy, catalog)
    verdict = judge.verdict(use, subject)
    rules = tuple(rule for case, state in judge.states(use, subject) for rule in _rules(judge, case, state))
    return Explanation(
        verdict=verdict, rules=_once(rules), changes=tuple(_changes(policy, catalog, ref, use, today, engine, verdict))
    )


def _rules(judge: Judge, case: Any, matched: Mapping[str, frozenset[str]]) -> list[dict[str, Any]]:
    found = []
    for name, rule in sorted(judge.rules.items()):
        state = "not-fired" if name not in matched else "undetermined" if matched[name] else "fired"
        reads = []
        for fact_name in sorted(rule.reads):
            fact = case.fact(fact_name)
            places = [source.place or f"{source.key} (assumed)" for source in fact.sources]
            places += [
                f"{clause.license} {clause.text.document} {clause.section or ''}".strip() for clause in fact.clauses
            ]
            reads.append(
                {
                    "fact": fact_name,
                    "value": None if fact.value is None else say(fact, case),
                    "from": "; ".join(dict.fromkeys(places)) or None,
                }
            )
        found.append(
            {"rule": name, "license": case.license.id if case.license else None, "state": state, "reads": reads}
        )
    return found


def _once(rules: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    seen: dict[tuple[str, str | None], dict[str, Any]] = {}
    for rule in rules:
        seen.setdefault((rule["rule"], rule["license"]), rule)
    return tuple(seen.values())


def _candidates(policy: Policy, use: str, verdict: Verdict) -> list[tuple[str, str]]:
    """Changes of one key that a reader may think of: of the facts that stand in the way, one other value each."""
    base = policy.uses[use].key("x")[:-2]
    found: list[tuple[str, str]] = []
    missing = {key for finding in verdict.findings if finding.undetermined for key in finding.missing}
    for key in sorted(missing):
        found += [(key, value) for value in _values(key)]
    words = {
        "purpose": ("research", "non-commercial", "evaluation"),
        "environment": ("non-production",),
        "deployment": ("self-hosted",),
        "distribution": ("internal", "service"),
        "oversight": ("human-review", "licensed-professional"),
        "outputs": ("internal",),
        "fine_tunes": ("false",),
        "trains_other_models": ("false",),
        "discloses_ai": ("true",),
        "hosting_region": ("[DE]", "[US]"),
        "data_classes": ("[]",),
        "handed_on_under": ("same-license",),
    }
    found += [(f"{base}.{key}", value) for key, values in words.items() for value in values]
    found += [("organisation.mau", "1M"), ("organisation.group.mau", "1M"), ("organisation.jurisdiction", "US")]
    return list(dict.fromkeys(found))


def _values(key: str) -> tuple[str, ...]:
    last = key.rpartition(".")[2]
    if last in ("mau", "dau", "monthly_visits"):
        return ("0", "1M")
    if last.endswith("revenue"):
        return ("0 USD",)
    if last in ("affiliates", "businesses", "competes_with", "disputes", "data_classes", "safeguards"):
        return ("[]",)
    if last in ("commercial_link", "fine_tunes", "personal_data", "trains_other_models"):
        return ("false",)
    return ("true",) if last in ("discloses_ai", "authorised") else ()


def _changes(
    policy: Policy, catalog: Catalog, ref: ModelRef, use: str, today: date, engine: str | None, verdict: Verdict
) -> list[dict[str, Any]]:
    """Changes of one key that alter the verdict; each was applied and evaluated, none is guessed."""
    found: list[dict[str, Any]] = []
    for key, value in _candidates(policy, use, verdict):
        try:
            changed = read_policy(with_settings(policy.document, [f"{key}={value}"]), catalog, today)
            judge = Judge(changed, catalog, today, Ruleset(changed.rules, catalog.vocabulary.facts, engine))
            after = judge.verdict(use, subject_of(ref, changed, catalog)).verdict
        except (DocumentError, UsageError, KeyError):
            continue
        if after != verdict.verdict:
            before = _present(policy, key)
            found.append({"set": [{"key": key, "from": before, "to": value}], "verdict": after})
    return sorted(found, key=lambda change: (_ORDER.index(change["verdict"]), change["set"][0]["key"]))


def _present(policy: Policy, key: str) -> Any:
    from policycheck.variation import path_of

    node: Any = policy.document.data
    for part in path_of(key, policy.document.data):
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return None
    return node
