"""Every sentence that explain, diff, recheck and the document say of the examples, compared as a whole."""

from __future__ import annotations

import pytest

from tests.wording.update_golden import GOLDEN, wordings


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """What each command says today."""
    return wordings()


@pytest.mark.parametrize("path", sorted(GOLDEN.iterdir()), ids=lambda path: path.name)
def test_the_words_are_what_they_were(path, said: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    """Where they are meant to change: `python tests/wording/update_golden.py`, and read the difference."""
    assert said[path.name] == path.read_bytes().decode("utf-8")


def test_every_command_has_its_file(said: dict[str, str]) -> None:
    """And none is left behind."""
    assert set(said) == {path.name for path in GOLDEN.iterdir()}


def test_text_stays_within_eighty_columns_but_for_what_is_copied(said: dict[str, str]) -> None:
    """Lines with `--set` stay whole, and so do addresses."""
    for name, text in said.items():
        if name.endswith(".txt"):
            long = [line for line in text.splitlines() if len(line) > 80 and "--set" not in line]
            assert long == [], name
