"""Rewrites the messages beside every bad document; read the difference by eye before you commit it.

Policies lie in fixtures/documents/bad, other kinds of file in a folder of their own below it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from policycheck import shipped
from policycheck.cases import case_files, read_cases
from policycheck.catalog import Catalog
from policycheck.documents import read_file
from policycheck.errors import DocumentError
from policycheck.policy import load
from policycheck.starting import start
from policycheck.vocabulary import Vocabulary

FIXTURES = Path(__file__).parents[2] / "fixtures" / "documents"
TODAY = date(2026, 11, 24)


def small_catalog() -> Catalog:
    """The shipped vocabulary, two packs of one rule, one publisher and one license: a new pack changes no message."""
    vocabulary = Vocabulary(read_file(shipped.folder("catalog") / "vocabulary.yaml").data)
    packs = {
        "baseline": _pack("baseline", "use-granted", "license", "prohibition"),
        "eu-gdpr": _pack("eu-gdpr", "hosting-outside-eu", "house", "review"),
    }
    meta = {"publisher": "meta", "name": "Meta Platforms, Inc.", "names": ["Meta"], "models": []}
    license = {
        "license": "apache-2.0",
        "name": "Apache License, Version 2.0",
        "spdx": "Apache-2.0",
        "names": ["Apache 2.0"],
    }
    return Catalog(
        vocabulary,
        {"licenses": {license["license"]: license}, "publishers": [meta], "packs": packs},
        sha256="",
        version="",
    )


def _pack(name: str, rule: str, basis: str, kind: str) -> dict[str, Any]:
    when = {"use.hosting_region": {"beyond": ["EU"]}} if basis == "house" else {"license.use_granted": "no"}
    made = {"id": rule, "outcome": "block", "kind": kind, "basis": basis, "when": when, "message": "No."}
    return {"pack": name, "title": name, "rules": [made]}


def bad_documents() -> list[Path]:
    """Every bad document of every kind."""
    bad = FIXTURES / "bad"
    return sorted(path for folder in (bad, bad / "cases", bad / "answers") for path in folder.glob("*.yaml"))


def read(path: Path, catalog: Catalog) -> None:
    """Reads the document at `path` as its folder says; raises DocumentError."""
    kind = path.parent.name
    if kind == "cases":
        files, _ = case_files([path])
        read_cases(files, catalog, TODAY)
    elif kind == "answers":
        start(read_file(path), catalog, TODAY)
    else:
        load(path, catalog, TODAY)


def messages(path: Path, catalog: Catalog) -> str:
    """What is said of the document at `path`, a line for each problem, files named as seen from its folder."""
    try:
        read(path, catalog)
    except DocumentError as error:
        return f"{error}\n".replace(f"{path.parent.as_posix()}/", "")
    return ""


def main() -> None:
    """Rewrite every file of messages, and name those that changed."""
    catalog = small_catalog()
    for path in bad_documents():
        beside = path.with_suffix(".txt")
        said = messages(path, catalog)
        if not said:
            print(f"{path.name} gets no message")
        if not beside.exists() or beside.read_text(encoding="utf-8") != said:
            beside.write_text(said, encoding="utf-8", newline="\n")
            print(f"wrote {beside.name}")


if __name__ == "__main__":
    main()
