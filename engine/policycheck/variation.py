"""A policy with a key changed, without editing the file: `--set organisation.mau=800M`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from policycheck.documents import Document, Key, Where, parse
from policycheck.errors import DocumentError, UsageError

_PART = re.compile(r"([^.\[\]]+)|\[(\d+|\+)\]")
_APPEND = -1
"""Stands for `[+]` in a path: one more entry at the end of a list."""


def with_settings(document: Document, settings: Iterable[str]) -> Document:
    """The document with each `KEY=VALUE` set; VALUE is YAML, and `KEY[+]` adds to a list.

    Raises UsageError where one can't be set.
    """
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
        where = _put(data, where, value, setting)
        values[where] = keys[where] = document.mark(where)
    changed = document.raw + "".join(f"\n--set {setting}" for setting in settings).encode()
    return replace(document, data=data, values=values, keys=keys, raw=changed)


def path_of(key: str, data: Any) -> Where:
    """A key as messages write it, as a path; a name with dots in it is taken whole where the data has it."""
    where: list[Key] = []
    for match in _PART.finditer(key.strip()):
        where.append(match[1] or (_APPEND if match[2] == "+" else int(match[2])))
    if isinstance(data, dict) and where[:1] == ["uses"] and isinstance(data.get("uses"), dict):
        rest = key.strip()[len("uses.") :]
        for name in sorted(data["uses"], key=len, reverse=True):
            if rest == name or rest.startswith(f"{name}."):
                return ("uses", name, *path_of(rest[len(name) + 1 :], None))
    return tuple(where)


def _put(data: Any, where: Where, value: Any, setting: str) -> Where:
    """Puts the value there, and gives its path in the changed document."""
    if not isinstance(data, dict):
        return where  # The schema says what is wrong with such a document.
    node: Any = data
    for part, following in pairwise(where):
        new: Any = [] if following == _APPEND else {}
        if isinstance(node, list) and isinstance(part, int) and 0 <= part < len(node):
            node = node[part]
        elif isinstance(node, dict) and isinstance(part, str) and (part in node or _may_begin(following)):
            node = node.setdefault(part, new)
        else:
            raise UsageError(f"`--set {setting}`: `{_shown(part)}` is not there to be changed")
    last = where[-1]
    if isinstance(node, list) and last == _APPEND:
        node.append(value)
        return (*where[:-1], len(node) - 1)
    fits = 0 <= last < len(node) if isinstance(node, list) and isinstance(last, int) else isinstance(last, str)
    if isinstance(node, dict | list) and fits and isinstance(node, list) == isinstance(last, int):
        node[last] = value  # type: ignore[index]  # the line above told list and mapping apart
        return where
    raise UsageError(f"`--set {setting}`: `{_shown(last)}` is not there to be changed")


def _may_begin(part: Key) -> bool:
    """Whether something that is not there yet may begin with this part: a key, or an entry that is added."""
    return isinstance(part, str) or part == _APPEND


def _shown(part: Key) -> str:
    return "[+]" if part == _APPEND else str(part)
