"""The skeleton of a license file, out of a text that somebody is about to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from policycheck.detect.outline import Outline
from policycheck.detect.words import Wording, is_copyright
from policycheck.documents import printable
from policycheck.vocabulary import Vocabulary

_HEADING: Final = re.compile(r"[\s.):\\*_–-]*(?P<heading>[^.:;\n]{3,70}?)[*_]*(?=[.:\n]|$)")
_DATE: Final = re.compile(
    r"\b(?:(?P<iso>20\d\d-\d\d-\d\d)|(?P<us>[A-Z][a-z]+ \d{1,2},? 20\d\d)|(?P<eu>\d{1,2} [A-Z][a-z]+ 20\d\d))\b"
)
_TOP: Final = 1500
_MOST: Final = 200
# A heading is set in capitals or has them; a sentence begins with one and goes on without.
_SMALL: Final = frozenset("a an and as at by for from in of on or the to with".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a license before its text is read."""

    id: str
    name: str | None
    licensor: str
    url: str
    read_from: str
    sha256: str
    read_on: date


def skeleton(entry: Entry, text: Wording, vocabulary: Vocabulary) -> str:
    """The license file: sections as comments, every fact still open, so that nothing is allowed by it."""
    name = entry.name or title(text.text) or entry.id
    dated = text_date(text.text)
    lines = [
        "# Read the text whole. Then move every fact below into `facts` with its section, or into `silent`; what",
        "# stands in neither is unknown and never a pass. `policycheck catalog check` says what is wrong, and where.",
        f"license: {entry.id}",
        f"name: {_quoted(name)}",
        f"licensor: {entry.licensor}",
        f"spdx: LicenseRef-{entry.id}",
        f"names: [{_quoted(name)}]" if name.lower() != entry.id else "names: []",
        "texts:",
        "  license:",
        f"    title: {_quoted(name)}",
        f"    url: {_quoted(entry.url)}",
        f"    read_from: {_quoted(entry.read_from)}",
        f"    sha256: {_quoted(entry.sha256)}",
        *([f"    text_date: {dated}"] if dated else []),
        f"    read_on: {entry.read_on}",
        "    evidence: verified",
        "# clean: commercial production use needs nothing but notices; unusable: it is withheld from everyone.",
        "tier: conditional",
        "facts: []",
        "# - fact: grant",
        "#   value: any",
        '#   section: "1.a"',
        "#   heading: Grant of Rights",
        "#   summary: In one sentence of your own.",
        "silent: []",
        "# Facts to settle:",
        *(f"#   {line}" for line in _wrapped(sorted(vocabulary.clauses))),
        "# Sections found in the text:",
        *(f"#   {label}{'  ' + heading if heading else ''}" for label, heading in sections(text.text)),
    ]
    return "\n".join(lines) + "\n"


def title(text: str) -> str | None:
    """The first line of a text that names it."""
    for line in text.split("\n")[:20]:
        said = " ".join(re.sub(r"[#*_=]+", " ", line).split())
        if 3 <= len(said) <= 120 and not is_copyright(said):
            return printable(said)
    return None


def text_date(text: str) -> str | None:
    """The first date near the top of a text, as 2026-11-25."""
    for found in _DATE.finditer(text[:_TOP]):
        said = found[0].replace(",", "")
        for form in ("%Y-%m-%d", "%B %d %Y", "%d %B %Y", "%b %d %Y", "%d %b %Y"):
            try:
                return datetime.strptime(said, form).date().isoformat()
            except ValueError:
                continue
    return None


def sections(text: str) -> Iterator[tuple[str, str]]:
    """The numbered parts of a text, each with its heading where it has one."""
    outline = Outline(text)
    for count, block in enumerate(block for block in outline.blocks if block.label is not None):
        if count == _MOST:
            yield "…", "and more"
            return
        line = text[block.start : text.find("\n", block.start) if "\n" in text[block.start :] else len(text)]
        rest = line.partition(str(block.label))[2]
        found = _HEADING.match(rest)
        heading = found["heading"].strip() if found else ""
        alone = found is not None and not rest[found.end() :].strip(" *_")
        indent = "  " * min(4, block.indent // 2)
        yield f"{indent}{block.label}", printable(heading) if alone or _is_heading(heading) else ""


def _is_heading(said: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", said) if word.lower() not in _SMALL]
    return 0 < len(words) <= 8 and all(word[0].isupper() for word in words)


def _wrapped(words: list[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if len(line) + len(word) > 90:
            yield line.rstrip()
            line = ""
        line += f"{word}, "
    yield line.rstrip(", ")


def _quoted(text: str) -> str:
    return json.dumps(printable(text), ensure_ascii=False)
