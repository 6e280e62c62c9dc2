"""Whether the license texts at hand are those that were read: the user's own copies, and those that ScanCode ships."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policycheck.catalog import Catalog
from policycheck.detect import fingerprints, folder
from policycheck.detect.fingerprints import Fingerprint
from policycheck.detect.quote import scancode_texts, words_of
from policycheck.detect.texts import Library
from policycheck.detect.words import digest
from policycheck.upkeep.remark import Remark

_Text = tuple[str, str]


@dataclass(slots=True)
class Compared:
    """What a comparison with the texts at hand found."""

    same: set[_Text] = field(default_factory=set)
    """License and document of each text of which a copy is at hand, word for word."""
    differing: set[_Text] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)

    def counts(self, catalog: Catalog) -> dict[str, int]:
        """How many texts of the catalog are the same, differ, or are not at hand."""
        every = {(name, document) for name, data in catalog.licenses.items() for document in data["texts"]}
        differ = self.differing - self.same
        return {"same": len(self.same), "differ": len(differ), "not_at_hand": len(every - self.same - differ)}


def compare(catalog: Catalog, paths: Sequence[Path], shipped: Path | None = None) -> Compared:
    """Holds the texts in `paths`, and those of ScanCode where it is installed, against what was read.

    Raises DocumentError for a path that can't be read.
    """
    found = Compared()
    known = fingerprints.load()
    data = shipped if shipped is not None else scancode_texts()
    if data is not None:
        for each in known:
            _shipped(each, data, found)
    if paths:
        library = Library(known, catalog)
        by_bytes = dict(_by_bytes(catalog))
        for path in paths:
            _own(path, library, by_bytes, found)
    return found


def _by_bytes(catalog: Catalog) -> Iterator[tuple[str, _Text]]:
    for name, data in catalog.licenses.items():
        for document, text in data["texts"].items():
            if "sha256" in text:
                yield text["sha256"], (name, document)


def _shipped(fingerprint: Fingerprint, data: Path, found: Compared) -> None:
    path = data / f"{fingerprint.scancode}.LICENSE"
    if fingerprint.scancode is None or not path.is_file():
        return
    text = (fingerprint.license, fingerprint.document)
    if digest(words_of(path).plain) == fingerprint.whole:
        found.same.add(text)
        return
    found.differing.add(text)
    message = f"ScanCode's text has other words than `{text[1]}` of `{text[0]}`, of which it is said to be a copy"
    found.remarks.append(_remark(path.as_posix(), 1, "text-differs", message))


def _own(path: Path, library: Library, by_bytes: dict[str, _Text], found: Compared) -> None:
    for file in folder.read(path).of_kind("license", "weights", "code", "policy"):
        exact = by_bytes.get(hashlib.sha256(file.raw).hexdigest())
        if exact is not None:
            found.same.add(exact)
            continue
        match = library.match(fingerprints.read(file.raw))
        if match.known:
            found.same.update((each.license, each.document) for each in match.known)
            continue
        near = list(dict.fromkeys((each.license, each.document) for each in match.nearest))
        name = (path / file.name if path.is_dir() else path).as_posix()
        if not near:
            message = "this is no text that was read, nor near to one"
            found.remarks.append(_remark(name, 1, "text-unknown", message))
            continue
        found.differing.update(near)
        line = match.differing[0].lines[0] if match.differing else match.lines[0]
        what = " and ".join(f"`{document}` of `{license}`" for license, document in near)
        message = f"from here on this differs from {what}; `policycheck catalog identify` shows the passages"
        found.remarks.append(_remark(name, line, "text-differs", message))


def _remark(file: str, line: int, check: str, message: str) -> Remark:
    return Remark(check=check, file=file, line=line, column=1, message=message)
