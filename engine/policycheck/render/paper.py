"""A document as Markdown or as a web page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as escaped

from policycheck.paper import Block, Bullets, Heading, Paper, Paragraph, Table
from policycheck.render.markdown import cell, escape
from policycheck.render.words import clean

_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "h1,h2,h3,th{font-family:Arial,Helvetica,sans-serif}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}th{background:#eee}"
    "td:empty{height:2.5rem}code{font-size:.9em}@media print{h2{break-after:avoid}tr{break-inside:avoid}}"
)


def markdown(paper: Paper) -> str:
    """The document as Markdown."""
    parts = [f"# {escape(paper.title)}", *("\n".join(_markdown(block)) for block in paper.blocks)]
    return "\n\n".join(parts) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {escape(block.text)}"
    elif isinstance(block, Paragraph):
        yield escape(block.text)
    elif isinstance(block, Bullets):
        yield from (f"- {escape(item)}" for item in block.items)
    else:
        yield f"| {' | '.join(block.heads)} |"
        yield f"|{' --- |' * len(block.heads)}"
        yield from (f"| {' | '.join(cell(each.replace('`', '')) for each in row)} |" for row in block.rows)


def page(paper: Paper) -> str:
    """The document as a web page of its own: no script, nothing from elsewhere, every text escaped."""
    body = "\n".join(line for block in paper.blocks for line in _html(block))
    title = escaped(clean(paper.title))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h{block.level}>{_text(block.text)}</h{block.level}>"
    elif isinstance(block, Paragraph):
        yield f"<p>{_text(block.text)}</p>"
    elif isinstance(block, Bullets):
        yield "<ul>"
        yield from (f"<li>{_text(item)}</li>" for item in block.items)
        yield "</ul>"
    else:
        yield from _table(block)


def _table(block: Table) -> Iterator[str]:
    yield "<table>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{_text(head)}</th>' for head in block.heads) + "</tr></thead>"
    yield "<tbody>"
    yield from ("<tr>" + "".join(f"<td>{_text(each)}</td>" for each in row) + "</tr>" for row in block.rows)
    yield "</tbody>"
    yield "</table>"


def _text(text: str) -> str:
    """A text as HTML shows it literally; names in backticks are set as code."""
    parts = escaped(clean(text)).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
