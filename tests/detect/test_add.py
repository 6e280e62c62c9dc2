"""`catalog add` and `catalog fingerprint`: from a text to a file that is valid, and allows nothing yet."""

from __future__ import annotations

import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.checks import check_catalog
from policycheck.detect import fingerprints
from policycheck.documents import parse, read_file
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.schema import problems

from tests.cli.calling import POLICY, TODAY, call
from tests.detect.made import FIXTURES, ROOT

TEXT = FIXTURES / "texts" / "nordlicht-1.0.txt"
ASKED = ("catalog", "add", TEXT, "--id", "nordlicht-1.0", "--licensor", "mistral", "--url", "https://n.example", *TODAY)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty catalog."""
    for name in ("licenses", "fingerprints"):
        (tmp_path / "catalog" / name).mkdir(parents=True)
    return tmp_path / "catalog"


def test_the_skeleton_is_a_valid_license_file_with_hash_and_sections(place: Path) -> None:
    done = call(*ASKED, "--into", place)
    assert done.code == 0, done.err
    path = place / "licenses" / "nordlicht-1.0.yaml"
    document = read_file(path)
    vocabulary = shipped.catalog().vocabulary
    assert problems(document, "license", vocabulary) == []
    models = [read_file(each) for each in sorted((ROOT / "catalog" / "models").glob("*.yaml"))]
    assert not [each for each in check_catalog([document], models, vocabulary) if each.file == document.file]
    text = document.data["texts"]["license"]
    assert text["sha256"] == sha256(TEXT.read_bytes()).hexdigest()
    assert text["read_on"] == "2026-11-25"
    assert document.data["name"] == "Nordlicht Community License, version 1.0"
    written = path.read_text(encoding="utf-8")
    assert "#   2  Large companies\n" in written
    assert "mau_cap" in written
    (made,) = fingerprints.of_document(read_file(place / "fingerprints" / "nordlicht-1.0.yaml"))
    assert made.sha256 == text["sha256"]


def test_a_license_that_nobody_has_read_yet_allows_nothing(place: Path) -> None:
    """An unfinished file must not be a loophole."""
    call(*ASKED, "--into", place)
    found = shipped.catalog()
    entry = read_file(place / "licenses" / "nordlicht-1.0.yaml").data
    data = {**found.data, "licenses": {**found.data["licenses"], entry["license"]: entry}, "license_names": None}
    catalog = Catalog(found.vocabulary, data, "", "")
    policy = read_policy(
        parse(POLICY.replace("mit", "nordlicht-1.0").encode(), "org.yaml"), catalog, date(2026, 11, 25)
    )
    (verdict,) = evaluate(policy, catalog, today=date(2026, 11, 25)).verdicts
    assert verdict.license == "nordlicht-1.0"
    assert verdict.verdict == "conditional"


def test_without_a_folder_the_file_is_shown() -> None:
    done = call(*ASKED)
    assert done.code == 0
    assert parse(done.out.encode(), "x.yaml").data["license"] == "nordlicht-1.0"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--id": "Nordlicht 1"}, "is no id"),
        ({"--id": "mit"}, "is a name of the license `mit` already"),
        ({"--id": "Apache-2.0"}, "is no id"),
        ({"--licensor": "Mistral AI"}, "did you mean `mistral`?"),
        ({"--licensor": "nobody-at-all"}, "has no publisher `nobody-at-all`"),
        ({"text": ROOT / "LICENSE"}, "is the text of `apache-2.0`, which the catalog has"),
        ({"text": Path("nowhere.txt")}, "there is no such file"),
        ({"--into": Path("/nowhere")}, "there is no folder"),
    ],
)
def test_what_can_not_be_added_is_said_and_nothing_written(change: dict[str, str], said: str, place: Path) -> None:
    options = {
        "--licensor": "mistral",
        "--id": "nordlicht-1.0",
        "--url": "https://n.example",
        "--into": place,
        **change,
    }
    text = options.pop("text", TEXT)
    done = call("catalog", "add", text, *(part for pair in options.items() for part in pair))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not list(place.rglob("*.yaml"))


def test_a_file_that_is_there_is_not_overwritten(place: Path) -> None:
    call(*ASKED, "--into", place)
    done = call(*ASKED, "--into", place)
    assert done.code == 2
    assert "is there already" in done.err


def test_an_empty_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text(" \n", encoding="utf-8")
    done = call("catalog", "add", tmp_path / "t.txt", *ASKED[3:])
    assert done.code == 2
    assert "holds no word" in done.err


def test_a_near_text_is_named_so_that_its_reader_need_not_start_anew(tmp_path: Path) -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8").replace("perpetual", "temporary")
    (tmp_path / "t.txt").write_text(text, encoding="utf-8")
    done = call("catalog", "add", tmp_path / "t.txt", *ASKED[3:])
    assert done.code == 0
    assert "is near to `apache-2.0`: 2 sentences of its own, 2 missing" in done.err


def test_a_fingerprint_is_made_of_the_copy_that_the_catalog_names_or_says_where_it_is_from(tmp_path: Path) -> None:
    """A hash that nobody can trace is worth nothing."""
    asked = ("catalog", "fingerprint", ROOT / "LICENSE", "--license", "apache-2.0")
    done = call(*asked)
    assert done.code == 2
    assert "the catalog read 7a9364906449" in done.err
    shutil.copy(fingerprints.folder() / "apache-2.0.yaml", tmp_path)
    before = fingerprints.of_document(read_file(tmp_path / "apache-2.0.yaml"))
    assert call(*asked, "--copy", "this project's own", "--into", tmp_path).code == 0
    after = fingerprints.of_document(read_file(tmp_path / "apache-2.0.yaml"))
    assert set(before) < set(after)
    (own,) = set(after) - set(before)
    assert own.whole in {each.whole for each in before}
    assert call("catalog", "fingerprint", ROOT / "LICENSE", "--license", "nothing").code == 2
