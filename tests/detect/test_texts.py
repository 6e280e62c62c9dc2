"""A text is recognised by identity: layout does not count, every word does."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

import pytest
from policycheck import shipped
from policycheck.detect import fingerprints
from policycheck.detect.texts import Match

from tests.detect.made import TEXTS, catalog, library


def match(text: str | bytes) -> Match:
    """What a text is."""
    return library().match(fingerprints.read(text.encode() if isinstance(text, str) else text))


def _html(text: str) -> str:
    paragraphs = (f'<p class="x">{part.strip()}</p>' for part in text.replace("&", "&amp;").split("\n\n"))
    return "\n".join(["<!DOCTYPE html>", "<html><body>", *paragraphs, "</body></html>"])


def _wrapped(width: int) -> Callable[[str], str]:
    return lambda text: "\n\n".join(textwrap.fill(part, width, break_long_words=False) for part in text.split("\n\n"))


SAME: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "narrow": _wrapped(40),
    "wide": _wrapped(500),
    "on one line": lambda text: " ".join(text.split()),
    "capitals": str.upper,
    "small letters": str.lower,
    "Windows lines": lambda text: text.replace("\n", "\r\n"),
    "old Mac lines": lambda text: text.replace("\n", "\r"),
    "a byte-order mark": lambda text: "\ufeff" + text,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width spaces": lambda text: text.replace(" the ", " the\u200b "),
    "comment of a script": lambda text: textwrap.indent(text, "# ", lambda line: True),
    "comment of C": lambda text: "/*\n" + textwrap.indent(text, " * ", lambda line: True) + "\n */",
    "quoted mail": lambda text: textwrap.indent(text, "> ", lambda line: True),
    "straight quotes": lambda text: re.sub("[“”]", '"', text),
    "HTML": _html,
    "bold words": lambda text: re.sub(r"\bterms\b", "<b>terms</b>", re.sub(r"\bYou\b", "**You**", text)),
    "headings": lambda text: re.sub(r"(?m)^(\d\. )", r"## \1", text),
    "a rule of signs": lambda text: "=" * 60 + "\n" + text + "\n" + "-" * 60,
    "blanks at the ends": lambda text: "\n\n\n   " + text + "\n\n\n",
}
"""Ways to set a text that leave it the same."""


@pytest.mark.parametrize("known", ["apache", "nordlicht"])
@pytest.mark.parametrize("way", SAME)
def test_the_same_text_however_set_is_that_license(way: str, known: str) -> None:
    found = match(SAME[way](TEXTS[known]))
    assert found.known, found.differing
    assert set(found.licenses) == {"apache-2.0" if known == "apache" else "nordlicht-1.0"}


@pytest.mark.parametrize(
    "line",
    [
        "Copyright (c) 2026 Somebody Else",
        "Copyright 2019-2026 The Authors. All rights reserved.",
        "© 2026 Ørsted & Søn ApS",
        "Copyright (C) 2024, 2025 Alibaba Cloud, Inc. and its affiliates\nCopyright 2026 Another Company",
        "",
    ],
)
def test_a_copyright_line_does_not_change_a_text(line: str) -> None:
    """Nor does its absence, or a title above it."""
    own = TEXTS["nordlicht"].replace("Copyright (c) 2026 Nordlicht Labs GmbH. All rights reserved.", line)
    assert match(own).licenses == ("nordlicht-1.0",)
    assert match(f"Apache License 2.0\n\n{line}\n\n{TEXTS['apache']}").licenses == ("apache-2.0",)


def test_a_filled_in_owner_does_not_change_a_text() -> None:
    own = TEXTS["apache"].replace("[yyyy] [name of copyright owner]", "2026 Nordlicht Labs GmbH")
    assert own != TEXTS["apache"]
    assert match(own).licenses == ("apache-2.0",)


CHANGED: dict[str, tuple[str, str]] = {
    "a word": ("perpetual", "temporary"),
    "a number": ("Version 2.0", "Version 2.1"),
    "a duty": ("You must cause", "You may cause"),
    "an address": ("http://www.apache.org/licenses/\n", "http://licenses.example/\n"),
    "a word taken back": ("perpetual", "<s>perpetual</s>"),
    "a hidden word": ("perpetual", '<span style="display:none">not</span> perpetual'),
    "a comment": ("TERMS AND CONDITIONS", "<!-- except in the EU --> TERMS AND CONDITIONS"),
    "a look-alike letter": ("perpetual", "pеrpetual"),
    "a title that is none": ("Apache License\n", "Apache License (modified)\n"),
    "a percentage": ("fifty percent (50%)", "fifty percent (5%)"),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_text_that_differs_in_one_place_is_none_that_was_read(change: str) -> None:
    """However near it is: the passage is shown from the user's own file."""
    old, new = CHANGED[change]
    assert old in TEXTS["apache"]
    found = match(TEXTS["apache"].replace(old, new))
    assert not found.known
    assert {each.license for each in found.nearest} == {"apache-2.0"}
    assert found.share < 1
    assert found.differing or found.missing


def test_every_sentence_counts() -> None:
    """A text without any one of its sentences is another one."""
    whole = fingerprints.read(TEXTS["nordlicht"].encode())
    for sentence in whole.sentences():
        cut = whole.text[: sentence.start] + whole.text[sentence.end :]
        assert not match(cut).known, sentence


def test_the_differing_passage_names_its_lines() -> None:
    found = match(TEXTS["nordlicht"].replace("700 million", "7 million"))
    assert [each.lines for each in found.differing] == [(14, 17)]
    assert found.missing == 1


@pytest.mark.parametrize("text", ["", "   \n", "license", "MIT", "\n" * 10000, "a " * 50000, "Copyright 2026 X"])
def test_a_text_that_says_nothing_is_none(text: str) -> None:
    found = match(text)
    assert not found.known
    assert not found.nearest


def test_neighbours_that_likeness_takes_for_one_another_are_told_apart() -> None:
    """Llama 3 bars training on outputs and 3.1 does not; Hunyuan's caps differ by a hundred times."""
    whole = {(each.license, each.document): each for each in fingerprints.load()}
    for one, other in (
        ("llama-3-community", "llama-3.1-community"),
        ("tencent-hunyuan-video", "tencent-hunyuan-3d-2.0"),
        ("kimi-k2-modified-mit", "kimi-k2.5-modified-mit"),
        ("minimax-m2-modified-mit", "mit"),
    ):
        assert whole[one, "license"].whole != whole[other, "license"].whole


def test_every_text_that_was_read_has_a_fingerprint_of_the_copy_that_the_catalog_names() -> None:
    """And no fingerprint belongs to nothing."""
    assert list(fingerprints.check(shipped.catalog())) == []
    known = {(each.license, each.document) for each in fingerprints.load()}
    assert len(known) > 100


def test_no_fingerprint_holds_a_sentence() -> None:
    """Hashes and ids only."""
    for path in fingerprints.folder().glob("*.yaml"):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("#")]
        assert all(len(line.split()) <= 6 for line in lines if "copy:" not in line), path


def test_a_shared_text_is_that_of_the_public_license_unless_the_card_names_the_other() -> None:
    shared = [each for each in catalog().licenses.values() if each["license"] == "c4ai-cc-by-nc"]
    assert shared
    whole = {each.whole for each in library().fingerprints if each.license in ("c4ai-cc-by-nc", "cc-by-nc-4.0")}
    assert len(whole) == 2  # The text itself, and the use policy that only one of them has.
