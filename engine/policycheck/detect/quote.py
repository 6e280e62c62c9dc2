"""The clause's own words, at run time, out of a text that a library ships or the user has; none is stored here."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.detect import fingerprints, folder
from policycheck.detect.fingerprints import Fingerprint
from policycheck.detect.sections import find
from policycheck.detect.texts import Library
from policycheck.detect.words import Wording, digest

_HEADER: Final = re.compile(rb"\A---\n.*?\n---\n", re.S)
_NONE: Final = (
    "no copy of this text is at hand; `--texts FILE` names one, and the extra `detect` brings those that ScanCode ships"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a clause says in its own words, or why that is not shown."""

    text: str | None
    source: str | None
    """The file that it was taken from."""
    why: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The quote as JSON."""
        return {"text": self.text, "from": self.source, "why": self.why}


@dataclass(frozen=True, slots=True)
class _Copy:
    """A text that is one of those that were read, word for word."""

    source: str
    text: str


class Quotes:
    """Finds clauses in the texts at hand: each is checked by the SHA-256 of its words before it is quoted."""

    def __init__(self, catalog: Catalog, texts: Sequence[Path] = (), *, shipped: Path | None = None) -> None:
        self._fingerprints: dict[tuple[str, str], Fingerprint] = {
            (each.license, each.document): each for each in fingerprints.load() if each.copy is None
        }
        self._data = shipped if shipped is not None else scancode_texts()
        self._copies: dict[str, _Copy] = {}
        self._others: dict[tuple[str, str], str] = {}
        self._quotes: dict[tuple[str, str, str, str | None], Quote] = {}
        if texts:
            library = Library(fingerprints.load(), catalog)
            for path in texts:
                self._take(folder.read(path), library)

    def of(self, license: str, document: str, section: str | None, heading: str | None) -> Quote:
        """The words of a clause."""
        key = (license, document, section or "", heading)
        if key not in self._quotes:
            self._quotes[key] = self._quote(*key)
        return self._quotes[key]

    def into(self, citation: Mapping[str, Any]) -> dict[str, Any]:
        """A citation of a report with its quote."""
        found = self.of(citation["license"], citation["document"], citation["section"], citation["heading"])
        return {**citation, "quote": found.as_json()}

    def _take(self, found: folder.Folder, library: Library) -> None:
        """The texts of the user's own that are known, and those that are not what they seem."""
        for file in found.of_kind("license", "weights", "code", "policy"):
            text = fingerprints.read(_HEADER.sub(b"", file.raw))
            match = library.match(text)
            for each in match.known:
                self._copies.setdefault(each.whole, _Copy(file.name, text.text))
            for each in match.nearest:
                self._others.setdefault((each.license, each.document), file.name)

    def _quote(self, license: str, document: str, section: str, heading: str | None) -> Quote:
        fingerprint = self._fingerprints.get((license, document))
        other = self._others.get((license, document))
        copy = self._copy(fingerprint) if fingerprint is not None else None
        if copy is None or fingerprint is None:
            said = (
                f"`{other}` is another text than the one that was read; nothing is quoted from it" if other else _NONE
            )
            return Quote(text=None, source=None, why=said)
        spans = find(copy.text, section, heading)
        if not spans:
            return Quote(text=None, source=copy.source, why=f"section {section} could not be found in {copy.source}")
        passages = (" ".join(copy.text[start:end].split()) for start, end in spans)
        return Quote(text=" […] ".join(passages), source=copy.source)

    def _copy(self, fingerprint: Fingerprint) -> _Copy | None:
        """The user's own copy of a text, else ScanCode's; None where there is none with the very words."""
        if fingerprint.whole in self._copies or self._data is None or fingerprint.scancode is None:
            return self._copies.get(fingerprint.whole)
        path = self._data / f"{fingerprint.scancode}.LICENSE"
        if not path.is_file():
            return None
        text = words_of(path)
        if digest(text.plain) != fingerprint.whole:
            self._others.setdefault((fingerprint.license, fingerprint.document), f"ScanCode's {path.name}")
            return None
        return self._copies.setdefault(fingerprint.whole, _Copy(f"ScanCode's {path.name}", text.text))


def scancode_texts() -> Path | None:
    """Where ScanCode's license texts lie, its data alone or the whole program; None where neither is installed."""
    spec = importlib.util.find_spec("licensedcode")
    for place in spec.submodule_search_locations or () if spec else ():
        if (found := Path(place) / "data" / "licenses").is_dir():
            return found
    return None


@cache
def words_of(path: Path) -> Wording:
    """The words of a text that ScanCode ships, without its header."""
    return fingerprints.read(_HEADER.sub(b"", path.read_bytes()))


def quoted(data: Any, quotes: Quotes) -> Any:
    """A JSON report whose every citation has its quote."""
    if isinstance(data, dict):
        return {
            key: [quotes.into(each) for each in value] if key == "citations" else quoted(value, quotes)
            for key, value in data.items()
        }
    return [quoted(each, quotes) for each in data] if isinstance(data, list) else data


def lines(clauses: Iterable[Any], quotes: Quotes) -> list[tuple[str, str]]:
    """Each cited passage once, with its words or the reason why they are not shown."""
    found: dict[str, str] = {}
    for clause in clauses:
        quote = quotes.of(clause.license, clause.text.document, clause.section, clause.heading)
        head = f" “{clause.heading}”" if clause.heading else ""
        name = f"{clause.license}, {clause.text.document}, section {clause.section}{head}"
        said = f"“{quote.text}” ({quote.source})" if quote.text is not None else f"Not quoted: {quote.why}."
        found.setdefault(name, said)
    return list(found.items())
