"""Each bad document gets exactly the messages that lie beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from policycheck.catalog import Catalog
from policycheck.errors import DocumentError

from tests.documents.update import FIXTURES, bad_documents, messages, read, small_catalog

BAD = bad_documents()


def named(path: Path) -> str:
    """A document by its name, and its kind where it is no policy."""
    return path.relative_to(FIXTURES / "bad").with_suffix("").as_posix()


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return small_catalog()


def test_there_are_bad_documents() -> None:
    """A folder that was moved must not pass for one without mistakes."""
    assert len(BAD) > 66


@pytest.mark.parametrize("path", BAD, ids=named)
def test_gets_the_messages_beside_it(path: Path, catalog: Catalog) -> None:
    said = messages(path, catalog)
    assert said, "a bad document was accepted"
    assert said == path.with_suffix(".txt").read_text(encoding="utf-8"), (
        "run tests/documents/update.py and read the diff"
    )


@pytest.mark.parametrize("path", BAD, ids=named)
def test_each_message_is_one_line_that_a_terminal_can_show(path: Path, catalog: Catalog) -> None:
    """A message repeats what the user wrote; that must not move the cursor or turn the text."""
    with pytest.raises(DocumentError) as caught:
        read(path, catalog)
    for problem in caught.value.problems:
        assert str(problem).isprintable()
        assert problem.message
        assert not problem.message.endswith((".", ":", ";", " "))


def test_every_file_of_messages_belongs_to_a_document() -> None:
    texts = {path.with_suffix("") for path in (FIXTURES / "bad").glob("**/*.txt")}
    assert texts == {path.with_suffix("") for path in BAD}
