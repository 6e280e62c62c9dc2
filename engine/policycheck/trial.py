"""Cases put to the test: what each got, how it differs from what was wanted, and which rules no case made fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from policycheck.cases import Expected, PolicyCase
from policycheck.catalog import Catalog
from policycheck.documents import Document
from policycheck.edit import put
from policycheck.evaluate import evaluate
from policycheck.finding import Finding
from policycheck.verdict import Verdict

_ORDER = ("allow", "conditional", "block")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A case, and the verdict that it got."""

    case: PolicyCase
    verdict: Verdict

    @property
    def weighing(self) -> list[Finding]:
        """The findings that stand in the way, the strictest first."""
        return [finding for finding in self.verdict.findings if finding.outcome]

    @property
    def got(self) -> Expected:
        """What an author would have had to expect."""
        rules = dict.fromkeys(finding.rule for finding in self.weighing)
        cited = {clause.section for finding in self.weighing for clause in finding.clauses if clause.section}
        return Expected(verdict=self.verdict.verdict, rules=tuple(rules), cites=tuple(sorted(cited)))

    @property
    def passed(self) -> bool:
        """Whether nothing differs from what was expected."""
        return not any(self.differences())

    def differences(self) -> Iterator[str]:
        """What differs from what was expected, a sentence for each."""
        wanted, got = self.case.expected, self.got
        if wanted.verdict != got.verdict:
            yield f"verdict: wanted {wanted.verdict}, got {got.verdict}"
        for rule in wanted.rules:
            if rule not in got.rules:
                yield f"rules: `{rule}` should weigh and {self._instead(rule)}"
        for rule in wanted.not_rules:
            if rule in got.rules:
                yield f"not_rules: `{rule}` should not weigh and does"
        for section in wanted.cites:
            if section not in got.cites:
                listed = ", ".join(got.cites) or "no section"
                yield f"cites: section {section} should be cited; cited are {listed}"

    def _instead(self, rule: str) -> str:
        """What became of a rule that does not weigh."""
        for finding in self.verdict.findings:
            if finding.rule != rule:
                continue
            if finding.defeated_by:
                return f"is taken away by `{finding.defeated_by}`"
            answers = ("waiver", "agreement", "fulfilled", "determination")
            answer = next((name for name in answers if getattr(finding, name)), None)
            if answer:
                return f"is answered under `{answer if answer == 'fulfilled' else answer + 's'}`"
            return "only informs"
        return "does not apply"

    @property
    def milder(self) -> bool:
        """Whether the verdict is milder than the one that was expected."""
        return _ORDER.index(self.got.verdict) < _ORDER.index(self.case.expected.verdict)

    def as_json(self) -> dict[str, Any]:
        """The result as JSON."""
        wanted, got = self.case.expected, self.got
        lists = {key: list(getattr(wanted, key)) for key in ("rules", "not_rules", "cites")}
        return {
            "name": self.case.name,
            "file": self.case.document.file,
            "line": self.case.document.mark(self.case.where)[0],
            "passed": self.passed,
            "wanted": {"verdict": wanted.verdict, **lists},
            "got": {"verdict": got.verdict, "rules": list(got.rules), "cites": list(got.cites)},
            "differences": list(self.differences()),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All results, and what they cover."""

    results: tuple[Result, ...]
    passed_over: Mapping[str, str]
    """Files that hold no cases, and what they are."""

    @property
    def failed(self) -> list[Result]:
        """The results that differ from what was expected."""
        return [result for result in self.results if not result.passed]

    @property
    def in_force(self) -> dict[str, str]:
        """Every rule in force in a case, with the name of its pack; `own` for the organisation's."""
        return {rule.id: rule.pack for result in self.results for rule in result.case.policy.rules}

    @property
    def fired(self) -> frozenset[str]:
        """The rules that some case made fire: that applied for certain, whether they weighed or not."""
        found = (finding for result in self.results for finding in result.verdict.findings)
        return frozenset(finding.rule for finding in found if not finding.undetermined)

    @property
    def never_fired(self) -> dict[str, list[str]]:
        """By pack, the rules that no case made fire."""
        found: dict[str, list[str]] = {}
        for rule, pack in sorted(self.in_force.items()):
            if rule not in self.fired:
                found.setdefault(pack, []).append(rule)
        return found

    def as_json(self) -> dict[str, Any]:
        """The trial as JSON."""
        never = sorted(rule for rules in self.never_fired.values() for rule in rules)
        return {
            "cases": [result.as_json() for result in self.results],
            "coverage": {"fired": sorted(self.fired), "never_fired": never},
            "passed_over": [{"file": file, "what": what} for file, what in sorted(self.passed_over.items())],
        }


def run(cases: Iterable[PolicyCase], catalog: Catalog, *, engine: str | None = None) -> Iterator[Result]:
    """Judges each case; raises EngineFault where the rules engine fails."""
    for case in cases:
        report = evaluate(case.policy, catalog, today=case.today, engine=engine, models=[case.model], uses=[case.use])
        (verdict,) = report.verdicts
        yield Result(case=case, verdict=verdict)


def updated(results: Iterable[Result]) -> dict[str, Document]:
    """The case files of failed results with their expected lines set to what was got, by file name."""
    found: dict[str, Document] = {}
    for result in results:
        case = result.case
        for key, value in _expectations(result).items():
            document = found.get(case.document.file, case.document)
            found[case.document.file] = put(document, (*case.where, key), value)
    return found


def _expectations(result: Result) -> dict[str, Any]:
    """The expected keys of a case that must change, with their new values."""
    written, got = result.case.written, result.got
    kept = {
        "rules": [rule for rule in written.get("rules", ()) if rule in got.rules],
        "not_rules": [rule for rule in written.get("not_rules", ()) if rule not in got.rules],
        "cites": [section for section in written.get("cites", ()) if str(section) in got.cites],
    }
    if not kept["rules"]:
        kept["rules"] = list(dict.fromkeys(f.rule for f in result.weighing if f.outcome == result.verdict.outcome))
    fresh = {"verdict": got.verdict, **kept}
    return {key: value for key, value in fresh.items() if key in written and value != written[key]}
