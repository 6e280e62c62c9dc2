"""Between licenses joined by OR the mildest counts, and the report names the choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from policycheck.catalog import Catalog
from policycheck.facts import Source
from policycheck.finding import Finding, Outcome, strictest
from policycheck.grounds import Told
from policycheck.later import newest
from policycheck.subjects import Strand


class Option(NamedTuple):
    """Licenses that all count, what was found under them, and the facts of the policy that were read."""

    strands: tuple[Strand, ...]
    findings: Sequence[Finding]
    read: tuple[tuple[Source, ...], ...]


def chosen(options: Sequence[Option], catalog: Catalog) -> Option:
    """The mildest of several options, which says that there were others; it rests on what was read for any of them."""
    best, said = options[0], list[str]()
    if len(options) > 1:
        best = min(options, key=_strictness)
        said.append(
            f"The publisher offers {len(options)} licenses to choose from; this verdict chooses {_names(best)}."
        )
    said += _newest_already(best.strands, catalog)
    if not said:
        return best
    findings = in_order([*best.findings, *(_told(best.strands, each) for each in said)])
    return Option(best.strands, findings, tuple(group for option in options for group in option.read))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The strictest first."""
    return sorted(findings, key=lambda each: (-each.outcome, -each.rule_outcome, each.rule, each.license or ""))


def _strictness(option: Option) -> tuple[Outcome, int, int]:
    """Of options that weigh the same, those of one version go together: what stands under the fewest licenses."""
    weight = sum(3 if finding.outcome is Outcome.block else finding.outcome for finding in option.findings)
    licenses = {strand.license.id if strand.license else strand.named for strand in option.strands}
    return strictest(option.findings), weight, len(licenses)


def _names(option: Option) -> str:
    names = (strand.license.name if strand.license else str(strand.named) for strand in option.strands)
    return " and ".join(dict.fromkeys(names))


def _newest_already(strands: Iterable[Strand], catalog: Catalog) -> Iterator[str]:
    """A sentence for each name that lets one take a later version, where there is none."""
    for name in dict.fromkeys(strand.named for strand in strands):
        if name is not None and newest(name, catalog):
            own = catalog.license(str(catalog.resolve_license(name))).name
            yield f"`{name}` lets you take a later version too; the catalog knows none, and {own} counts."


def _told(strands: Sequence[Strand], said: str) -> Finding:
    return Finding(
        rule="license-choice",
        license=strands[0].license.id if strands[0].license else None,
        component="weights",
        outcome=Outcome.note,
        rule_outcome=Outcome.note,
        kind="notice",
        basis="license",
        rule_kind="notice",
        undetermined=False,
        grounds=Told(message=said),
    )
