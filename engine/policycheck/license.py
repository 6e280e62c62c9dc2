"""A license as facts: clauses with their section, source and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Any

from policycheck.lazily import Lazily
from policycheck.values import frozen


class Evidence(IntEnum):
    """How well a fact is shown; the weakest first."""

    reported = 0
    stated = 1
    verified = 2


@frozen
class Text:
    """A document of a license, and which copy of it was read."""

    document: str
    title: str
    url: str
    sha256: str | None
    text_date: str | None
    read_on: str | None
    evidence: Evidence


@frozen
class Clause:
    """What one passage of a license says, in the vocabulary's words."""

    license: str
    fact: str
    value: Any
    text: Text
    section: str | None
    heading: str | None
    summary: str
    evidence: Evidence
    separate_license: bool
    """Whether the text itself says that a separate license releases from it."""
    more: Mapping[str, Any] = field(repr=False)
    """The attributes of the clause, as `counts` or `measured`."""

    @property
    def passage(self) -> str:
        """The section as an answer names it, with its document where that is another than the main text."""
        section = self.section or "preamble"
        return section if self.text.document == "license" else f"{self.text.document} {section}"

    def citation(self) -> dict[str, Any]:
        """Where a lawyer finds the passage."""
        return {
            "license": self.license,
            "document": self.text.document,
            "section": self.section,
            "heading": self.heading,
            "summary": self.summary,
            "url": self.text.url,
            "sha256": self.text.sha256,
            "text_date": self.text.text_date,
            "read_on": self.text.read_on,
            "evidence": self.evidence.name,
        }


@frozen
class License:
    """A license: its texts, and the facts that were read in them."""

    id: str
    name: str
    licensor: str
    spdx: str | None
    names: tuple[str, ...]
    tier: str
    texts: Mapping[str, Text]
    clauses: Mapping[str, tuple[Clause, ...]]
    silent: frozenset[str]
    unread: frozenset[str] = frozenset()
    """Facts that a document may hold which nobody has read; a review asks for that document."""
    note: str | None = None
    by_modality: bool = True
    """Whether a clause says one thing of multimodal models and another of the others."""
    shape: Mapping[str, int] = field(default_factory=dict, repr=False)
    """By fact, a number that licenses share which say the same on what the fact turns on."""

    @property
    def evidence(self) -> Evidence:
        """How well the license text itself is known: that of its main document."""
        return next(iter(self.texts.values())).evidence

    @cached_property
    def known(self) -> frozenset[str]:
        """The facts that the texts state or on which, read whole, they are silent."""
        return self.silent.union(self.clauses, self.unread)

    @property
    def unread_documents(self) -> tuple[Text, ...]:
        """Documents that belong to it and that nobody has read, where the main text was."""
        return tuple(text for text in self.texts.values() if self.unread and text.evidence == Evidence.reported)

    def stated(self, fact: str) -> tuple[Clause, ...]:
        """The clauses that state `fact`."""
        clauses = self.clauses
        if fact not in clauses:
            return ()
        return clauses[fact]

    def without_facts_read_before(self, day: date) -> License:
        """The same license, knowing only what was read on `day` or later."""
        fresh = {name for name, text in self.texts.items() if (text.read_on or "") >= day.isoformat()}
        clauses = {fact: found for fact, found in self.clauses.items() if all(c.text.document in fresh for c in found)}
        silent = self.silent if len(fresh) == len(self.texts) else frozenset[str]()
        return License(
            id=self.id,
            name=self.name,
            licensor=self.licensor,
            spdx=self.spdx,
            names=self.names,
            tier=self.tier,
            texts=self.texts,
            clauses=clauses,
            silent=silent,
            unread=self.unread,
            note=self.note,
        )


_OWN = {"fact", "value", "document", "section", "heading", "summary", "evidence", "separate_license", "note"}


def _clause(license: str, texts: Mapping[str, Text], entry: Mapping[str, Any]) -> Clause:
    text = texts[entry.get("document") or next(iter(texts))]
    evidence = Evidence[entry["evidence"]] if "evidence" in entry else text.evidence
    return Clause(
        license=license,
        fact=entry["fact"],
        value=_word(entry["value"]),
        text=text,
        section=entry.get("section"),
        heading=entry.get("heading"),
        summary=entry["summary"],
        evidence=min(evidence, text.evidence),
        separate_license=entry.get("separate_license", False),
        more={key: value for key, value in entry.items() if key not in _OWN},
    )


def license_from(data: Mapping[str, Any], shape: Mapping[str, int]) -> License:
    """The license that a checked license file describes, with its `shape` where that was worked out."""
    texts = {
        name: Text(
            document=name,
            title=text["title"],
            url=text["url"],
            sha256=text.get("sha256"),
            text_date=text.get("text_date"),
            read_on=text.get("read_on"),
            evidence=Evidence[text["evidence"]],
        )
        for name, text in data["texts"].items()
    }
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for entry in data["facts"]:
        entries.setdefault(entry["fact"], []).append(entry)
    return License(
        id=data["license"],
        name=data["name"],
        licensor=data["licensor"],
        spdx=data.get("spdx"),
        names=tuple(data.get("names", ())),
        tier=data["tier"],
        texts=texts,
        clauses=Lazily(entries, lambda each: tuple(_clause(data["license"], texts, entry) for entry in each)),
        silent=frozenset(data.get("silent", ())),
        unread=frozenset(data.get("unread", ())),
        note=data.get("note"),
        by_modality=any("modality" in entry for entry in data["facts"]),
        shape=shape,
    )


def _word(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
