"""A Hub's metadata becomes an overlay: what it states counts, what it leaves open stays unknown."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.documents import read_file
from policycheck.hub.importing import import_files
from policycheck.hub.overlaid import Overlaid, overlaid
from policycheck.hub.overlay import Overlay

from tests.cli.calling import ROOT, call

CASES = ROOT / "fixtures" / "hub"
STATED = read_file(CASES / "stated.yaml").data["cases"]
BAD = sorted((CASES / "bad").glob("*.json*"))


def imported(folder: Path, *records: Any) -> Overlaid:
    """The catalog with an overlay of these records."""
    file, target = folder / "hub.jsonl", folder / "hub.overlay"
    target.unlink(missing_ok=True)
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    import_files([file], target, date(2026, 11, 26), lambda count: None)
    return overlaid(shipped.catalog(), Overlay.read(target))


@pytest.mark.parametrize("case", STATED, ids=lambda case: case["name"])
def test_a_statement_means_one_license_or_none(case: dict[str, Any], tmp_path: Path) -> None:
    """A wrong guess is worse than none; fixtures/hub/stated.yaml has what the Hub says, and what that is."""
    model = imported(tmp_path, *case["records"]).resolve_model(case["records"][0]["id"])
    assert model is not None
    assert model.license == case.get("license")
    assert model.evidence.name == ("stated" if case.get("license") else "reported")
    assert ("disagreement" in model.found) == case.get("odd", False), model.found
    assert [[base.model, base.relation or "unknown"] for base in model.based_on] == case.get("bases", [])


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_a_bad_file_is_refused_with_the_place_of_each_problem_and_leaves_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said lies beside it."""
    monkeypatch.chdir(path.parent)
    done = call("catalog", "import", path.name, "--output", tmp_path / "hub.overlay")
    assert (done.code, done.out) == (2, "")
    assert done.err == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert not list(tmp_path.iterdir())


RECORD = {"id": "org/model", "sha": "a" * 40, "tags": ["license:mit"], "cardData": {"license": "mit"}}
FORMS = {
    "list.json": json.dumps([RECORD, {**RECORD, "id": "org/two"}], indent=2),
    "one.json": json.dumps(RECORD),
    "lines.jsonl": f"\ufeff{json.dumps(RECORD)}\r\n{json.dumps({**RECORD, 'id': 'org/two'})}",
    "wrapped.json": json.dumps({"count": 2, "models": [RECORD], "next": {"page": [2]}}),
    "text-before-the-list.json": json.dumps({"source": 'a "quoted" [text]', "models": [RECORD]}, indent=1),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_the_api_is_read(name: str, packed: bool, tmp_path: Path) -> None:
    raw = FORMS[name].encode()
    (tmp_path / name).write_bytes(gzip.compress(raw) if packed else raw)
    done = call("catalog", "import", tmp_path / name, "--output", tmp_path / "hub.overlay")
    assert done.code == 0, done.err
    assert done.out.startswith(f"{raw.count(b'sha')} models are in")


def test_parquet_is_read_as_json_is(tmp_path: Path) -> None:
    """There the card stands as JSON text."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    card = json.dumps(
        {"license": "other", "license_name": "flux-1-dev-non-commercial-license", "base_model": ["Qwen/Qwen2.5-3B"]}
    )
    rows = [
        {"id": "org/p", "sha": "b" * 40, "tags": ["license:other"], "cardData": card, "downloads": 5, "gated": "auto"}
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "hub.parquet")
    done = call("catalog", "import", tmp_path / "hub.parquet", "--output", tmp_path / "hub.overlay")
    assert done.code == 0, done.err
    model = overlaid(shipped.catalog(), Overlay.read(tmp_path / "hub.overlay")).resolve_model("org/p")
    assert model is not None
    assert (model.license, [base.model for base in model.based_on]) == ("flux-1-dev-nc", ["qwen2.5-3b"])


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "hub.parquet").write_bytes(b"PAR1 and no more")
    done = call("catalog", "import", tmp_path / "hub.parquet", "--output", tmp_path / "hub.overlay")
    assert done.code == 2
    assert "this Parquet file is broken" in done.err


def test_a_record_longer_than_what_is_read_at_once_is_read_whole(tmp_path: Path) -> None:
    """And the line of what comes behind it is still right."""
    long = {**RECORD, "tags": ["license:mit", *["x" * 1000] * 3000]}
    text = json.dumps(long) + "\n" + json.dumps({"id": 7}) + "\n"
    (tmp_path / "hub.jsonl").write_text(text, encoding="utf-8")
    done = call("catalog", "import", tmp_path / "hub.jsonl", "--output", tmp_path / "hub.overlay")
    assert "hub.jsonl:2:1: `7` is no id" in done.err


def test_an_entry_of_the_catalog_goes_first_and_another_license_on_the_hub_counts_too(tmp_path: Path) -> None:
    """The publisher may have switched it; both are held to."""
    hub = "allenai/Olmo-3.1-32B-Instruct"
    entry = shipped.catalog().resolve_model(hub)
    assert entry is not None
    same = imported(tmp_path, {"id": hub, "tags": ["license:apache-2.0"]}).resolve_model(hub)
    assert same is not None
    assert (same.id, same.license, dict(same.found)) == (entry.id, "apache-2.0", {})
    other = imported(tmp_path, {"id": hub, "tags": ["license:cc-by-nc-4.0"]}).resolve_model(entry.id)
    assert other is not None
    assert other.license == "(apache-2.0) AND cc-by-nc-4.0"
    assert "cc-by-nc-4.0" in other.found["disagreement"]


def test_an_id_in_other_capitals_is_the_same_model_and_a_name_alone_is_none(tmp_path: Path) -> None:
    catalog = imported(tmp_path, {"id": "Org/Model-X", "tags": ["license:mit"]})
    assert getattr(catalog.resolve_model("org/model-x"), "id", None) == "Org/Model-X"
    assert catalog.resolve_model("Model-X") is None
    assert catalog.resolve_model("org/model_x") is None


def test_a_file_that_is_no_overlay_is_refused(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text("policy_version: 1\norganisation: {name: A}\n", encoding="utf-8")
    for text in ("", "SQLite format 3\0", "hello"):
        (tmp_path / "no.overlay").write_text(text, encoding="utf-8")
        done = call("evaluate", tmp_path / "org.yaml", "--catalog", tmp_path / "no.overlay")
        assert (done.code, done.out) == (2, "")
        assert "this is no catalog overlay" in done.err


def test_what_a_hub_says_moves_no_cursor(tmp_path: Path) -> None:
    """Its words stand in reports."""
    record = {"id": "org/m", "cardData": {"license": "mit", "license_name": "a\u202eb\u001b[31m"}}
    model = imported(tmp_path, record).resolve_model("org/m")
    assert model is not None
    assert all(text.isprintable() for text in model.found.values())
