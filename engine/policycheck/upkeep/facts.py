"""Whether every fact has its clause, its evidence and its source, and how long ago it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from policycheck.documents import Document, Where
from policycheck.upkeep.remark import Remark, remark
from policycheck.vocabulary import Vocabulary

_READ = ("sha256", "read_from", "read_on")


def whole(licenses: Iterable[Document], publishers: Iterable[Document], hosts: Iterable[Document]) -> Iterator[Remark]:
    """Facts that lack clause, evidence or source."""
    for document in licenses:
        yield from _license(document)
    for document in publishers:
        yield from _publisher(document)
    for document in hosts:
        for index, host in enumerate(document.data["hosts"]):
            needs = ("jurisdiction", "read_on") if host["evidence"] != "reported" else ()
            yield from _lacking(document, ("hosts", index), host, needs, f"the seat of `{host['id']}`")


def _license(document: Document) -> Iterator[Remark]:
    data = document.data
    for name, text in data["texts"].items():
        needs = _READ if text["evidence"] == "verified" else ("read_on",) if text["evidence"] == "stated" else ()
        what = f"the {text['evidence']} text `{name}`"
        yield from _lacking(document, ("texts", name), text, needs, what)
    for index, fact in enumerate(data["facts"]):
        if "section" not in fact and "heading" not in fact:
            message = f"the fact `{fact['fact']}` names no clause: `section`, or `heading` where there is no number"
            yield remark(document, ("facts", index), "fact-incomplete", message)


def left_out(licenses: Iterable[Document], vocabulary: Vocabulary) -> Iterator[Remark]:
    """Facts on which a license, whose main text was read, neither says anything nor is said to be silent.

    Each is unknown, so that no model under the license is ever better than conditional where it counts.
    """
    wanted = {name for name, spec in vocabulary.clauses.items() if not spec.get("optional")}
    for document in licenses:
        data = document.data
        said = {fact["fact"] for fact in data["facts"]}.union(data.get("silent", ()), data.get("unread", ()))
        missing = sorted(wanted - said)
        if missing and next(iter(data["texts"].values()))["evidence"] == "verified":
            listed = ", ".join(f"`{name}`" for name in missing)
            message = f"`{data['license']}` leaves out {listed}; write each under `facts`, or under `silent`"
            yield remark(document, ("facts",), "fact-left-out", message)


def _publisher(document: Document) -> Iterator[Remark]:
    data = document.data
    if "jurisdiction" in data:
        yield from _lacking(document, (), data, ("source", "evidence"), "the publisher's seat")
    for index, model in enumerate(data["models"]):
        where: Where = ("models", index)
        needs = ("source", "read_from", "sha256") if model["evidence"] == "verified" else ("source",)
        yield from _lacking(document, where, model, needs, f"the license of `{model['id']}`")
        for number, earlier in enumerate(model.get("earlier", ())):
            what = f"an earlier license of `{model['id']}`"
            yield from _lacking(document, (*where, "earlier", number), earlier, ("source",), what)


def _lacking(
    document: Document, where: Where, entry: Mapping[str, Any], needs: Iterable[str], what: str
) -> Iterator[Remark]:
    missing = [key for key in needs if key not in entry]
    if missing:
        listed = " and ".join(f"`{key}`" for key in missing)
        yield remark(document, where, "fact-incomplete", f"{what} lacks {listed}")


def old(
    licenses: Iterable[Document],
    publishers: Iterable[Document],
    hosts: Iterable[Document],
    today: date,
    longest: timedelta | None,
) -> Iterator[Remark]:
    """Texts and seats that were read longer ago than `longest`, the oldest first, with the number of their facts."""
    if longest is None:
        return
    found: list[Remark] = []
    for document in licenses:
        facts = Counter(fact.get("document", next(iter(document.data["texts"]))) for fact in document.data["facts"])
        for name, text in document.data["texts"].items():
            what = f"`{name}` of `{document.data['license']}`, with {facts[name]} facts,"
            found += _old(document, ("texts", name, "read_on"), text, today, longest, what)
    for document in publishers:
        what = f"the seat of the publisher `{document.data['publisher']}`"
        found += _old(document, ("read_on",), document.data, today, longest, what)
    for document in hosts:
        for index, host in enumerate(document.data["hosts"]):
            what = f"the seat of the host `{host['id']}`"
            found += _old(document, ("hosts", index, "read_on"), host, today, longest, what)
    yield from sorted(found, key=lambda each: (-(each.days or 0), each.file))


def _old(
    document: Document, where: Where, entry: Mapping[str, Any], today: date, longest: timedelta, what: str
) -> Iterator[Remark]:
    day = entry.get("read_on")
    if day is None or today - date.fromisoformat(day) <= longest:
        return
    days = (today - date.fromisoformat(day)).days
    line, column = document.mark(where)
    message = f"{what} was read on {day}, {days} days ago"
    yield Remark(
        check="fact-old", file=document.file, line=line, column=column, message=message, read_on=day, days=days
    )
