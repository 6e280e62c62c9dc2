"""Sentences of a card that keep a model to research or from business, whatever its license says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policycheck.detect.folder import File
from policycheck.detect.texts import Passage

_PURPOSE: Final = r"(?:research|academic|scientific|non-?commercial|educational|study)"
_WORDS: Final = r"(?:[\w/,&-]+\s+){0,5}?"
_ENGLISH: Final = (
    rf"(?:for|to)\s+{_WORDS}{_PURPOSE}(?:\s+(?:and|or|&)\s+[\w-]+)*(?:\s+(?:use|uses|usage|purposes?|work))?,?\s+only\b",
    rf"(?<!not )(?:only|solely|exclusively|strictly)\s+{_WORDS}(?:for|to)\s+(?:[\w-]+\s+){{0,3}}?{_PURPOSE}\b",
    r"\bresearch[\s-]+(?:use[\s-]+|purposes?[\s-]+)?only\b",
    r"\bnon-?commercial(?:\s+\w+){0,2}[\s-]+only\b",
    r"\bfor\s+(?:[\w,]+\s+){0,3}?non-?commercial\s+(?:use|usage|purposes?|research)\b",
    r"\bnon-?commercial\s+licen[sc]e\b",
    r"\bnot\s+(?:\w+\s+){0,3}?for\s+(?:any\s+)?commercial\s+(?:use|usage|purposes?|applications?)\b",
    r"\b(?:may|must|can|should)\s?not\s+be\s+used\s+(?:\w+\s+){0,2}?commercial(?:ly)?\b",
    r"\bno\s+commercial\s+use\b",
    r"\bcommercial\s+(?:use|usage)\s+(?:\w+\s+){0,2}?(?:prohibited|forbidden|not\s+(?:allowed|permitted|granted))\b",
    r"\bnot\s+(?:\w+\s+){0,3}?outside\s+of\s+research\b",
)
_OTHERS: Final = (
    r"(?:仅|只)(?:供|限|能|可|用|面向)[^。，,\n]{0,12}?(?:研究|学术|非商业)",
    r"(?:不得|禁止|不可|不能|不允许|严禁)[^。，,、\n]{0,10}?商(?:业|用)",
    r"非商(?:业|用)(?:用途|使用|目的)?",
    r"研究(?:目的|用途)(?:のみ|に限)|商用(?:利用|使用)?(?:は)?(?:不可|禁止)|非商用",
    r"연구\s*(?:용|목적)(?:으로)?만|비상업|상업적\s*(?:이용|사용)\s*(?:금지|불가)",
)
_SAID: Final = re.compile("|".join((*_ENGLISH, *_OTHERS)), re.I)
# A sentence that speaks of more than research, or of what once was.
_TAKEN_BACK: Final = re.compile(
    r"not\s+(?:only|limited|restricted|just)|no\s+longer|previous(?:ly)?|formerly|不仅|不再|"
    r"(?:research|academic|non-?commercial)\s*(?:,|and|or|/|&|as\s+well\s+as|和|与)\s*(?:for\s+)?(?:free\s+)?commercial",
    re.I,
)
_FENCE: Final = re.compile(r"[ \t]*(```|~~~)")
_MARKUP: Final = re.compile(r"[*_`]{1,3}|\]\([^)\s]{0,300}\)|https?://\S+|<[^<>]{0,300}>")
# A row of a list, a table or a heading begins a sentence of its own.
_STAR: Final = re.compile(r"^[ \t]*\*(?=[ \t])")
_APART: Final = re.compile(r"[ \t]*(?:[-+#|>]|\d+[.)][ \t]|$)")
_END: Final = re.compile(r"(?<=[.!?])(?=\s)|(?<=[。！？])")


def restrictions(file: File) -> Iterator[Passage]:
    """The sentences that keep use to research or from business, each with its lines; code is passed over."""
    for first, said in _sentences(file.raw.decode(errors="replace")):
        words = " ".join(said.split())
        if _SAID.search(words) and not _TAKEN_BACK.search(words):
            yield Passage(text=words, lines=(first, first + said.strip("\n").count("\n")))


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with the line on which it begins."""
    first, open_one = 1, ""
    for number, line in _prose(text):
        if _APART.match(line):
            yield first, open_one
            first, open_one = number, ""
        for count, part in enumerate(_END.split(line)):
            if count:
                yield first, open_one
                first, open_one = number, ""
            if not open_one.strip():
                first, open_one = number, ""
            open_one += part
        open_one += "\n"
    yield first, open_one


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Each line outside of code, without markup, and its number."""
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        mark = _FENCE.match(line)
        if mark and fence in (None, mark[1]):
            fence = mark[1] if fence is None else None
            yield number, ""
        elif fence is None:
            yield number, _MARKUP.sub("", _STAR.sub("-", line))
