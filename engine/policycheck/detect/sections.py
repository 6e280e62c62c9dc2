"""Finds the passage of a license text that a section names, as `1.b.ii` or `Exhibit A, item 6`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policycheck.detect.outline import Outline, Span
from policycheck.detect.words import is_copyright, wording

_ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last".split()  # noqa: SIM905
    )
}
_ORDINAL: Final = re.compile(rf"\b({'|'.join(_ORDINALS)})\b")
_PATH: Final = re.compile(r"(?:\d+|[A-Za-z]|[ivxIVX]+|\([a-z]\))(?:\.\d+|\.[A-Za-z]|\.[ivx]+|\s?\([0-9A-Za-z]+\))*")
_CONTAINED: Final = re.compile(r"(Exhibit|Attachment|Appendix|Schedule|Annex|Addendum|Policy)(?: ([A-Z0-9]+))?")
_NEAR: Final = 300


def find(text: str, section: str, heading: str | None) -> list[Span]:
    """Where the passages of a section stand; empty where they can't be found for sure.

    `heading` must stand at the passage, or above it; a number alone may be another list's.
    """
    finder = _Finder(text, heading)
    return [(start, start + len(text[start:end].rstrip())) for start, end in finder.find(section)]


class _Finder:
    """Finds the parts of one section, one within the other."""

    def __init__(self, text: str, heading: str | None) -> None:
        self.outline = Outline(text)
        self.text = text
        self.whole: Span = (0, len(text))
        named = [each for each in re.split(r"[;()]", heading or "") if each.strip()]
        self.headings = [" ".join(wording(each).plain) for each in named]

    def find(self, section: str) -> list[Span]:
        parts = _parts(section)
        if all(_PATH.fullmatch(part) for part in parts):
            return self._paths(parts) or self._unnumbered(parts)
        return self._nested(parts) or self._titled(section, self.whole)

    def _unnumbered(self, parts: Sequence[str]) -> list[Span]:
        """The part under its heading, in a copy that lost the numbers of its sections."""
        if len(parts) != 1 or not parts[0].isdigit() or len(self.headings) != 1:
            return []
        return [] if any(self.outline.labelled(parts[0], self.whole)) else self._titled(self.headings[0], self.whole)

    def _nested(self, parts: Sequence[str]) -> list[Span]:
        """Parts each of which lies in the one before, or beside it."""
        found: list[Span] = []
        around = self.whole
        for part in parts:
            spans = self._part(part, around)
            if not spans:
                return []
            # A passage inside another takes its place; one beside it is added.
            inside = len(found) == 1 and all(found[0][0] <= s[0] and s[1] <= found[0][1] for s in spans)
            found = spans if inside or not found else [*found, *spans]
            around = spans[0] if len(spans) == 1 else around
        return found

    def _part(self, part: str, around: Span) -> list[Span]:
        """The spans of one part of a section's name."""
        if contained := _CONTAINED.fullmatch(part):
            return self._container(contained[1], contained[2])
        if items := re.fullmatch(r"(?:items?|conditions?) (.+)", part):
            return self._several(items[1], around)
        if re.fullmatch(r".+ (entry|entries|groups?|items?)", part):
            return _chosen(part, self.outline.children(around))
        if re.search(r"\b(paragraph|sentence|preamble|opening)\b", part):
            return self._running(part, around)
        if _PATH.fullmatch(part) and around == self.whole:
            return self._paths([part])
        if _PATH.fullmatch(part):
            return next(([span] for span, _ in self._descend(_labels(part), around)), [])
        return self._titled(part, around)

    def _several(self, said: str, around: Span) -> list[Span]:
        """The items with some numbers, or in some places of a list without numbers."""
        labels = re.split(r"\s*,\s*|\s+and\s+", said)
        if ends := re.fullmatch(r"(\d+) to (\d+)", said):
            labels = [str(number) for number in range(int(ends[1]), int(ends[2]) + 1)]
        children = self.outline.children(around) or self._after_colon(around)
        found: list[Span] = []
        for label in labels:
            span = self.outline.item(label, around)
            # A list whose numbers were lost, or begin again, is counted.
            outer = bool(children) and self.text[children[0][0]].isdigit()
            lost = span is None or (outer and self._column(span) > self._column(children[0]))
            if lost and label.isdigit():
                span = children[int(label) - 1] if int(label) <= len(children) else None
            if span is None:
                return []
            found.append(span)
        return found

    def _column(self, span: Span) -> int:
        return span[0] - self.text.rfind("\n", 0, span[0])

    def _after_colon(self, around: Span) -> list[Span]:
        paragraphs = self.outline.paragraphs(around)
        first = next((i for i, (start, end) in enumerate(paragraphs) if self.text[start:end].endswith(":")), None)
        return paragraphs[first + 1 :] if first is not None else []

    def _container(self, kind: str, label: str | None) -> list[Span]:
        """An exhibit with its letter; a number is that of an item in the only one."""
        numbered = label is not None and label.isdigit()
        name = kind if label is None or numbered else rf"{kind}[ \t]+{label}"
        pattern = re.compile(rf"^[ \t#*_-]*(?:\w+[ \t]+){{0,4}}?{name}\b[^\n]{{0,90}}$", re.M | re.I)
        places = [found.start() for found in pattern.finditer(self.text)]
        if not places:
            return []
        # A text may name its exhibit in passing; the exhibit itself stands last.
        span = (places[-1], self.outline.limit(places[-1], self.whole))
        return self._several(str(label), span) if numbered else [span]

    def _paths(self, parts: Sequence[str]) -> list[Span]:
        """Numbered passages, of which at least one stands at the heading."""
        found: list[Span] = []
        fits = not self.headings
        for part in parts:
            ways = list(self._descend(_labels(part), self.whole))
            if not ways:
                return []
            good = next((span for span, starts in ways if self._fits(_labels(part), starts)), None)
            fits = fits or good is not None
            found.append(good or ways[0][0])
        return found if fits else []

    def _descend(self, labels: Sequence[str], around: Span) -> Iterator[tuple[Span, tuple[int, ...]]]:
        """The spans at the end of a path of labels, with the starts of all parts on the way."""
        if not labels:
            yield around, ()
            return
        for count in range(len(labels), 0, -1):
            label = ".".join(labels[:count])
            spans = list(self.outline.labelled(label, around))
            if not spans and count == 1 and around != self.whole:
                spans = list(self.outline.inline(label, around))
            for span in spans:
                for inner, starts in self._descend(labels[count:], span):
                    yield inner, (span[0], *starts)

    def _fits(self, labels: Sequence[str], starts: Sequence[int]) -> bool:
        """Whether the heading stands at one of the parts on the way, or right above the first."""
        above = [span[0] for span in self.outline.labelled(labels[0], (0, starts[0]))][-1:]
        places = [self.text[start : start + _NEAR] for start in (*above, *starts)]
        places.append(self.text[max(0, starts[0] - _NEAR // 2) : starts[0]])
        near = [f" {' '.join(wording(place).plain)} " for place in places]
        return any(f" {heading} " in place for heading in self.headings for place in near)

    def _running(self, part: str, around: Span) -> list[Span]:
        """Paragraphs and sentences that have no number."""
        paragraphs = [span for span in self.outline.paragraphs(around) if self._says(span)]
        if part in ("preamble", "opening"):
            first = next((b.start for b in self.outline.within(around)[1:] if b.label is not None), around[1])
            return [(around[0], first)]
        if part == "opening paragraph":
            return paragraphs[:1]
        if topic := re.fullmatch(r"(permission|warranty) paragraph", part):
            return [s for s in paragraphs if topic[1] in self.text[s[0] : s[1]].lower()[:400]][:1]
        if after := re.fullmatch(r"paragraph after item (\d+)", part):
            span = self.outline.item(after[1], around)
            return [p for p in paragraphs if span and span[0] < p[0]][:1]
        if "sentence" in part:
            inside = wording(self.text[around[0] : around[1]]).sentences()
            chosen = _chosen(part.replace("closing", "last"), [(each.start, each.end) for each in inside])
            return [(around[0] + start, around[0] + end) for start, end in chosen]
        return _chosen(part, paragraphs)

    def _says(self, span: Span) -> bool:
        """Whether a paragraph is more than a title or a copyright line."""
        passage = " ".join(self.text[span[0] : span[1]].split())
        return len(passage.split()) > 8 and not is_copyright(passage)

    def _titled(self, title: str, around: Span) -> list[Span]:
        """The part under a heading without a number: its own paragraph, or the one below."""
        wanted = wording(title).plain
        paragraphs = self.outline.paragraphs(around)
        for index, (start, end) in enumerate(paragraphs):
            words = wording(self.text[start:end]).plain
            if words[: len(wanted)] == wanted:
                below = paragraphs[min(index + 1, len(paragraphs) - 1)][1]
                return [(start, below if len(words) <= len(wanted) + 2 else end)]
            # A heading may stand in a line of its own right above its text.
            for line in re.finditer(r"^.{1,80}$", self.text[start:end], re.M):
                if wording(line[0]).plain == wanted:
                    return [(start + line.start(), end)]
        return []


def _parts(section: str) -> list[str]:
    """The parts between commas; `items 2, 15 and 16` is one."""
    listed = re.search(r"\b(?:items|conditions) [\d, and]+$", section)
    before = section[: listed.start()] if listed else section
    parts = [part.strip() for part in before.split(",") if part.strip()]
    return [*parts, listed[0]] if listed else parts or [section]


def _labels(path: str) -> list[str]:
    return re.findall(r"\d+|[A-Za-z]+", path)


def _chosen(said: str, spans: Sequence[Span]) -> list[Span]:
    """Those of the spans whose ordinals are said; none where one of them does not exist."""
    numbers = [-1 if word == "last" else _ORDINALS[word] for word in _ORDINAL.findall(said)]
    return [spans[number] for number in numbers] if numbers and spans and max(numbers) < len(spans) else []
