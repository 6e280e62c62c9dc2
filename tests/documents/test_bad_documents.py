"""Each bad document gets exactly the messages that lie beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from policycheck.catalog import Catalog
from policycheck.documents import read_file
from policycheck.errors import DocumentError
from policycheck.policy import read_policy

from tests.documents.update import FIXTURES, TODAY, messages, small_catalog

BAD = sorted((FIXTURES / "bad").glob("*.yaml"))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return small_catalog()


def test_there_are_bad_documents() -> None:
    """A folder that was moved must not pass for one without mistakes."""
    assert len(BAD) > 66


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_gets_the_messages_beside_it(path: Path, catalog: Catalog) -> None:
    said = messages(path, catalog)
    assert said, "a bad document was accepted"
    assert said == path.with_suffix(".txt").read_text(encoding="utf-8"), (
        "run tests/documents/update.py and read the diff"
    )


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_each_message_is_one_line_that_a_terminal_can_show(path: Path, catalog: Catalog) -> None:
    """A message repeats what the user wrote; that must not move the cursor or turn the text."""
    with pytest.raises(DocumentError) as caught:
        read_policy(read_file(path), catalog, TODAY)
    for problem in caught.value.problems:
        assert str(problem).isprintable()
        assert problem.message
        assert not problem.message.endswith((".", ":", ";", " "))


def test_every_file_of_messages_belongs_to_a_document() -> None:
    assert {path.stem for path in (FIXTURES / "bad").glob("*.txt")} == {path.stem for path in BAD}
