"""What strict YAML is read as, which files are read at all, and that nothing else than DocumentError is raised."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policycheck.catalog import Catalog
from policycheck.documents import Document, parse, read_file
from policycheck.errors import DocumentError, Problem
from policycheck.policy import Policy, read_policy

from tests.documents.update import FIXTURES, TODAY, small_catalog

GOOD = sorted((FIXTURES / "good").glob("*.yaml"))
SMALLEST = b"policy_version: 1\norganisation:\n  name: Nordwind Bank AG\n"
CATALOG = small_catalog()


def problem_of(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_file(path)
    return str(caught.value)


def read(raw: bytes, catalog: Catalog = CATALOG) -> Policy:
    return read_policy(parse(raw, "org.yaml"), catalog, TODAY)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_document_is_read(path: Path) -> None:
    assert read_policy(read_file(path), CATALOG, TODAY).document.file == path.as_posix()


def good(name: str) -> Document:
    return read_file(FIXTURES / "good" / f"{name}.yaml")


def test_no_is_norway_and_words_of_yaml_1_1_stay_words() -> None:
    """YAML 1.1 reads NO, no, on and y as booleans, in keys too."""
    data = good("norway").data
    assert data["organisation"]["jurisdiction"] == "NO"
    assert data["organisation"]["operates_in"] == ["NO", "SE", "DK"]
    assert list(data["uses"]) == ["no", "on", "y"]
    assert data["uses"]["no"]["serves_users_in"] == ["NO", "DK"]


def test_a_day_is_the_same_with_and_without_quotes() -> None:
    plain, quoted = good("dates").data["waivers"]
    assert plain == quoted
    assert plain["expires"] == "2027-03-31"


def test_numbers_with_zeros_in_front_letters_or_colons_stay_as_written() -> None:
    """YAML 1.1 reads 010 as eight, 0x1F as 31 and 12:30:00 as 45000."""
    data = good("read-as-written").data
    assert [model["revision"] for model in data["models"]] == ["010", "0x1F", "73e1464"]
    assert data["organisation"] == {"name": "1822", "note": "12:30:00"}
    assert data["agreements"][0]["reference"] == 1182


def test_byte_order_mark_is_read_as_nothing() -> None:
    marked, plain = parse(b"\xef\xbb\xbf" + SMALLEST, "org.yaml"), parse(SMALLEST, "org.yaml")
    assert (marked.data, marked.values, marked.keys) == (plain.data, plain.values, plain.keys)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"], ids=["of Windows", "of old Macs"])
def test_line_endings_change_nothing(ending: bytes) -> None:
    """Neither the data nor the places; a block of text keeps its lines."""
    for path in GOOD:
        raw = path.read_bytes()
        same, other = parse(raw, "org.yaml"), parse(raw.replace(b"\n", ending), "org.yaml")
        assert (other.data, other.values, other.keys) == (same.data, same.values, same.keys)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["of Unix", "of Windows", "of old Macs"])
def test_hidden_character_is_found_in_its_line_and_column(ending: str) -> None:
    text = SMALLEST.decode().replace("Bank", "Bank\u200b").replace("\n", ending)
    with pytest.raises(DocumentError, match=r"^org\.yaml:3:22: the character U\+200B"):
        parse(text.encode(), "org.yaml")


def test_place_of_a_value_and_of_its_key() -> None:
    document = parse(SMALLEST, "org.yaml")
    where = ("organisation", "name")
    assert document.place(where) == "org.yaml:3:9"
    assert document.mark(where, key=True) == (3, 3)
    assert document.mark((*where, "nothing", 0)) == (3, 9)


def test_all_problems_are_told_in_file_order() -> None:
    with pytest.raises(DocumentError) as caught:
        read((FIXTURES / "bad" / "many-mistakes.yaml").read_bytes())
    places = [(problem.line, problem.column) for problem in caught.value.problems]
    assert places == sorted(places)
    assert len(places) == 12


def test_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    assert problem_of(path) == f"{path.as_posix()}: there is no such file"


def test_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_bytes(SMALLEST)
    assert "the file can't be read" in problem_of(tmp_path / "org.yaml" / "org.yaml")


def test_folder(tmp_path: Path) -> None:
    assert problem_of(tmp_path) == f"{tmp_path.as_posix()}: this is a folder; give the path of a YAML file"


def test_name_that_no_file_can_have() -> None:
    assert "the file can't be read" in problem_of(Path("a\0b"))


def test_link_that_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.symlink_to("gone.yaml")
    assert problem_of(path).endswith("this link leads nowhere (to `gone.yaml`)")


def test_links_in_a_circle(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.symlink_to(path)
    assert "the file can't be read" in problem_of(path)


def test_link_to_a_document_is_followed(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_bytes(SMALLEST)
    (tmp_path / "org.yaml").symlink_to("policy.yaml")
    assert read_file(tmp_path / "org.yaml").data["policy_version"] == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFO")
def test_fifo_is_not_waited_for(tmp_path: Path) -> None:
    """Opening a FIFO that nobody writes to would never return."""
    path = tmp_path / "org.yaml"
    os.mkfifo(path)
    assert problem_of(path).endswith("this is no ordinary file; give the path of a YAML file")


def test_device_is_not_read() -> None:
    assert "this is no ordinary file" in problem_of(Path(os.devnull))


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests as root may read everything, so the refusal is played."""

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "org.yaml"
    path.write_bytes(SMALLEST)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert problem_of(path).endswith("no permission to read this file")


def test_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_bytes(SMALLEST + b"# \n" * 1_000_000)
    assert problem_of(path).endswith("the file is 3.0 MB large; at most 2 MB are read")
    with pytest.raises(DocumentError, match="at most 2 MB are read"):
        parse(path.read_bytes(), "-")


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 1_900_000,
        b"- " * 900_000,
        b"? " * 900_000,
        b"{a: " * 450_000,
        SMALLEST + b"extends: [" + b"a, " * 600_000 + b"a]\n",
        SMALLEST + b"uses: {a: {field_of_use: [" + b"summarization, " * 120_000 + b"]}}\n",
        SMALLEST + b"uses: {" + b"a: {}, " * 270_000 + b"}\n",
        SMALLEST + b"note: '" + "\u200b".encode() * 600_000 + b"'\n",
        SMALLEST + b"extends: [" + b"*a, " * 450_000 + b"]\n",
        SMALLEST + b"secret: " + b"a " * 900_000 + b"\n",
        SMALLEST + "".join(f"k{number}: 1\n" for number in range(100_000)).encode(),
    ],
    ids=[
        "brackets",
        "dashes",
        "question marks",
        "braces",
        "a word often",
        "a wrong word often",
        "a key often",
        "hidden characters",
        "aliases",
        "a long text",
        "unknown keys",
    ],
)
def test_hostile_document_is_refused_in_time(raw: bytes) -> None:
    """Within the size that is read, no shape of a document may keep a server busy."""
    began = time.perf_counter()
    with pytest.raises(DocumentError) as caught:
        read(raw)
    assert len(caught.value.problems) <= 201
    assert time.perf_counter() - began < 30


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_raise_nothing_else(raw: bytes) -> None:
    with pytest.raises(DocumentError):
        read(raw)


@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%@`#,.~ \n\t1_\u200b\ud7ff\uffff\u00e4", max_size=80))
@settings(max_examples=500, deadline=None)
def test_random_yaml_raises_nothing_else(text: str) -> None:
    with pytest.raises(DocumentError):
        read(text.encode())


SCRAPS = [b"\n", b" ", b"  ", b"\t", b": ", b"- ", b"[", b"]", b"{", b"}", b"'", b'"', b"~", b"true", b"-1", b"99"]
SCRAPS += [
    b"&a ",
    b"*a",
    b"!!int ",
    b"<<: ",
    b"---\n",
    b"|\n",
    b"\xff",
    b"\0",
    b"\xe2\x80\x8b",
    b"2027-02-30",
    b"1e9",
    b"#",
]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A good document in which a few stretches were cut, doubled or replaced."""
    raw = draw(st.sampled_from([path.read_bytes() for path in GOOD]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 12)))
        raw = raw[:start] + draw(st.sampled_from([*SCRAPS, b"", raw[start:end] * 2])) + raw[end:]
    return raw


@given(spoiled())
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spoiled_document_is_read_or_refused(raw: bytes) -> None:
    told: tuple[Problem, ...] = ()
    try:
        assert read(raw).organisation.get("name")
    except DocumentError as error:
        told = error.problems or pytest.fail("an error without a problem")
    assert all(str(problem).isprintable() for problem in told)
