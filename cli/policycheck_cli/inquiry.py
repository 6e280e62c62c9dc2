"""What is asked of a policy: the beginning that every command which judges one shares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.documents import Document, parse, read_bytes, read_file
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.policy import ModelRef, Policy, read_policy, with_all_problems
from policycheck.values import frozen

T = TypeVar("T")
MOST_AT_ONCE = 20_000
"""Models whose whole verdicts are held at once."""


@frozen
class Asked:
    """The options that mean the same on every command."""

    today: date
    settings: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    models_from: Path | None = None
    folders: tuple[Path, ...] = ()
    """Downloaded models, each judged by its own files."""
    every_model: bool = False
    uses: tuple[str, ...] = ()
    overlays: tuple[Path, ...] = ()
    """What `catalog import` wrote, read beside the catalog."""
    hub: bool = False
    hub_cache: Path | None = None
    engine: str | None = None
    output: Path | None = None

    @property
    def narrows(self) -> bool:
        """Whether models are named beside those of the policy."""
        return bool(self.models or self.models_from or self.folders)

    def of(self, path: str) -> Inquiry:
        """What is asked of the policy at `path`; raises DocumentError with what is wrong anywhere, and UsageError."""
        if self.models_from is not None and str(self.models_from) == path == "-":
            raise UsageError("standard input can be read once only; give the policy or the models as a file")
        return self.of_document(partial(read_document, path), shipped.catalog())

    def of_document(self, read: Callable[[], Document], base: Catalog) -> Inquiry:
        """What is asked of the policy that `read` gives, with `base` as the catalog beneath the overlays."""
        self._fits()
        wrong: list[Problem] = []
        catalog = _tried(wrong, partial(with_overlays, base, self.overlays), base)
        listed: list[str] = _tried(wrong, partial(_listed, self.models_from), [])
        described: list[ModelRef] = _tried(wrong, partial(_described, self.folders), [])
        policy = _tried(wrong, lambda: self._policy(read, catalog), None)
        if policy is None or wrong:
            raise DocumentError(wrong)
        found = Inquiry(policy, catalog, self, (*self.models, *listed), tuple(described))
        return found.with_hub() if self.hub else found

    def _policy(self, read: Callable[[], Document], catalog: Catalog) -> Policy:
        try:
            document = read()
        except DocumentError as error:
            raise with_all_problems(error, catalog, self.today) from None
        varied = self.varied(document)
        try:
            return read_policy(varied, catalog, self.today)
        except DocumentError as error:
            from policycheck.variation import told

            raise told(error, varied, self.settings) from None

    def varied(self, document: Document) -> Document:
        """The document with --set applied."""
        if not self.settings:
            return document
        from policycheck.variation import with_settings

        return with_settings(document, self.settings)

    def _fits(self) -> None:
        if self.every_model and self.narrows:
            raise UsageError("`--every-model` judges them all; leave out `--model`, `--models-from` and `--model-dir`")
        if self.engine is not None:
            from policycheck.engines import chosen

            chosen(self.engine)


@frozen(kw_only=False)
class Inquiry:
    """A policy that was read, the catalog to hold it against, and what is asked of both."""

    policy: Policy
    catalog: Catalog
    asked: Asked
    names: tuple[str, ...]
    """Models that are named beside those of the policy."""
    described: tuple[ModelRef, ...]

    @property
    def named(self) -> list[ModelRef]:
        """The models that are named beside those of the policy, each once; those of folders come last."""
        from policycheck.subjects import ref_named

        refs = [ref_named(name, self.policy, self.catalog) for name in dict.fromkeys(self.names)]
        return [*refs, *self.described]

    @property
    def narrowed(self) -> list[ModelRef] | None:
        """The same; None where nobody names any, so that those of the policy count."""
        return self.named if self.asked.narrows else None

    def with_hub(self) -> Inquiry:
        """The same, with what a Hub states of the models that the catalog lacks."""
        from policycheck_cli.hub import learned

        asked = self.asked
        catalog = learned(self.catalog, self.policy, self.narrowed, asked.today, asked.hub_cache)
        return Inquiry(self.policy, catalog, asked, self.names, self.described)

    def subjects(self) -> tuple[int, Iterable[ModelRef]]:
        """How many models are judged, at the most, and which: those named, in the policy, or else all."""
        every = self.asked.every_model
        narrowed = self.narrowed
        named = narrowed if narrowed is not None else None if every else self.policy.models
        if named is not None:
            return len(named), named
        if not self.asked.overlays:
            return len(self.catalog.identifiers), [ModelRef(name=each, where=()) for each in self.catalog.identifiers]
        from policycheck.hub.bulk import all_refs

        beside = sum(map(len, getattr(self.catalog, "overlays", ())))
        return len(self.catalog.identifiers) + beside, all_refs(self.catalog)

    def models(self) -> list[ModelRef]:
        """The models that are judged, all at once; raises UsageError where they are too many for that."""
        count, refs = self.subjects()
        if count > MOST_AT_ONCE:
            raise UsageError(
                f"{count:,} models are too many to hold at once; name some with `--model`, or take `policycheck "
                "evaluate` with `--format counts`, or with `--format jsonl` for each on a line of its own"
            )
        return list(refs)


def together(*reads: Callable[[], T]) -> list[T]:
    """What each of these reads; raises DocumentError with the problems of all."""
    wrong: list[Problem] = []
    found = [_tried(wrong, read, None) for read in reads]
    if wrong:
        raise DocumentError(wrong)
    return [each for each in found if each is not None]


def _tried(wrong: list[Problem], read: Callable[[], T], otherwise: T) -> T:
    """What `read` gives; where it can't, `otherwise`, with its problems added to `wrong`."""
    try:
        return read()
    except DocumentError as error:
        wrong += error.problems
        return otherwise


def read_document(path: str) -> Document:
    """The document at `path`; `-` is standard input."""
    return parse(piped(), "<stdin>") if path == "-" else read_file(Path(path))


def piped() -> bytes:
    """What stands on standard input; raises UsageError where that is closed."""
    if sys.stdin is None:
        raise UsageError("`-` reads standard input, and that is closed")
    return sys.stdin.buffer.read()


def with_overlays(base: Catalog, overlays: Sequence[Path]) -> Catalog:
    """The catalog with overlays beside it; raises DocumentError with all that can't be read."""
    if not overlays:
        return base
    from policycheck.hub.overlaid import overlaid
    from policycheck.hub.overlay import Overlay

    return overlaid(base, *together(*(partial(Overlay.read, path) for path in dict.fromkeys(overlays))))


def _described(folders: Sequence[Path]) -> list[ModelRef]:
    """The models in folders, as their own files describe them; raises DocumentError with all that can't be read."""
    if not folders:
        return []
    from policycheck.detect.identify import identify
    from policycheck.detect.subject import ref_of

    catalog = shipped.catalog()
    found = together(*(partial(identify, path, catalog) for path in dict.fromkeys(folders)))
    return [ref_of(each, catalog) for each in found]


def _listed(path: Path | None) -> list[str]:
    """The models in a file, one a line."""
    if path is None:
        return []
    name = path.as_posix()
    try:
        raw = piped() if name == "-" else read_bytes(path, name, "a file with one model id a line")
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        message = "the file is not UTF-8; save it as UTF-8, one model a line"
        raise DocumentError([Problem(file=name, line=0, column=0, message=message)]) from None
    # A `#` inside an id is none of ours; one after a space begins a remark.
    named = (f" {line}".partition(" #")[0].strip() for line in (line.replace("\t", " ") for line in lines))
    return [name for name in named if name]
