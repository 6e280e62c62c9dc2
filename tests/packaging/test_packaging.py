"""What is built is what is meant: two packages, every YAML file inside, and a first run in an empty environment."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist of this checkout, and the wheel built out of that sdist."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return out


def test_the_wheel_holds_two_packages_and_every_yaml_file(built: Path) -> None:
    """A data file that is missing would be a license nobody knows."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"policycheck", "policycheck_cli"}
    for folder in ("catalog", "policies"):
        wanted = {f"policycheck/{path.relative_to(ROOT)}" for path in (ROOT / folder).rglob("*.yaml")}
        assert wanted <= names
    schemas = {f"policycheck/schemas/{path.name}" for path in (ROOT / "engine/policycheck/schemas").glob("*.json")}
    assert schemas <= names
    assert "policycheck/_index.jsonl" in names


def test_the_sdist_holds_what_a_reader_needs(built: Path) -> None:
    """Tests, fixtures and docs travel with the source."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for path in ("README.md", "LICENSE", "pyproject.toml", "tests/test_cases.py", "catalog/vocabulary.yaml"):
        assert path in names


def test_an_installed_wheel_evaluates_without_parsing_the_catalog_again(built: Path, tmp_path: Path) -> None:
    """The index that travels in the wheel fits the YAML files beside it."""
    (wheel,) = built.glob("*.whl")
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    code = (
        "from policycheck import shipped; shipped.parse_all = None; "
        "catalog = shipped.catalog(); print(len(catalog.licenses) > 24, shipped.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(target)},
    )
    assert done.returncode == 0, done.stderr
    said, place = done.stdout.split(maxsplit=1)
    assert said == "True"
    assert place.startswith(str(target))
