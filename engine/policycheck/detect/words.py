"""A license text as its words: what stays when layout, capitals, markup and copyright lines are taken away."""

from __future__ import annotations

import hashlib
import html
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Tags that only lay a text out. `<del>` or `<s>` take words back, a style may hide them: these stay, as words.
_TAG: Final = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|font|h[1-6]|head|header|hr|html|i|li"
    r"|main|meta|nav|ol|p|pre|q|section|small|span|strong|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul)"
    r"(?:\s(?![^<>]*\b(?:style|hidden)\b)[^<>]*)?/?>|<!doctype[^<>]*>",
    re.I,
)
_LINK: Final = re.compile(r"\bhref\s*=\s*[\"']?((?:https?://|www\.)[^\s\"'<>]+)", re.I)
_AUTOLINK: Final = re.compile(r"<(https?://[^<>\s]+)>", re.I)
_DECORATION: Final = re.compile(r"^[ \t]*(?:(?:[#>*•·▪–—|-]+|//+|;;+|/\*+|\*+/|dnl\b|rem\b)[ \t]*)+", re.M | re.I)
_RULE: Final = re.compile(r"^[ \t=_*~#+.|:-]{3,}$", re.M)
_COPYRIGHT: Final = re.compile(
    r"(?:portions\s+)?(?:copyright(?:\s*(?:\(c\)|©))?|©|\(c\)(?:\s*copyright)?)[\s:]*(?P<holder>[^\n]{0,400}?)"
    r"(?:[\s,.]*all\s+rights\s+reserved)?[\s.]*",
    re.I,
)
# The same inside running text, where its own last words say how far it goes.
_INSIDE: Final = re.compile(
    r"copyright\s+(?:\(c\)\s*|©\s*)?(?:\[yyyy\]\s+\[name\s+of\s+copyright\s+owner\]"
    r"|(?:19|20)\d\d[\d\s,–-]*(?P<holder>(?:[^\W\d_][\w.&'’-]*,?\s+){0,7}?)"
    r"(?:(?:inc|llc|ltd)\b\.?(?:\s*<?https?://[^\s<>]+>?)?(?:\s*all\s+rights\s+reserved\.?)?|all\s+rights\s+reserved\.?))",
    re.I,
)
_HOLDER_WORDS: Final = 24
# A holder's name has none of these; a line that has one may be a term.
_TERMS: Final = re.compile(
    r"\b(?:"
    r"academic|allow|allowed|any|are|agree|be|ban|banned|commercial|companies|condition|conditions"
    r"|countries|do|educational|evaluation|except|exclude|excluded|for|forbid|forbidden|free|grant"
    r"|granted|hereby|if|internal|invalid|is|license|licensed|licensee|limited|may|must|no|non"
    r"|noncommercial|not|only|permission|permit|permitted|personal|prohibited|provided|purpose|purposes"
    r"|require|required|restricted|shall|shan|subject|terms|unless|use|used|users|uses|valid|void|who"
    r"|with|without"
    r")\b"
)
# Where BSD's own sentences name whoever offers the software.
_SLOTS: Final = tuple(
    re.compile(pattern, re.I | re.S)
    for pattern in (
        r"\bneither\s+the\s+names?\s+of\s+(?P<name>.{1,160}?)\s*,?\s+nor\s+the\s+names\s+of\b",
        r"\bsoftware\s+is\s+provided\s+by\s+(?P<name>.{1,160}?)\s+[\"'“‘`]*as\s+is\b",
        r"\bin\s+no\s+event\s+shall\s+(?P<name>.{1,160}?)\s+be\s+liable\s+for\s+any\s+direct\b",
    )
)
_WORD: Final = re.compile(
    r"(?:https?://|www\.)[!#-&(*-;=?-\\^-|~]+|\d+(?:[.,]\d+)+|\d+|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|(?:(?![\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])[^\W\d_])+(?:['’][^\W\d_]+)*|[$€£¥%+<>≤≥]|(?<!=)=(?!=)|~~",
    re.I,
)
_ENDS: Final = re.compile(r"[.;:?!](?=[\s\"'”’)\]*_]|$)|[。；：！？]")
_NUMBERING: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,5}", re.I)
_SHORT: Final = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, and where it stands."""

    text: str
    start: int
    end: int
    ends: bool
    """Whether a sentence ends behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words that end with a mark, at least four of them."""

    words: tuple[str, ...]
    start: int
    end: int

    @property
    def hash(self) -> str:
        """A hash that tells it from every other; the sentence can't be read off it."""
        return digest(self.words)[:16]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text and its words; two texts with the same words say the same."""

    text: str
    words: tuple[Word, ...]

    @property
    def plain(self) -> list[str]:
        """The words alone."""
        return [word.text for word in self.words]

    def line(self, position: int) -> int:
        """The line, counted from 1, of a place in the text."""
        return self.text.count("\n", 0, position) + 1

    def quote(self, start: int, end: int) -> str:
        """What stands between two places, on one line."""
        return " ".join(self.text[start:end].split())

    def sentences(self, first: int = 0, last: int | None = None) -> list[Sentence]:
        """The sentences of the words from `first` up to `last`; a very short one goes with the next."""
        found: list[Sentence] = []
        begun: list[Word] = []
        for word in self.words[first:last]:
            begun.append(word)
            if word.ends and len(begun) >= _SHORT:
                found.append(_sentence(begun))
                begun = []
        if begun:
            found.append(_sentence(begun))
        return found


def digest(words: Sequence[str]) -> str:
    """SHA-256 over words."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def wording(text: str) -> Wording:
    """The words of a text, without layout, markup, list numbers, copyright lines and filled-in names."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNSEEN.sub("", html.unescape(text) if "&" in text else text)
    bare = _TAG.sub(_without_tag, text)
    bare = _AUTOLINK.sub(lambda found: f" {found[1]} ", bare)
    bare = _RULE.sub(lambda found: " " * len(found[0]), bare)
    bare = _DECORATION.sub(lambda found: " " * len(found[0]), bare)
    bare = _INSIDE.sub(_without_holder, _without_copyright(bare))
    for slot in _SLOTS:
        bare = slot.sub(_without_name, bare)
    assert len(bare) == len(text)
    return Wording(text, tuple(_words(bare)))


def _sentence(words: Sequence[Word]) -> Sentence:
    return Sentence(words=tuple(word.text for word in words), start=words[0].start, end=words[-1].end)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_tag(found: re.Match[str]) -> str:
    """Blanks as long as the tag; of a link the address stays."""
    link = _LINK.search(found[0])
    if link is None:
        return _blank(found[0])
    return _blank(found[0][: link.start(1)]) + link[1] + _blank(found[0][link.end(1) :])


def _without_name(found: re.Match[str]) -> str:
    """The passage with blanks for the name; unchanged where what stands there may be more than a name."""
    name = found["name"]
    if _TERMS.search(name.lower()):
        return found[0]
    start, end = found.start("name") - found.start(), found.end("name") - found.start()
    return found[0][:start] + _blank(name) + found[0][end:]


def _without_holder(found: re.Match[str]) -> str:
    return found[0] if _TERMS.search((found["holder"] or "").lower()) else _blank(found[0])


def _without_copyright(text: str) -> str:
    """The text with blanks for copyright lines: those that begin a paragraph, or follow a title at the very top."""
    parts = re.split(r"(\n[ \t]*\n)", text)
    top = True
    for index, part in enumerate(parts):
        if not part.strip():
            continue
        parts[index] = _of_paragraph(part, top=top)
        top = False
    return "".join(parts)


def _of_paragraph(part: str, *, top: bool) -> str:
    if is_copyright(" ".join(part.split())):
        return _blank(part)
    lines = part.split("\n")
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if top and not is_copyright(lines[start].strip()):
        start += 1
    while start < len(lines) and (not lines[start].strip() or is_copyright(lines[start].strip())):
        lines[start] = _blank(lines[start])
        start += 1
    return "\n".join(lines)


def is_copyright(line: str) -> bool:
    """Whether a line says nothing but who holds the copyright, and since when."""
    if re.fullmatch(r"all rights reserved[\s.]*", line, re.I):
        return True
    found = _COPYRIGHT.fullmatch(line)
    if found is None:
        # Several holders, each with a statement of its own.
        parts = [part for part in re.split(r"(?=\bcopyright\b)", line, flags=re.I) if part.strip()]
        return len(parts) > 1 and all(_COPYRIGHT.fullmatch(part.strip()) and is_copyright(part) for part in parts)
    holder = found["holder"].lower()
    return len(re.findall(r"[^\W\d_]+", holder)) <= _HOLDER_WORDS and not _TERMS.search(holder)


def _words(bare: str) -> Iterator[Word]:
    """The words of a text whose layout is blanked; the numbering of sections and lists is left out."""
    found = list(_WORD.finditer(bare))
    gaps = [bare[left.end() : right.start()] for left, right in itertools.pairwise(found)]
    ended, last = True, ""
    for match, gap in zip(found, [*gaps, bare[found[-1].end() :] if found else ""], strict=False):
        raw = match[0]
        is_link = raw.lower().startswith(("http", "www."))
        text = _link(raw) if is_link else unicodedata.normalize("NFKC", raw).casefold().replace("’", "'")
        ends = bool(_ENDS.search(gap)) or (is_link and raw[-1] in ".;:?!")
        if ended and gap[:1] in (".", ")") and _NUMBERING.fullmatch(raw):
            continue
        ended = ends
        if is_link and text == last:
            continue
        last = text
        yield Word(text, match.start(), match.end(), ends)


def _link(raw: str) -> str:
    """An address without what changes nothing: scheme, `www.`, a slash or mark at its end."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", raw.casefold()).rstrip(".,;:?!/*_")
