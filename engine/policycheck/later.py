"""Names of licenses that let one take a later version too, as `GPL-2.0-or-later`: which versions there are."""

from __future__ import annotations

import re
from typing import Final

from policycheck.catalog import Catalog

_LATER: Final = re.compile(r"(?:-or-later|-plus|\+|\s+or\s+(?:any\s+)?later(?:\s+version)?)\s*$", re.I)


def versions(name: str, catalog: Catalog) -> tuple[str, ...]:
    """The name itself, and the ids of the later versions that it lets one take instead."""
    found = _first(name, catalog)
    if found is None:
        return (name,)
    facts = (fact for fact in catalog.licenses[found]["facts"] if fact["fact"] == "compatible_licenses")
    offered = (each for fact in facts if fact.get("only_if") == "or-later" for each in fact["value"])
    return (name, *(later for each in offered if (later := catalog.resolve_license(each)) is not None))


def newest(name: str, catalog: Catalog) -> bool:
    """Whether such a name is that of the newest version; a text that is read for all versions is none."""
    found = _first(name, catalog)
    return found is not None and versions(name, catalog) == (name,) and any(char.isdigit() for char in found)


def _first(name: str, catalog: Catalog) -> str | None:
    """The id of the version that such a name begins with; None for a name that lets one take no later one."""
    return catalog.resolve_license(name) if _LATER.search(name) else None
