"""Which licenses the words of a model card mean, taken together; where they disagree or tell no text, none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from policycheck.catalog import Catalog
from policycheck.detect.card import Note
from policycheck.detect.names import resolve

# Tags of the Hub that name no license.
UNNAMED: Final = ("other", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The licenses that a card's words mean, and what is odd about the words."""

    licenses: tuple[str, ...] | None
    """() where the card names none, None where they can't be told."""
    notes: tuple[Note, ...] = ()


def claimed(tags: Sequence[str], name: str | None, catalog: Catalog, *, said_by: str) -> Claimed:
    """What license tags and a `license_name` mean; `said_by` is who says so, as `README.md`."""
    if not tags and not name:
        return Claimed(licenses=())
    named = [tag for tag in tags if tag.lower() not in UNNAMED]
    by_tag = {tag: resolve(tag, catalog).licenses for tag in named}
    by_name = resolve(name, catalog).licenses if name else ()
    notes = list(_notes(by_tag, name, by_name, said_by))
    if any(note.check == "card-contradicts-itself" for note in notes):
        return Claimed(licenses=None, notes=tuple(notes))
    found = list(by_tag.values()) or ([by_name] if name else [])
    if not found or not all(found):
        return Claimed(licenses=None, notes=tuple(notes))
    return Claimed(licenses=tuple(dict.fromkeys(each for one in found for each in one)), notes=tuple(notes))


def _notes(
    by_tag: dict[str, tuple[str, ...]], name: str | None, by_name: tuple[str, ...], said_by: str
) -> Iterator[Note]:
    for tag, found in by_tag.items():
        if not found:
            yield Note(
                check="card-not-understood", message=f"{said_by} names the license `{tag}`, which is none that is known"
            )
    if name and by_tag:
        tag, found = next(iter(by_tag.items()))
        if by_name != found:
            said = f"{said_by} says `license: {tag}` and `license_name: {name}`, which are two licenses"
            yield Note(check="card-contradicts-itself", message=said)
    elif name and not by_name:
        yield Note(
            check="card-not-understood", message=f"{said_by} calls its license `{name}`, a name that tells no text"
        )


def unversioned(said: str, others: Sequence[str], found: Sequence[str], catalog: Catalog) -> bool:
    """Whether a card names a licensor's terms without a version, and the text is one version of them."""
    licensors = {catalog.licenses[each]["licensor"] for each in (*others, *found)}
    return len(licensors) == 1 and "anyone" not in licensors and not any(char.isdigit() for char in said)
