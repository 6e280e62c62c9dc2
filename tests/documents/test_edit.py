"""A key that is written into a file touches its own lines, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policycheck.documents import Document, Where, parse, read_file
from policycheck.edit import flow, put, rename
from policycheck.errors import PolicycheckError

ROOT = Path(__file__).parents[2]
POLICIES = sorted((ROOT / "policies").glob("[et]*/*.yaml"))
TEXT = """# Who we are.
policy_version: 1
organisation:
  name: Nordwind   # the bank
  # Our seat.
  # jurisdiction: DE
  # affiliates:
  #   - name: Parent
  #     mau: 1M
  # not an example

uses:
  chat: {outputs: internal}
  search:
    field_of_use:
      - search          # of documents
      # and this one
      - translation
    note: |
      Two
      lines.

    # the end of search
models: [olmo-3.1]   # one
# the end
"""


def document(text: str = TEXT) -> Document:
    return parse(text.encode(), "org.yaml")


def changed(where: Where, value: Any, text: str = TEXT) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    before, after = text.splitlines(), put(document(text), where, value).raw.decode().splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("where", "value", "gone", "come"),
    [
        (("organisation", "jurisdiction"), "NO", ["  # jurisdiction: DE"], ["  jurisdiction: NO"]),
        (("organisation", "mau"), "12M", [], ["  mau: 12M"]),
        (("organisation", "name"), "A: B", ["  name: Nordwind   # the bank"], ['  name: "A: B"   # the bank']),
        (("uses", "chat", "mau"), 3, ["  chat: {outputs: internal}"], ["  chat: {outputs: internal, mau: 3}"]),
        (("uses", "search", "outputs"), "public", [], ["    outputs: public"]),
        (("uses", "new", "provider", "name"), "X", [], ["  new:", "    provider:", "      name: X"]),
        (("uses", "search", "field_of_use"), ["translation"], ["      - search          # of documents"], []),
        (("uses", "search", "field_of_use", 2), "research", [], ["      - research"]),
        (("models", 1), "llama-4", ["models: [olmo-3.1]   # one"], ["models: [olmo-3.1, llama-4]   # one"]),
        (("settings", "unknown"), "block", [], ["settings:", "  unknown: block"]),
    ],
    ids=str,
)
def test_only_the_lines_of_the_key_change(where: Where, value: Any, gone: list[str], come: list[str]) -> None:
    """Comments, blank lines, quotes and order of everything else stay."""
    assert changed(where, value) == (gone, come)


def test_a_commented_out_example_of_several_lines_gives_way() -> None:
    """Half of it must not stay behind as a comment on something else."""
    gone, come = changed(("organisation", "affiliates"), [{"name": "P", "mau": "2M"}])
    assert gone == ["  # affiliates:", "  #   - name: Parent", "  #     mau: 1M"]
    assert come == ["  affiliates:", "    - name: P", "      mau: 2M"]


def test_a_word_that_becomes_a_mapping_takes_its_place() -> None:
    """`trains_other_models: true`, and then what kind."""
    text = TEXT.replace("    note: |", "    trains_other_models: true\n    note: |")
    gone, come = changed(("uses", "search", "trains_other_models", "kind"), "llm", text)
    assert (gone, come) == (["    trains_other_models: true"], ["    trains_other_models: {kind: llm}"])


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["of Unix", "of Windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte-order mark"])
def test_line_ends_and_byte_order_mark_stay(ending: str, mark: str) -> None:
    """An editor on another system must not see every line changed."""
    raw = (mark + TEXT.replace("\n", ending)).encode()
    after = put(parse(raw, "org.yaml"), ("organisation", "mau"), "12M").raw
    assert after.startswith(raw[:40])
    assert after.replace(f"  mau: 12M{ending}".encode(), b"") == raw


def test_a_last_line_without_an_end_is_ended_first() -> None:
    """Else the new key would be glued to it."""
    after = put(document("policy_version: 1"), ("models",), ["a"])
    assert after.raw == b"policy_version: 1\nmodels: [a]\n"


def test_a_name_is_changed_alone() -> None:
    """The use keeps its place and its remarks."""
    after = rename(document(), ("uses", "search"), "find")
    assert after.raw.decode() == TEXT.replace("  search:\n", "  find:\n")


@pytest.mark.parametrize("text", ["-", "- a", "?", "a: b", "*", "NO", "12M", "a #b", "a#b", "[", "yes, no"])
def test_a_text_that_yaml_reads_otherwise_is_written_in_quotes(text: str) -> None:
    """In the line of its key, in an item of a list, and between brackets; each has signs of its own."""
    for where in (("organisation", "name"), ("uses", "search", "field_of_use", 0), ("uses", "chat", "note")):
        assert put(document(), where, text).data


def test_a_place_that_is_taken_is_refused() -> None:
    """Nothing is written where the file would say something else."""
    with pytest.raises(PolicycheckError, match=r"models\[7\]"):
        put(document(), ("models", 7), "x")


@given(st.text(max_size=20) | st.integers() | st.booleans())
def test_every_value_is_read_back_as_it_was(value: str | int | bool) -> None:
    """A name such as `yes: no` or `#1` is put in quotes."""
    if isinstance(value, str) and (not value.strip() or not value.isprintable()):
        return
    if isinstance(value, int) and abs(value) >= 10**29:
        return
    assert parse(f"a: [{flow(value)}]".encode(), "").data == {"a": [value]}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_policy_takes_a_new_key_in_every_mapping(path: Path) -> None:
    """Whatever way the author writes: each line that was there is there, in its order."""
    before = read_file(path)
    lines = before.raw.decode().splitlines()
    for where, _ in [((), None), *before.values.items()]:
        here = _at(before.data, where)
        if isinstance(here, dict) and "note" not in here:
            after = put(before, (*where, "note"), "Seen: by us.").raw.decode().splitlines()
            kept = iter(after)
            missing = [line for line in lines if not any(line == each for each in kept)]
            # A mapping in brackets is one line, and that line grows.
            assert len(missing) <= 1
            assert all("{" in line for line in missing)


def _at(data: Any, where: Where) -> Any:
    for part in where:
        data = data[part]
    return data
