"""A catalog with a license that was made up for the tests, its fingerprint, and folders built from files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.detect import fingerprints
from policycheck.detect.texts import Library
from policycheck.documents import read_file

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
TEXTS = {
    "apache": (ROOT / "LICENSE").read_text(encoding="utf-8"),
    "nordlicht": (FIXTURES / "texts" / "nordlicht-1.0.txt").read_text(encoding="utf-8"),
}


@cache
def catalog() -> Catalog:
    """The shipped catalog and the made-up license."""
    found = shipped.catalog()
    made = read_file(FIXTURES / "texts" / "nordlicht-1.0.yaml").data
    data = {**found.data, "licenses": {**found.data["licenses"], made["license"]: made}, "license_names": None}
    return Catalog(found.vocabulary.__class__(found.vocabulary.data), data, "", "")


@cache
def library() -> Library:
    """The shipped fingerprints and that of the made-up license."""
    raw = TEXTS["nordlicht"].encode()
    own = fingerprints.made(raw, fingerprints.read(raw), license="nordlicht-1.0", document="license")
    return Library((*fingerprints.load(), own), catalog())


def content(spec: Any) -> str:
    """A file of a folder: text as it stands, or one of the known texts with changes."""
    if isinstance(spec, str):
        return spec
    text = TEXTS[spec["text"]]
    for old, new in spec.get("replace", {}).items():
        assert old in text
        text = text.replace(old, new)
    text = text[: text.index(spec["until"])] if "until" in spec else text
    text = f"{spec['before']}\n\n{text}" if "before" in spec else text
    text = f"{text}\n\n{spec['after']}\n" if "after" in spec else text
    return f"{text}\n\n{TEXTS[spec['then']]}" if "then" in spec else text


def build(files: Any, place: Path) -> Path:
    """The folder that `files` describes."""
    place.mkdir(parents=True, exist_ok=True)
    for name, spec in files.items():
        (place / name).write_text(content(spec), encoding="utf-8")
    return place
