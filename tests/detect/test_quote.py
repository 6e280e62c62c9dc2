"""`--quote` shows a clause's own words, checked against the text that was read, or says why it does not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.detect import fingerprints
from policycheck.detect.quote import Quotes, scancode_texts
from policycheck.detect.sections import find
from policycheck.license import Evidence
from policycheck.schema import schema

from tests.cli.calling import POLICY, TODAY, call
from tests.detect.made import ROOT, TEXTS

# Sections that can't be found in the copy that ScanCode ships, and why.
DOUBTFUL = {
    ("bigscience-rail-1.0", "1.5"): "ScanCode's copy has no numbers in section 1",
    ("bigscience-rail-1.0", "1.7"): "ScanCode's copy has no numbers in section 1",
    ("bigscience-rail-1.0", "1.10"): "ScanCode's copy has no numbers in section 1",
    ("bigscience-openrail-m", "4.d"): "ScanCode's copy has no `d` in section 4",
    ("ltx-video-open-weights", "Attachment A, (a) between (k) and (l)"): "the list has the letter twice",
    ("falcon-2", "4, 5"): "ScanCode's copy has no section numbers",
}


def test_every_clause_of_a_text_at_hand_is_quoted_from_it() -> None:
    """The project's own license is one."""
    done = call("catalog", "show", "apache-2.0", "--texts", ROOT / "LICENSE", "--format", "json")
    facts = json.loads(done.out)["facts"]
    text = " ".join(TEXTS["apache"].split())
    assert facts
    for fact in facts:
        assert fact["quote"]["from"] == "LICENSE"
        assert all(passage in text for passage in fact["quote"]["text"].split(" […] ")), fact["section"]


def test_another_text_is_not_quoted_and_that_is_said(tmp_path: Path) -> None:
    """However near it is: a quote must be what was read."""
    (tmp_path / "LICENSE").write_text(TEXTS["apache"].replace("perpetual", "temporary"), encoding="utf-8")
    quotes = Quotes(shipped.catalog(), [tmp_path], shipped=tmp_path)
    found = quotes.of("apache-2.0", "license", "2", "Grant of Copyright License")
    assert found.text is None
    assert found.why == "`LICENSE` is another text than the one that was read; nothing is quoted from it"


def test_without_a_text_at_hand_nothing_is_quoted_and_that_is_said(tmp_path: Path) -> None:
    found = Quotes(shipped.catalog(), shipped=tmp_path).of("mit", "license", "first paragraph", None)
    assert found.text is None
    assert "no copy of this text is at hand" in str(found.why)


def test_a_changed_copy_in_the_library_is_not_quoted(tmp_path: Path) -> None:
    """A later release of ScanCode may ship another text under the same key."""
    changed = TEXTS["apache"].replace("perpetual", "temporary")
    (tmp_path / "apache-2.0.LICENSE").write_text(f"---\nkey: apache-2.0\n---\n{changed}", encoding="utf-8")
    found = Quotes(shipped.catalog(), shipped=tmp_path).of("apache-2.0", "license", "2", "Grant of Copyright License")
    assert found.text is None
    other = tmp_path / "other"
    other.mkdir()
    (other / "apache-2.0.LICENSE").write_text(f"---\nkey: apache-2.0\n---\n{TEXTS['apache']}", encoding="utf-8")
    found = Quotes(shipped.catalog(), shipped=other).of("apache-2.0", "license", "2", "Grant of Copyright License")
    assert str(found.text).startswith("2. Grant of Copyright License. ")
    assert found.source == "ScanCode's apache-2.0.LICENSE"


@pytest.mark.parametrize(
    ("section", "heading", "starts", "ends"),
    [
        ("2", "Grant of Copyright License", "2. Grant of Copyright", "Object form."),
        ("4.c", "Redistribution", "(c) You must retain", "and"),
        ("4(d)", "Redistribution", "(d) If the Work includes", "modifying the License."),
        ("9", "Accepting Warranty or Additional Liability", "9. Accepting", "liability."),
        ("1, 2", "Definitions", "1. Definitions", "Object form."),
        ("4.z", "Redistribution", "", ""),
        ("99", None, "", ""),
        ("2", "Another Heading", "", ""),
        ("Exhibit B", None, "", ""),
        ("first group, third entry", "Definitions", "", ""),
    ],
)
def test_a_section_is_found_by_its_numbers_and_heading_or_not_at_all(
    section: str, heading: str | None, starts: str, ends: str
) -> None:
    passages = [TEXTS["apache"][start:end] for start, end in find(TEXTS["apache"], section, heading)]
    if not starts:
        assert passages == []
    else:
        assert passages[0].startswith(starts)
        assert passages[-1].split("END OF TERMS")[0].rstrip().endswith(ends)


def test_a_report_with_quotes_keeps_its_form(tmp_path: Path) -> None:
    """Each citation has its quote, in JSON; text and Markdown have them below."""
    policy = POLICY.replace("license: mit", "license: apache-2.0")
    asked = ("evaluate", "-", *TODAY, "--texts", ROOT / "LICENSE")
    said = json.loads(call(*asked, "--format", "json", stdin=policy).out)
    whole = schema("report", shipped.catalog().vocabulary)
    assert list(Draft202012Validator(whole).iter_errors(said)) == []
    citations = [each for finding in said["verdicts"][0]["findings"] for each in finding["citations"]]
    assert citations
    assert all(each["quote"]["text"] for each in citations)
    capped = POLICY.replace("license: mit", "license: llama-3-community").replace("mau: 1M", "mau: 800M")
    for form in ("text", "markdown"):
        out = call(*asked, "--format", form, stdin=capped).out
        assert "The clauses in their own words" in out
        assert "Not quoted: no copy of this text is at hand" in " ".join(out.split())


def test_a_model_folder_is_quoted_from_its_own_text(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text(TEXTS["apache"], encoding="utf-8")
    asked = ("explain", "-", *TODAY, "--model-dir", tmp_path, "--quote", "--format", "json")
    said = json.loads(call(*asked, stdin=POLICY).out)
    citations = [each for finding in said["findings"] for each in finding["citations"]]
    assert all(each["quote"]["from"] == "LICENSE" for each in citations)


def test_a_file_that_can_not_be_read_is_an_error() -> None:
    done = call("catalog", "show", "mit", "--texts", "nowhere")
    assert (done.code, done.out) == (2, "")


SHIPPED = [
    pytest.param(each.license, each.document, id=f"{each.license}-{each.document}")
    for each in fingerprints.load()
    if each.scancode
]


@pytest.mark.skipif(scancode_texts() is None, reason="ScanCode's texts are not installed (extra `detect`)")
@pytest.mark.parametrize(("license", "document"), SHIPPED)
def test_every_verified_clause_of_a_text_that_scancode_ships_is_quoted_from_it(license: str, document: str) -> None:
    """The section is found, and the quote stands in the text."""
    (fingerprint,) = [e for e in fingerprints.load() if (e.license, e.document, e.copy) == (license, document, None)]
    path = Path(str(scancode_texts())) / f"{fingerprint.scancode}.LICENSE"
    if not path.is_file():
        pytest.skip(f"this release does not ship {path.name}")
    raw = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = " ".join(fingerprints.read(raw.encode()).text.split())
    quotes = Quotes(shipped.catalog())
    clauses = [c for found in shipped.catalog().license(license).clauses.values() for c in found]
    for clause in clauses:
        if clause.text.document != document or clause.evidence != Evidence.verified:
            continue
        quote = quotes.of(license, document, clause.section, clause.heading)
        if (license, clause.section) in DOUBTFUL:
            assert quote.text is None, "found now; take it off the list"
            continue
        assert quote.text, (clause.fact, clause.section, quote.why)
        assert all(passage in text for passage in quote.text.split(" […] "))
