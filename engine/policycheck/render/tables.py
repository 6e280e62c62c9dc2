"""Tables for a terminal: words break at hyphens, never in the middle, and no line is wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from policycheck.render.words import clean

_GAP = 2
_NARROWEST = 8
_PIECES = re.compile(r"[^-/._: ]*[-/._: ]+|[^-/._: ]+")


def folded(text: str, width: int) -> str:
    """A text in lines of at most `width` columns, broken behind a hyphen, slash, dot or blank; else anywhere."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if cell_len(lines[-1]) + cell_len(piece.rstrip()) > width and lines[-1]:
            lines.append("")
        for char in piece:
            if cell_len(lines[-1]) + cell_len(char) > width and char != " ":
                lines.append("")
            lines[-1] += char
    return "\n".join(line.strip() for line in lines)


def widths(rows: Sequence[Sequence[str]], total: int) -> list[int]:
    """How wide each column is so that all fit into `total`: the widest give way first."""
    found = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    while sum(found) + _GAP * (len(found) - 1) > total and max(found) > _NARROWEST:
        widest = max(range(len(found)), key=lambda index: found[index])
        found[widest] -= 1
    return found


def put(console: Console, heads: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Prints a table; a cell that is a Text keeps its colour and is not broken."""
    plain = [tuple(clean(str(cell)) for cell in row) for row in rows]
    sizes = widths([tuple(heads), *plain], console.width)
    table = Table(box=None, pad_edge=False, show_edge=False)
    for head, size in zip(heads, sizes, strict=True):
        table.add_column(head, width=size, overflow="fold")
    for row, texts in zip(rows, plain, strict=True):
        shown = zip(row, texts, sizes, strict=True)
        table.add_row(*(cell if isinstance(cell, Text) else Text(folded(text, size)) for cell, text, size in shown))
    console.print(table)
