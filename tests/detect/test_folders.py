"""Model folders: which license they show, how well, and what does not fit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck.detect import scancode
from policycheck.detect.identify import identify
from policycheck.documents import read_file
from policycheck.errors import DocumentError
from policycheck.schema import schema

from tests.cli.calling import POLICY, call
from tests.detect.made import FIXTURES, TEXTS, build, catalog, content, library

CASES = sorted((FIXTURES / "folders").glob("*.yaml"))


def look(place: Path) -> dict[str, Any]:
    """What a folder shows, as JSON."""
    return identify(place, catalog(), library()).as_json(catalog())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_folder_shows_what_its_case_says(case: Path, tmp_path: Path) -> None:
    data = read_file(case).data
    place = build(data["files"], tmp_path / "model")
    found = identify(place, catalog(), library())
    said, wants = found.as_json(catalog()), data["wants"]
    Draft202012Validator(schema("identify")).validate(said)
    assert said["license"] == (None if wants["license"] == "none" else wants["license"])
    assert [finding["check"] for finding in said["findings"]] == wants["checks"]
    for key in ("evidence", "rungs", "declared"):
        assert key not in wants or said[key] == wants[key], key
    assert list(found.code) == wants.get("code", [])
    if "base_models" in wants:
        assert [base["license"] for base in said["base_models"]] == wants["base_models"]
    if "passages" in wants:
        assert [p["text"] for finding in said["findings"] for p in finding["passages"]] == wants["passages"]


def hub_cache(place: Path, *, home: str = "blobs") -> Path:
    """A snapshot in the Hub's own cache: each file is a link into the folder of blobs."""
    model = place / "hub" / "models--meta-llama--Llama-3.1-8B-Instruct"
    snapshot = model / "snapshots" / "0e9e39f249a16976918f6564b8830bc894c89659"
    (model / home).mkdir(parents=True)
    snapshot.mkdir(parents=True)
    (model / home / "aaa").write_text("---\nlicense: llama3.1\n---\n", encoding="utf-8")
    (snapshot / "README.md").symlink_to(Path("..") / ".." / home / "aaa")
    return snapshot


def test_the_hubs_own_cache_is_read_and_tells_the_model(tmp_path: Path) -> None:
    """The commonest folder of all: every file in it is a link."""
    said = look(hub_cache(tmp_path))
    assert said["hub_id"] == "meta-llama/Llama-3.1-8B-Instruct"
    assert said["revision"] == "0e9e39f249a16976918f6564b8830bc894c89659"
    assert said["model"] == "llama-3.1-8b"
    assert said["license"] == "llama-3.1-community"


def test_the_cache_of_a_model_stands_for_its_only_snapshot(tmp_path: Path) -> None:
    assert look(hub_cache(tmp_path).parents[1])["license"] == "llama-3.1-community"


def test_a_second_snapshot_must_be_named(tmp_path: Path) -> None:
    snapshot = hub_cache(tmp_path)
    (snapshot.parent / "other").mkdir()
    with pytest.raises(DocumentError, match="name one of its snapshots"):
        look(snapshot.parents[1])


@pytest.mark.parametrize("home", ["elsewhere", "snapshots-of-others"])
def test_a_link_of_the_cache_leads_to_its_blobs_only(home: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="leads out of the folder"):
        look(hub_cache(tmp_path, home=home))


def _bad(place: Path, way: str) -> None:
    """Puts something unreadable or malicious into a folder."""
    readme, secret = place / "README.md", place.parent / "secret.txt"
    secret.write_text("license: mit", encoding="utf-8")
    if way == "link out":
        readme.symlink_to(secret)
    elif way == "link to itself":
        readme.symlink_to("README.md")
    elif way == "link to nowhere":
        readme.symlink_to("gone.md")
    elif way == "link up":
        readme.symlink_to(Path("..") / "model" / ".." / "secret.txt")
    elif way == "pipe":
        os.mkfifo(readme)
    elif way == "device":
        readme.symlink_to("/dev/zero")
    elif way == "huge":
        with readme.open("wb") as file:
            file.truncate(1_000_000_000)
    elif way == "binary":
        readme.write_bytes(b"---\nlicense: mit\n---\n\0\1\2")
    elif way == "UTF-16":
        readme.write_text("license: mit", encoding="utf-16")
    elif way == "PDF":
        (place / "LICENSE.pdf").write_bytes(b"%PDF-1.7 x")
    elif way == "many licenses":
        for number in range(100):
            (place / f"LICENSE-{number}").write_text("x", encoding="utf-8")
    else:
        readme.write_text(way, encoding="utf-8")


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("link out", "leads out of the folder"),
        ("link up", "leads out of the folder"),
        ("link to itself", "leads to itself"),
        ("link to nowhere", "leads nowhere"),
        ("pipe", "no ordinary file"),
        ("device", "leads out of the folder"),
        ("huge", "1000.0 MB large; at most 2 MB are read"),
        ("binary", "the file is no text"),
        ("UTF-16", "save it as UTF-8"),
        ("PDF", "save its text beside it"),
        ("many licenses", "100 files look like licenses"),
        ("---\nlicense: mit\n", "never closed"),
        ("---\nlicense: [mit\n---\n", "the bracket that opens here is never closed"),
        ('---\nlicense: "mit\n---\n', "the quotes that open here are never closed"),
        ("---\n- license: mit\n---\n", "the front matter is no mapping"),
        ("---\na: b: c\n---\n", "a `:` is not expected here"),
        ("---\n" + "a:\n " * 3 + "[" * 5000 + "\n---\n", ""),
    ],
)
def test_what_can_not_be_trusted_gets_a_clear_error_and_no_answer(way: str, said: str, tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    _bad(place, way)
    done = call("catalog", "identify", place)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert all(line.isprintable() for line in done.err.splitlines())


def test_every_unreadable_file_is_named_at_once(tmp_path: Path) -> None:
    place = build({"LICENSE": {"text": "apache"}}, tmp_path / "model")
    (place / "README.md").symlink_to("gone.md")
    (place / "NOTICE").write_bytes(b"\0")
    done = call("catalog", "identify", place)
    assert done.err.count("model/") == 2


@pytest.mark.parametrize("json_text", ["{", "", '{"a": ' * 100_000])
def test_a_configuration_that_is_no_json_is_named(json_text: str, tmp_path: Path) -> None:
    place = build({"config.json": json_text}, tmp_path / "model")
    done = call("catalog", "identify", place)
    assert done.code == 2
    assert "config.json" in done.err


def test_a_name_with_escapes_moves_no_cursor(tmp_path: Path) -> None:
    place = tmp_path / "mo\x1b[31mdel"
    build({"LICENSE-\x1b[2J.txt": "Nobody read this text.", "README.md": '---\nlicense: "a\\eb"\n---\n'}, place)
    done = call("catalog", "identify", place)
    assert done.code == 1
    assert "\x1b" not in done.out + done.err
    assert "\x1b" not in json.dumps(json.loads(call("catalog", "identify", place, "--format", "json").out)["findings"])


def test_a_single_file_is_identified_by_itself() -> None:
    done = call("catalog", "identify", FIXTURES.parent / "LICENSE", "--format", "json")
    said = json.loads(done.out)
    assert (done.code, said["license"], said["spdx"]) == (0, "apache-2.0", "Apache-2.0")
    assert [each["file"] for each in said["detected"]] == ["LICENSE"]
    assert said["detected"][0]["score"] == 100
    assert said["detected"][0]["lines"] == [2, len(TEXTS["apache"].rstrip("\n").split("\n"))]


def test_an_empty_path_is_not_the_folder_one_is_in() -> None:
    """A variable that is not set must not approve whatever lies around."""
    for asked in (("catalog", "identify", ""), ("evaluate", "-", "--model-dir", "")):
        done = call(*asked, stdin=POLICY)
        assert (done.code, done.out) == (2, "")
        assert "the path is empty" in done.err


@pytest.mark.skipif(not scancode.installed(), reason="ScanCode is not installed (extra `detect`)")
def test_scancode_adds_its_opinion_and_moves_nothing(tmp_path: Path) -> None:
    """It takes a text with a rider for Apache, with a score of 100."""
    rider = content({"text": "apache", "before": "Companies with more than 100 people may not use this model."})
    place = build({"LICENSE": rider}, tmp_path / "model")
    said = json.loads(call("catalog", "identify", place, "--scancode", "--format", "json").out)
    assert said["license"] is None
    assert [finding["check"] for finding in said["findings"]] == ["text-changed"]
    assert {each["license"] for each in said["opinions"]} >= {"apache-2.0"}


def test_what_is_not_there_is_said() -> None:
    done = call("catalog", "identify", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "there is no such file or folder" in done.err


def test_a_text_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    place = tmp_path / "model"
    place.mkdir()
    (place / "LICENSE").write_bytes(TEXTS["nordlicht"].replace("GmbH", "Söhne").encode("cp1252"))
    assert look(place)["license"] == "nordlicht-1.0"
