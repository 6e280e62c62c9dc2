"""A policy with a key changed, without editing the file: `--set organisation.mau=800M`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from policycheck.documents import Document, Where, parse
from policycheck.errors import DocumentError, UsageError

_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def with_settings(document: Document, settings: Iterable[str]) -> Document:
    """The document with each `KEY=VALUE` set; VALUE is YAML. Raises UsageError where one can't be set."""
    data: Any = copy.deepcopy(document.data)
    values, keys = dict(document.values), dict(document.keys)
    for setting in settings:
        key, equals, text = setting.partition("=")
        where = path_of(key, data)
        if not equals or not where:
            raise UsageError(f"`--set {setting}`: write KEY=VALUE, as organisation.mau=800M")
        try:
            value = parse(b"value: " + text.encode(), f"--set {key}").data["value"]
        except DocumentError as error:
            raise UsageError(f"`--set {setting}`: {error.problems[0].message}") from None
        _put(data, where, value, setting)
        values[where] = keys[where] = document.mark(where)
    changed = document.raw + "".join(f"\n--set {setting}" for setting in settings).encode()
    return Document(document.file, data, values, keys, changed)


def path_of(key: str, data: Any) -> Where:
    """A key as messages write it, as a path; a name with dots in it is taken whole where the data has it."""
    where: list[str | int] = []
    for match in _PART.finditer(key.strip()):
        where.append(int(match[2]) if match[2] else match[1])
    if isinstance(data, dict) and where[:1] == ["uses"] and isinstance(data.get("uses"), dict):
        rest = key.strip()[len("uses.") :]
        for name in sorted(data["uses"], key=len, reverse=True):
            if rest == name or rest.startswith(f"{name}."):
                return ("uses", name, *path_of(rest[len(name) + 1 :], None))
    return tuple(where)


def _put(data: Any, where: Where, value: Any, setting: str) -> None:
    if not isinstance(data, dict):
        return  # The schema says what is wrong with such a document.
    node: Any = data
    for part, following in pairwise(where):
        if isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        elif isinstance(node, dict) and isinstance(part, str) and (part in node or isinstance(following, str)):
            node = node.setdefault(part, {})
        else:
            raise UsageError(f"`--set {setting}`: `{part}` is not there to be changed")
    last = where[-1]
    fits = last < len(node) if isinstance(node, list) and isinstance(last, int) else isinstance(last, str)
    if isinstance(node, dict | list) and fits and isinstance(node, list) == isinstance(last, int):
        node[last] = value  # type: ignore[index]  # the line above told list and mapping apart
    else:
        raise UsageError(f"`--set {setting}`: `{last}` is not there to be changed")
