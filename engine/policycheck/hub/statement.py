"""What a Hub's metadata states of one model: which words name its license, and what it is made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policycheck.detect.card import RELATIONS
from policycheck.documents import printable
from policycheck.errors import PolicycheckError

_ID: Final = re.compile(r"[\w.-]{1,96}(?:/[\w.-]{1,96})?", re.ASCII)
_SHA: Final = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
_LONGEST: Final = 300
_MOST_BASES: Final = 200
_IDS: Final = ("id", "modelId", "model_id")
_GATED: Final = {True: "yes", False: "no"}
UNREADABLE: Final = "a base model that its card does not name clearly"
"""Stands for ancestors that can't be told; no catalog knows it."""


class BadRecord(PolicycheckError):
    """A record that tells no model; its text says why, and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a Hub's metadata says of one model."""

    id: str
    sha: str | None = None
    """The commit of which it says so."""
    licenses: tuple[str, ...] = ()
    """The license tags, as written; more than one where it names several."""
    license_name: str | None = None
    bases: tuple[tuple[str, str | None], ...] = ()
    """Models that it is made from, and how, in the catalog's words."""
    gated: str | None = None
    """`no`, `yes`, `auto` or `manual`; None where it isn't said."""
    task: str | None = None
    """The Hub's pipeline tag."""
    unclear: tuple[str, ...] = ()
    """What can't be told, in sentences; the license is unknown then."""

    @property
    def said(self) -> str:
        """The words that name the license, as a report shows them."""
        words = [f"license: {', '.join(self.licenses)}"] if self.licenses else []
        words += [f"license_name: {self.license_name}"] if self.license_name else []
        return printable("; ".join(words)) or "no license"


def statement(record: Any) -> Statement:
    """What a record of the Hub's API states; raises BadRecord where it tells no model."""
    if not isinstance(record, dict):
        raise BadRecord(f"a model is a mapping with an `id`; this is {_kind(record)}")
    return _Reader(record).statement()


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


class _Reader:
    """Reads one record: the card's own words first, then the tags that the Hub makes of them."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.record = record
        self.unclear: list[str] = []
        self.card = self._card()
        tags = record.get("tags")
        self.tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []

    def statement(self) -> Statement:
        identifier = self._id()
        names = list(dict.fromkeys(self._texts("license_name")))
        if len(names) > 1:
            self.unclear.append(f"it has {len(names)} values for `license_name`")
        licenses = tuple(self._licenses())
        gated, task = self.record.get("gated"), self.record.get("pipeline_tag")
        return Statement(
            id=identifier,
            sha=self._sha(),
            licenses=licenses,
            license_name=names[0] if names else None,
            bases=tuple(self._bases()),
            gated=_GATED[gated] if isinstance(gated, bool) else gated if gated in ("auto", "manual") else None,
            task=task if isinstance(task, str) and len(task) < _LONGEST else None,
            unclear=tuple(dict.fromkeys(self.unclear)),
        )

    def _id(self) -> str:
        found = [value for key in _IDS if (value := self.record.get(key)) is not None]
        if not found:
            raise BadRecord("the model has no `id`; write it as `publisher/model`")
        if any(value != found[0] for value in found):
            raise BadRecord("the model has two ids; keep `id`")
        if not isinstance(found[0], str) or not _ID.fullmatch(found[0]):
            said = printable(str(found[0]))[:60]
            raise BadRecord(f"`{said}` is no id of a model; write it as `publisher/model`")
        return found[0]

    def _sha(self) -> str | None:
        sha = self.record.get("sha")
        if sha is None or (isinstance(sha, str) and _SHA.fullmatch(sha)):
            return sha
        raise BadRecord(f"`sha` is `{printable(str(sha))[:60]}`; write the commit's id, 40 digits from 0 to f")

    def _card(self) -> Mapping[str, Any]:
        """The card's front matter; in Parquet it stands as JSON text."""
        card = self.record.get("cardData", self.record.get("card_data"))
        if isinstance(card, str) and card.strip():
            try:
                card = json.loads(card)
            except (ValueError, RecursionError):
                card = 0
        if card is None or card == "" or isinstance(card, dict):
            return card or {}
        self.unclear.append("its card can't be read")
        return {}

    def _values(self, key: str) -> Iterator[Any]:
        """What stands under a key of the card or of the record itself, lists taken apart."""
        for source in (self.card, self.record):
            value = source.get(key)
            yield from value if isinstance(value, list) else [] if value is None or value == "" else [value]

    def _texts(self, key: str) -> Iterator[str]:
        for value in self._values(key):
            if isinstance(value, str) and value.strip() and len(value) <= _LONGEST:
                yield value.strip()
            elif value not in (None, ""):
                self.unclear.append(f"`{key}` is {_kind(value)} that names nothing")

    def _licenses(self) -> Iterator[str]:
        """Every license that it names, each once whatever its capitals."""
        tags = [tag.partition(":")[2].strip() for tag in self.tags if tag.startswith("license:")]
        seen = set[str]()
        for name in (*self._texts("license"), *tags):
            if name and name.lower() not in seen and len(name) <= _LONGEST:
                seen.add(name.lower())
                yield name

    def _bases(self) -> Iterator[tuple[str, str | None]]:
        more = self.record.get("baseModels")
        more = more if isinstance(more, dict) else {}
        words = (*self._words("base_model_relation"), *([more["relation"]] if more.get("relation") else []))
        said = next((word for word in words if isinstance(word, str)), None)
        named = [*self._named(more), *(value for value in self._values("base_model") if value not in (None, ""))]
        by_tag = dict(self._tagged())
        own = [value if isinstance(value, str) and _ID.fullmatch(value.strip()) else UNREADABLE for value in named]
        found = list(dict.fromkeys((*(each.strip() for each in own), *by_tag)))
        guessed = "merge" if len(found) > 1 else None
        for base in found[:_MOST_BASES]:
            yield base, RELATIONS.get(said.lower()) if said else by_tag.get(base) or guessed
        if len(found) > _MOST_BASES:
            yield UNREADABLE, None

    def _words(self, key: str) -> Iterator[str]:
        """Texts under a key on which no license hangs."""
        return (value for value in self._values(key) if isinstance(value, str) and value.strip())

    def _named(self, more: Mapping[str, Any]) -> Iterator[Any]:
        """The ids in the API's own field for base models, where it was asked for."""
        models = more.get("models")
        for model in models if isinstance(models, list) else ():
            yield model.get("id") if isinstance(model, dict) else model

    def _tagged(self) -> Iterator[tuple[str, str | None]]:
        """Ids of tags such as `base_model:finetune:org/model`, those that say how behind those that do not."""
        typed = dict[str, str]()
        for tag in self.tags:
            if tag.startswith("base_model:"):
                head, _, rest = tag.removeprefix("base_model:").partition(":")
                base, relation = (rest, RELATIONS.get(head)) if rest else (head, None)
                base = base if _ID.fullmatch(base) else UNREADABLE
                yield base, typed.get(base)
                if relation:
                    typed[base] = relation
                    yield base, relation
