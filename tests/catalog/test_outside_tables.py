"""The catalog's facts against public tables of others: what differs is listed with a reason in fixtures/outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.documents import read_file
from policycheck.license import License

OUTSIDE = Path(__file__).parents[2] / "fixtures" / "outside"
REMOTE = {"service", "model-api", "derivative-service"}
BARS = ("fields_barred", "data_classes_barred", "territory_excluded", "business_excluded", "output_training")
CAPS = ("mau_cap", "dau_cap", "annual_revenue_cap", "monthly_revenue_cap", "monthly_visits_cap")

Row = dict[str, Any]
Difference = tuple[str, str]


def table(name: str) -> dict[str, Any]:
    """One table of fixtures/outside."""
    data = read_file(OUTSIDE / f"{name}.yaml").data
    assert isinstance(data, dict)
    return data


def word(license_: License, fact: str) -> str | None:
    """The value of a fact that stands once, or none."""
    clauses = license_.stated(fact)
    return str(clauses[0].value) if clauses else None


def has(*facts: str) -> Callable[[License], bool]:
    """Whether a license states one of these facts."""
    return lambda license_: any(license_.stated(fact) for fact in facts)


def source_for_remote_users(license_: License) -> bool:
    """Whether use at a distance raises the duty to disclose source."""
    return any(REMOTE & set(clause.more["on"]) for clause in license_.stated("disclose_source"))


# choosealicense.com's tags, and what the catalog says where the tag holds. Those under ONE are compared only where
# choosealicense.com sets them: the catalog's fact is wider (`no_endorsement` covers names beside marks).
BOTH: dict[tuple[str, str], Callable[[License], bool]] = {
    ("permissions", "commercial-use"): lambda x: word(x, "grant") == "any",
    ("permissions", "modifications"): lambda x: word(x, "derivatives") == "permitted",
    ("permissions", "distribution"): lambda x: word(x, "redistribution") in ("permitted", "same-license"),
    ("permissions", "patent-use"): lambda x: word(x, "patent_grant") == "yes",
    ("limitations", "patent-use"): lambda x: word(x, "patent_grant") == "no",
    ("conditions", "include-copyright"): has("license_copy", "notice_file"),
    ("conditions", "document-changes"): has("mark_changes"),
    ("conditions", "disclose-source"): has("disclose_source"),
    ("conditions", "network-use-disclose"): source_for_remote_users,
}
ONE: dict[tuple[str, str], Callable[[License], bool]] = {("limitations", "trademark-use"): has("no_endorsement")}
SAME_TAG = {"include-copyright--source": "include-copyright"}
COPYLEFT = {"same-license": "strong", "same-license--file": "weak", "same-license--library": "weak"}

# Licenses whose SPDX ids came after version 3.29.0 of the list.
NEWER_THAN_THE_LIST = {"openmdw-1.1"}

CATEGORIES: dict[str, Callable[[License], bool]] = {
    "Permissive": lambda x: x.tier == "clean" and word(x, "copyleft") == "none",
    "Public Domain": lambda x: x.tier == "clean" and word(x, "copyleft") == "none" and not x.stated("license_copy"),
    "Copyleft Limited": lambda x: x.tier == "conditional" and word(x, "copyleft") == "weak",
    "Copyleft": lambda x: x.tier == "conditional" and word(x, "copyleft") in ("strong", "network"),
    "Free Restricted": lambda x: x.tier != "clean",
    "Proprietary Free": lambda x: x.tier != "clean",
    "Source-available": lambda x: x.tier != "clean",
}


def choosealicense(license_: License, row: Row) -> Iterator[str]:
    """The tags of which the catalog says otherwise."""
    for tags, either in ((BOTH, True), (ONE, False)):
        for (group, tag), ours in tags.items():
            theirs = tag in {SAME_TAG.get(name, name) for name in row[group]}
            if (theirs or either) and theirs != ours(license_):
                yield f"{group} {tag}"
    reach = next((COPYLEFT[tag] for tag in row["conditions"] if tag in COPYLEFT), "none")
    if reach != {"network": "strong"}.get(word(license_, "copyleft") or "none", word(license_, "copyleft")):
        yield f"copyleft {reach}"


def spdx(license_: License, row: Row) -> Iterator[str]:
    """What the catalog bars although OSI or FSF hold the license to be free for every use and user."""
    for flag in ("osi_approved", "fsf_libre"):
        if row[flag]:
            yield from (f"{flag} {fact}" for fact in (*BARS, *CAPS) if license_.stated(fact))
            wanted = {"grant": {"any"}, "derivatives": {"permitted"}, "redistribution": {"permitted", "same-license"}}
            yield from (f"{flag} {fact}" for fact, words in wanted.items() if word(license_, fact) not in words)


def scancode(license_: License, row: Row) -> Iterator[str]:
    """The category, where tier and copyleft of the catalog do not match it."""
    if not CATEGORIES[row["category"]](license_):
        yield str(row["category"])


COMPARISONS: dict[str, Callable[[License, Row], Iterator[str]]] = {
    "choosealicense": choosealicense,
    "spdx": spdx,
    "scancode": scancode,
}


def found(name: str) -> set[Difference]:
    """Every difference between the catalog and this table."""
    catalog = shipped.catalog()
    return {
        (row["license"], what)
        for row in table(name)["licenses"]
        for what in COMPARISONS[name](catalog.license(row["license"]), row)
    }


@pytest.mark.parametrize("name", COMPARISONS)
def test_the_catalog_differs_from_a_public_table_only_where_a_reason_is_given(name: str) -> None:
    """Both ways: a new difference must be mended or explained, and an explanation without a difference must go."""
    listed = {(entry["license"], entry["what"]): entry["reason"] for entry in table(name)["disagreements"]}
    assert found(name) == set(listed)
    assert all(len(reason.split()) > 3 for reason in listed.values())


def test_every_public_license_of_the_catalog_with_an_spdx_id_stands_in_the_spdx_table() -> None:
    """A license that is added later is compared too."""
    listed = {row["license"] for row in table("spdx")["licenses"]}
    catalog = shipped.catalog()
    public = [catalog.license(name) for name in catalog.licenses]
    wanted = {x.id for x in public if x.licensor == "anyone" and x.spdx and not x.spdx.startswith("LicenseRef-")}
    assert wanted - listed == NEWER_THAN_THE_LIST
