"""Which models of the catalog somebody may have meant by a name that none of them bears."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from itertools import chain

from policycheck.catalog import Catalog

_MOST = 3
_TRIED = 20
_CLOSE = 0.75
# What repackers write behind a model's name of how its weights are packed, and makers of how they were tuned.
_BEHIND = re.compile(
    r"gguf|ggml|awq|gptq|bnb|nf4|exl\d|mlx|onnx|imatrix|hf|quant(ized)?|dynamic|latest|\d+bits?|w\d+a\d+"
    r"|(int|uint|fp|bf|f|mxfp|nvfp)\d+|i?q\d+|[kmsl]|x+[sl]|instruct|chat|it|base"
)


@lru_cache(maxsize=1024)
def near_models(name: str, catalog: Catalog) -> tuple[str, ...]:
    """Ids of models whose names are close to `name`, the closest first: of another version, or what it begins with."""
    words = _words(name)
    while len(words) > 1 and _BEHIND.fullmatch(words[-1]):
        words.pop()
    exact, having = _names(catalog)
    key = "".join(words)
    shared = Counter(chain.from_iterable(having.get(part, ()) for part in _parts(key)))
    likely = nlargest(_TRIED, shared, key=lambda each: shared[each] / (len(each) + len(key)))
    close = get_close_matches(key, likely, n=_MOST, cutoff=_CLOSE)
    begun = (start for start in _beginnings(words) if start in exact)
    return tuple(dict.fromkeys(exact[found] for found in (*close, *begun)))[:_MOST]


def _words(name: str) -> list[str]:
    """The words of a name, without a Hub's address and an owner."""
    last = name.rstrip("/").rpartition("/")[2].lower()
    return [word for word in re.split(r"[^a-z0-9.]+", last) if word]


def _beginnings(words: list[str]) -> Iterator[str]:
    """The whole name, then without its last words, as long as over half of it is left."""
    whole = "".join(words)
    for end in range(len(words), 0, -1):
        start = "".join(words[:end])
        if len(start) * 2 > len(whole):
            yield start


def _parts(key: str) -> set[str]:
    """All that three letters in a row make of a name; close names share most."""
    return {key[start : start + 3] for start in range(len(key) - 2)}


@lru_cache(maxsize=4)
def _names(catalog: Catalog) -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    """Every name of the catalog without marks, with its model's id; and these names by their parts."""
    exact: dict[str, str] = {}
    for name, identifier in (catalog.data.get("model_names") or catalog.model_names()).items():
        exact.setdefault("".join(_words(name)), identifier)
    having: dict[str, list[str]] = defaultdict(list)
    for key in exact:
        for part in _parts(key):
            having[part].append(key)
    return exact, having
