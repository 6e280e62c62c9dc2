"""The YAML that records a condition as done, printed beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from policycheck.finding import Finding, Outcome

_IN_FILES = frozenset({"disagreement", "changes", "drift"})
_ANSWERABLE_BY_LICENSOR = ("prohibition", "cap", "exclusion")


def record(finding: Finding, model: str, use: str, today: date) -> str | None:
    """The lines for org.yaml that answer the finding; None where nothing is asked."""
    if finding.outcome is Outcome.note:
        return None
    if finding.lacks_fact:
        return _facts(finding.missing, (finding.exception or finding).grounds.company, today)
    target = _target(finding, model)
    # A question that counsel has answered is the licensor's to lift.
    answered = finding.determination is not None
    if finding.kind == "question" and not answered:
        return "\n".join(
            (
                "determinations:",
                f"  - question: {finding.rule}",
                f"    {target}",
                "    answer: not-triggered        # or triggered",
                "    reading: …",
                "    by: …",
                f"    on: {today}",
                f"    finding: {finding.fingerprint}",
            )
        )
    if finding.kind in ("duty", "review"):
        lines = [
            "fulfilled:",
            f"  - rule: {finding.rule}",
            f"    {target}",
            *([f"    section: {scalar(finding.passage)}"] if finding.passage else []),
            f"    use: {use}",
            "    evidence: …",
            "    done_by: …",
            f"    done_on: {today}",
            # What is odd in a model's files may be joined by something else tomorrow.
            *([f"    finding: {finding.fingerprint}"] if _IN_FILES & finding.figures.keys() else []),
        ]
        return "\n".join(lines)
    if finding.basis == "house":
        return "\n".join(
            (
                "waivers:",
                f"  - rule: {finding.rule}",
                f"    {target}",
                f"    use: {use}",
                "    reason: …",
                "    approved_by: …",
                f"    approved_on: {today}",
                "    expires: …",
                f"    finding: {finding.fingerprint}",
            )
        )
    licensors = finding.basis == "license" and finding.license is not None
    if licensors and (answered or finding.kind in _ANSWERABLE_BY_LICENSOR):
        return _agreement(finding)
    return None


def _agreement(finding: Finding) -> str:
    # An agreement that names no licensee is one of the organisation.
    licensee = finding.grounds.licensee
    return "\n".join(
        (
            "agreements:",
            f"  - licensor: {scalar(finding.grounds.licensor or '…')}",
            *([f"    licensee: {scalar(licensee)}"] if licensee else []),
            f"    license: {finding.license}",
            f"    covers: [{finding.rule}]",
            "    reference: …",
            "    expires: …                   # a day, or never",
        )
    )


def _target(finding: Finding, model: str) -> str:
    by_license = finding.basis == "license" and finding.license is not None
    return f"license: {finding.license}" if by_license else f"model: {scalar(model)}"


def scalar(name: str) -> str:
    """A name as YAML reads it back; in double quotes where it could be read as anything else."""
    plain = re.fullmatch(r"[A-Za-z][\w./ -]*\w|…", name, re.ASCII) and name.lower() not in ("true", "false", "null")
    # What can't be seen is escaped, and a runner of a pipeline would obey `##[`.
    return name if plain else json.dumps(name, ensure_ascii=not name.isprintable()).replace("##", "#\\u0023")


def _facts(missing: Iterable[str], company: Callable[[str], str | None], today: date) -> str | None:
    """The missing keys as they would stand in the policy, nested; one inside a list with the name of its entry.

    `company` gives the name of the company in a list to which a key belongs. Other keys in lists are remarks.
    """
    tree: dict[str, Any] = {}
    remarks: list[str] = []
    for key in missing:
        name, _, month = key.partition(" for ")
        if not name.startswith(("organisation", "uses", "use", "settings")):
            continue
        listed = company(name)
        if "[" in name and (listed is None or name.count("[") > 1):
            remarks.append(f"# {key}: …")
            continue
        *above, last = name.split(".")
        # A rate moves, so it counts with its day only.
        rate = above[1:2] == ["exchange_rates"]
        node = tree
        for part in above:
            part, _, number = part.partition("[")
            node = node.setdefault(part, {}) if isinstance(node.get(part, {}), dict) else {}
            if number:
                node = node.setdefault(number, {"- name": scalar(str(listed))})
        node.setdefault(last, _dated(last, month) if month else "…")
        if rate:
            node.setdefault("on", today)
    return "\n".join([*_nested(tree, ""), *remarks]) or None


def _dated(key: str, when: str) -> str:
    """A figure of one month or year as the policy writes it."""
    if not key.endswith("revenue"):
        return f"[{{month: {when}, value: …}}]"
    return f"{{amount: …, currency: …, {'month' if '-' in when else 'year'}: {when}}}"


def _nested(tree: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in tree.items():
        if key.endswith("]"):  # An entry of a list, named first.
            yield from _nested(value, indent)
        elif isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _nested(value, indent + "  ")
        else:
            yield f"{indent}{key}: {value}"
            indent += "  " if key == "- name" else ""
