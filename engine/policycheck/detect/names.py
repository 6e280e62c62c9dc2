"""Which license a string means, as people write it; none is better than a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.detect import fingerprints

_LONGEST: Final = 1000
_TOKEN: Final = re.compile(r"\d+(?:\.\d+)*|[a-z]+|\+")
# A mark outside of these may change the meaning (`MIT?`, `~MIT`), and so may a letter that only looks Latin.
_PLAIN: Final = re.compile(r"[A-Za-z0-9\s._+,()\[\]'’/:;&-]+")
_NOISE: Final = frozenset(("the", "license", "licence", "licenses", "agreement", "version", "v"))
_JOINED: Final = re.compile(r"[()]|(?<![\w-])(?:and|or|with)(?![\w-])", re.I)
_LATER: Final = "-or-later"
_SYMBOL: Final = re.compile(r"[A-Za-z0-9.+_ -]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a license string means: one license, an expression of licenses, or nothing that is known."""

    requested: str
    license: str | None
    """A catalog id, or an expression of catalog ids; None where a part of it is unknown."""
    spdx: str | None
    licenses: tuple[str, ...] = ()
    """The catalog ids in it."""
    suggestions: tuple[str, ...] = ()
    """Ids that may have been meant."""
    why: str | None = None
    """Why it does not resolve."""
    note: str | None = None
    """What the catalog notes on the one license, as which of several dated texts a Hub tag without a date means."""

    def as_json(self) -> dict[str, Any]:
        """The resolution as JSON."""
        return {
            "requested": self.requested,
            "license": self.license,
            "spdx": self.spdx,
            "licenses": list(self.licenses),
            "suggestions": list(self.suggestions),
            "why": self.why,
            "note": self.note,
        }


def resolve(name: str, catalog: Catalog) -> Resolution:
    """The license that `name` means: a catalog id or name, an SPDX id, a ScanCode key, or an expression of them."""
    if len(name) > _LONGEST:
        return _none(name, f"it is longer than {_LONGEST} characters")
    found = Names(catalog).one(name)
    if found is not None:
        entry = catalog.licenses[found]
        return Resolution(
            requested=name, license=found, spdx=_spdx(entry, name), licenses=(found,), note=entry.get("note")
        )
    if _JOINED.search(name):
        return _expression(name, catalog)
    near = catalog.similar_licenses(name)
    why = "a slash may mean `AND` or `OR`; write which" if "/" in name else "no license of the catalog is called so"
    return _none(name, why, near)


def _none(name: str, why: str, near: Sequence[str] = ()) -> Resolution:
    return Resolution(requested=name, license=None, spdx=None, suggestions=tuple(near), why=why)


class Names:
    """The catalog's license names, also in spellings that differ only in layout."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        memory = catalog.vocabulary.memory
        self._loose: dict[str, set[str]] = memory.setdefault("loose license names", {})
        if not self._loose:
            self._fill()

    def _fill(self) -> None:
        keys = _scancode_keys()
        for entry in self.catalog.licenses.values():
            public = entry["licensor"] == "anyone"
            # A publisher may offer the text of a public license as its own: the key names the public one.
            more = [key for key in keys.get(entry["license"], ()) if self.catalog.resolve_license(key) is None]
            for key in (key for name in (*names_of(entry), *more) for key in _keys(name, public=public)):
                self._loose.setdefault(key, set()).add(entry["license"])

    def one(self, name: str) -> str | None:
        """The one license called so; None where none is, or where two might be."""
        exact = self.catalog.resolve_license(name)
        if exact is not None or not _PLAIN.fullmatch(name):
            return exact
        found = set[str]().union(*(self._loose.get(key, ()) for key in _keys(name, public=True)))
        return next(iter(found)) if len(found) == 1 else None


def names_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """Every name that a license document gives."""
    yield from (entry["license"], entry["name"], *entry.get("names", ()))
    if entry.get("spdx"):
        yield entry["spdx"]


def _spdx(entry: Mapping[str, Any], asked: str) -> str | None:
    """The SPDX id of a license, as it was asked for where the list has one for later versions too."""
    said = re.sub(r"\+$|-plus$", _LATER, asked.strip().lower())
    own = (name for name in entry.get("names", ()) if name.endswith(_LATER) and name.lower() == said)
    return next(own, entry.get("spdx"))


def _scancode_keys() -> dict[str, list[str]]:
    """ScanCode's keys of licenses, by the texts that it ships with the same words."""
    found: dict[str, list[str]] = {}
    for each in fingerprints.load():
        if each.scancode and each.document.startswith("license"):
            found.setdefault(each.license, []).append(each.scancode)
    return found


def _keys(name: str, *, public: bool) -> set[str]:
    """The ways in which a name is looked up; `2.0` and `2` are one only among public licenses."""
    words = [word for word in _TOKEN.findall(name.lower()) if word not in _NOISE]
    kept = {f"= {' '.join(words)}"} if words else set()
    short = [re.sub(r"^(\d+)(\.0)+$", r"\1", word) for word in words if word != "international"]
    return kept | {f"~ {' '.join(short)}"} if public and short else kept


def _expression(name: str, catalog: Catalog) -> Resolution:
    """An expression with AND, OR and WITH, read by the license-expression library."""
    from license_expression import ExpressionError, ExpressionParseError

    licensing, keys = _licensing(catalog)
    try:
        parsed = licensing.parse(name)
    # Of an odd text the library fails to build its own error message.
    except (ExpressionError, ExpressionParseError, AttributeError, TypeError, ValueError, IndexError, RecursionError):
        parsed = None
    if parsed is None:
        near = catalog.similar_licenses(name)
        return _none(name, "it is no license expression", near)
    symbols = licensing.license_symbols(parsed, unique=True, decompose=False)
    found = {symbol: keys.get(str(symbol)) or Names(catalog).one(str(symbol)) for symbol in symbols}
    unknown = [str(symbol) for symbol, identifier in found.items() if identifier is None]
    if unknown or not symbols:
        near = list(dict.fromkeys(each for part in unknown for each in catalog.similar_licenses(part)))
        listed = " and ".join(f"`{part}`" for part in unknown) or "nothing"
        return _none(name, f"no license of the catalog is called {listed}", near)
    return _joined(name, parsed, {symbol: str(identifier) for symbol, identifier in found.items()}, catalog)


def _joined(name: str, parsed: Any, found: dict[Any, str], catalog: Catalog) -> Resolution:
    from license_expression import LicenseSymbol

    ids = {symbol: LicenseSymbol(identifier) for symbol, identifier in found.items()}
    spdx = {symbol: LicenseSymbol(_spdx(catalog.licenses[i], str(symbol)) or i) for symbol, i in found.items()}
    return Resolution(
        requested=name,
        license=str(parsed.subs(ids).simplify()),
        spdx=str(parsed.subs(spdx).simplify()),
        licenses=tuple(dict.fromkeys(found.values())),
    )


def _licensing(catalog: Catalog) -> tuple[Any, dict[str, str]]:
    """The library with the catalog's names as its symbols, and the license of each symbol."""
    from license_expression import LicenseSymbol, Licensing

    memory = catalog.vocabulary.memory
    if "licensing" not in memory:
        taken: set[str] = set()
        symbols, keys = [], {}
        for identifier, entry in catalog.licenses.items():
            fresh = []
            for name in dict.fromkeys(each.strip().lower() for each in names_of(entry)):
                if name not in taken and _SYMBOL.fullmatch(name) and not _JOINED.search(name) and "+" not in name:
                    taken.add(name)
                    fresh.append(name)
            # The name for later versions too stays one of its own, so that it is printed as it was asked for.
            later = [name for name in fresh if name.endswith(_LATER)]
            usual = [name for name in fresh if name not in later]
            for same in (usual, *([name] for name in later)):
                if same:
                    symbols.append(LicenseSymbol(same[0], aliases=tuple(same[1:])))
                    keys[same[0]] = identifier
        memory["licensing"] = (Licensing(symbols), keys)
    found: tuple[Any, dict[str, str]] = memory["licensing"]
    return found
