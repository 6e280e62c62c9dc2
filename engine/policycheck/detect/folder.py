"""A model's folder as it was downloaded: which files tell its license, read without trusting any of them."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from policycheck.documents import MOST_BYTES, printable
from policycheck.errors import DocumentError, Problem

_MOST_ENTRIES: Final = 20_000
_MOST_FILES: Final = 40
# Kinds of file by name; the first that fits counts. Third parties' notices say nothing of the model's own license.
_KINDS: Final[Mapping[str, re.Pattern[str]]] = {
    "card": re.compile(r"readme(\.md|\.markdown)?|model_?card\.md", re.I),
    "translation": re.compile(r"readme[-_. ][\w-]{2,10}\.(md|markdown)", re.I),
    "config": re.compile(r"config\.json"),
    "third-parties": re.compile(r".*third[-_ ]?party.*", re.I),
    "policy": re.compile(
        r"(.*[-_ .])?(use[-_ ]?policy|acceptable[-_ ]?use.*|prohibited[-_ ]?use.*)(\.(md|txt|rst))?", re.I
    ),
    "code": re.compile(r"((license|licence|copying)[-_. ]?code|code[-_. ]?(license|licence))(\.(md|txt|rst))?", re.I),
    "weights": re.compile(
        r"((license|licence|copying)[-_. ]?(model|weights)s?|(model|weights)s?[-_. ]?(license|licence)(_agreement)?)"
        r"(\.(md|txt|rst|pdf))?",
        re.I,
    ),
    "license": re.compile(r"(.*[-_. ])?(licen[sc]es?|copying|eula|terms([-_ ]of[-_ ]use)?)([-_. ].*)?", re.I),
    "notice": re.compile(r"notices?(\.(md|txt|rst))?", re.I),
}
# A name like `license.py` or `LICENSE.png` is no license text.
_NO_TEXT: Final = re.compile(
    r"(?i).*\.(py|pyc|js|ts|css|c|cc|cpp|h|rs|go|java|sh|ps1|ya?ml|toml|jsonl?|csv|parquet|png|jpe?g|gif|webp|svg|ico|mp[34]"
    r"|wav|bin|safetensors|gguf|onnx|pt|pth|ckpt|h5|msgpack|npz|zip|gz|tar|xz|lock|incomplete|metadata|asc|sig)"
)
_MODEL_IN_CACHE: Final = re.compile(r"models--([^-].*?)--(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the folder that was read."""

    name: str
    kind: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What a model's folder holds on its license."""

    path: str
    files: tuple[File, ...]
    hub_id: str | None = None
    """The model's id on the Hub, where the folder lies in the Hub's own cache."""
    revision: str | None = None

    def of_kind(self, *kinds: str) -> list[File]:
        """The files of some kinds."""
        return [file for file in self.files if file.kind in kinds]


def read(path: Path) -> Folder:
    """The files at `path`, a folder or a single file; raises DocumentError with everything that can't be read."""
    shown = path.as_posix()
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise DocumentError([_problem(shown, _why(error))]) from None
    if not stat.S_ISDIR(mode):
        return Folder(path=shown, files=_read_all(path.parent, [(path.name, kind_of(path.name) or "license")], shown))
    place = _snapshot(path)
    names = sorted((name, kind) for name in _names(place, shown) if (kind := kind_of(name)))
    cached = _cached(place)
    return Folder(
        path=shown,
        files=_read_all(place, names, place.as_posix()),
        hub_id=cached and f"{cached[0]}/{cached[1]}",
        revision=Path(os.path.realpath(place)).name if cached else None,
    )


def kind_of(name: str) -> str | None:
    """What a file is by its name: card, config, license, weights, code, policy, notice; None for all others."""
    if _NO_TEXT.fullmatch(name) and name != "config.json":
        return None
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(name)), None)


def _names(place: Path, shown: str) -> Iterator[str]:
    try:
        with os.scandir(place) as entries:
            for count, entry in enumerate(entries):
                if count >= _MOST_ENTRIES:
                    raise DocumentError(
                        [_problem(shown, f"the folder has over {_MOST_ENTRIES} entries; is it a model's?")]
                    )
                if not entry.is_dir():
                    yield entry.name
    except OSError as error:
        raise DocumentError([_problem(shown, _why(error))]) from None


def _snapshot(path: Path) -> Path:
    """The folder itself, or the snapshot that is meant where the Hub's cache of a model was named."""
    if not _MODEL_IN_CACHE.fullmatch(Path(os.path.realpath(path)).name) or not (path / "snapshots").is_dir():
        return path
    found = sorted(each for each in (path / "snapshots").iterdir() if each.is_dir())
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"`{each.name}`" for each in found[:5]) or "none"
    message = f"this is the Hub's cache of a model; name one of its snapshots ({listed}), as `snapshots/{'REVISION'}`"
    raise DocumentError([_problem(path.as_posix(), message)])


def _cached(place: Path) -> tuple[str, str] | None:
    """Organisation and name of the model whose snapshot a folder is, by the layout of the Hub's cache."""
    real = Path(os.path.realpath(place))
    found = _MODEL_IN_CACHE.fullmatch(real.parent.parent.name) if real.parent.name == "snapshots" else None
    return (found[1], found[2]) if found else None


def _read_all(place: Path, names: Sequence[tuple[str, str]], shown: str) -> tuple[File, ...]:
    files: list[File] = []
    wrong: list[Problem] = []
    real = Path(os.path.realpath(place))
    homes = [real, real.parent.parent / "blobs"] if _cached(place) else [real]
    for name, kind in names[:_MOST_FILES]:
        try:
            files.append(File(name=name, kind=kind, raw=_bytes(place / name, homes)))
        except (OSError, ValueError) as error:
            wrong.append(_problem(f"{place.as_posix()}/{name}", _why(error)))
    if len(names) > _MOST_FILES:
        wrong.append(_problem(shown, f"{len(names)} files look like licenses; at most {_MOST_FILES} are read"))
    if wrong:
        raise DocumentError(wrong)
    return tuple(files)


def _bytes(path: Path, homes: Sequence[Path]) -> bytes:
    """The bytes of a regular file of bounded size that lies in one of `homes`, whatever links lead there."""
    real = Path(os.path.realpath(path))
    if path.is_symlink() and not any(real.is_relative_to(home) for home in homes):
        raise ValueError("this link leads out of the folder; copy the file into it")
    # Not to wait for a writer, where this is a pipe.
    handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("this is no ordinary file")
        if found.st_size > MOST_BYTES:
            size = f"{found.st_size / 1e6:.1f} MB"
            raise ValueError(f"the file is {size} large; at most {MOST_BYTES // 1_000_000} MB are read")
        raw = file.read(MOST_BYTES + 1)
    if b"\0" in raw:
        kind = "UTF-16 or UTF-32; save it as UTF-8" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "no text"
        raise ValueError(f"the file is {kind}")
    if raw.startswith(b"%PDF"):
        raise ValueError("the file is a PDF; save its text beside it as a .txt file, and take the PDF away")
    return raw


def _why(error: OSError | ValueError) -> str:
    """The reason in plain words."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder, or a link to it leads nowhere"
    if isinstance(error, PermissionError):
        return "no permission to read this"
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "this link leads to itself"
    return str(getattr(error, "strerror", None) or error)


def _problem(name: str, message: str) -> Problem:
    return Problem(file=printable(name), line=0, column=0, message=printable(message))
