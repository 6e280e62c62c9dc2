"""Strict YAML: one document of mappings, lists and scalars, with the line and column of each."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from policycheck.broken import syntax
from policycheck.errors import DocumentError, Problem
from policycheck.values import frozen

Key = str | int
Where = tuple[Key, ...]
Mark = tuple[int, int]

MOST_BYTES: Final = 2_000_000
MOST_VALUES: Final = 100_000
DEEPEST: Final = 40
MOST_PROBLEMS: Final = 200
# libyaml's parser where PyYAML was built with it (all wheels are); the same events otherwise.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DIRECTION = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Drawn as nothing, though Unicode counts most of them as letters or marks.
_UNSEEN = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffe\uffff")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,29})")
_ODD = re.compile(r"[^\n\t -~]")
# A space that is none to YAML, where a reader takes it for indentation or for the one after `:` and `-`.
_FALSE_BLANK = re.compile(r"^ *(?:- +)*(?:-|[^\s:#]+:)? *([\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])", re.M)
_EMPTY: Final = "the file is empty, or holds nothing but comments"


@frozen(kw_only=False)
class Document:
    """A document that was read: its data, and where each part of it stands."""

    file: str
    data: Any
    """Mappings, lists, strings, whole numbers, true and false."""
    values: dict[Where, Mark] = field(repr=False)
    """Line and column of each value, by its path."""
    keys: dict[Where, Mark] = field(repr=False)
    """Line and column of each key of a mapping, by the path of its value."""
    raw: bytes = field(repr=False, default=b"")
    folder: Path | None = None  # Where the files lie that it names, where that is not the folder of `file`.

    def mark(self, where: Where, *, key: bool = False) -> Mark:
        """Line and column of the part at `where`, or of the nearest part around it."""
        if key and where in self.keys:
            return self.keys[where]
        while where and where not in self.values:
            where = where[:-1]
        return self.values.get(where, (1, 1))

    def problem(self, where: Where, message: str, *, suggestion: str | None = None, key: bool = False) -> Problem:
        """A problem of this document at `where`."""
        line, column = self.mark(where, key=key)
        path, said = dotted(where), printable(message)
        return Problem(file=self.file, line=line, column=column, path=path, message=said, suggestion=suggestion)

    def place(self, where: Where) -> str:
        """`file:line:column` of the part at `where`."""
        line, column = self.mark(where)
        return f"{self.file}:{line}:{column}"


@lru_cache(maxsize=4096)
def dotted(where: Where) -> str:
    """A path as it is written in messages: `uses.support-chat.mau`, `waivers[0].rule`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where).removeprefix(".")


def printable(text: str) -> str:
    """`text` on one line, without anything that moves the cursor."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def read_file(path: Path, *, shown: str | None = None) -> Document:
    """The document in the file at `path`; raises DocumentError where it can't be read or is no strict YAML document."""
    name = path.as_posix() if shown is None else shown
    return parse(read_bytes(path, name), name)


def read_bytes(path: Path, name: str, what: str = "a YAML file") -> bytes:
    """The bytes of a regular file of bounded size; raises DocumentError with the reason in plain words."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _whole(
                name, f"this is {'a folder' if path.is_dir() else 'no ordinary file'}; give the path of {what}"
            )
        _bounded(found.st_size, name)
        return path.read_bytes()
    except FileNotFoundError:
        link = f"this link leads nowhere (to `{path.readlink()}`)" if path.is_symlink() else ""
        raise _whole(name, link or "there is no such file") from None
    except PermissionError:
        raise _whole(name, "no permission to read this file") from None
    except (OSError, ValueError) as error:
        raise _whole(name, f"the file can't be read: {getattr(error, 'strerror', None) or error}") from None


def parse(raw: bytes, name: str) -> Document:
    """The strict YAML document in `raw`; `name` is the file name that messages show. Raises DocumentError."""
    document, wrong = examine(raw, name)
    if wrong:
        raise DocumentError(wrong, document if all(problem.path for problem in wrong) else None)
    return document


def examine(raw: bytes, name: str) -> tuple[Document, list[Problem]]:
    """What `raw` says and what is wrong with it; raises DocumentError where it is no YAML at all."""
    _bounded(len(raw), name)
    text, builder = _decode(raw, name), _Builder(name)
    builder.characters(text)
    unseen = list(builder.problems)
    try:
        data = builder.build(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        wrong = syntax(error, text, name)
        raise DocumentError(unseen or [*(p for p in builder.problems if p.line < wrong.line), wrong]) from None
    return Document(name, data, builder.values, builder.keys, raw), unseen or builder.problems


def _whole(name: str, message: str, line: int = 0, column: int = 0) -> DocumentError:
    return DocumentError([Problem(file=name, line=line, column=column, message=message)])


def _bounded(size: int, name: str) -> None:
    if size > MOST_BYTES:
        raise _whole(name, f"the file is {size / 1e6:.1f} MB large; at most {MOST_BYTES // 1_000_000} MB are read")


def _decode(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4]:
        raise _whole(name, "the file is UTF-16 or UTF-32; save it as UTF-8")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        old = raw[error.start : error.start + 1].decode("cp1252", "replace")
        known = f" (`{old}` in Windows-1252)" if old.isprintable() else ""
        message = f"byte 0x{raw[error.start]:02x}{known} is not UTF-8; save the file as UTF-8"
        raise _whole(name, message, line, column) from None
    # A byte-order mark is read as nothing; else it glues itself to the first key.
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _without(where: Where) -> str:
    return "take it out of the list" if where and isinstance(where[-1], int) else "leave the key out"


def _no_value(text: str, where: Where) -> str:
    if not where:
        return _EMPTY
    said = f"is `{text}`" if text else "has no value"
    if not text and re.fullmatch("[0-9]{3}", str(where[-1])):
        return f"`{where[-1]}` {said}; a comma ends a value between brackets: write a number without, as `4_200`"
    return f"`{dotted(where)}` {said}; write a value, `[]` for an empty list, or {_without(where)}"


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _refused(text: str, index: int) -> str | None:
    """Why the character at `index` may not stand in a document, None where it may."""
    char, kind = text[index], unicodedata.category(text[index])
    named = f"the character U+{ord(char):04X} ({unicodedata.name(char, 'a control or private character')})"
    if char in _DIRECTION:
        return f"{named} changes the direction of the text; remove it"
    # Persian, Indic and emoji need the joiners between letters; Arabic and Syriac signs of their kind are drawn.
    joins = char in "\u200c\u200d" and text[index - 1 : index] > "\x7f" and text[index + 1 : index + 2] > "\x7f"
    drawn = joins or (kind == "Cf" and "\u0600" <= char <= "\u08e2")
    unseen = char in _UNSEEN or (kind in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and not drawn)
    return f"{named} can't be seen; remove it" if unseen else None


class _Builder:
    """Builds data out of YAML events and notes every problem on the way."""

    def __init__(self, name: str) -> None:
        self.name, self.problems = name, list[Problem]()
        self.values, self.keys = dict[Where, Mark](), dict[Where, Mark]()

    def characters(self, text: str) -> None:
        odd = [(found.start(), _refused(text, found.start())) for found in _ODD.finditer(text)]
        said = "this looks like an ordinary space and is none (U+{:04X}); type a space"
        odd += [(found.start(1), said.format(ord(found[1]))) for found in _FALSE_BLANK.finditer(text)]
        for index, message in sorted((index, message) for index, message in odd if message):
            self._add(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index), "", message)

    def _add(self, line: int, column: int, path: str, message: str) -> None:
        self.problems.append(Problem(file=self.name, line=line, column=column, path=path, message=printable(message)))
        if len(self.problems) == MOST_PROBLEMS:
            raise DocumentError(self.problems)

    def _at(self, event: Any, where: Where, message: str) -> None:
        self._add(*_mark(event), dotted(where), message)

    def build(self, events: Iterator[Any]) -> Any:
        starts = (event for event in events if isinstance(event, yaml.DocumentStartEvent))
        if next(starts, None) is None:
            return self._add(0, 0, "", _EMPTY)
        data = self._value(next(events), events, (), 0)
        if second := next(starts, None):
            self._at(second, (), "a second document begins here; one file holds one document")
        return data

    def _value(self, event: Any, events: Iterator[Any], where: Where, depth: int) -> Any:
        self.values[where] = _mark(event)
        if depth > DEEPEST or len(self.values) > MOST_VALUES:
            limit = f"over {DEEPEST} levels deep" if depth > DEEPEST else f"over {MOST_VALUES:_} values long"
            raise _whole(self.name, f"the document is {limit}; more is not read", *_mark(event))
        if isinstance(event, yaml.AliasEvent):
            message = f"`*{event.anchor}` repeats another part; write it out, or put text in quotes"
            return None if any(each.message == message for each in self.problems) else self._at(event, where, message)
        if getattr(event, "anchor", None):
            self._at(event, where, f"`&{event.anchor}` names a part for later use; remove it, or put text in quotes")
        if getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._at(event, where, f"the tag `{tag}` is not used here; remove it, or put text in quotes")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, where, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, where, depth)
        return self._scalar(event, where)

    def _list(self, events: Iterator[Any], where: Where, depth: int) -> list[Any]:
        items = list[Any]()
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._value(event, events, (*where, len(items)), depth + 1))
        return items

    def _mapping(self, events: Iterator[Any], where: Where, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._at(event, where, "a key must be a word, not a list, a mapping or a reference")
                self._value(event, events, (*where, "?"), depth + 1)
                self._value(next(events), events, (*where, "?"), depth + 1)
                continue
            key, inner = event.value, (*where, event.value)
            twice = key in found
            if event.anchor or event.tag:
                self._at(event, inner, "a key takes no anchor (`&`) and no tag (`!`); remove it")
            elif key == "<<":
                self._at(event, inner, "`<<` merges another mapping in; write the keys out in full")
            elif not key.strip():
                self._at(event, inner, "this key is empty")
            elif twice:
                self._at(event, inner, f"`{key}` stands here a second time; the first is in line {self.keys[inner][0]}")
            self._escapes(event, inner)
            self.keys.setdefault(inner, _mark(event))
            value = self._value(next(events), events, (*where, key, "?") if twice else inner, depth + 1)
            found.setdefault(key, value)
        return found

    def _escapes(self, event: Any, where: Where) -> None:
        for message in filter(None, (_refused(event.value, odd.start()) for odd in _ODD.finditer(event.value))):
            self._at(event, where, message)

    def _scalar(self, event: Any, where: Where) -> str | int | bool:
        text: str = event.value
        if event.style:
            self._escapes(event, where)
            if not text.strip():
                self._at(event, where, f"this text is empty; write one, or {_without(where)}")
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null", "Null", "NULL"):
            if where[-1:] != ("?",):  # Of a key that stands here twice, or is none, was spoken already.
                self._at(event, where, _no_value(text, where))
            return ""
        # YAML 1.1 reads NO as false, 010 as eight and 2027-03-31 as a date; here a word stays what was written.
        return int(text) if _NUMBER.fullmatch(text) else text
