"""The compiled catalog: what stands in it is what was written, and nothing is taken from one that is not whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from policycheck import index, shipped

DATA = {"vocabulary": {"words": {"a": "b\nc"}}, "licenses": {"mit": {"license": "mit"}, "isc": {}}, "hosts": []}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    index.write(tmp_path / "index", "abc", DATA)
    return tmp_path / "index"


def test_what_is_read_is_what_was_written(written: Path) -> None:
    """Licenses one by one, everything else as a section."""
    found = index.read(written, "abc")
    assert found is not None
    assert {name: found[name] for name in found if name != "licenses"} == {k: DATA[k] for k in ("vocabulary", "hosts")}
    assert dict(found["licenses"]) == DATA["licenses"]
    assert "bsd" not in found["licenses"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: raw[:-5].rpartition(b"\n")[0], id="cut"),
        pytest.param(lambda raw: raw + b"\n{}", id="longer"),
        pytest.param(lambda raw: b"[]\n" + raw, id="another head"),
        pytest.param(lambda raw: b"", id="empty"),
        pytest.param(lambda raw: b"\xff" + raw, id="no text"),
    ],
)
def test_an_index_that_is_not_whole_is_none(written: Path, spoil: object) -> None:
    """The YAML files are read anew then; half a catalog would be licenses that nobody knows."""
    assert callable(spoil)
    written.write_bytes(spoil(written.read_bytes()))
    assert index.read(written, "abc") is None


def test_an_index_of_other_files_is_none(written: Path, tmp_path: Path) -> None:
    """Neither is one that was never written."""
    assert index.read(written, "abd") is None
    assert index.read(tmp_path / "none", "abc") is None


def test_a_folder_that_can_not_be_written_to_costs_no_verdict(tmp_path: Path) -> None:
    """An installed package may belong to somebody else."""
    index.write(tmp_path / "nowhere" / "index", "abc", DATA)
    assert not (tmp_path / "nowhere").exists()


def test_the_shipped_catalog_is_the_same_from_its_index_as_from_its_files(tmp_path: Path) -> None:
    """Every license, model, host and pack."""
    data = shipped.parse_all()
    index.write(tmp_path / "index", "abc", data)
    found = index.read(tmp_path / "index", "abc")
    assert found is not None
    assert {name: found[name] for name in found if name != "licenses"} == {
        name: data[name] for name in data if name != "licenses"
    }
    assert dict(found["licenses"]) == data["licenses"]
