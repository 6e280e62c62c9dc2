"""The policy in plain language: everything in force stands in it, and nothing of the user's acts in any format."""

from __future__ import annotations

import html
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import pytest
from policycheck import shipped

from tests.cli.calling import EXAMPLES, ROOT, TODAY, call

AFTER = ROOT / "fixtures" / "wording" / "after.yaml"


def document(path: Path | str, form: str = "markdown", *more: str, stdin: str = "") -> str:
    """The document on a policy."""
    done = call("explain", path, "--as", "document", "--format", form, *TODAY, *more, stdin=stdin)
    assert (done.code, done.err) == (0, "")
    return done.out


def plain(markdown: str) -> str:
    """Markdown without its marks."""
    return re.sub(r"\\(.)", r"\1", markdown).replace("`", "")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_rule_in_force_and_every_verdict_stands_in_the_document(path: Path) -> None:
    """It is made from what is applied, so it can't leave anything out."""
    said = plain(document(path))
    report = json.loads(call("evaluate", path, *TODAY, "--format", "json", "--fail-on", "never").out)
    rules = json.loads(call("catalog", "list", "rules", "--format", "json").out)
    in_force = [row["id"] for row in rules if row["pack"] in report["policy"]["packs"]]
    assert [rule for rule in in_force if f"| {rule} |" not in said] == []
    for verdict in report["verdicts"]:
        assert verdict["model"] in said
        for finding in verdict["findings"]:
            if finding["outcome"] != "note":
                assert finding["message"].replace("`", "") in said, finding["message"]
    for sentence in report["limitations"]:
        assert sentence.replace("`", "") in said
    for asked in report["summary"]["ask"]:
        assert asked["key"] in said


def test_each_section_that_is_signed_is_there() -> None:
    """What is blocked, whose sign-off, until when, what is assumed, the limitations, room for names."""
    said = document(AFTER)
    titles = re.findall(r"^## (.*)$", said, re.MULTILINE)
    assert titles == [
        "What is allowed",
        "What is blocked",
        "What needs sign-off, and whose",
        "What was answered, and until when",
        "The facts that this rests on",
        "Known limitations",
        "Annex: every rule in force",
        "Signatures",
    ]
    assert "Ended on 2026-11-01; weighs nothing." in said


def test_a_rule_that_changes_changes_the_document() -> None:
    """The words come from the tests of the rule."""
    before = AFTER.read_text(encoding="utf-8")
    after = before.replace("license.patent_grant: false", "organisation.mau: {at_least: 10M}")
    one, other = (plain(document("-", stdin=text)) for text in (before, after))
    assert "There is no express patent license (no-patent-grant)" in one
    assert "over all its products, number at least 10M (no-patent-grant)" in other


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("license.use_granted: false", "The grant does not cover the use's purpose and environment"),
        ("use.personal_data: {not: true}", "No personal data go in"),
        ("use.deployment: {not: hosted-api}", "The deployment is not hosted-api"),
        ("use.deployment: {not: [hosted-api, on-device]}", "The deployment is neither hosted-api nor on-device"),
        ("publisher.jurisdiction: {not: [EU, GB]}", "place of business lies outside the EU and GB"),
        ("publisher.jurisdiction: {in: [CN, RU]}", "place of business lies in CN or RU"),
        ("use.hosting_region: {beyond: [EU]}", "The places where inference runs are not all within the EU"),
        ("use.hosting_region: {within: [EU]}", "The places where inference runs are all within the EU"),
        ("use.safeguards: {beyond: [rate-limit]}", "The safeguards in place are not all among rate-limit"),
        ("model.released: {below: 2025-01-01}", "The day of the model's release is before 2025-01-01"),
        ("organisation.annual_revenue: {above: 1M EUR}", "own annual revenue is more than 1M EUR"),
        (
            "{use.personal_data: true, any: [{use.outputs: public}, {use.distribution: {includes: weights}}]}",
            "Personal data go in; and besides the audience of the outputs is public, or the things that the other side "
            "gets include weights",
        ),
        (
            "{publisher.jurisdiction: {in: [CN, IR, RU]}, use.purpose: research}",
            "lies in CN, IR, or RU; and the purpose is research",
        ),
    ],
)
def test_a_test_reads_as_a_sentence(when: str, said: str) -> None:
    """Also where it says what is not so."""
    when = when if when.startswith("{") else f"{{{when}}}"
    rule = f"rules: [{{id: house-rule, outcome: block, when: {when}, message: No.}}]\n"
    text = f"policy_version: 1\norganisation: {{name: N}}\nmodels: [olmo-3.1]\n{rule}"
    assert f"{said} (house-rule)." in plain(document("-", stdin=text))


def test_every_fact_has_words_for_a_sentence_about_it() -> None:
    """What is so or is not has a sentence for the second; all else is called something."""
    vocabulary = shipped.catalog().vocabulary
    duties = {f"license.{duty}" for duty in vocabulary.duties}
    facts = [fact for name, fact in vocabulary.facts.items() if name not in duties]
    assert [fact.name for fact in facts if bool(fact.called) == bool(fact.denied)] == []
    assert [fact.name for fact in facts if fact.type == "yes-no" and not fact.denied] == []


def test_the_web_page_and_markdown_say_the_same() -> None:
    """One list of blocks, several formats."""

    class Words(HTMLParser):
        found = ""

        def handle_data(self, data: str) -> None:
            self.found += f" {data}"

    page = document(AFTER, "html")
    reader = Words()
    reader.feed(page.partition("<main>")[2])
    markdown = re.sub(r"^\|( --- \|)+$", "", plain(document(AFTER)), flags=re.MULTILINE)
    letters = re.compile(r"\w+")
    assert letters.findall(reader.found) == letters.findall(markdown)
    assert "<script" not in page
    assert "http" not in page.partition("<main>")[0]


HOSTILE = '<script>alert(1)</script> & <img src=x onerror=y> | **bold** `code` "q"'


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_nothing_of_the_users_acts_in_a_document(form: str) -> None:
    """A name is a name, also with marks of the format in it."""
    name, note = json.dumps(HOSTILE), json.dumps(HOSTILE)
    text = f"policy_version: 1\norganisation: {{name: {name}, note: {note}}}\nmodels: [{json.dumps('x' + HOSTILE)}]\n"
    said = document("-", form, stdin=text)
    if form == "html":
        assert "<script" not in said
        assert "<img" not in said
        assert html.escape("<script>alert(1)</script>") in said
    else:
        assert "<script" not in said.replace("\\<script", "")
        rows = [line for line in said.splitlines() if line.startswith("|")]
        assert all(len(re.findall(r"(?<!\\)\|", row)) >= 3 for row in rows)


def test_a_word_file_holds_the_same_text(tmp_path: Path) -> None:
    """Paragraph by paragraph and cell by cell; and twice the same bytes."""
    docx = pytest.importorskip("docx")
    paths = [tmp_path / name for name in ("one.docx", "two.docx")]
    for path in paths:
        done = call("explain", AFTER, "--as", "document", "--format", "docx", *TODAY, "--output", path)
        assert (done.code, done.out, done.err) == (0, "", "")
    assert paths[0].read_bytes() == paths[1].read_bytes()
    found = docx.Document(str(paths[0]))
    words = " ".join(paragraph.text for paragraph in found.paragraphs)
    cells = {cell.text for table in found.tables for row in table.rows for cell in row.cells}
    assert found.core_properties.title == "House AG: policy on the use of AI models"
    markdown = plain(document(AFTER))
    for line in markdown.splitlines():
        if line.startswith("| ") and " --- " not in line:
            assert set(line.strip("| ").split(" | ")) <= {cell for text in cells for cell in text.split(" | ")} | {""}
        elif line and line[0] not in "|":
            assert line.lstrip("#- ") in words


def test_without_python_docx_the_way_to_get_it_is_said(tmp_path: Path) -> None:
    """Exit code 2, and no file is written."""
    path = tmp_path / "policy.docx"
    with patch.dict(sys.modules, {"docx": None}):
        done = call("explain", AFTER, "--as", "document", "--format", "docx", *TODAY, "--output", path)
    assert (done.code, done.out) == (2, "")
    assert "pip install 'policycheck[document]'" in done.err
    assert not path.exists()


def test_every_pack_that_ships_can_be_said_in_words() -> None:
    """No rule's tests are beyond the words that there are for them."""
    packs = ", ".join(name for name in shipped.catalog().data["packs"] if name != "baseline")
    text = f"policy_version: 1\norganisation: {{name: N}}\nextends: [{packs}]\nmodels: [olmo-3.1]\n"
    said = document("-", stdin=text)
    assert "frozenset" not in said
    assert "Test(" not in said
    assert "{" not in plain(said)
