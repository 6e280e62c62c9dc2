"""Hashes of the license texts that were read: they tell whether a text is one of them, and hold no sentence of any."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.detect.words import Wording, digest, wording
from policycheck.documents import Document, read_file
from policycheck.errors import DocumentError, PolicycheckError, Problem

_HEAD: Final = 8
_KEYS: Final = {"document", "copy", "sha256", "words", "head", "whole", "sentences", "scancode"}
_OPTIONAL: Final = {"copy", "scancode"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A text that was read, as hashes."""

    license: str
    document: str
    """Which document of the license it is, as `license` or `acceptable-use`."""
    copy: str | None
    """Where another copy than that of the catalog was read."""
    sha256: str
    """Of the bytes that were read."""
    words: int
    head: str
    """Hash of its first words, by which it is found inside another text."""
    whole: str
    """Hash of all its words: the same hash is the same text, however it is set."""
    sentences: tuple[str, ...]
    scancode: str | None = None
    """The key under which ScanCode ships a text with the same words."""


def head_of(words: Iterable[str]) -> str:
    """The hash of the first words."""
    return digest(list(words)[:_HEAD])[:16]


def made(
    raw: bytes, text: Wording, *, license: str, document: str, copy: str | None = None, scancode: str | None = None
) -> Fingerprint:
    """The fingerprint of a text; `raw` are the bytes that were read."""
    return Fingerprint(
        license=license,
        document=document,
        copy=copy,
        sha256=hashlib.sha256(raw).hexdigest(),
        words=len(text.words),
        head=head_of(text.plain),
        whole=digest(text.plain),
        sentences=tuple(sentence.hash for sentence in text.sentences()),
        scancode=scancode,
    )


def folder() -> Path:
    """Where the shipped fingerprints lie."""
    return shipped.folder("catalog") / "fingerprints"


def of_document(document: Document) -> list[Fingerprint]:
    """The fingerprints in a file; raises DocumentError where it has another form."""
    data, wrong = document.data, list[Problem]()
    if not isinstance(data, dict) or set(data) != {"license", "texts"} or not isinstance(data["texts"], list):
        raise DocumentError([document.problem((), "a file of fingerprints has the keys `license` and `texts`, a list")])
    for index, entry in enumerate(data["texts"]):
        if not isinstance(entry, dict) or set(entry) | _OPTIONAL != _KEYS:
            wanted = ", ".join(f"`{key}`" for key in sorted(_KEYS - _OPTIONAL))
            message = f"a fingerprint has the keys {wanted}, and perhaps `copy` and `scancode`"
            wrong.append(document.problem(("texts", index), message))
    if wrong:
        raise DocumentError(wrong)
    return [_from(entry, str(data["license"])) for entry in data["texts"]]


def _from(entry: dict[str, Any], license: str) -> Fingerprint:
    return Fingerprint(
        license=license,
        document=str(entry["document"]),
        copy=entry.get("copy"),
        sha256=str(entry["sha256"]),
        words=int(entry["words"]),
        head=str(entry["head"]),
        whole=str(entry["whole"]),
        sentences=tuple(str(entry["sentences"]).split()),
        scancode=entry.get("scancode"),
    )


@cache
def load(place: Path | None = None) -> tuple[Fingerprint, ...]:
    """Every fingerprint in `place`, by default the shipped ones; raises PolicycheckError where a file is wrong."""
    found: list[Fingerprint] = []
    try:
        for path in sorted((place or folder()).glob("*.yaml")):
            found += of_document(read_file(path))
    except DocumentError as error:
        raise PolicycheckError(f"the shipped fingerprints are wrong, mend them or install again:\n{error}") from None
    return tuple(found)


def check(catalog: Catalog, place: Path | None = None) -> Iterator[Problem]:
    """Fingerprints that belong to no text of the catalog, or to another copy than the one it says was read."""
    for path in sorted((place or folder()).glob("*.yaml")):
        document = read_file(path)
        for index, each in enumerate(of_document(document)):
            where = ("texts", index)
            texts = catalog.licenses.get(each.license, {}).get("texts", {})
            if each.document not in texts:
                yield document.problem(where, f"no license `{each.license}` has a document `{each.document}`")
            elif each.copy is None and texts[each.document].get("sha256") != each.sha256:
                said = "the catalog gives another sha256 for this text; make the fingerprint again, or name the `copy`"
                yield document.problem((*where, "sha256"), said)
            if path.stem != each.license:
                yield document.problem(("license",), f"this file is called `{path.name}`")


def written(fingerprints: Iterable[Fingerprint]) -> str:
    """The file of a license's fingerprints."""
    listed = sorted(fingerprints, key=lambda each: (each.document, each.copy or ""))
    lines = ["# Made by `policycheck catalog fingerprint`: hashes of the texts that were read, no sentence of them."]
    lines += [f"license: {listed[0].license}", "texts:"]
    for each in listed:
        lines.append(f"  - document: {each.document}")
        if each.copy:
            lines.append(f'    copy: "{each.copy}"')
        if each.scancode:
            lines.append(f"    scancode: {each.scancode}")
        lines += [f'    {key}: "{getattr(each, key)}"' for key in ("sha256", "head", "whole")]
        lines += [f"    words: {each.words}", "    sentences: >-"]
        lines += [f"      {' '.join(each.sentences[i : i + 6])}" for i in range(0, len(each.sentences), 6)]
    return "\n".join(lines) + "\n"


def added(place: Path, fingerprint: Fingerprint) -> str:
    """The content of the license's file in `place`, with `fingerprint` in it; raises DocumentError."""
    path = place / f"{fingerprint.license}.yaml"
    others = of_document(read_file(path)) if path.exists() else []
    kept = [e for e in others if (e.document, e.copy) != (fingerprint.document, fingerprint.copy)]
    return written([*kept, fingerprint])


def read(raw: bytes) -> Wording:
    """The words of a text file in UTF-8, or in Windows-1252 as old license files are."""
    try:
        return wording(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return wording(raw.decode("cp1252", "replace"))
