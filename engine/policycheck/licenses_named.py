"""Licenses as a policy names them: by a catalog id, an SPDX id or an expression of these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policycheck.catalog import Catalog
from policycheck.checks import license_words
from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.parts import uses_of

_ANSWERS = ("fulfilled", "determinations", "waivers", "agreements")


def check(document: Document, catalog: Catalog) -> Iterator[Problem]:
    """Names of known licenses where an id is meant, as `Apache 2.0`; what no catalog knows is said by the verdict."""
    for where, said in _named(document.data):
        for word in license_words(said):
            known = catalog.resolve_license(word.strip()) if " " in word.strip() else None
            if known is not None:
                message = f"unknown license `{word.strip()}`; did you mean `{known}`?"
                yield document.problem(where, message, suggestion=known)


def _named(data: Any) -> Iterator[tuple[Where, str]]:
    for index, model in enumerate(data.get("models", ())):
        if isinstance(model, dict) and "license" in model:
            yield ("models", index, "license"), model["license"]
    for section in _ANSWERS:
        for index, entry in enumerate(data.get(section, ())):
            if "license" in entry:
                yield (section, index, "license"), entry["license"]
    for where, use in uses_of(data):
        if "handed_on_under" in use:
            yield (*where, "handed_on_under"), use["handed_on_under"]
