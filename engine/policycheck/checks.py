"""What a JSON Schema can't say about the catalog: facts against the vocabulary, names against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policycheck.catalog import Catalog
from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.numbers import count, money
from policycheck.vocabulary import Vocabulary, suggestion

# Attributes that a clause of each form may carry, beside those that every clause may carry.
_COMMON = {"fact", "value", "document", "section", "heading", "summary", "evidence", "note", "separate_license"}
_CAP = {
    "counts",
    "affiliates",
    "measured",
    "at_limit",
    "purposes",
    "businesses",
    "internal_use_free",
    "tests_free",
    "open_for",
    "open_for_kinds",
}
_ATTRIBUTES: Mapping[str, set[str]] = {
    "count-cap": _CAP,
    "amount-cap": _CAP,
    "territory": {"tests", "modality", "outputs", "end_users_exempt"},
    "businesses": {"counts", "affiliates", "measured", "above", "purposes", "internal_use_free"},
    "fields": {"qualifier", "oversight_by"},
    "output-training": {"except_kinds", "kinds", "duty", "purposes"},
    "duty": {
        "on",
        "from",
        "label",
        "safeguards",
        "modality",
        "kinds",
        "fields",
        "purposes",
        "internal_use_free",
        "licensees",
    },
}
_BY_NAME: Mapping[str, set[str]] = {
    "grant": {
        *("production", "companies", "revenue", "end_users", "training", "also", "others"),
        *("evaluation", "research", "indirect"),
    },
    "redistribution": {"changed", "in_product", "purposes"},
    "hosting": {"acts", "open_acts", "companies_only", "purposes"},
    "compatible_licenses": {"unchanged", "only_if"},
    "suit_ends_license": {"against", "counts", "affiliates"},
}
_NEEDED: Mapping[str, set[str]] = {
    "count-cap": {"counts"},
    "amount-cap": {"counts"},
    "territory": {"tests"},
    "fields": {"qualifier"},
    "duty": {"on"},
}
LISTS = {
    "territory": "places",
    "businesses": "businesses",
    "fields": "fields_of_use",
    "data-classes": "data_classes",
    "end-users": "freed_from",
}


def check_catalog(
    licenses: Iterable[Document], publishers: Iterable[Document], vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Problems of license and models files that passed their schemas."""
    license_list, publisher_list = list(licenses), list(publishers)
    data = {
        "licenses": {document.data["license"]: document.data for document in license_list},
        "publishers": [document.data for document in publisher_list],
    }
    for document in license_list:
        yield from _license(document, vocabulary)
    yield from _twice(license_list, lambda d: [(("license",), d.data["license"])], "license id")
    yield from _twice(license_list, _license_names, "license name")
    yield from _twice(publisher_list, lambda d: [(("publisher",), d.data["publisher"])], "publisher id")
    yield from _twice(publisher_list, _model_ids, "model id", inside=True)
    yield from _twice(publisher_list, _hub_ids, "Hub id", inside=True)
    catalog = Catalog(vocabulary, data, "", "")
    for document in publisher_list:
        yield from _publisher(document, catalog)
    for document in license_list:
        licensor = document.data["licensor"]
        if licensor != "anyone" and licensor not in catalog.publishers:
            yield document.problem(("licensor",), f"no file in catalog/models has the publisher `{licensor}`")


def check_hosts(documents: Iterable[Document]) -> Iterator[Problem]:
    """Problems of hosts files that passed their schema: each id and legal name stands once."""
    hosts = list(documents)
    for key in ("id", "name"):
        entries = [[(("hosts", i, key), h[key].lower()) for i, h in enumerate(d.data["hosts"])] for d in hosts]
        for document, named in zip(hosts, entries, strict=True):
            seen: set[str] = set()
            for where, name in named:
                if name in seen:
                    yield document.problem(where, f"the host {key} `{name}` stands here a second time")
                seen.add(name)


def _license_names(document: Document) -> list[tuple[Where, str]]:
    names = [(("names", index), name.lower()) for index, name in enumerate(document.data.get("names", ()))]
    return (
        [*names, (("name",), document.data["name"].lower())]
        if document.data["name"].lower() not in {name for _, name in names}
        else list(names)
    )


def _model_ids(document: Document) -> list[tuple[Where, str]]:
    models = [(("models", i, "id"), m["id"]) for i, m in enumerate(document.data["models"])]
    return models + [(("families", i, "id"), f["id"]) for i, f in enumerate(document.data.get("families", ()))]


def _hub_ids(document: Document) -> list[tuple[Where, str]]:
    return [
        (("models", i, "hub", j), hub.lower())
        for i, model in enumerate(document.data["models"])
        for j, hub in enumerate(model.get("hub", ()))
    ]


def _twice(documents: Iterable[Document], names: Any, what: str, *, inside: bool = False) -> Iterator[Problem]:
    """Names that stand in a second file; or `inside` one file a second time, where each has a single owner."""
    first: dict[str, str] = {}
    for document in documents:
        for where, name in names(document):
            if name in first and (inside or not first[name].startswith(f"{document.file}:")):
                yield document.problem(where, f"the {what} `{name}` stands in {first[name]} already")
            first.setdefault(name, document.place(where))


def _license(document: Document, vocabulary: Vocabulary) -> Iterator[Problem]:
    stated: set[str] = set()
    for index, entry in enumerate(document.data["facts"]):
        where: Where = ("facts", index)
        name, spec = entry["fact"], vocabulary.clauses[entry["fact"]]
        form = spec.get("form", "")
        if spec.get("once") and name in stated:
            yield document.problem((*where, "fact"), f"`{name}` may stand only once")
        stated.add(name)
        allowed = _COMMON | _ATTRIBUTES.get(form, set()) | _BY_NAME.get(name, set())
        for key in entry:
            if key not in allowed:
                yield document.problem((*where, key), f"`{key}` does not belong to `{name}`", key=True)
        for key in sorted(_NEEDED.get(form, set()) - set(entry)):
            yield document.problem(where, f"`{name}` needs `{key}`")
        yield from _value(document, (*where, "value"), entry, spec, vocabulary)
        if entry.get("document", next(iter(document.data["texts"]))) not in document.data["texts"]:
            yield document.problem((*where, "document"), f"no document `{entry['document']}` stands under `texts`")
        if form.endswith("-cap") and "affiliates" in entry.get("counts", ()) and "affiliates" not in entry:
            yield document.problem(where, f"`{name}` counts affiliates and needs `affiliates`, the test of who is one")
    for index, name in enumerate(document.data.get("silent", ())):
        if name in stated:
            yield document.problem(("silent", index), f"`{name}` stands under `facts` as well")


def _value(
    document: Document, where: Where, entry: Mapping[str, Any], spec: Mapping[str, Any], vocabulary: Vocabulary
) -> Iterator[Problem]:
    form, value = spec.get("form", ""), entry["value"]
    try:
        if form == "count-cap":
            count(value)
        elif form == "amount-cap":
            money(value)
    except (ValueError, KeyError, TypeError):
        yield document.problem(where, f"`{value}` is no {'count' if form == 'count-cap' else 'sum of money'}")
    if (form in LISTS or form == "licenses") and not isinstance(value, list):
        yield document.problem(where, "expected a list")
    elif form in LISTS:
        words = vocabulary.words(LISTS[form])
        for index, word in enumerate(value):
            if word not in words:
                meant = suggestion(str(word), words, vocabulary.data.get("dialect"))
                said = f"; did you mean `{meant}`?" if meant else ""
                yield document.problem((*where, index), f"unknown word `{word}`{said}", suggestion=meant)
    elif "words" in spec:
        words = vocabulary.words(spec["words"])
        word = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        if word not in words:
            yield document.problem(where, f"unknown word `{value}`; known are {', '.join(f'`{w}`' for w in words)}")
    elif form == "output-training" and value not in ("forbidden", "permitted", "duty"):
        yield document.problem(where, f"unknown word `{value}`; known are `forbidden`, `permitted`, `duty`")


def _publisher(document: Document, catalog: Catalog) -> Iterator[Problem]:
    ids = set(catalog.models)
    for index, model in enumerate(document.data["models"]):
        where: Where = ("models", index)
        for key, expression in [("license", model.get("license")), *model.get("components", {}).items()]:
            place: Where = (*where, "license") if key == "license" else (*where, "components", key)
            for name in license_words(expression or ""):
                if catalog.resolve_license(name) is None:
                    yield document.problem(place, f"no license file has the id or name `{name}`")
        for number, base in enumerate(model.get("based_on", ())):
            if catalog.resolve_model(base["model"]) is None:
                yield document.problem((*where, "based_on", number, "model"), f"no model `{base['model']}` is known")
        for number, earlier in enumerate(model.get("earlier", ())):
            if "license" in earlier and catalog.resolve_license(earlier["license"]) is None:
                place = (*where, "earlier", number, "license")
                yield document.problem(place, f"no license file has the id or name `{earlier['license']}`")
        if model["evidence"] == "verified" and "sha256" not in model:
            yield document.problem((*where, "evidence"), "`verified` needs the `sha256` of the file that was read")
    for index, family in enumerate(document.data.get("families", ())):
        for number, member in enumerate(family["members"]):
            if member not in ids:
                yield document.problem(("families", index, "members", number), f"no model `{member}` is known")


def license_words(expression: str) -> list[str]:
    """The license names in an expression, without AND, OR, WITH and brackets."""
    return [w for w in re.split(r"[()]|\s+(?:AND|OR|WITH)\s+", expression) if w.strip()]
