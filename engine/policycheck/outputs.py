"""Schemas of outputs that hold parts of other outputs, put together so that they can't differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def whole(found: dict[str, Any], report: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The schema `found`; that of an explanation takes what it shares with the report's from there: a whole verdict."""
    added = found.get("$defs", {}).get("explanation")
    if added is None:
        return found
    parts = report()["$defs"]
    verdict = parts.pop(added.pop("x-adds-to"))
    added["required"] = [*verdict["required"], *added["required"]]
    added["properties"] = {**verdict["properties"], **added["properties"]}
    found["$defs"].update(parts)
    return found
