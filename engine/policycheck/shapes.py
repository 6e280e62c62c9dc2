"""Which licenses say the same on what a fact turns on: to such licenses the fact is the same, and worked out once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from policycheck.vocabulary import Vocabulary

# Many clauses turn on these too: who is no third party, and whom the text spares.
CONTEXT: Final = ("affiliates_are", "end_users_free", "hosted_free")
# Where a clause stands, how it is said and shown, and who may lift it; the value of no fact turns on that.
_SAID: Final = frozenset(
    {"fact", "document", "section", "heading", "summary", "note", "label", "evidence", "separate_license"}
)
_COUNTED: Final = frozenset({"counts", "from", "above"})
# A policy may plan a license by its name: what it says of that one, it says of no other.
_BY_NAME: Final = frozenset({"license.handed_on_otherwise"})


def shapes(licenses: Mapping[str, Mapping[str, Any]], vocabulary: Vocabulary) -> dict[str, Any]:
    """For each license a number for each fact: licenses with the same number say the same on what it turns on."""
    facts = {name: fact.clauses for name, fact in vocabulary.facts.items() if fact.clauses}
    seen: dict[str, dict[tuple[str, ...], int]] = {name: {} for name in facts}
    numbers: dict[str, list[int]] = {}
    for identifier, license in licenses.items():
        said = _by_clause(license, vocabulary)
        own = dict.fromkeys(_BY_NAME, (identifier,))
        keys = (
            (name, (*(said[each] for each in (*turns_on, *CONTEXT)), *own.get(name, ())))
            for name, turns_on in facts.items()
        )
        numbers[identifier] = [seen[name].setdefault(key, len(seen[name])) for name, key in keys]
    return {"facts": list(facts), "licenses": numbers}


def shape_of(found: Mapping[str, Any] | None, license: str) -> Mapping[str, int]:
    """The numbers of one license by fact; none where they were not worked out."""
    if found is None or license not in found["licenses"]:
        return {}
    return dict(zip(found["facts"], found["licenses"][license], strict=True))


def _by_clause(license: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, str]:
    """What a license says of each clause that a file may state, without where and how it is said."""
    known = {*license.get("silent", ()), *license.get("unread", ())}
    said = {clause: "silent" if clause in known else "unknown" for clause in vocabulary.clauses}
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for entry in license["facts"]:
        entries.setdefault(entry["fact"], []).append(entry)
    return {
        **said,
        **{clause: json.dumps(list(_shapes(each, license, vocabulary))) for clause, each in entries.items()},
    }


def _shapes(entries: Sequence[Mapping[str, Any]], license: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Any]:
    for entry in entries:
        # What a duty's value says is for the reader.
        left_out = _SAID | {"value"} if entry["fact"] in vocabulary.duties else _SAID
        shape: list[Any] = sorted((key, repr(value)) for key, value in entry.items() if key not in left_out)
        # With whom a licensee may not compete hangs on who gives the license.
        if entry["fact"] == "business_excluded":
            shape.append(["licensor", license["licensor"]])
        # Who is counted, and when, may hang on the day of the text.
        text = license["texts"][entry.get("document") or next(iter(license["texts"]))]
        yield [*shape, ["text_date", text.get("text_date")]] if _COUNTED & entry.keys() else shape
