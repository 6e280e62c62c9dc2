"""A text made to stall the program is read in bounded time."""

from __future__ import annotations

import time

import pytest
from policycheck.detect import fingerprints
from policycheck.detect.skeleton import sections

from tests.detect.made import TEXTS, library

HOSTILE = {
    "hyphens": "-" * 200_000 + "x",
    "hyphens and blanks": "- " * 100_000,
    "open tags": "<a " * 70_000,
    "copyrights": "copyright " * 20_000,
    "copyright years": "Copyright 2020 " * 13_000,
    "brackets": "(" * 200_000,
    "entities": "&amp;" * 40_000,
    "labels": "1. a) (i) " * 20_000,
    "numbered lines": "1. a\n" * 20_000,
    "names of slots": "neither the name of " * 10_000,
    "links": "http://" * 30_000,
    "blank lines": "\n" * 200_000,
    "one word": "a" * 200_000,
    "heads": " ".join(TEXTS["apache"].split()[:12]) * 2_000,
    "words of a license": TEXTS["apache"] * 15,
    "comment signs": "/*" * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_text_made_to_stall_is_read_in_bounded_time(kind: str) -> None:
    """200 kB each; the bound is wide, since what it guards against takes years."""
    start = time.monotonic()
    library().match(fingerprints.read(HOSTILE[kind].encode()))
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_sections_of_a_text_made_to_stall_are_listed_in_bounded_time(kind: str) -> None:
    """For `catalog add`; passages are sought only in texts that are known."""
    start = time.monotonic()
    assert len(list(sections(HOSTILE[kind]))) < 300
    assert time.monotonic() - start < 20
