"""The data that ships with policycheck: found, checked once, and kept as an index beside the code."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from policycheck import __version__, index
from policycheck.catalog import Catalog, license_names
from policycheck.documents import Document, read_file
from policycheck.errors import DocumentError, PolicycheckError, Problem, UsageError
from policycheck.schema import problems
from policycheck.shapes import shapes
from policycheck.vocabulary import Vocabulary

_HERE = Path(__file__).parent
_INDEX = _HERE / "_index.jsonl"


def folder(name: str) -> Path:
    """The folder `catalog` or `policies`: inside the installed package, or beside the code in a checkout."""
    for candidate in (_HERE / name, _HERE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise PolicycheckError(f"the folder `{name}` that belongs to policycheck is missing; install it again")


def _files(catalog: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Every file of the shipped catalog and packs, or of another catalog: its own packs, or those beside it."""
    packs = folder("policies") / "packs"
    if catalog is not None:
        packs = next((each for each in (catalog / "packs", _beside(catalog)) if each.is_dir()), packs)
    catalog = catalog or folder("catalog")
    yield "vocabulary", catalog / "vocabulary.yaml"
    if (catalog / "hosts.yaml").exists():
        yield "hosts", catalog / "hosts.yaml"
    for kind, place in (("license", catalog / "licenses"), ("models", catalog / "models"), ("pack", packs)):
        for name in sorted(os.listdir(place)):
            if name.endswith(".yaml"):
                yield kind, place / name


def _beside(catalog: Path) -> Path:
    return catalog.resolve().parent / "policies" / "packs"


def digest(catalog: Path | None = None) -> str:
    """SHA-256 over the names and bytes of every file of the shipped catalog and packs, or of another catalog."""
    total = hashlib.sha256(f"{__version__} index 9\n".encode())
    for kind, path in _files(catalog):
        total.update(f"{kind} {path.name}\n".encode())
        with path.open("rb", buffering=0) as file:
            raw = file.readall()
        total.update(hashlib.sha256(raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw).digest())
    return total.hexdigest()


@cache
def catalog() -> Catalog:
    """The shipped catalog. Raises PolicycheckError where a file of it was changed and is wrong now.

    The YAML files are the source; the index holds what was parsed and checked from exactly these bytes,
    told by their SHA-256, so that no start pays for parsing them again.
    """
    wanted = digest()
    data = index.read(_INDEX, wanted)
    if data is None:
        try:
            data = parse_all()
        except DocumentError as error:
            listed = "\n".join(str(problem) for problem in error.problems)
            raise PolicycheckError(f"the shipped catalog is wrong, mend it or install again:\n{listed}") from None
        index.write(_INDEX, wanted, data)
    return Catalog(Vocabulary(data["vocabulary"]), data, wanted, __version__)


def read_catalog(path: Path) -> Catalog:
    """The catalog in a folder that holds vocabulary.yaml, licenses/ and models/. Raises DocumentError, UsageError.

    Its packs are those in its folder packs/, or else in policies/packs/ beside it, or else the shipped ones.
    """
    for name in ("vocabulary.yaml", "licenses", "models"):
        if not (path / name).exists():
            raise UsageError(f"`{path}` is no catalog: `{name}` is missing there")
    data = parse_all(path)
    return Catalog(Vocabulary(data["vocabulary"]), data, digest(path), __version__)


def build_index() -> None:
    """Parse and check every shipped file and write the index; run when a wheel is built."""
    index.write(_INDEX, digest(), parse_all())


def read_all(catalog: Path | None = None) -> dict[str, list[Document]]:
    """Every document of the shipped catalog, or of another, by its kind, checked; raises DocumentError."""
    from policycheck import checks  # only a catalog that was changed is checked again

    found: dict[str, list[Document]] = {"vocabulary": [], "license": [], "models": [], "pack": [], "hosts": []}
    wrong: list[Problem] = []
    vocabulary = Vocabulary({})
    for kind, path in _files(catalog):
        try:
            document = read_file(path)
        except DocumentError as error:
            wrong += error.problems
            continue
        if kind == "vocabulary":
            wrong += problems(document, kind, None)
            vocabulary = Vocabulary(document.data)
            found[kind].append(document)
            if wrong:
                raise DocumentError(wrong)
            continue
        bad = problems(document, kind, vocabulary)
        wrong += bad
        if not bad:
            found[kind].append(document)
    if not wrong:
        wrong += checks.check_catalog(found["license"], found["models"], vocabulary)
        wrong += checks.check_hosts(found["hosts"])
    if wrong:
        raise DocumentError(wrong)
    return found


def parse_all(catalog: Path | None = None) -> dict[str, Any]:
    """The data of every document of the shipped catalog, or of another, checked; raises DocumentError."""
    return data_of(read_all(catalog))


def data_of(found: Mapping[str, list[Document]]) -> dict[str, Any]:
    """What a catalog is made of, out of its checked documents."""
    from policycheck import lines  # only what was changed is compiled again

    vocabulary = Vocabulary(found["vocabulary"][0].data)
    data: dict[str, Any] = {
        "vocabulary": vocabulary.data,
        "licenses": {document.data["license"]: _license(document.data) for document in found["license"]},
        "publishers": [_publisher(document.data) for document in found["models"]],
        "hosts": [host for document in found["hosts"] for host in document.data["hosts"]],
        "packs": {document.data["pack"]: document.data for document in found["pack"]},
    }
    data["shapes"] = shapes(data["licenses"], vocabulary)
    data["license_names"] = license_names(data["licenses"].values())
    data["model_names"] = Catalog(vocabulary, data, "", "").model_names()
    data["lines"] = lines.compiled(Catalog(vocabulary, data, "", ""))
    return data


# How somebody came to read it matters to who keeps the catalog, and is read from the files then.
_FOR_KEEPERS = frozenset({"read_from", "note"})


def _license(data: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: _without(text, _FOR_KEEPERS) for name, text in data["texts"].items()}
    return {**data, "texts": texts, "facts": [_without(fact, _FOR_KEEPERS) for fact in data["facts"]]}


def _publisher(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**data, "models": [_without(model, frozenset({"read_from", "sha256"})) for model in data["models"]]}


def _without(data: Mapping[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in left_out}
