"""Changes one place of a YAML file: every other line, its comments and its line ends stay as they are.

A library that loads and writes the whole file again sets quotes, folds and indentation its own way. Here the marks of
the nodes say which lines are meant, and what was written is read again before anybody gets it.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from policycheck.documents import Document, Key, Where, dotted, parse
from policycheck.errors import DocumentError, PolicycheckError

_BREAKS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_BOM = "\ufeff"
_LONGEST = 100


def put(document: Document, where: Where, value: Any) -> Document:
    """The document with `value` at `where`; mappings on the way are made. Raises PolicycheckError where it can't be.

    A commented-out line for the key (`# mau: 12M`) at its place gives way to the new one.
    """
    expected = copy.deepcopy(document.data)
    if not _set(expected, where, value):
        raise PolicycheckError(f"`{dotted(where)}` can't be written into {document.file}: its place is taken")
    page = _Page(document)
    page.put(where, value)
    return page.read_again(document, where, expected)


def rename(document: Document, where: Where, name: str) -> Document:
    """The document with another name for the key at `where`."""
    expected = copy.deepcopy(document.data)
    node: Any = expected
    for part in where[:-1]:
        node = node[part]
    items = [(name if key == where[-1] else key, inner) for key, inner in node.items()]
    node.clear()
    node.update(items)
    line, column = document.mark(where, key=True)
    page = _Page(document)
    page.replace((line - 1, column - 1), (line - 1, column - 1 + len(str(where[-1]))), flow(name))
    return page.read_again(document, where, expected)


def flow(value: Any) -> str:
    """A value in one line of YAML, in quotes only where it would be read as something else."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) or _plain(value) else json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> bool:
    try:
        # Between brackets, and after a key in a line of its own, where `-` begins a list.
        return all(parse(f"{line}\n".encode(), "").data == read for line, read in _places(text))
    except DocumentError:
        return False


def _places(text: str) -> tuple[tuple[str, Any], ...]:
    return (f"{{k: [{text}]}}", {"k": [text]}), (f"k: {text}", {"k": text}), (f"- {text}", [text])


def block(key: str, value: Any, indent: int) -> Iterator[str]:
    """`key: value` in lines: lists of mappings and long lists one below the other, all else in one line."""
    lead = " " * indent
    line = f"{lead}{flow(key)}: {flow(value)}"
    deep = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value))
    if not value or not (deep or (isinstance(value, list) and len(line) > _LONGEST)):
        yield line
        return
    yield f"{lead}{flow(key)}:"
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from block(name, inner, indent + 2)
        return
    for item in value:
        yield from _item(item, indent + 2)


def _item(item: Any, indent: int) -> Iterator[str]:
    lead = " " * indent
    if not isinstance(item, dict) or not item:
        yield f"{lead}- {flow(item)}"
        return
    lines = [line for name, inner in item.items() for line in block(name, inner, indent + 2)]
    yield f"{lead}- {lines[0].lstrip()}"
    yield from lines[1:]


def _set(data: Any, where: Where, value: Any) -> bool:
    """Sets the value in plain data; whether there is a place for it."""
    node = data
    for part, following in pairwise(where):
        fresh: Any = [] if isinstance(following, int) else {}
        if isinstance(node, dict) and isinstance(part, str):
            if not isinstance(node.get(part), dict | list):
                node[part] = fresh
        elif not (isinstance(node, list) and isinstance(part, int) and part <= len(node)):
            return False
        elif part == len(node):
            node.append(fresh)
        node = node[part]
    last = where[-1]
    if isinstance(node, dict) and isinstance(last, str):
        node[last] = value
    elif isinstance(node, list) and isinstance(last, int) and last <= len(node):
        node[last:] = [value, *node[last + 1 :]]
    else:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Found:
    """The deepest node on a path that is there, its key, and what of the path is left."""

    node: Any
    key: Any
    rest: Where


class _Page:
    """The lines of a file, each with its own end, and the nodes that stand in them."""

    def __init__(self, document: Document) -> None:
        text = document.raw.decode("utf-8")
        self.bom = _BOM if text.startswith(_BOM) else ""
        self.lines = [line for line in _BREAKS.split(text.removeprefix(_BOM)) if line]
        self.end = "\r\n" if self.lines and self.lines[0].endswith("\r\n") else "\n"
        even = "".join(re.sub(r"\r\n?", "\n", line) for line in self.lines)
        self.root = yaml.compose(even, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))

    def read_again(self, document: Document, where: Where, expected: Any) -> Document:
        raw = (self.bom + "".join(self.lines)).encode()
        try:
            found = parse(raw, document.file)
        except DocumentError:
            found = None
        if found is None or found.data != expected:
            raise PolicycheckError(
                f"`{dotted(where)}` can't be written into {document.file} without touching the rest; do it by hand"
            )
        return found

    def put(self, where: Where, value: Any) -> None:
        found = self._find(where)
        for part in reversed(found.rest[1:]):
            value = {part: value} if isinstance(part, str) else [value]
        if not found.rest:
            self._replace_node(found.node, found.key, value)
        elif isinstance(found.node, yaml.MappingNode):
            self._add_key(found.node, found.key, found.rest[0], value)
        elif isinstance(found.node, yaml.SequenceNode) and isinstance(found.rest[0], int):
            self._add_item(found.node, found.key, value)
        else:
            self._replace_node(
                found.node, found.key, {found.rest[0]: value} if isinstance(found.rest[0], str) else [value]
            )

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        """Puts `text` in the place of all from `start` up to `end`, each a line and a column from 0."""
        first, last = self.lines[start[0]], self.lines[end[0]] if end[0] < len(self.lines) else ""
        self.lines[start[0] : end[0] + 1] = [first[: start[1]] + text + last[end[1] :]]

    def _find(self, where: Where) -> _Found:
        node, key, rest = self.root, None, tuple(where)
        while rest:
            inner = _child(node, rest[0])
            if inner is None:
                break
            key, node = inner
            rest = rest[1:]
        return _Found(node, key, rest)

    def _replace_node(self, node: Any, key: Any, value: Any) -> None:
        if not _is_block(node):
            self.replace(_start(node), _end(node), flow(value))
            return
        if self._thin_out(node, value):
            return
        last = self._last_line(node)
        if key is None:
            raise PolicycheckError("an item of several lines can't be replaced")
        line = self.lines[key.end_mark.line]
        colon = line.index(":", key.end_mark.column) + 1
        del self.lines[max(node.start_mark.line, key.end_mark.line + 1) : last + 1]
        self.lines[key.end_mark.line] = f"{line[:colon]} {flow(value)}{line[colon:]}"

    def _thin_out(self, node: Any, value: Any) -> bool:
        """Takes items out of a list of words, so that the others keep their remarks; whether that was all."""
        if not isinstance(node, yaml.SequenceNode) or not isinstance(value, list) or not value:
            return False
        wanted = [str(each) for each in value]
        stay = [item for item in node.value if isinstance(item, yaml.ScalarNode) and item.value in wanted]
        if [item.value for item in stay] != wanted:
            return False
        for item in reversed([item for item in node.value if item not in stay]):
            del self.lines[item.start_mark.line : self._last_line(item) + 1]
        return True

    def _add_key(self, node: Any, key: Any, name: Key, value: Any) -> None:
        if not _is_block(node):
            text = f"{flow(name)}: {flow(value)}"
            self._add_within(node, text, [inner for pair in node.value for inner in pair])
            return
        indent = node.value[0][0].start_mark.column
        lines = [line + self.end for line in block(str(name), value, indent)]
        first = key.end_mark.line + 1 if key is not None else 0 if node is self.root else node.start_mark.line
        stop = min(node.end_mark.line + (node.end_mark.column > 0), len(self.lines))
        example = self._commented(str(name), indent, range(first, stop))
        self._insert(lines, example or self._behind(node))

    def _add_item(self, node: Any, key: Any, value: Any) -> None:
        if not _is_block(node):
            self._add_within(node, flow(value), node.value)
            return
        lines = [line + self.end for line in _item(value, node.start_mark.column)]
        self._insert(lines, self._behind(node))

    def _add_within(self, node: Any, text: str, inner: list[Any]) -> None:
        """Adds to a collection in brackets: behind its last part, or between the brackets."""
        line, column = _end(inner[-1]) if inner else (_end(node)[0], _end(node)[1] - 1)
        self.replace((line, column), (line, column), f", {text}" if inner else text)

    def _behind(self, node: Any) -> range:
        line = self._last_line(node) + 1
        return range(line, line)

    def _insert(self, lines: list[str], place: range) -> None:
        if place.start and not self.lines[place.start - 1].endswith(("\n", "\r")):
            self.lines[place.start - 1] += self.end
        self.lines[place.start : place.stop] = lines

    def _commented(self, name: str, indent: int, lines: range) -> range | None:
        """The lines of a commented-out example of this key at this indentation."""
        key, deeper = re.compile(rf" {{{indent}}}# ?{re.escape(name)}:(\s|$)"), re.compile(rf" {{{indent}}}#  +\S")
        for number in lines:
            if key.match(self.lines[number]):
                stop = number + 1
                while stop < lines.stop and deeper.match(self.lines[stop]):
                    stop += 1
                return range(number, stop)
        return None

    def _last_line(self, node: Any) -> int:
        """The last line on which something of the node stands; comments behind it are none of its own."""
        if isinstance(node, yaml.ScalarNode):
            line: int = node.end_mark.line
            if node.style in ("|", ">"):
                line -= node.end_mark.column == 0
                while not self.lines[min(line, len(self.lines) - 1)].strip():
                    line -= 1
            return min(line, len(self.lines) - 1)
        if not _is_block(node):
            return int(node.end_mark.line)
        inner = node.value[-1]
        return self._last_line(inner[1] if isinstance(inner, tuple) else inner)


def _child(node: Any, part: Key) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    return None


def _is_block(node: Any) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _start(node: Any) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _end(node: Any) -> tuple[int, int]:
    return node.end_mark.line, node.end_mark.column
