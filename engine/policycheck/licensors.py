"""Licensors as a policy names them: whom it competes with and sues, and which names the catalog does not know.

A name is compared with licensors only; one that is misspelt would count as none, and so as harmless.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policycheck.catalog import Catalog, folded
from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.parts import heads_of
from policycheck.vocabulary import suggestion


def check(document: Document, catalog: Catalog) -> Iterator[Problem]:
    """Names that are close to a licensor's and are none, in a policy that passed its schema."""
    for where, name, meant in _strangers(document, catalog):
        if meant is not None:
            message = (
                f"the catalog knows no licensor `{name}`; did you mean `{meant}`? "
                "Another company is written with its full legal name"
            )
            yield document.problem(where, message, suggestion=meant)


def notices(document: Document, catalog: Catalog) -> Iterator[Problem]:
    """Names that match no licensor of the catalog and resemble none: taken as written, and said."""
    for where, name, meant in _strangers(document, catalog):
        if meant is None:
            near = _same_first_word(name, catalog)
            end = f"; where `{near}` is meant, write that" if near else ""
            suit = where[-1] == "against"
            so = "only clauses on suits against anybody turn on it" if suit else "it counts as a rival of none"
            message = f"`{name}` matches no licensor of the catalog, so {so}{end}"
            yield document.problem(where, message, suggestion=near)


def _strangers(document: Document, catalog: Catalog) -> Iterator[tuple[Where, str, str | None]]:
    """Each name that no catalog knows, where it stands, and the licensor that was probably meant."""
    names = [*catalog.publishers, *(name for each in catalog.publishers.values() for name in (each.name, *each.names))]
    for where, name in _named(document.data):
        if catalog.resolve_publisher(name) is None and folded(name) != "anyone":
            yield where, name, suggestion(name, names)


def _named(data: Any) -> Iterator[tuple[Where, str]]:
    for where, company in _companies(data):
        for index, name in enumerate(company.get("competes_with", ())):
            yield (*where, "competes_with", index), name
        for index, suit in enumerate(company.get("disputes", ())):
            if "against" in suit:
                yield (*where, "disputes", index, "against"), suit["against"]


def _companies(data: Any) -> Iterator[tuple[Where, Any]]:
    """The organisation, the clients of its uses, and the affiliates of each."""
    for where, company in heads_of(data):
        yield where, company
        for index, affiliate in enumerate(company.get("affiliates", ())):
            yield (*where, "affiliates", index), affiliate


def _same_first_word(name: str, catalog: Catalog) -> str | None:
    """The licensor of whose names one is the first word of `name`: Google, for `Google Cloud`."""
    first = folded(name).partition("-")[0]
    found = catalog.resolve_publisher(first) if len(first) > 3 else None
    return catalog.publisher_name(found) if found else None
