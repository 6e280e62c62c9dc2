"""License strings as people write them: one license, or none; never a guess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.detect.names import names_of, resolve
from policycheck.documents import read_file

from tests.cli.calling import call

WRITTEN: Any = read_file(Path(__file__).parents[2] / "fixtures" / "names" / "licenses.yaml").data
CATALOG = shipped.catalog()


@pytest.mark.parametrize(("name", "license"), [(name, key) for key, names in WRITTEN["one"].items() for name in names])
def test_a_name_as_people_write_it_means_one_license(name: str, license: str) -> None:
    found = resolve(name, CATALOG)
    assert (found.license, found.spdx) == (license, CATALOG.licenses[license].get("spdx"))


@pytest.mark.parametrize(("name", "expression"), WRITTEN["several"].items())
def test_an_expression_means_its_licenses_in_catalog_ids(name: str, expression: str) -> None:
    assert resolve(name, CATALOG).license == expression


@pytest.mark.parametrize("name", WRITTEN["none"])
def test_what_is_not_known_for_sure_means_none_and_says_why(name: str) -> None:
    """A wrong guess is worse than none."""
    found = resolve(name, CATALOG)
    assert found.license is None
    assert found.spdx is None
    assert found.why


@pytest.mark.parametrize("tag", WRITTEN["hub_tags"])
def test_every_tag_of_the_hub_means_a_license_of_the_catalog(tag: str) -> None:
    assert resolve(tag, CATALOG).license in CATALOG.licenses


def test_every_name_of_the_catalog_means_its_license() -> None:
    """Also the looser spellings must not take a name away from its owner."""
    for identifier, entry in CATALOG.licenses.items():
        for name in names_of(entry):
            assert resolve(name, CATALOG).license == identifier, name
            assert resolve(name.upper().replace("-", " "), CATALOG).license in (identifier, None), name


def test_resolve_ends_with_1_where_a_name_means_none_and_suggests_the_near_ones() -> None:
    """Suggestions only: nothing is resolved by likeness."""
    done = call("catalog", "resolve", "modified-mit", "--format", "json")
    said = json.loads(done.out)
    assert done.code == 1
    assert said["requested"] == "modified-mit"
    assert said["license"] is None
    assert "kimi-k2-modified-mit" in said["suggestions"]


@pytest.mark.parametrize("name", ["", " ", "a" * 5000, "((((((((((" * 50, "\x1b[31mMIT", "MIT\nOR\nMIT OR \x00"])
def test_an_odd_string_is_refused_in_one_clean_line(name: str) -> None:
    done = call("catalog", "resolve", name)
    assert (done.code, done.out) == (1, "")
    assert done.err.rstrip("\n").isprintable()


def test_a_tag_without_a_date_says_which_text_it_is_taken_for() -> None:
    """Google and Lightricks changed their terms under one Hub tag."""
    for tag, license in (("gemma", "gemma-terms-2026-04-01"), ("ltx-2-community-license-agreement", "ltx-2-community")):
        found = resolve(tag, shipped.catalog())
        assert found.license == license
        assert found.note is not None
        assert f"tag `{tag}` names no date" in found.note


@pytest.mark.parametrize(
    ("name", "spdx"),
    [
        ("AGPL-3.0-or-later", "AGPL-3.0-or-later"),
        ("gpl-2.0-or-later", "GPL-2.0-or-later"),
        ("LGPL-2.1-only", "LGPL-2.1-only"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("MIT OR AGPL-3.0-or-later", "AGPL-3.0-or-later OR MIT"),
        ("GPL-2.0-only AND GPL-2.0-or-later", "GPL-2.0-only AND GPL-2.0-or-later"),
    ],
)
def test_an_spdx_id_for_later_versions_too_is_printed_as_it_was_asked_for(name: str, spdx: str) -> None:
    """Whoever may take a later version has more rights; the id that leaves them out would be wrong in a bill."""
    assert resolve(name, shipped.catalog()).spdx == spdx
