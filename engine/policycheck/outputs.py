"""Schemas of outputs that hold parts of other outputs, put together so that they can't differ."""

from __future__ import annotations

from typing import Any


def add_verdict(explanation: dict[str, Any], report: dict[str, Any]) -> None:
    """Puts into the schema of an explanation what it shares with the schema of a report: a whole verdict."""
    parts = report["$defs"]
    added = explanation["$defs"]["explanation"]
    verdict = parts.pop(added.pop("x-adds-to"))
    added["required"] = [*verdict["required"], *added["required"]]
    added["properties"] = {**verdict["properties"], **added["properties"]}
    explanation["$defs"].update(parts)
