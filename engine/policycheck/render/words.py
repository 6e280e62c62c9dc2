"""How a finding, a citation and an answer are said, in whatever format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policycheck.finding import Finding, Outcome
from policycheck.license import Clause
from policycheck.report import Report
from policycheck.verdict import Verdict

_APPLIES = {"triggered": "applies", "not-triggered": "does not apply"}
# The runner of a pipeline obeys a line that begins with `::`, blanks aside, and `##[` or `##vso[` wherever it stands.
_COMMANDS = re.compile(r"^(\s*)(?=::)|(?<=#)(?=#\w*\[)")


def clean(text: str) -> str:
    """A text without characters that move the cursor, and without commands to the runner of a pipeline."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return inert(text)


def inert(line: str) -> str:
    """A line that no runner of a pipeline takes for a command: a backslash breaks it."""
    return _COMMANDS.sub(r"\1\\", line) if "::" in line or "##" in line else line


def heading(verdict: Verdict) -> str:
    """The first line of a verdict: hearsay says so at once."""
    said = f"{verdict.verdict.upper()}: {verdict.model} for {verdict.use}"
    if verdict.verdict == "allow" and verdict.evidence == "reported":
        said += " (rests on hearsay: nobody read the license)"
    return clean(said)


def cited(clause: Clause) -> str:
    """A citation in one line: document, section, heading, where it stands, and which copy was read."""
    section = clause.section or ""
    number = f"section {section}" if section[:1].isdigit() else section
    head = f" “{clause.heading}”" if clause.heading and clause.heading != section else ""
    where = f"{clause.license}, {clause.text.document}" if clause.text.document != "license" else clause.license
    if clause.text.sha256:
        read = f"text read {clause.text.read_on}, sha256 {clause.text.sha256[:12]}…"
    else:
        read = f"{clause.evidence.name}, text not read"
    return clean(f"{where}, {number}{head} ({clause.text.url}; {read})")


def kind_of(finding: Finding) -> str:
    """Rule, kind and basis in a few words."""
    open_word = ", undetermined" if finding.undetermined else ""
    return f"{finding.rule}: {finding.kind}, basis {finding.basis}{open_word}"


def tier(verdict: Verdict) -> str:
    """What the license is for everyone; an allow under one withheld from business says for whom it is withheld."""
    return f"tier {verdict.tier}{' for business' if verdict.tier == 'unusable' else ''}"


def prescribed(finding: Finding) -> Iterator[str]:
    """The words that a license prescribes for a duty, so that nobody has to look them up."""
    if finding.rule_kind == "duty" and not finding.undetermined:
        labels = dict.fromkeys(str(clause.more["label"]) for clause in finding.clauses if "label" in clause.more)
        yield from (f"The words: “{label}”" for label in labels)


def next_step(finding: Finding) -> str | None:
    """What to do about a finding that stands; a question that counsel has answered asks counsel no more."""
    if finding.determination:
        return "Take another model, or ask the licensor; by counsel's reading the clause applies."
    return finding.next_step


def answers(finding: Finding) -> Iterator[str]:
    """What was said in answer to a finding, one line each."""
    would = finding.original_outcome.name if finding.original_outcome is not None else ""
    if finding.defeated_by:
        yield f"would {would}; `{finding.defeated_by}` takes it away"
    if finding.agreement:
        reference = finding.agreement.get("reference", "an agreement")
        expires = finding.agreement["expires"]
        term = "without an end" if expires == "never" else f"until {expires}"
        yield f"covered by {reference} with {finding.agreement['licensor']} {term}"
    if finding.fulfilled:
        until = finding.fulfilled.get("valid_until")
        end = f", valid until {until}" if until else ""
        seen = f" ({finding.fulfilled['evidence']})" if "evidence" in finding.fulfilled else ""
        yield f"done by {finding.fulfilled['done_by']} on {finding.fulfilled['done_on']}{end}{seen}"
    if finding.determination:
        said = finding.determination
        who = ", ".join(str(said[key]) for key in ("by", "on", "reference") if key in said)
        yield f"counsel's reading ({who}): the clause {_APPLIES[said['answer']]}. {said.get('reading', '')}".rstrip()
    if finding.waiver:
        said = finding.waiver
        yield (
            said.get("said")
            or f"waived (would {would}): {said['reason']} ({said['approved_by']}, until {said['expires']})"
        )
    for answer in (finding.agreement, finding.fulfilled, finding.determination, finding.waiver):
        if answer and "ends_soon" in answer:
            yield f"this {answer['ends_soon']}"
        if answer and "note" in answer:
            yield f"note: {answer['note']}"
    yield from finding.near_misses


def noted(verdict: Verdict) -> list[str]:
    """What the policy notes on the mappings that hold facts of a verdict, each once."""
    noted = {source.key.rpartition(".")[0]: source.note for source in verdict.sources if source.note is not None}
    return [clean(f"Note on `{home}`: {note}") for home, note in sorted(noted.items())]


def citations(clauses: Sequence[Clause], most: int) -> Iterator[str]:
    """Citations, one line each, the same passage once; beyond `most` only how many more there are."""
    lines = list(dict.fromkeys(cited(clause) for clause in clauses))
    yield from lines[:most]
    if len(lines) > most:
        more = len(lines) - most
        yield f"and {more} more clause{'' if more == 1 else 's'} (all in --format json)"


def first_reason(verdict: Verdict) -> str:
    """The rule that stands first in the way; empty where nothing does."""
    first = next(iter(weighing(verdict)), None)
    return first.rule if first else "license-not-read" if unread(verdict) else ""


def weighing(verdict: Verdict) -> list[Finding]:
    """Findings that stand in the way, the strictest first; those of `unread` are said together."""
    together = unread(verdict)
    return [f for f in verdict.findings if f.outcome is not Outcome.note and f not in together]


def unread(verdict: Verdict) -> list[Finding]:
    """Findings that can't be decided only since nobody has read what the license says, where there are several."""
    found = [f for f in verdict.findings if f.defeated_by is None and _only_unread(f)]
    return found if sum(f.outcome is not Outcome.note for f in found) > 2 else []


def unread_said(findings: Sequence[Finding]) -> str:
    """What nobody has read, and of which license, in one sentence."""
    licenses = " and ".join(dict.fromkeys(f"`{finding.license}`" for finding in findings if finding.license))
    facts = dict.fromkeys(key.removeprefix("license.") for finding in findings for key in finding.missing)
    listed = ", ".join(fact.replace("_", " ") for fact in facts)
    whose = licenses or "the license"
    return f"license-not-read: nobody has read what {whose} says on {listed}; {len(findings)} rules hang on it."


def unread_next(findings: Sequence[Finding]) -> str:
    """What to do about what nobody has read; no entry of a policy can answer it."""
    return str(next((finding.next_step for finding in findings if finding.next_step), ""))


def answered(verdict: Verdict) -> list[Finding]:
    """Findings that an answer or an exception made a note; they stay in every report."""
    return [
        f for f in verdict.findings if f.outcome is Outcome.note and (f.original_outcome is not None or f.defeated_by)
    ]


def notes(verdict: Verdict) -> list[Finding]:
    """Findings that only inform."""
    done = [*answered(verdict), *unread(verdict)]
    found = [f for f in verdict.findings if f.outcome is Outcome.note and f not in done and not _only_unread(f)]
    # Parts of a model are judged one by one; what is so of each in the same words is said once.
    return list({(f.rule, f.message, tuple(citations(f.clauses, len(f.clauses)))): f for f in found}.values())


def _only_unread(finding: Finding) -> bool:
    return finding.undetermined and all(key.startswith("license.") for key in finding.missing)


def summary(report: Report) -> str:
    """The counts in one line."""
    counts = report.counts
    waived = f", {report.waived} of them waived" if report.waived else ""
    verdicts = f"{len(report.verdicts)} verdict{'' if len(report.verdicts) == 1 else 's'}"
    return f"{verdicts}: {counts['block']} block, {counts['conditional']} conditional, {counts['allow']} allow{waived}."


def assumed(report: Report) -> list[str]:
    """The facts that were assumed, since they were left out."""
    return sorted({f"`{each.key}` was taken as {each.value}" for each in report.sources if each.assumed})
