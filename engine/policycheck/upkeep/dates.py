"""Dated facts and rules: laws, licenses that were switched, versions of one text, and the days of reading."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from policycheck.documents import Document, Where
from policycheck.upkeep.remark import Remark, remark
from policycheck.upkeep.timeline import Span, day_after, faults, in_turn, runs

_VERSION: Final = re.compile(r"-20\d\d(-\d\d-\d\d)?$")


def of_laws(packs: Iterable[Document]) -> Iterator[Remark]:
    """Laws behind rules: one state at any time, and the same in every pack that has the rule."""
    seen: dict[str, Any] = {}
    for document in packs:
        for index, rule in enumerate(document.data["rules"]):
            law = rule.get("law")
            where: Where = ("rules", index, "law")
            if rule["id"] in seen and seen[rule["id"]] != law:
                message = f"the rule `{rule['id']}` has another `law` in another pack; write the same in both"
                yield remark(document, ("rules", index), "several-values", message)
            seen.setdefault(rule["id"], law)
            if law is not None:
                yield from _law(document, where, rule["id"], law)


def _law(document: Document, where: Where, rule: str, law: Mapping[str, Any]) -> Iterator[Remark]:
    start, until, status = law.get("from"), law.get("until"), law["status"]
    if status == "in-force" and start is None:
        yield remark(
            document, where, "no-value", f"the law behind `{rule}` is in force, but not said from when: `from`"
        )
        return
    if status == "repealed" and until is None:
        yield remark(document, where, "no-value", f"the law behind `{rule}` is repealed, but not said when: `until`")
    spans = [Span("not yet", None, start)] if start else []
    spans.append(Span(status, start, day_after(until) if until else None))
    spans += [Span("no longer", day_after(until), None)] if until else []
    yield from told(document, where, f"the law behind `{rule}`", spans)


def of_models(publishers: Iterable[Document]) -> Iterator[Remark]:
    """Licenses of the same weights that followed each other: one license at any time, and known which."""
    for document in publishers:
        for index, model in enumerate(document.data["models"]):
            earlier = model.get("earlier", ())
            if not earlier:
                continue
            where: Where = ("models", index, "earlier")
            starts = [None, *(each["until"] for each in earlier)]
            values = [*(each.get("license") for each in earlier), model.get("license")]
            ends = [*starts[1:], None]
            spans = [Span(v or "unknown", s, e) for v, s, e in zip(values, starts, ends, strict=True)]
            yield from told(document, where, f"the license of `{model['id']}`", spans)
            yield from _order(document, where, model, starts[1:])


def _order(document: Document, where: Where, model: Mapping[str, Any], days: Sequence[Any]) -> Iterator[Remark]:
    for number, (one, other) in enumerate(itertools.pairwise(days)):
        if other <= one:
            message = f"`until` ({other}) does not lie after that of the license before ({one})"
            yield remark(document, (*where, number + 1, "until"), "dated-wrongly", message)
    released = model.get("released")
    if released and days and days[0] <= released:
        message = f"the first license of `{model['id']}` ended on {days[0]}, before its release on {released}"
        yield remark(document, (*where, 0, "until"), "dated-wrongly", message)


def of_versions(licenses: Iterable[Document]) -> Iterator[Remark]:
    """Versions of one license, and copies of one text, that are told apart by their dates."""
    families: dict[tuple[str, str], list[tuple[Document, str]]] = {}
    for document in licenses:
        name = document.data["license"]
        if _VERSION.search(name):
            families.setdefault((document.data["licensor"], _VERSION.sub("", name)), []).append((document, name))
        texts = document.data["texts"]
        for stem in dict.fromkeys(_VERSION.sub("", key) for key in texts):
            same = [key for key in texts if _VERSION.sub("", key) == stem]
            dated = [(key, texts[key].get("text_date")) for key in same]
            yield from _versions(document, ("texts", same[-1]), f"the texts `{stem}` of `{name}`", dated)
    for (_, stem), members in families.items():
        dated = [(name, next(iter(d.data["texts"].values())).get("text_date")) for d, name in members]
        yield from _versions(members[-1][0], ("license",), f"the versions of `{stem}`", dated)


def _versions(document: Document, where: Where, what: str, dated: Sequence[tuple[str, str | None]]) -> Iterator[Remark]:
    if len(dated) < 2:
        return
    undated = [name for name, day in dated if day is None]
    if undated:
        listed = ", ".join(f"`{name}`" for name in undated)
        yield remark(document, where, "no-value", f"of {what}, nobody wrote down the `text_date` of {listed}")
        return
    yield from told(document, where, what, in_turn([(name, str(day)) for name, day in dated], "none yet"))


def told(document: Document, where: Where, what: str, spans: Sequence[Span]) -> Iterator[Remark]:
    """The quarters in which not exactly one of the values of `what` is in force, a run of them at once."""
    found = list(faults(spans))
    gaps = [quarter for quarter, values in found if not values]
    if gaps:
        yield remark(document, where, "no-value", f"{what}: no value is in force in {runs(gaps)}")
    for values in dict.fromkeys(tuple(values) for _, values in found if values):
        quarters = runs([quarter for quarter, each in found if tuple(each) == values])
        message = f"{what}: {' and '.join(values)} are in force at once in {quarters}"
        yield remark(document, where, "several-values", message)


def of_reading(documents: Iterable[Document], today: date, *, looking_back: bool = False) -> Iterator[Remark]:
    """Days of reading that lie in the future, or before the date of the text that was read.

    `looking_back` says that somebody chose a day for `today`: that all which was read later lies ahead is then said
    once, of the last of them.
    """
    later: list[tuple[str, Document, Where]] = []
    for document in documents:
        for where, entry in _readings(document):
            read = entry.get("read_on")
            if read is not None and read > today.isoformat():
                later.append((read, document, (*where, "read_on")))
            if read is not None and entry.get("text_date", "") > read:
                message = f"a text of {entry['text_date']} can't have been read on {read}"
                yield remark(document, (*where, "text_date"), "dated-wrongly", message)
    if later and looking_back:
        read, document, place = max(later, key=lambda each: each[0])
        count = "1 day of reading lies" if len(later) == 1 else f"{len(later)} days of reading lie"
        message = f"{count} after {today}, the last on {read}; what was read then counts all the same"
        yield remark(document, place, "read-later", message)
        return
    for read, document, place in later:
        yield remark(document, place, "dated-wrongly", f"`read_on` ({read}) lies after today ({today})")


def _readings(document: Document) -> Iterator[tuple[Where, Mapping[str, Any]]]:
    """What was read on a day: texts of a license, a publisher's models, hosts."""
    yield from ((("texts", key), text) for key, text in document.data.get("texts", {}).items())
    if "publisher" in document.data:
        yield (), document.data
    yield from ((("hosts", index), host) for index, host in enumerate(document.data.get("hosts", ())))
