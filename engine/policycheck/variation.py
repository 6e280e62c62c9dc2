"""A policy with a key changed, without editing the file: `--set organisation.mau=800M`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from policycheck.documents import Document, Key, Where, dotted, parse, printable
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.vocabulary import suggestion

_PART = re.compile(r"([^.\[\]]+)|\[(\d+|\+)\]")
_APPEND = -1
"""Stands for `[+]` in a path: one more entry at the end of a list."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of a policy and the value that it takes in a variation."""

    where: Where
    value: Any


def with_settings(document: Document, settings: Iterable[str]) -> Document:
    """The document with each `KEY=VALUE` set; VALUE is YAML, and `KEY[+]` adds to a list.

    Raises UsageError where one can't be set.
    """
    settings = list(settings)
    changed = document
    for setting in settings:
        key, equals, text = setting.partition("=")
        where = path_of(key, changed.data)
        if not equals or not where or _written(where) != key.strip():
            raise UsageError(f"`--set {setting}`: write KEY=VALUE, as organisation.mau=800M")
        try:
            _use_is_there(changed.data, where)
            value = parse(b"value: " + text.encode(), f"--set {key}").data["value"]
            changed = with_value(changed, Setting(where, value))
        except DocumentError as error:
            said = re.sub("^`value`", f"`{key.strip()}`", error.problems[0].message)
            raise UsageError(f"`--set {setting}`: {said}") from None
        except UsageError as error:
            raise UsageError(f"`--set {setting}`: {error}") from None
    raw = document.raw + "".join(f"\n--set {setting}" for setting in settings).encode()
    return replace(changed, raw=raw)


def told(error: DocumentError, document: Document, settings: Iterable[str]) -> DocumentError:
    """The error with each setting named beside the problems that it makes; the file says something else there."""
    made = {_written(path_of(each.partition("=")[0], document.data)).removesuffix("[+]"): each for each in settings}
    problems: list[Problem] = []
    for problem in error.problems:
        setting = next((made[path] for path in reversed(made) if _touches(problem.path, path)), None)
        if setting is not None and problem.file == document.file:
            problem = replace(problem, message=f"{problem.message} (from `--set {printable(setting)}`)")
        problems.append(problem)
    return DocumentError(problems, error.document)


def with_value(document: Document, setting: Setting) -> Document:
    """The document with one value set, which stands where the nearest part of the document does.

    Raises UsageError where there is no place for it.
    """
    data: Any = copy.deepcopy(document.data)
    where = _put(data, setting.where, setting.value)
    mark = document.mark(where)
    values, keys = {**document.values, where: mark}, {**document.keys, where: mark}
    return replace(document, data=data, values=values, keys=keys)


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


def _use_is_there(data: Any, where: Where) -> None:
    """Refuses a key of a use that is not there: a name that was misspelt would make a use of its own."""
    uses = data.get("uses") if isinstance(data, dict) else None
    if isinstance(uses, dict) and len(where) > 2 and where[0] == "uses" and where[1] not in uses:
        near = suggestion(str(where[1]), uses)
        listed = ", ".join(f"`{name}`" for name in uses)
        raise UsageError(
            f"the policy has no use called `{where[1]}`; "
            + (f"did you mean `{near}`?" if near else f"there are {listed}")
        )


def _put(data: Any, where: Where, value: Any) -> Where:
    """Puts the value there, and gives its path in the changed document."""
    if not isinstance(data, dict):
        return where  # The schema says what is wrong with such a document.
    node: Any = data
    for depth, (part, following) in enumerate(pairwise(where)):
        new: Any = [] if following == _APPEND else {}
        if isinstance(node, list) and isinstance(part, int) and 0 <= part < len(node):
            node = node[part]
        elif isinstance(node, dict) and isinstance(part, str) and (part in node or _may_begin(following)):
            node = node.setdefault(part, new)
        else:
            raise UsageError(_no_place(node, where, depth))
    last = where[-1]
    if isinstance(node, list) and last == _APPEND:
        node.append(value)
        return (*where[:-1], len(node) - 1)
    fits = 0 <= last < len(node) if isinstance(node, list) and isinstance(last, int) else isinstance(last, str)
    if isinstance(node, dict | list) and fits and isinstance(node, list) == isinstance(last, int):
        node[last] = value  # type: ignore[index]  # the line above told list and mapping apart
        return where
    raise UsageError(_no_place(node, where, len(where) - 1))


def _may_begin(part: Key) -> bool:
    """Whether something that is not there yet may begin with this part: a key, or an entry that is added."""
    return isinstance(part, str) or part == _APPEND


def _no_place(node: Any, where: Where, depth: int) -> str:
    """Why the part of a path at this depth can't be set in `node`, and what can be."""
    part, home = where[depth], _written(where[:depth])
    if isinstance(node, list) and part == _APPEND:
        return f"`{home}[+]` adds a whole entry; write it as `{home}[+]={{{where[depth + 1]}: …}}`"
    if isinstance(node, list) and isinstance(part, int):
        held = f"has {len(node)}, counted from 0" if node else "is empty"
        return f"`{home}` {held}, so that there is no entry {part}; `{home}[+]` adds one"
    if isinstance(node, list):
        return f"`{home}` is a list; name an entry of it, as `{home}[0].{part}`"
    if isinstance(node, dict) and isinstance(part, int):
        return f"`{home}` is no list, so that there is no entry {_written((part,))}"
    if isinstance(node, dict):
        return f"`{_written(where[: depth + 1])}` is not there; `{_written(where[: depth + 1])}[+]` begins it"
    told = {True: "true", False: "false"}[node] if isinstance(node, bool) else node
    entry = f"{{{where[-1]}: …}}" if isinstance(where[-1], str) else "…"
    whole = f"[{entry}]" if isinstance(part, int) else f"{{{part}: …}}"
    # `true` and a count stand for a mapping and a list; a text mostly has no other form.
    example = "" if isinstance(node, str) and isinstance(part, str) else f", as `{home}={whole}`"
    return f"`{home}` is `{told}`, which has no parts; set it as a whole{example}"


def _written(where: Where) -> str:
    """A path as `--set` takes it."""
    return dotted(where).replace(f"[{_APPEND}]", "[+]")


def with_mapping(document: Document, home: Document, at: Where) -> tuple[Document, list[Problem]]:
    """The document with every `KEY: VALUE` of the mapping at `at` in `home` set, a case or answers file.

    Beside it the keys that have no place, each as a problem where it stands in `home`.
    """
    wrong: list[Problem] = []
    for key, value in _part(home, at).items():
        where = path_of(key, document.data)
        try:
            if not where or _written(where) != key.strip():
                raise UsageError(f"`{key}` is no key of a policy; write it as organisation.mau")
            document = with_value(document, Setting(where, value))
        except UsageError as error:
            wrong.append(home.problem((*at, key), str(error), key=True))
    return document, wrong


def rehomed(
    problems: Iterable[Problem], document: Document, home: Document, places: Sequence[Where]
) -> Iterator[Problem]:
    """Problems of a policy with the mappings at `places` in `home` set, each told where it stands in `home`."""
    keys = {_written(path_of(key, document.data)): (*at, key) for at in places for key in _part(home, at)}
    for problem in problems:
        if problem.file != document.file:
            yield problem
            continue
        meant = next((path for path in keys if _touches(problem.path, path.removesuffix("[+]"))), None)
        if meant is None:
            yield home.problem(places[-1], f"with these values, `{problem.path}` no longer fits: {problem.message}")
            continue
        rest = path_of(problem.path[len(meant.removesuffix("[+]")) :].lstrip("."), None)
        rest = rest[1:] if meant.endswith("[+]") else rest
        about_key = problem.message.startswith("unknown key")
        yield home.problem((*keys[meant], *rest), problem.message, suggestion=problem.suggestion, key=about_key)


def _touches(path: str, set_path: str) -> bool:
    """Whether a problem at `path` is one of what was set at `set_path`, or of a mapping made on the way to it."""
    return path == set_path or path.startswith((f"{set_path}.", f"{set_path}[")) or set_path.startswith(f"{path}.")


def _part(home: Document, at: Where) -> Any:
    found = home.data
    for part in at:
        found = found[part]
    return found
