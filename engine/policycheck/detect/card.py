"""A model card: what the front matter of a README says of license and lineage, and where it can't be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policycheck.detect.folder import File
from policycheck.documents import Document, examine, printable
from policycheck.errors import DocumentError, Problem

_FENCE: Final = re.compile(r"---[ \t]*")
_MARK: Final = b"\xef\xbb\xbf"
_MOST_BASES: Final = 200
_SECOND: Final = "the base model that the card names the second time"
# The Hub's words, and the catalog's.
RELATIONS: Final[Mapping[str, str]] = {
    "finetune": "finetune",
    "fine-tune": "finetune",
    "finetuned": "finetune",
    "adapter": "adapter",
    "quantized": "quantization",
    "quantization": "quantization",
    "merge": "merge",
    "distilled": "distillation",
    "distillation": "distillation",
    "pruned": "pruning",
    "pruning": "pruning",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something in a card that is not as it should be."""

    check: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a model card says."""

    file: str
    licenses: tuple[str, ...] = ()
    """The license tags, as written."""
    license_name: str | None = None
    license_link: str | None = None
    bases: tuple[str, ...] = ()
    """Ids of the models that it is made from."""
    relation: str | None = None
    notes: tuple[Note, ...] = ()
    unclear: bool = False
    """Whether the license can't be told, since the card says two things at once."""

    @property
    def declared(self) -> str | None:
        """The license as the card names it."""
        return ", ".join(self.licenses) if self.licenses else self.license_name


def read(file: File, path: str) -> Card:
    """The card in a README; raises DocumentError where its front matter is broken."""
    name = f"{path}/{file.name}"
    matter = _front_matter(file.raw, name)
    if matter is None:
        return Card(file=file.name)
    document, problems = examine(matter, name)
    if not isinstance(document.data, dict):
        raise DocumentError([document.problem((), "the front matter is no mapping; write `license: …` in it")])
    reader = _Reader(document, problems, file)
    return reader.card()


def _front_matter(raw: bytes, name: str) -> bytes | None:
    """The YAML between the two lines `---` at the top, each line where it stood; None where a card has none."""
    lines = raw.removeprefix(_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    start = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if not lines or not _FENCE.fullmatch(lines[start].decode("latin-1")):
        return None
    ends = (i for i in range(start + 1, len(lines)) if _FENCE.fullmatch(lines[i].decode("latin-1")))
    end = next(ends, None)
    if end is None:
        message = "the front matter that opens here is never closed; write a line `---` behind it"
        raise DocumentError([Problem(file=printable(name), line=start + 1, column=1, message=message)])
    inner = b"\n".join([b""] * (start + 1) + lines[start + 1 : end]) + b"\n"
    return inner if inner.strip() else None


class _Reader:
    """Reads the keys that matter, and notes what is odd about them."""

    def __init__(self, document: Document, problems: list[Problem], file: File) -> None:
        self.document, self.problems, self.file = document, problems, file
        self.data: dict[str, Any] = document.data
        self.notes: list[Note] = []
        self.unclear = False
        self.twice = False

    def card(self) -> Card:
        if self.file.raw.startswith(_MARK):
            self._note("card-form", "begins with a byte-order mark, for which some readers lose its first key")
        licenses = tuple(self._strings("license"))
        for problem in self.problems:
            self._weigh(problem)
        if len(licenses) > 1:
            listed = " and ".join(f"`{each}`" for each in licenses)
            self._note("card-names-several", f"names {listed} without a word on how they relate; all of them count")
        named = {key: next(iter(self._strings(key)), None) for key in ("license_name", "license_link")}
        bases = list(self._strings("base_model"))
        if len(bases) > _MOST_BASES:
            self._note("card-form", f"names {len(bases)} base models; the first {_MOST_BASES} are read")
        return Card(
            file=self.file.name,
            licenses=licenses,
            license_name=named["license_name"],
            license_link=named["license_link"],
            bases=tuple(dict.fromkeys([*bases[:_MOST_BASES], *([_SECOND] if self.twice else [])])),
            relation=self._relation(bases),
            notes=tuple(self.notes),
            unclear=self.unclear,
        )

    def _weigh(self, problem: Problem) -> None:
        """Two values of one key that we read make it unclear; other flaws of form are only said."""
        key = problem.path.partition(".")[0].partition("[")[0]
        matters = key in ("license", "license_name", "base_model", "base_model_relation")
        if matters and "a second time" in problem.message:
            self.unclear = self.unclear or key in ("license", "license_name")
            self.twice = self.twice or key == "base_model"
            self._note("card-duplicate-key", f"line {problem.line}: {problem.message}; which one counts is unknown")
        elif matters:
            self._note("card-form", f"line {problem.line}: {problem.message}")

    def _strings(self, key: str) -> Iterator[str]:
        """The text, or the texts of the list, under a key."""
        value = self.data.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip():
                yield each.strip()
            elif isinstance(each, int) and not isinstance(each, bool):
                yield str(each)
            elif each not in (None, ""):
                self._note("card-not-understood", f"`{key}` is {_shown(each)}, which names nothing")
                self.unclear = self.unclear or key == "license"

    def _relation(self, bases: list[str]) -> str | None:
        said = next(iter(self._strings("base_model_relation")), None)
        if said is None:
            return "merge" if len(bases) > 1 else None
        relation = RELATIONS.get(said.lower())
        if relation is None:
            known = ", ".join(f"`{word}`" for word in ("finetune", "adapter", "quantized", "merge"))
            self._note("card-not-understood", f"`base_model_relation` is `{said}`; known are {known}")
        return relation

    def _note(self, check: str, message: str) -> None:
        note = Note(check=check, message=printable(f"{self.file.name} {message}"))
        if note not in self.notes:
            self.notes.append(note)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "a mapping" if isinstance(value, dict) else "a list in a list" if isinstance(value, list) else f"`{value}`"
