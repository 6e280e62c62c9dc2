"""A page for a terminal: lines of bounded width, wide characters counted, with colours where they are wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich import cells

from policycheck.render.words import clean, inert

_GAP = 2
_NARROWEST = 8
_PIECES = re.compile(r"[^-/._: ]*[-/._: ]+|[^-/._: ]+")
# The escape codes of ECMA-48.
_STYLES = {"block": "1;31", "conditional": "1;33", "allow": "1;32", "note": "2", "bold": "1"}


def cell_len(text: str) -> int:
    """How many columns a text takes that moves no cursor."""
    return len(text) if text.isascii() else cells.cell_len(text)


def folded(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns, broken behind a hyphen, slash, dot or blank; else anywhere."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if cell_len(lines[-1]) + cell_len(piece.rstrip()) > width and lines[-1]:
            lines.append("")
        for char in piece:
            if cell_len(lines[-1]) + cell_len(char) > width and char != " ":
                lines.append("")
            lines[-1] += char
    return [line.strip() for line in lines]


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns, broken at blanks; a word that is longer is folded."""
    lines = [""]
    for word in text.split():
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) > width:
            lines.append("")
        if cell_len(word) > width:
            lines[-1:] = folded(f"{lines[-1]} {word}".strip(), width)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def column_widths(rows: Sequence[Sequence[str]], total: int) -> list[int]:
    """How wide each column is so that all fit into `total`: the widest give way first."""
    found = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    while sum(found) + _GAP * (len(found) - 1) > total and max(found) > _NARROWEST:
        widest = max(range(len(found)), key=lambda index: found[index])
        found[widest] -= 1
    return found


class Page:
    """Collects lines; every text is cleaned of what moves the cursor before it is set."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width, self.colour = width, colour
        self.lines: list[str] = []

    def styled(self, text: str, style: str | None) -> str:
        """The text in a colour, where colours are wanted."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour and style and text else text

    def put(self, text: str = "", *, by: int = 0, style: str | None = None, label: str = "") -> None:
        """Sets a paragraph, indented by `by`; `label` begins it and takes the style for itself."""
        lines = [inert(line) for line in wrapped(f"{label} {clean(text)}".strip(), self.width - by)]
        if label:
            lines[0] = self.styled(label, style) + lines[0][len(label) :]
        else:
            lines = [self.styled(line, style) for line in lines]
        self.lines += [(" " * by + line).rstrip() for line in lines]

    def raw(self, text: str, *, by: int) -> None:
        """Sets a line that is not folded, however long: it is meant to be copied."""
        self.lines.append(" " * by + clean(text))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Sets a table whose first column takes the style that its word names."""
        plain = [tuple(clean(cell) for cell in row) for row in rows]
        sizes = column_widths([tuple(heads), *plain], self.width)
        self.lines.append(self._row([[head] for head in heads], sizes))
        for row in plain:
            cells = [folded(cell, size) for cell, size in zip(row, sizes, strict=True)]
            for number in range(max(len(cell) for cell in cells)):
                parts = [[cell[number]] if number < len(cell) else [""] for cell in cells]
                self.lines.append(self._row(parts, sizes, style=row[0]))

    def _row(self, cells: Sequence[Sequence[str]], sizes: Sequence[int], style: str | None = None) -> str:
        cells = [[inert(cells[0][0])], *cells[1:]]
        padded = [cell[0] + " " * (size - cell_len(cell[0])) for cell, size in zip(cells, sizes, strict=True)]
        if style in _STYLES and cells[0][0]:
            word = cells[0][0]
            padded[0] = self.styled(word, style) + padded[0][len(word) :]
        return (" " * _GAP).join(padded).rstrip()

    def text(self) -> str:
        """The whole page."""
        return "\n".join(self.lines) + "\n"
