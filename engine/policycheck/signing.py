"""The policy in plain language, to be read and signed: made from its rules and verdicts, so that it can't drift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from policycheck.finding import Finding
from policycheck.paper import Block, Bullets, Heading, Paper, Paragraph, Table
from policycheck.plainly import applies, sentence
from policycheck.policy import Part
from policycheck.report import NOT_LEGAL_ADVICE, Report
from policycheck.rules import Rule
from policycheck.schema import schema
from policycheck.verdict import Verdict

_BASES: Final = {
    "house": "By choice of this house or of the packs that it extends",
    "law": "By law",
    "license": "By the license texts",
}
_WHOSE: Final = {
    "missing-fact": "Whoever knows the fact; it is written into the policy.",
    "question": "Counsel; recorded under `determinations`.",
    "duty": "Whoever does it; recorded under `fulfilled`.",
    "review": "Whoever reviews it; recorded under `fulfilled`.",
}
_REVIEW_OF_HOUSE: Final = "Whoever reviews it, recorded under `fulfilled`; or whoever may accept the risk, by a waiver."
_BARS: Final = {
    "license": "The licensor alone, by an agreement.",
    "law": "Nobody: another fact must make it lawful.",
    "house": "Whoever may accept the risk for this house, by a waiver.",
}
# Section of the policy, what an entry is called, and its keys: about what, by whom, from when, until when.
_ANSWERS: Final = (
    ("waivers", "Waiver", "rule", "approved_by", "approved_on", "expires"),
    ("agreements", "Agreement", "licensor", "licensee", "from", "expires"),
    ("determinations", "Counsel's reading", "question", "by", "on", "review_by"),
    ("fulfilled", "Duty or review done", "rule", "done_by", "done_on", "valid_until"),
)


def paper_on(report: Report) -> Paper:
    """The policy that `report` judged, in plain language: what is blocked, who signs what off, and what is assumed."""
    name = str(report.policy.organisation.get("name"))
    writer = _Writer(report, name)
    blocks = (
        *writer.opening(),
        *writer.blocked(),
        *writer.sign_off(),
        *writer.answers(),
        *writer.facts(),
        *writer.limitations(),
        *writer.rules(),
        *writer.signatures(),
    )
    return Paper(f"{name}: policy on the use of AI models", report.today.isoformat(), blocks)


class _Writer:
    def __init__(self, report: Report, name: str) -> None:
        self.report, self.name = report, name
        self.policy, self.vocabulary = report.policy, report.catalog.vocabulary

    def opening(self) -> Iterator[Block]:
        """What this is, and which file it speaks of."""
        report, policy = self.report, self.policy
        packs = ", ".join(policy.packs) or "none"
        yield Paragraph(
            f"This document says in plain language what the file `{policy.document.file}` (SHA-256 "
            f"{sha256(policy.document.raw).hexdigest()[:16]}…) means on {report.today}. It is generated from the "
            f"rules that are applied; where both seem to differ, the file counts. Rule packs in force: {packs}."
        )
        yield Paragraph(NOT_LEGAL_ADVICE)
        if policy.without:
            yield Paragraph("The pack `baseline` is taken out: license texts are not judged, and nothing is allowed.")
        if not report.verdicts:
            yield Paragraph("No model is named, so nothing was judged. This is no approval.")
        counts = report.counts
        yield Paragraph(
            f"Combinations of a use and a model that were judged: {len(report.verdicts)}. Blocked: {counts['block']}; "
            f"waiting for a condition: {counts['conditional']}; allowed: {counts['allow']}."
        )
        allowed = [verdict for verdict in report.verdicts if verdict.verdict == "allow"]
        if allowed:
            yield Heading("What is allowed")
            yield Table(("use", "model", "license"), tuple((v.use, v.model, v.license or "unknown") for v in allowed))

    def blocked(self) -> Iterator[Block]:
        """What is blocked: the rules that can block, and what they block today."""
        yield Heading("What is blocked")
        yield Paragraph("A use of a model is blocked where one of these is so, unless an agreement covers it.")
        yield from self._by_basis(rule for rule in self.policy.rules if self._blocks(rule))
        yield Heading("Blocked today", 3)
        found = self._findings("block")
        rows = _by_models((v.use, v.model, f"{f.message} ({f.rule})") for v, f in found)
        yield Table(("use", "model", "why"), rows) if rows else Paragraph("Nothing that was judged is blocked.")

    def sign_off(self) -> Iterator[Block]:
        """What needs sign-off and whose: the rules that ask for it, and what is open today."""
        yield Heading("What needs sign-off, and whose")
        yield Paragraph("A use of a model waits for somebody where one of these is so, until it is done and recorded.")
        weighing = (rule for rule in self.policy.rules if rule.outcome != "note")
        yield from self._by_basis(rule for rule in weighing if not self._blocks(rule))
        yield Heading("Open today", 3)
        found = self._findings("conditional")
        rows = _by_models((v.use, v.model, f"{f.message} ({f.rule})", self._whose(f)) for v, f in found)
        yield Table(("use", "model", "what", "whose sign-off"), rows) if rows else Paragraph("Nothing is open.")

    def _blocks(self, rule: Rule) -> bool:
        """Whether a rule can block; one that asks counsel, or for what nobody knows, does not before the answer."""
        asks = rule.kind == "question" or (rule.kind == "missing-fact" and self.policy.settings.unknown != "block")
        return rule.outcome == "block" and not asks

    def _findings(self, outcome: str) -> Iterator[tuple[Verdict, Finding]]:
        for verdict in self.report.verdicts:
            yield from ((verdict, finding) for finding in verdict.findings if finding.outcome.name == outcome)

    def _by_basis(self, rules: Iterable[Rule]) -> Iterator[Block]:
        found = list(rules)
        for basis, title in _BASES.items():
            items = tuple(self._rule(rule) for rule in found if rule.basis == basis)
            if items:
                yield Heading(title, 3)
                yield Bullets(items)

    def _rule(self, rule: Rule) -> str:
        """When a rule applies; of one that is no license's own, the house's sentence as well."""
        found = applies(rule, self.vocabulary)
        said = f"{found[:1].upper()}{found[1:]} (`{rule.id}`)."
        if rule.kind == "question":
            said += " This is a question for counsel."
        if rule.basis != "license":
            said = f"{said} {sentence(rule.message, self.name, self.vocabulary)}".rstrip()
        if rule.law is not None and not rule.law.in_force(self.report.today):
            said += f" Not in force on {self.report.today}: it informs only."
        return said

    def _whose(self, finding: Finding) -> str:
        before = self._signed_before(finding.rule)
        said = _BARS[finding.basis] if finding.kind not in _WHOSE else _WHOSE[finding.kind]
        if finding.kind == "review" and finding.basis == "house":
            said = _REVIEW_OF_HOUSE
        return f"{said} So far in this file: {', '.join(before)}." if before else said

    def _signed_before(self, rule: str) -> list[str]:
        """Who answered the same rule somewhere in the policy."""
        found: dict[str, None] = {}
        for section, _, about, by, *_ in _ANSWERS:
            for part in getattr(self.policy, section):
                if part.get(about) == rule and part.get(by):
                    found.setdefault(str(part.get(by)))
        return list(found)

    def answers(self) -> Iterator[Block]:
        """Which waivers, agreements, readings and duties stand until when, and what each moves."""
        yield Heading("What was answered, and until when")
        rows = [
            (
                f"{title}: {part.get(about)}",
                _about(part),
                str(part.get(by) or self.name),
                str(part.get(start) or "the beginning"),
                str(part.get(end) or "without end"),
                self._effect(part, end),
            )
            for section, title, about, by, start, end in _ANSWERS
            for part in getattr(self.policy, section)
        ]
        heads = ("what", "for", "by", "from", "until", "what it does")
        yield Table(heads, tuple(rows)) if rows else Paragraph("There is no waiver, agreement, reading or duty done.")

    def _effect(self, part: Part, end: str) -> str:
        place, last = part.document.place(part.where), part.get(end)
        if last not in (None, "never") and last < self.report.today.isoformat():
            return f"Ended on {last}; weighs nothing."
        lifted = shown = 0
        for finding in (each for verdict in self.report.verdicts for each in verdict.findings):
            answer = finding.waiver or finding.agreement or finding.fulfilled or finding.determination
            if answer is not None and answer.get("from_file") == place:
                lifted, shown = lifted + (finding.original_outcome is not None), shown + 1
        if lifted:
            return f"Counts for {lifted} finding{'' if lifted == 1 else 's'}."
        if shown:
            return "Is shown and moves nothing."
        return "Meets no finding, or helps none; see the report."

    def facts(self) -> Iterator[Block]:
        """The facts that all this rests on: stated, assumed, and left out."""
        whole = schema("org", self.vocabulary)["$defs"]
        yield Heading("The facts that this rests on")
        yield Heading(f"The organisation: {self.name}", 3)
        yield Table(("fact", "value"), tuple(_stated(self.policy.organisation.data, whole["organisation"])))
        for use, part in self.policy.uses.items():
            yield Heading(f"The use: {use}", 3)
            rows = tuple(_stated(part.data, whole["use"]))
            yield Table(("fact", "value"), rows) if rows else Paragraph("Nothing is said of it.")
        yield Heading("Assumed, since it was left out", 3)
        assumed = sorted(
            {
                f"`{fact['fact']}` was taken as {fact['value']}"
                for verdict in self.report.verdicts
                for fact in verdict.relied_on
                if fact["assumed"]
            }
        )
        yield Bullets(tuple(assumed)) if assumed else Paragraph("Nothing was assumed.")
        yield Heading("Not known", 3)
        asked = tuple(f"`{each['key']}` (may settle {each['verdicts']} verdicts)" for each in self.report.ask)
        yield Bullets(asked) if asked else Paragraph("Nothing is missing that would settle a verdict.")

    def limitations(self) -> Iterator[Block]:
        """What this can't know."""
        yield Heading("Known limitations")
        yield Bullets((*self.report.limitations, *self.report.unmatched))

    def rules(self) -> Iterator[Block]:
        """Every rule in force with its tests in words."""
        yield Heading("Annex: every rule in force")
        yield Paragraph(
            "A rule applies where all that stands in its line holds; after `; or` stands another way. After `; and "
            "besides` stands what must hold as well, in one of the ways that are named."
        )
        for pack in dict.fromkeys(rule.pack for rule in self.policy.rules):
            known: Mapping[str, Any] = self.report.catalog.data["packs"].get(pack, {})
            yield Heading(str(known.get("title", "Rules of this policy" if pack == "own" else pack)), 3)
            if known.get("about"):
                yield Paragraph(str(known["about"]))
            yield Table(
                ("rule", "outcome", "kind", "applies where"),
                tuple(
                    (rule.id, rule.outcome, rule.kind, self._annexed(rule))
                    for rule in self.policy.rules
                    if rule.pack == pack
                ),
            )

    def _annexed(self, rule: Rule) -> str:
        found = applies(rule, self.vocabulary)
        return f"{found}. It takes away: {', '.join(rule.overrides)}." if rule.overrides else found

    def signatures(self) -> Iterator[Block]:
        """Room for names."""
        yield Heading("Signatures")
        yield Table(("name", "function", "day", "signature"), (("", "", "", ""),) * 3)


def _by_models(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Rows of use, model and more, those that differ by the model only put together."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for use, model, *rest in rows:
        found.setdefault((use, *rest), {}).setdefault(model)
    return tuple((use, ", ".join(models), *rest) for (use, *rest), models in found.items())


def _about(part: Part) -> str:
    """Which license, models and uses an entry names."""
    named: list[str] = []
    for key in ("license", "model", "models", "use", "uses", "covers"):
        value = part.get(key)
        if value is not None:
            named.append(f"{key} {', '.join(value) if isinstance(value, list) else value}")
    return "; ".join(named) or "everything"


def _stated(data: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a mapping of the policy states, each key by the description that its schema gives it."""
    for key, value in data.items():
        if key in ("name", "affiliates"):
            continue
        means = described["properties"].get(key, {}).get("description") or key
        yield f"{means.partition('; ')[0].rstrip('.')} (`{key}`)", _said(value)
    companies = data.get("affiliates")
    if companies is not None:
        yield "Affiliates (`affiliates`)", _said(companies)


def _said(value: Any) -> str:
    """A value of the policy without the marks of the file."""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {_said(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ("; " if any(isinstance(item, dict) for item in value) else ", ").join(map(_said, value)) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
