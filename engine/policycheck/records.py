"""The YAML that records a condition as done, printed beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

from policycheck.finding import Finding, Outcome

_ANSWERABLE_BY_LICENSOR = ("prohibition", "cap", "exclusion")


def record(finding: Finding, model: str, use: str, today: date) -> str | None:
    """The lines for org.yaml that answer the finding; None where nothing is asked."""
    if finding.outcome is Outcome.note:
        return None
    if finding.undetermined:
        return _facts(finding.missing)
    target = _target(finding, model)
    if finding.kind == "question":
        return "\n".join(
            (
                "determinations:",
                f"  - question: {finding.rule}",
                f"    {target}",
                "    answer: not-triggered        # or triggered",
                "    reading: …",
                "    by: …",
                f"    on: {today}",
            )
        )
    if finding.kind in ("duty", "review"):
        lines = [
            "fulfilled:",
            f"  - rule: {finding.rule}",
            f"    {target}",
            f"    use: {use}",
            "    evidence: …",
            "    done_by: …",
            f"    done_on: {today}",
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
            )
        )
    if finding.kind in _ANSWERABLE_BY_LICENSOR and finding.license is not None:
        return "\n".join(
            (
                "agreements:",
                "  - licensor: …",
                f"    license: {finding.license}",
                f"    covers: [{finding.rule}]",
                "    reference: …",
                "    expires: …                   # a day, or never",
            )
        )
    return None


def _target(finding: Finding, model: str) -> str:
    by_license = finding.basis == "license" and finding.license is not None
    return f"license: {finding.license}" if by_license else f"model: {_scalar(model)}"


def _scalar(name: str) -> str:
    """A name as YAML reads it back; in double quotes where it could be read as anything else."""
    plain = re.fullmatch(r"[A-Za-z][\w./-]*", name, re.ASCII) and name.lower() not in ("true", "false", "null")
    return name if plain else json.dumps(name)


def _facts(missing: Iterable[str]) -> str | None:
    keys = [key for key in missing if key.startswith(("organisation", "uses", "use", "settings"))]
    return "\n".join(f"{key}: …" for key in keys) or None
