"""Upkeep: what `catalog check` finds beyond the form of the files, each fault shown in a catalog that has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.checks import check_catalog
from policycheck.documents import Document, parse
from policycheck.schema import schema
from policycheck.upkeep import CHECKS, Examined, examine
from policycheck.upkeep.texts import compare
from policycheck.upkeep.timeline import Span, faults, runs
from policycheck.vocabulary import Vocabulary

from tests.cli.calling import TODAY, call

DAY = date(2026, 11, 26)
TEXT = """license: {name}
name: {name}
licensor: anyone
texts:
  license: {{title: T, url: https://t.example, evidence: verified, sha256: {hash}, read_from: a file, {more}}}
tier: clean
facts:
  - {{fact: grant, value: any, {clause}summary: All may use it.}}
"""
MODEL = """publisher: lab
name: Lab
models:
  - id: one
    name: One
    license: new
    evidence: stated
    source: https://lab.example
    earlier: [%s]
"""
RULE = """pack: p%s
title: P
rules:
  - {id: law, outcome: note, when: {use.deployment: self-hosted}, message: No., law: %s}
"""


def _license(name: str = "made-1.0", clause: str = "section: '1', ", more: str = "read_on: 2026-01-01") -> Document:
    return parse(TEXT.format(name=name, hash="0" * 64, clause=clause, more=more).encode(), f"{name}.yaml")


def _examined(**more: list[Document]) -> Examined:
    """The shipped vocabulary, with these documents and no others."""
    shelf: dict[str, list[Document]] = {"license": [], "models": [], "pack": [], "hosts": []}
    return examine(shelf | {"vocabulary": shipped.read_all()["vocabulary"]} | more, today=DAY)


def _found(examined: Examined) -> list[tuple[str, int, str]]:
    return [(each.check, each.line, each.message) for each in examined.faults]


def test_the_shipped_catalog_has_no_fault_of_upkeep() -> None:
    """Every fact whole, every date in its place, every word explained."""
    assert [str(each) for each in examine(shipped.read_all(), today=DAY).faults] == []


def test_every_check_is_explained_and_in_the_schema() -> None:
    """No check without a sentence, none that a reader of the JSON has not heard of."""
    found = schema("check")["properties"]["findings"]["items"]["properties"]["check"]
    assert set(found["enum"]) == set(CHECKS)
    assert all(sentence.endswith(".") for sentence in CHECKS.values())


def test_a_fact_without_a_clause_is_a_fault() -> None:
    """A lawyer could not find it."""
    (fault,) = _found(_examined(license=[_license(clause="")]))
    assert fault == (
        "fact-incomplete",
        8,
        "the fact `grant` names no clause: `section`, or `heading` where there is no number",
    )


def test_a_fact_that_a_text_which_was_read_leaves_out_is_named() -> None:
    """It is unknown then; of a text that nobody read it is no wonder."""
    said = [each.message for each in _examined(license=[_license()]).remarks if each.check == "fact-left-out"]
    assert len(said) == 1
    assert "`students`" in said[0]
    assert "`grant`" not in said[0]


def test_a_verified_text_without_its_day_is_a_fault() -> None:
    """Nobody could say how old the fact is."""
    (fault,) = _found(_examined(license=[_license(more="text_date: 2024-01-01")]))
    assert fault[2] == "the verified text `license` lacks `read_on`"


def test_a_text_read_before_its_own_date_is_a_fault() -> None:
    """One of the two days is wrong."""
    (fault,) = _found(_examined(license=[_license(more="text_date: 2026-02-01, read_on: 2026-01-01")]))
    assert fault[0] == "dated-wrongly"


def test_what_was_read_after_today_is_a_fault_each() -> None:
    """Nobody reads a text tomorrow."""
    both = [_license(name, more=f"read_on: {day}") for name, day in (("one", "2026-11-27"), ("two", "2026-12-01"))]
    assert [fault[0] for fault in _found(_examined(license=both))] == ["dated-wrongly"] * 2


def test_from_a_chosen_day_all_that_was_read_later_is_one_note() -> None:
    """Who looks from a day gone by asks about that day, and has nothing to mend."""
    both = [_license(name, more=f"read_on: {day}") for name, day in (("one", "2026-11-27"), ("two", "2026-12-01"))]
    shelf = {"license": both, "models": [], "pack": [], "hosts": [], "vocabulary": shipped.read_all()["vocabulary"]}
    found = examine(shelf, today=DAY, looking_back=True)
    assert not found.faults
    (note,) = [each for each in found.remarks if each.check == "read-later"]
    assert note.file == "two.yaml"
    assert note.message.startswith("2 days of reading lie after 2026-11-26, the last on 2026-12-01")
    assert call("catalog", "check", "--today", "2023-01-01").code == 0


@pytest.mark.parametrize(("days", "listed"), [(329, False), (328, True)], ids=["at the limit", "one day over"])
def test_what_was_read_longer_ago_is_listed_with_its_day(days: int, listed: bool) -> None:
    """It was read 329 days before."""
    shelf = {"license": [_license()], "models": [], "pack": [], "hosts": []}
    documents = shelf | {"vocabulary": shipped.read_all()["vocabulary"]}
    old = [e for e in examine(documents, today=DAY, max_fact_age=timedelta(days=days)).faults if e.check == "fact-old"]
    assert [(each.read_on, each.days) for each in old] == ([("2026-01-01", 329)] if listed else [])


def test_versions_of_a_license_that_bear_the_same_date_are_in_force_at_once() -> None:
    """On no day could anybody say which holds."""
    both = [_license(f"made-{year}", more="text_date: 2024-05-01, read_on: 2026-01-01") for year in ("2024", "2025")]
    (fault,) = _found(_examined(license=both))
    assert fault[0] == "several-values"
    assert "made-2024 and made-2025 are in force at once in 2024-Q2 to 2028-Q4" in fault[2]


def test_a_version_without_a_date_leaves_a_gap() -> None:
    """From when it holds, nobody knows."""
    both = [_license("made-2024", more="text_date: 2024-05-01, read_on: 2026-01-01"), _license("made-2025")]
    (fault,) = _found(_examined(license=both))
    assert fault[2] == "of the versions of `made`, nobody wrote down the `text_date` of `made-2025`"


def test_earlier_licenses_out_of_order_are_a_fault() -> None:
    """The second one ends before the first."""
    one = "{license: %s, until: %s, source: s, evidence: stated}"
    earlier = f"{one % ('a', '2025-01-01')}, {one % ('b', '2024-01-01')}"
    found = _found(_examined(models=[parse((MODEL % earlier).encode(), "lab.yaml")]))
    assert {fault[0] for fault in found} == {"several-values", "dated-wrongly"}


LAWS: list[Any] = [
    pytest.param("{status: in-force, from: 2024-08-01}", [], id="in force from a day"),
    pytest.param("{status: in-force, from: 2024-08-01, until: 2026-01-31}", [], id="in force for a while"),
    pytest.param("{status: proposed}", [], id="proposed"),
    pytest.param("{status: in-force}", ["no-value"], id="in force since nobody knows"),
    pytest.param("{status: repealed, from: 2020-01-01}", ["no-value"], id="repealed nobody knows when"),
    pytest.param(
        "{status: in-force, from: 2026-01-01, until: 2025-01-01}", ["several-values"], id="ends before it begins"
    ),
]


@pytest.mark.parametrize(("law", "checks"), LAWS)
def test_a_law_is_in_one_state_at_any_time(law: str, checks: list[str]) -> None:
    """Not yet, in force, or no longer."""
    found = _found(_examined(pack=[parse((RULE % (1, law)).encode(), "p.yaml")]))
    assert sorted({fault[0] for fault in found}) == checks


def test_a_rule_of_two_packs_has_one_law() -> None:
    """Else its date would hang on which pack was chosen."""
    texts = [RULE % (1, "{status: in-force, from: 2024-08-01}"), RULE % (2, "{status: in-force, from: 2025-08-01}")]
    found = _found(_examined(pack=[parse(text.encode(), "p.yaml") for text in texts]))
    assert [fault[0] for fault in found] == ["several-values"]


SPANS: list[tuple[str, list[Span], list[str]]] = [
    ("seamless", [Span("a", None, "2024-05-30"), Span("b", "2024-05-30", None)], []),
    ("a day is missing", [Span("a", None, "2024-05-30"), Span("b", "2024-05-31", None)], ["2024-Q2"]),
    ("a day is double", [Span("a", None, "2024-05-31"), Span("b", "2024-05-30", None)], ["2024-Q2"]),
    ("ends", [Span("a", None, "2028-10-02")], ["2028-Q4"]),
    ("ends with the last day looked at", [Span("a", None, "2029-01-01")], []),
]


@pytest.mark.parametrize(("spans", "quarters"), [each[1:] for each in SPANS], ids=[each[0] for each in SPANS])
def test_a_gap_or_an_overlap_of_one_day_shows(spans: list[Span], quarters: list[str]) -> None:
    """Within a quarter, too."""
    assert [quarter for quarter, _ in faults(spans)] == quarters


def test_quarters_in_a_row_are_said_as_a_run() -> None:
    """Twenty quarters need no twenty words."""
    assert runs(["2023-Q1", "2023-Q4", "2024-Q1", "2024-Q2"]) == "2023-Q1, 2023-Q4 to 2024-Q2"


def _changed(change: Callable[[str], str]) -> Examined:
    documents = shipped.read_all()
    (vocabulary,) = documents["vocabulary"]
    text = change(vocabulary.raw.decode())
    return examine(documents | {"vocabulary": [parse(text.encode(), "vocabulary.yaml")]}, today=DAY)


def test_a_word_without_a_sentence_is_a_fault() -> None:
    """Who reads it should not have to guess."""
    found = _changed(lambda text: text.replace("    royalty: Pay.", "").replace("  royalty: Pay.", "  royalty: Pay"))
    assert [fault[2] for fault in _found(found)] == ["`royalty` is explained by no sentence that ends with a dot"]


def test_a_word_that_no_file_uses_is_noted() -> None:
    """A note: it may be about to be used."""
    found = _changed(lambda text: text.replace("  overseers:\n", "  overseers:\n    robot: A machine.\n"))
    assert "`robot` of `overseers` is used by no license, model, host or pack" in [
        each.message for each in found.remarks
    ]
    assert found.faults == ()


def _texts(tmp_path: Path, text: str) -> Path:
    place = tmp_path / "texts"
    place.mkdir()
    (place / "LICENSE").write_text(text, encoding="utf-8")
    return place


def _apache() -> str:
    return (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")


def test_a_text_at_hand_with_the_words_that_were_read_is_the_same(tmp_path: Path) -> None:
    """However it is wrapped."""
    found = compare(shipped.catalog(), [_texts(tmp_path, _apache().replace("\n   ", " "))], shipped=tmp_path)
    assert found.same == {("apache-2.0", "license")}
    assert found.remarks == []


def test_a_text_at_hand_that_differs_in_a_word_is_a_fault_with_its_line(tmp_path: Path) -> None:
    """Somebody has to read it."""
    changed = _apache().replace("perpetual", "temporary", 1)
    found = compare(shipped.catalog(), [_texts(tmp_path, changed)], shipped=tmp_path)
    assert [each.check for each in found.remarks] == ["text-differs"]
    assert found.remarks[0].line > 1
    assert found.counts(shipped.catalog())["differ"] >= 1


def test_a_text_of_scancode_that_is_no_copy_is_a_fault(tmp_path: Path) -> None:
    """Its next release may carry another text under the same key."""
    (tmp_path / "mit.LICENSE").write_text("---\nkey: mit\n---\n\nAll rights are reserved.\n", encoding="utf-8")
    found = compare(shipped.catalog(), [], shipped=tmp_path)
    assert [each.check for each in found.remarks] == ["text-differs"]


def test_the_json_keeps_to_its_schema_and_old_facts_end_in_exit_code_one() -> None:
    """With the day of each."""
    done = call("catalog", "check", "--format", "json", "--today", "2027-11-25", "--max-fact-age", "180 days")
    data = json.loads(done.out)
    Draft202012Validator(schema("check"), format_checker=Draft202012Validator.FORMAT_CHECKER).validate(data)
    old = [each for each in data["findings"] if each["check"] == "fact-old"]
    assert done.code == 1
    assert all(each["days"] > 180 for each in old)
    assert len(old) > 100


def test_the_age_may_come_from_the_settings_of_a_policy(tmp_path: Path) -> None:
    """One place for it."""
    path = tmp_path / "org.yaml"
    policy = "policy_version: 1\norganisation: {name: House AG}\nsettings: {max_fact_age: 30 days}\n"
    path.write_text(policy, encoding="utf-8")
    done = call("catalog", "check", "--policy", path, "--today", "2027-11-25", "--format", "json")
    assert json.loads(done.out)["max_fact_age_days"] == 30


def test_a_length_of_time_that_is_none_is_a_clear_error() -> None:
    """Nothing is checked."""
    done = call("catalog", "check", "--max-fact-age", "soon", *TODAY)
    assert (done.code, done.out) == (2, "")
    assert "`soon` is no length of time; write it as `180 days`" in done.err


def test_one_hub_id_belongs_to_one_model() -> None:
    """Two owners of a name are none: neither would be found by it, in one file as in two."""
    text = "publisher: {0}\nname: L\njurisdiction: US\nmodels:\n"
    text += "  - {{id: {0}-a, name: A, evidence: stated, source: s, hub: [Lab/Twin]}}\n"
    one = parse(
        (text.format("one") + "  - {id: one-b, name: B, evidence: stated, source: s, hub: [lab/twin]}\n").encode(),
        "one.yaml",
    )
    other = parse(text.format("other").encode(), "other.yaml")
    found = [str(each) for each in check_catalog([], [one, other], Vocabulary(shipped.catalog().vocabulary.data))]
    twice = "the Hub id `lab/twin` stands in one.yaml:5:"
    assert [each.split(": ")[0].split(":")[0] for each in found if twice in each] == ["one.yaml", "other.yaml"]
