"""Counts of parts against those of the whole: a company and its group, a product and who makes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policycheck.documents import Document, Where
from policycheck.errors import Problem
from policycheck.numbers import count, short
from policycheck.parts import heads_of, uses_of

COUNTS = ("mau", "dau", "monthly_visits")
_MEMBERS = ("parent", "subsidiary", "sister")


def larger_parts(document: Document) -> Iterator[Problem]:
    """Parts that are larger than the whole, where both are stated for every month."""
    for part, whole in _pairs(document.data):
        for key in COUNTS:
            small, large = _stated(document.data, part, key), _stated(document.data, whole, key)
            if small is not None and large is not None and small > large:
                line = document.mark((*whole, key))[0]
                figures = f"{_part(document.data, part)} alone has {short(small)}"
                figures += f", and {_whole(document.data, whole)} {short(large)} (line {line})"
                yield document.problem((*part, key), f"{figures}; a part can't be larger than the whole")


def beside(data: Any, where: Where) -> tuple[list[int], list[int]]:
    """The counts of the parts of what is counted at `where`, and of the wholes that it is a part of."""
    *home, key = where
    if key not in COUNTS:
        return [], []
    pairs = list(_pairs(data))
    below = [_stated(data, part, key) for part, whole in pairs if whole == tuple(home)]
    above = [_stated(data, whole, key) for part, whole in pairs if part == tuple(home)]
    return [each for each in below if each is not None], [each for each in above if each is not None]


def _pairs(data: Any) -> Iterator[tuple[Where, Where]]:
    """The path of each part that counts, and of its whole."""
    for where, company in heads_of(data):
        yield where, (*where, "group")
        for index, affiliate in enumerate(company.get("affiliates", ())):
            if _belongs(affiliate):
                yield (*where, "affiliates", index), (*where, "group")
    names = {each.get("name"): index for index, each in enumerate(data.get("organisation", {}).get("affiliates", ()))}
    for where, use in uses_of(data):
        if "client" not in use:
            number = names.get(use.get("licensee", ""))
            yield where, ("organisation",) if number is None else ("organisation", "affiliates", number)


def _belongs(affiliate: Any) -> bool:
    """Whether a company belongs to the group today by over half of the votes."""
    share = float(affiliate.get("ownership", "51%").rstrip("%"))
    return affiliate.get("relationship") in _MEMBERS and share > 50 and "until" not in affiliate


def _stated(data: Any, where: Where, key: str) -> int | None:
    """A count that is stated for every month."""
    found = _at(data, where).get(key)
    return None if found is None or isinstance(found, list | dict) else count(found)


def _at(data: Any, where: Where) -> Any:
    for part in where:
        data = data.get(part, {}) if isinstance(data, dict) else data[part]
    return data


def _part(data: Any, where: Where) -> str:
    product = where[0] in ("use", "uses") and "client" not in where
    return "this product" if product else str(_at(data, where).get("name"))


def _whole(data: Any, where: Where) -> str:
    return "its group" if where[-1] == "group" else str(_at(data, where).get("name"))
