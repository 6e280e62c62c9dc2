"""The organisation's policy: who it is, what it plans, what its house asks for. Read from org.yaml, checked whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from policycheck import crosschecks, packs
from policycheck.catalog import Catalog
from policycheck.documents import Document, Where, dotted
from policycheck.entries import Model
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.license import Evidence
from policycheck.rules import Rule
from policycheck.schema import problems, refused
from policycheck.sound import sound
from policycheck.values import frozen


@frozen(kw_only=False)
class Part:
    """A mapping of the policy and where it stands, so that every fact can name its file and line."""

    document: Document
    where: Where
    data: Mapping[str, Any]

    def get(self, key: str) -> Any:
        """The value of `key`, None where it is left out."""
        return self.data.get(key)

    def key(self, key: str) -> str:
        """`key` as it is written from the top: `organisation.mau`."""
        return dotted((*self.where, key))

    def place(self, key: str) -> str:
        """`file:line:column` of the value of `key`."""
        return self.document.place((*self.where, key))

    def part(self, key: str) -> Part | None:
        """The mapping under `key`, None where it is left out."""
        inner = self.data.get(key)
        return Part(self.document, (*self.where, key), inner) if isinstance(inner, dict) else None

    def parts(self, key: str) -> list[Part] | None:
        """The mappings of the list under `key`, None where it is left out."""
        inner = self.data.get(key)
        if inner is None:
            return None
        return [Part(self.document, (*self.where, key, i), each) for i, each in enumerate(inner)]


@frozen
class Settings:
    """How strict the house is."""

    unknown: str = "conditional"
    minimum_evidence: Evidence = Evidence.stated
    mau_headroom: float = 0.2
    exchange_rates: Mapping[str, Mapping[str, Any]]
    waiver_notice: timedelta = timedelta(days=30)
    max_fact_age: timedelta | None = None
    unmatched: str = "note"
    """Whether reports name entries that match nothing in them: note or silent."""


@frozen
class ModelRef:
    """A model as the policy names it."""

    name: str
    where: Where
    revision: str | None = None
    obtained_on: str | None = None
    based_on: tuple[tuple[str, str | None], ...] | None = None
    changed_by: str | None = None
    license: str | None = None
    described: Model | None = None
    """The model as its own files describe it, where a folder was named."""

    @property
    def plain(self) -> bool:
        """Whether nothing is said of it but its name."""
        return not (self.own or self.revision or self.obtained_on or self.described)

    @property
    def own(self) -> bool:
        """Whether it is described here and not in a catalog."""
        return self.based_on is not None or self.license is not None


@frozen
class Policy:
    """An organisation's policy that passed every check."""

    document: Document
    organisation: Part
    uses: Mapping[str, Part]
    models: tuple[ModelRef, ...] | None
    settings: Settings
    packs: tuple[str, ...]
    without: tuple[str, ...]
    rules: tuple[Rule, ...]
    fulfilled: tuple[Part, ...]
    determinations: tuple[Part, ...]
    waivers: tuple[Part, ...]
    agreements: tuple[Part, ...]

    @property
    def companies(self) -> list[Part]:
        """The organisation, its affiliates, and the clients of its uses with theirs."""
        heads = [self.organisation, *(part for use in self.uses.values() if (part := use.part("client")) is not None)]
        return [each for head in heads for each in (head, *(head.parts("affiliates") or ()))]

    def company_in_list(self, key: str) -> str | None:
        """The name of the company in a list, as an affiliate, to which a missing key belongs; None where to none."""
        for part in self.companies:
            if isinstance(part.where[-1], int) and key.startswith(f"{dotted(part.where)}."):
                return str(part.get("name"))
        return None

    def entity(self, name: str) -> Part:
        """The organisation or the affiliate called `name`."""
        entities: list[Part] = [self.organisation, *(self.organisation.parts("affiliates") or ())]
        for part in entities:
            if part.get("name") == name:
                return part
        raise UsageError(f"no organisation or affiliate is called `{name}`")


def read_policy(document: Document, catalog: Catalog, today: date) -> Policy:
    """The policy in `document`; raises DocumentError with every problem of it and of the packs it names.

    `today` is the day on which it is judged: nothing in it may be signed later.
    """
    document = _without_remark(document)
    wrong: list[Problem] = problems(document, "org", catalog.vocabulary)
    aside = [] if not wrong else list(refused(document, "org", catalog.vocabulary))
    rest = sound(document, aside) if wrong else document
    names, rules = list[str](), list[Rule]()
    if rest is not None:
        names, rules, more = packs.rules_in_force(rest, catalog)
        wrong += [*more, *crosschecks.check(rest, catalog, rules, today, {where for where, _ in aside})]
    if wrong:
        raise DocumentError(wrong)
    return _policy(document, tuple(names), tuple(rules))


def _without_remark(document: Document) -> Document:
    """The document without a remark among its uses: `note:` may stand on every mapping, and is no use there."""
    uses = document.data.get("uses") if isinstance(document.data, dict) else None
    if not isinstance(uses, dict) or not isinstance(uses.get("note"), str):
        return document
    rest = {name: use for name, use in uses.items() if name != "note"}
    return replace(document, data={**document.data, "uses": rest})


def with_all_problems(error: DocumentError, catalog: Catalog, today: date) -> DocumentError:
    """The error of a document that is no strict YAML, with all else that is wrong in the policy that it holds."""
    if error.document is None:
        return error
    paths = {problem.path for problem in error.problems}
    try:
        read_policy(error.document, catalog, today)
    except DocumentError as more:
        beside = (
            each for each in more.problems if not any(re.match(rf"{re.escape(p)}([.[]|$)", each.path) for p in paths)
        )
        return DocumentError([*error.problems, *beside])
    return error


def reread(policy: Policy, document: Document) -> Policy:
    """The policy in `document`, which differs from that of `policy` in facts and answers, never in packs and rules.

    The caller answers for its being valid: nothing is checked.
    """
    return _policy(document, policy.packs, policy.rules)


def _policy(document: Document, names: tuple[str, ...], rules: tuple[Rule, ...]) -> Policy:
    data = document.data
    root = Part(document, (), data)
    organisation = Part(document, ("organisation",), data["organisation"])
    return Policy(
        document=document,
        organisation=organisation,
        uses=dict(_uses(root)),
        models=tuple(_models(data["models"])) if "models" in data else None,
        settings=_settings(data.get("settings", {})),
        packs=names,
        without=tuple(data.get("without", ())),
        rules=rules,
        **{key: tuple(root.parts(key) or ()) for key in ("fulfilled", "determinations", "waivers", "agreements")},
    )


def _uses(root: Part) -> Iterator[tuple[str, Part]]:
    single, several = root.part("use"), root.part("uses")
    if single is not None:
        yield "default", single
    elif several is not None:
        for name in several.data:
            part = several.part(name)
            if part is not None:
                yield name, part
    else:
        yield "default", Part(root.document, ("uses", "default"), {})


def model_ref(data: Any, where: Where) -> ModelRef:
    """A model as it stands in `models:` or on the command line."""
    if not isinstance(data, dict):
        return ModelRef(name=str(data), where=where)
    based_on = data.get("based_on")
    return ModelRef(
        name=str(data["id"]),
        where=where,
        revision=str(data["revision"]) if "revision" in data else None,
        obtained_on=data.get("obtained_on"),
        based_on=None if based_on is None else tuple((b["model"], b.get("relation")) for b in based_on),
        changed_by=data.get("changed_by"),
        license=data.get("license"),
    )


def _models(entries: list[Any]) -> Iterator[ModelRef]:
    for index, entry in enumerate(entries):
        yield model_ref(entry, ("models", index))


def span(text: str) -> timedelta:
    """A length of time as `30 days`, `6 months` (of 30.44 days) or `1 year` (of 366 days, never too short)."""
    number, unit = text.split()
    days = {"day": 1.0, "month": 30.4375, "year": 366.0}[unit.removesuffix("s")]
    return timedelta(days=round(int(number) * days))


def _settings(data: Mapping[str, Any]) -> Settings:
    age = data.get("max_fact_age")
    return Settings(
        unknown=data.get("unknown", "conditional"),
        minimum_evidence=Evidence[data.get("minimum_evidence", "stated")],
        mau_headroom=float(str(data.get("mau_headroom", "20%")).rstrip("%")) / 100,
        exchange_rates={base: of for base, of in data.get("exchange_rates", {}).items() if base != "note"},
        waiver_notice=span(data.get("waiver_notice", "30 days")),
        max_fact_age=span(age) if age else None,
        unmatched=data.get("unmatched", "note"),
    )


def load(path: Path, catalog: Catalog, today: date) -> Policy:
    """The policy in the file at `path`; raises DocumentError with every problem of it."""
    from policycheck.documents import read_file

    try:
        document = read_file(path)
    except DocumentError as error:
        raise with_all_problems(error, catalog, today) from None
    return read_policy(document, catalog, today)
