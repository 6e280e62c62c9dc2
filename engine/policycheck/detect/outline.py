"""The outline of a license text: its blocks, as sections, items and paragraphs, by their marks and indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

Span = tuple[int, int]

_LEAD: Final = r"[ \t#>*•·–_-]*"
_BLOCK: Final = re.compile(
    r"(?P<indent>[ \t]*)(?P<bullet>[*•·–-][ \t]+)?(?:[#>*_][#>*_ \t]*)?"
    r"(?:(?:section|article|clause|condition|§)\s*)?"
    r"(?:[(\[](?P<inside>\d{1,2}|[A-Za-z]|[ivxIVX]{1,5})[)\]]"
    r"|(?P<label>\d{1,2}(?:\.\d{1,2})*(?:\.[a-z])?|[A-Za-z]|[ivxIVX]{1,5})"
    r"(?:\\?[.):]+(?!\d)|[ \t]+--|(?=[ \t]+[A-Z“\"(])))?",
    re.I,
)
_CONTAINER: Final = re.compile(
    rf"^{_LEAD}(?:exhibit|attachment|appendix|schedule|annex|addendum)\b[ \t]*[A-Z0-9]{{0,2}}\b[^\n]{{0,90}}$",
    re.M | re.I,
)
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a text that begins with a mark, or after a blank line."""

    start: int
    indent: int
    label: str | None
    """`1`, `1.2`, `b`, `iv`; None where it has none."""
    mark: str
    """What the label is set with: `()`, `)` or anything else."""
    bullet: bool

    @property
    def style(self) -> str:
        """Which kind of numbering it has; equal styles may be siblings."""
        if self.label is None:
            return "bullet" if self.bullet else "plain"
        kind = "number" if self.label[0].isdigit() else "upper" if self.label[0].isupper() else "lower"
        return f"{kind}{self.label.count('.')}{self.mark}"


class Outline:
    """A text and its blocks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks = tuple(_blocks(text))
        self.containers = [found.start() for found in _CONTAINER.finditer(text)]

    def within(self, span: Span) -> list[Block]:
        """The blocks that begin inside."""
        return [block for block in self.blocks if span[0] <= block.start < span[1]]

    def limit(self, start: int, span: Span) -> int:
        """Where a part that begins at `start` must end: at the next exhibit, or with the span around it."""
        return next((place for place in self.containers if start < place < span[1]), span[1])

    def labelled(self, label: str, span: Span) -> Iterator[Span]:
        """The parts inside that carry a label, up to the next one of their kind."""
        for block in self.within(span):
            if block.label is not None and block.label.lower() == label.lower():
                yield block.start, self._end(block, span)

    def item(self, label: str, span: Span) -> Span | None:
        """The part with a label that lies nearest to the margin: an item of the outer list, not of one inside."""
        found = [(block.indent, block.start) for block in self.within(span) if block.label == label]
        start = min(found)[1] if found else None
        return next((part for part in self.labelled(label, span) if part[0] == start), None)

    def inline(self, label: str, span: Span) -> Iterator[Span]:
        """The parts inside a paragraph that carry a label in brackets, as (ii)."""
        for found in re.finditer(rf"\({re.escape(label)}\)", self.text[span[0] : span[1]], re.I):
            start = span[0] + found.start()
            after = re.compile("|".join(rf"\({each}\)" for each in following(label)), re.I)
            end = after.search(self.text, start + 1, span[1])
            yield start, end.start() if end else span[1]

    def children(self, span: Span) -> list[Span]:
        """The entries of the first list inside."""
        inner = self.within(span)[1:] if span[0] else self.within(span)
        lists = [b for b in inner if b.bullet or b.label is not None or b.indent > 0]
        if not lists:
            return []
        first = lists[0]
        same = [b for b in lists if b.indent == first.indent and b.style == first.style]
        stops = [*(b.start for b in same[1:]), self.limit(first.start, span)]
        return [(b.start, stop) for b, stop in zip(same, stops, strict=True)]

    def paragraphs(self, span: Span) -> list[Span]:
        """The parts between blank lines."""
        found = re.finditer(r"\S.*?(?=\n[ \t]*\n|\Z)", self.text[span[0] : span[1]], re.S)
        return [(span[0] + each.start(), span[0] + each.end()) for each in found]

    def _end(self, block: Block, span: Span) -> int:
        stop = self.limit(block.start, span)
        successors = following(str(block.label))
        for other in self.within((block.start + 1, stop)):
            if other.label is None:
                # What stands no deeper than the last item of an indented list belongs to the section around it.
                if 0 < block.indent >= other.indent and not other.bullet and not block.style.startswith("number0"):
                    return other.start
                continue
            # Deeper in, a number is a list of its own, or the end of a reference.
            level = other.indent <= block.indent
            if level and ((other.style == block.style and other.label.lower() in successors) or _under(block, other)):
                return other.start
        return stop


def following(label: str) -> tuple[str, ...]:
    """The labels that may come next: `b` after `a`, `1.3` or `2` after `1.2`; one more, where one was left out."""
    head, _, last = label.rpartition(".")
    prefix = f"{head}." if head else ""
    if last.isdigit():
        return tuple(f"{prefix}{int(last) + step}" for step in (1, 2))
    low = last.lower()
    found = [_ROMAN[_ROMAN.index(low) + 1]] if low in _ROMAN[:-1] else []
    if len(low) == 1 and low != "z":
        found += [chr(ord(low) + 1)]
    return tuple(f"{prefix}{each}" for each in found)


def _under(block: Block, other: Block) -> bool:
    """Whether a later number closes this one: `2` ends `1.3`, and `II` any `2`."""
    if not (block.label and other.label and block.label[0].isdigit() and other.label[0].isdigit()):
        return False
    if block.mark != other.mark:
        return False
    mine = [int(part) for part in block.label.split(".") if part.isdigit()]
    its = [int(part) for part in other.label.split(".") if part.isdigit()]
    return len(its) < len(mine) and its == [mine[0] + 1][: len(its)]


def _blocks(text: str) -> Iterator[Block]:
    position, blank, before = 0, True, ""
    for line in text.split("\n"):
        found = _BLOCK.match(line)
        if line.strip() and found is not None:
            label = found["inside"] or found["label"]
            opens = blank or bool(found["bullet"] or label) or before.rstrip().endswith((":", ";", "; or", "; and"))
            if opens:
                indent = len(found["indent"].expandtabs(4))
                yield Block(
                    start=position + len(found["indent"]),
                    indent=indent,
                    label=label,
                    mark="()" if found["inside"] else ")" if ")" in found[0] else "",
                    bullet=bool(found["bullet"]),
                )
        blank, before = not line.strip(), line if line.strip() else before
        position += len(line) + 1
