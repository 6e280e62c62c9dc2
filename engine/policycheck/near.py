"""Which models of the catalog somebody may have meant by a name that none of them bears."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache

from policycheck.catalog import Catalog

_MOST = 3
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
    exact, alike = _names(catalog)
    key = "".join(words)
    stem = _stem(key)
    # A slip in the first letters hides a whole family.
    stems = [stem] if stem in alike else get_close_matches(stem, alike, n=_MOST, cutoff=_CLOSE)
    close = get_close_matches(key, [each for stem in stems for each in alike[stem]], n=_MOST, cutoff=_CLOSE)
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


def _stem(key: str) -> str:
    """The letters a name begins with, which tell most families apart."""
    return re.split(r"[^a-z]", key, maxsplit=1)[0]


@lru_cache(maxsize=4)
def _names(catalog: Catalog) -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    """Every name of the catalog without marks, with its model's id; and these names by the letters they begin with."""
    exact: dict[str, str] = {}
    for name, identifier in (catalog.data.get("model_names") or catalog.model_names()).items():
        exact.setdefault("".join(_words(name)), identifier)
    alike: dict[str, list[str]] = defaultdict(list)
    for key in exact:
        alike[_stem(key)].append(key)
    return exact, alike
