"""A document for Word; needs the extra `document` (python-docx)."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from policycheck.errors import UsageError
from policycheck.paper import Block, Bullets, Heading, Paper, Paragraph
from policycheck.render.words import clean


def render(paper: Paper) -> bytes:
    """The document as a .docx file; raises UsageError where python-docx is not installed."""
    try:
        from docx import Document
    except ImportError:
        raise UsageError("Word needs one more package: pip install 'policycheck[document]'") from None
    document: Any = Document()
    properties = document.core_properties
    # python-docx puts its own name and a day of its own there.
    properties.title, properties.author, properties.comments = clean(paper.title), "policycheck", ""
    properties.created = properties.modified = datetime.fromisoformat(paper.day)
    document.add_heading(clean(paper.title), 0)
    for block in paper.blocks:
        _put(document, block)
    written = BytesIO()
    document.save(written)
    return _dated(written, properties.created)


def _dated(written: BytesIO, day: datetime) -> bytes:
    """The same file with one day on all its parts: the same document gives the same bytes."""
    again = BytesIO()
    with ZipFile(written) as old, ZipFile(again, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, day.timetuple()[:6]), old.read(name), ZIP_DEFLATED)
    return again.getvalue()


def _put(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(_text(block.text), block.level - 1)
    elif isinstance(block, Paragraph):
        document.add_paragraph(_text(block.text))
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(_text(item), style="List Bullet")
    else:
        table = document.add_table(rows=0, cols=len(block.heads), style="Table Grid")
        for number, row in enumerate((block.heads, *block.rows)):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                run = cell.paragraphs[0].add_run(_text(text))
                run.bold = number == 0


def _text(text: str) -> str:
    """A text without the backticks around names, which Word does not know."""
    return clean(text).replace("`", "")
