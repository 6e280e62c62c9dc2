"""Which license text this is: by identity with one that was read, never by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from policycheck.catalog import Catalog
from policycheck.detect.fingerprints import Fingerprint, head_of
from policycheck.detect.names import Names
from policycheck.detect.words import Sentence, Wording, digest, is_copyright, wording

_TITLE_WORDS: Final = 16
_TITLES: Final = frozenset(("license", "licence", "license agreement", "licence agreement", "copying", "terms of use"))
_COPYRIGHT: Final = re.compile(r"(copyright\b|©)", re.I)
# Below this share of known sentences a text is simply another one.
_NEAR: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A part of a user's text, and on which lines it stands."""

    text: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a text is: a text that was read, or none, with the one that is nearest."""

    known: tuple[Fingerprint, ...]
    """The texts that it consists of; empty where it holds anything that nobody read."""
    nearest: tuple[Fingerprint, ...] = ()
    """Texts that it differs from in a part."""
    differing: tuple[Passage, ...] = ()
    """Sentences of the user's text that stand in none of them."""
    missing: int = 0
    """How many sentences of the nearest text are not here."""
    share: float = 0.0
    """Which share of all sentences, of both texts, is the same; evidence, never identity."""
    lines: tuple[int, int] = (1, 1)

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licenses of the known texts; several where one text serves several."""
        return tuple(dict.fromkeys(each.license for each in self.known))


class Library:
    """The fingerprints of all texts that were read, ready to be looked up."""

    def __init__(self, fingerprints: Iterable[Fingerprint], catalog: Catalog) -> None:
        self.fingerprints = tuple(fingerprints)
        self.catalog = catalog
        self.heads: dict[str, list[Fingerprint]] = {}
        for each in self.fingerprints:
            self.heads.setdefault(each.head, []).append(each)

    def match(self, text: Wording) -> Match:
        """What `text` is."""
        words = text.plain
        lines = (text.line(text.words[0].start), text.line(text.words[-1].end)) if words else (1, 1)
        found, parts = self._parts(words)
        if not found:
            return self._nearest(text, lines)
        strangers = [part for part in _between(found, len(words)) if not self._is_title(text, part, found)]
        if not strangers:
            return Match(known=parts, share=1.0, lines=lines)
        near = self._nearest(text, lines)
        hashes = {sentence.hash for sentence in text.sentences()}
        known = set[str]().union(*(each.sentences for each in parts))
        share = len(known & hashes) / len(known | hashes)
        if near.share > share:
            return near
        differing = tuple(_passage(text, s) for first, last in strangers for s in text.sentences(first, last))
        return Match(known=(), nearest=parts, differing=differing, share=share, lines=lines)

    def _parts(self, words: Sequence[str]) -> tuple[list[tuple[int, int, Fingerprint]], tuple[Fingerprint, ...]]:
        """The known texts that stand whole inside, from the first word on, with their places."""
        found: list[tuple[int, int, Fingerprint]] = []
        known: dict[Fingerprint, None] = {}
        position = 0
        while position < len(words):
            here = self._at(words, position)
            if here:
                found.append((position, position + here[0].words, here[0]))
                known.update(dict.fromkeys(each for each in here if each.words == here[0].words))
                position += here[0].words
            else:
                position += 1
        return found, tuple(known)

    def _at(self, words: Sequence[str], position: int) -> list[Fingerprint]:
        """The known texts that begin at a word and are there in full, the longest first."""
        near = self.heads.get(head_of(words[position : position + 8]), ())
        whole = [e for e in near if digest(words[position : position + e.words]) == e.whole]
        return sorted(whole, key=lambda each: -each.words)

    def _is_title(self, text: Wording, part: tuple[int, int], found: Sequence[tuple[int, int, Fingerprint]]) -> bool:
        """Whether words before a text are nothing but a name of its license, and who holds the copyright."""
        first, last = part
        after = [each for start, _, each in found if start == last]
        if not after or last - first > _TITLE_WORDS:
            return False
        said = text.quote(text.words[first].start, text.words[last - 1].end)
        title, mark, rest = re.split(_COPYRIGHT, said, maxsplit=1) if _COPYRIGHT.search(said) else (said, "", "")
        if mark and not is_copyright(mark + rest):
            return False
        plain = " ".join(wording(title).plain)
        whole = {e.license for e in self.fingerprints if e.whole == after[0].whole}
        return not plain or plain in _TITLES or Names(self.catalog).one(title.strip(" .:*#_=-")) in whole

    def _nearest(self, text: Wording, lines: tuple[int, int]) -> Match:
        sentences = text.sentences()
        hashes = {sentence.hash for sentence in sentences}
        best, share = None, 0.0
        for each in self.fingerprints:
            known = set(each.sentences)
            common = len(known & hashes) / max(1, len(known | hashes))
            if common > share:
                best, share = each, common
        if best is None or share < _NEAR:
            return Match(known=(), share=share, lines=lines)
        known = set(best.sentences)
        return Match(
            known=(),
            nearest=tuple(each for each in self.fingerprints if each.whole == best.whole),
            differing=tuple(_passage(text, s) for s in sentences if s.hash not in known),
            missing=len(known - hashes),
            share=share,
            lines=lines,
        )


def _passage(text: Wording, sentence: Sentence) -> Passage:
    return Passage(
        text=text.quote(sentence.start, sentence.end),
        lines=(text.line(sentence.start), text.line(sentence.end)),
    )


def _between(found: Sequence[tuple[int, int, Fingerprint]], length: int) -> list[tuple[int, int]]:
    """The stretches of words that belong to no known text."""
    edges = [0, *(edge for start, end, _ in found for edge in (start, end)), length]
    pairs = [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    return [(first, last) for first, last in pairs if last > first]
