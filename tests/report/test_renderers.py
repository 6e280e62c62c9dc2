"""What stands in the text and Markdown reports, whatever the examples happen to hold."""

from __future__ import annotations

import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.render import markdown, text, words
from policycheck.render.page import column_widths, folded
from policycheck.report import NOT_LEGAL_ADVICE, Report

from tests.answers.small import BIG, SMALL, TODAY, catalog, judge
from tests.answers.test_fulfilments import JOINT, READ


def report(policy: str) -> Report:
    """The report on a policy, judged by the small catalog."""
    known = catalog()
    checked = read_policy(parse(f"policy_version: 1\n{policy}".encode(), "org.yaml"), known, TODAY)
    return evaluate(checked, known, today=TODAY)


@pytest.mark.parametrize("policy", [SMALL, BIG, "organisation: {name: N}\n"], ids=["duty", "cap", "nothing known"])
def test_a_verdict_that_is_no_allow_names_a_reason(policy: str) -> None:
    """A row of the table without one would leave the reader alone."""
    for verdict in report(policy).verdicts:
        assert bool(words.first_reason(verdict)) == (verdict.verdict != "allow")


def test_a_verdict_reads_from_the_answer_to_the_next_step() -> None:
    """Answer, reason with the reader's own figures, authority, next step."""
    for rendered in (text.render(report(BIG)), markdown.render(report(BIG))):
        flat = " ".join(rendered.split())
        marks = [
            "BLOCK: acme-one",
            "mau-over-cap: cap",
            "200M",
            "section 2",
            "https://acme.example",
            "Next: Ask the licensor",
        ]
        places = [flat.index(mark) for mark in marks]
        assert places == sorted(places)


def test_every_report_says_that_it_is_no_legal_advice() -> None:
    """At the top, whatever the format."""
    for rendered in (text.render(report(SMALL)), markdown.render(report(SMALL))):
        assert NOT_LEGAL_ADVICE in " ".join(rendered.split())
    assert NOT_LEGAL_ADVICE in report(SMALL).limitations


def test_without_the_baseline_every_report_says_so() -> None:
    """The reader must not take it for a whole one."""
    found = report(SMALL + "without: [baseline]\n")
    for rendered in (text.render(found), markdown.render(found)):
        assert "`baseline` was taken out" in " ".join(rendered.split())


def test_what_was_assumed_is_marked() -> None:
    """Each default is the strict word, and the reader sees that it was one."""
    rule = "rules:\n  - {id: house-rule, outcome: note, when: {use.purpose: commercial}, message: M.}\n"
    found = report(BIG.replace("purpose: commercial, ", "") + rule)
    for rendered in (text.render(found), markdown.render(found)):
        assert "`use.purpose` was taken as commercial" in " ".join(rendered.split())
    (fact,) = [each for each in found.verdicts[0].relied_on if each["fact"] == "use.purpose"]
    assert fact == {"fact": "use.purpose", "value": "commercial", "from": None, "assumed": True}
    assert "was taken as" not in text.render(report(BIG + rule))


def test_the_same_passage_is_cited_once() -> None:
    """Two facts of one section are one place to look."""
    (finding,) = [f for f in judge(BIG).findings if f.rule == "mau-over-cap"]
    assert len(list(words.citations(finding.clauses * 3, 4))) == 1
    assert list(words.citations(finding.clauses * 3, 0)) == ["and 1 more clause (all in --format json)"]


def test_a_question_that_counsel_has_answered_is_asked_no_more() -> None:
    """Where the clause applies by counsel's reading, only the licensor is left to ask."""
    (verdict,) = report(JOINT + READ % ("triggered", "")).verdicts
    (finding,) = words.weighing(verdict)
    assert "Ask counsel" not in str(words.next_step(finding))
    assert str(verdict.record(finding)).startswith("agreements:")


def test_what_is_so_of_several_parts_in_the_same_words_is_said_once() -> None:
    """Weights, code and data are judged one by one."""
    policy = parse(b"policy_version: 1\norganisation: {name: N}\nmodels: [flux-1-dev]\n", "org.yaml")
    known = shipped.catalog()
    (verdict,) = evaluate(read_policy(policy, known, TODAY), known, today=TODAY).verdicts
    assert sum(f.rule == "components-differ" for f in verdict.findings) == 1
    assert sum(f.rule == "components-differ" for f in words.notes(verdict)) == 1


def test_hearsay_says_so_in_the_first_line() -> None:
    """An allow that rests on hearsay is not a plain one."""
    known = catalog()
    known.data["publishers"][0]["models"][0]["evidence"] = "reported"
    done = "fulfilled:\n  - {rule: attribution-display, license: acme-1.0, done_by: a, done_on: 2026-09-01}\n"
    verdict = judge(SMALL + done + "settings: {minimum_evidence: reported}\n", known=known)
    assert verdict.verdict == "allow"
    assert "rests on hearsay" in words.heading(verdict)


@pytest.mark.parametrize(
    ("name", "width", "lines"),
    [
        ("llama-4-community", 13, ["llama-4-", "community"]),
        ("meta-llama/Llama-4", 12, ["meta-llama/", "Llama-4"]),
        ("short", 13, ["short"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("", 5, [""]),
    ],
)
def test_names_are_folded_behind_hyphens(name: str, width: int, lines: list[str]) -> None:
    """In the middle of a word only where there is no other way."""
    assert folded(name, width) == lines


def test_the_widest_column_gives_way_first() -> None:
    """Short columns stay whole."""
    assert column_widths([("verdict", "model"), ("conditional", "a" * 100)], 40) == [11, 27]
    assert column_widths([("a", "b")], 40) == [1, 1]
