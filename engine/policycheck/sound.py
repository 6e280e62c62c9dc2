"""What is left of a policy once the parts that its schema refuses are set aside, so that the rest is checked too."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from policycheck.documents import Document, Where


def sound(document: Document, refused: Iterable[tuple[Where, Any]]) -> Document | None:
    """The document without the parts at these places, None where nothing is left.

    Lists keep their length, so that every part stays where it stands. Of a rule, what makes it one may be missing.
    """
    data = deepcopy(document.data)
    for where, instead in refused:
        if not where or not isinstance(data, dict):
            return None
        if where[0] == "rules" and len(where) > 1:
            name = document.data["rules"][where[1]]
            name = name.get("id") if isinstance(name, dict) else None
            where, instead = where[:2], {"id": name if isinstance(name, str) else ""}
        _set_aside(data, where, instead)
    return replace(document, data=data)


def _set_aside(data: Any, where: Where, instead: Any) -> None:
    *home, last = where
    for part in home:
        found = data.get(part) if isinstance(data, dict) else data[int(part)] if isinstance(data, list) else None
        if found is None:  # The whole was set aside before.
            return
        data = found
    if isinstance(data, list):
        data[int(last)] = "" if instead is None else instead
    elif isinstance(data, dict):
        if instead is None:
            data.pop(last, None)
        else:
            data[last] = instead
