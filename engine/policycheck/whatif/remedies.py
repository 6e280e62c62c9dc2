"""Answers that may be given to a finding: an agreement, a duty done, counsel's reading, a waiver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policycheck.finding import Finding, Outcome
from policycheck.records import scalar
from policycheck.whatif.candidates import Candidate

if TYPE_CHECKING:
    from policycheck.whatif.bench import Bench

_BARS = ("prohibition", "cap", "exclusion")
_OPEN = "…"


def remedies(bench: Bench, finding: Finding) -> Iterator[Candidate]:
    """The answers that could lift the finding, each as an entry that is added to the policy."""
    if finding.defeated_by is not None or finding.outcome is Outcome.note:
        return
    if finding.license is not None and finding.basis == "license" and finding.rule_kind in _BARS:
        yield from _agreements(bench, finding.license)
    if finding.lacks_fact:
        return
    target = f"rule: {finding.rule}, model: {scalar(bench.present.model)}, use: {scalar(bench.use)}"
    day = bench.today.isoformat()
    if finding.rule_kind in ("duty", "review"):
        named = f"once `{finding.rule}` is done and recorded"
        if finding.passage is not None:
            target, named = f"{target}, section: {scalar(finding.passage)}", f"{named} for section {finding.passage}"
        yield _entry(finding, "fulfilled", f"{target}, done_by: {_OPEN}, done_on: {day}", named)
    elif finding.rule_kind == "question":
        asked = target.replace("rule:", "question:", 1)
        named = f"if counsel answers `{finding.rule}` with not-triggered"
        yield _entry(finding, "determinations", f"{asked}, answer: not-triggered, by: {_OPEN}, on: {day}", named)
    elif finding.basis == "house":
        signed = f"reason: {_OPEN}, approved_by: {_OPEN}, approved_on: {day}, expires: {day}"
        yield _entry(finding, "waivers", f"{target}, {signed}", f"with a waiver of `{finding.rule}` by your house")


def _entry(finding: Finding, section: str, entry: str, named: str) -> Candidate:
    answers = frozenset({(finding.rule, finding.license, finding.passage)})
    return Candidate(f"{section}[+]", f"{{{entry}}}", (section,), answers=answers, named=named)


def _agreements(bench: Bench, license: str) -> Iterator[Candidate]:
    """An agreement of each company that is judged, covering every bar of the license that stands in the way now."""
    licensor, bars = _licensor(bench, license), _bars(bench, license)
    if licensor is None or not bars:
        return
    use = bench.policy.uses[bench.use]
    client = use.part("client")
    holders = [use.get("licensee"), *([client.get("name")] if client is not None else [])]
    listed = ", ".join(f"`{rule}`" for rule in bars)
    for holder in holders:
        named = f", licensee: {scalar(holder)}" if holder else ""
        entry = f"licensor: {scalar(licensor)}{named}, license: {license}, covers: [{', '.join(bars)}], expires: never"
        of = f" of {holder}" if holder else ""
        yield Candidate(
            "agreements[+]",
            f"{{{entry}}}",
            ("agreements",),
            answers=frozenset((rule, license, None) for rule in bars),
            named=f"with an agreement{of} with {bench.catalog.publisher_name(licensor)} that covers {listed}",
        )


def _licensor(bench: Bench, license: str) -> str | None:
    """Who may permit more: the licensor, or of a public license the publisher of the model."""
    known = bench.catalog.license(license).licensor
    if known != "anyone":
        return known
    publishers = (s.publisher for s in bench.strands() if s.license is not None and s.license.id == license)
    return next((each.id for each in publishers if each is not None), None)


def _bars(bench: Bench, license: str) -> list[str]:
    return sorted(
        {
            finding.rule
            for _, verdict in bench.options(frozenset())
            for finding in verdict.findings
            if finding.license == license
            and finding.outcome
            and finding.rule_kind in _BARS
            and finding.basis == "license"
        }
    )
