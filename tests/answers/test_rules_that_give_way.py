"""Rules that weigh only at times: the law on its days, and what an exception takes away."""

from __future__ import annotations

from datetime import date

import pytest
from policycheck.finding import Outcome

from tests.answers.small import BIG, SEATED, found, judge, refused


@pytest.mark.parametrize(
    ("law", "verdict", "said"),
    [
        pytest.param("status: in-force", "block", "", id="in force"),
        pytest.param("status: in-force, from: 2026-11-25", "block", "", id="from today"),
        pytest.param("status: in-force, from: 2026-11-26", "allow", "in force from 2026-11-26", id="from tomorrow"),
        pytest.param("status: in-force, until: 2026-11-25", "block", "", id="until today"),
        pytest.param("status: in-force, until: 2026-11-24", "allow", None, id="until yesterday"),
        pytest.param("status: proposed", "allow", "The law is proposed", id="proposed"),
        pytest.param("status: suspended", "allow", "The law is suspended", id="suspended"),
        pytest.param("status: repealed", "allow", None, id="repealed"),
    ],
)
def test_only_the_law_in_force_weighs(law: str, verdict: str, said: str | None) -> None:
    """A law to come is a notice that says what it would do; one that is gone says nothing."""
    rule = "id: law-rule, outcome: block, basis: law, when: {use.deployment: self-hosted}, message: M."
    judged = judge(f"{SEATED.replace('DE', 'US')}rules:\n  - {{{rule}, law: {{{law}}}}}\n")
    messages = [finding.message for finding in judged.findings if finding.rule == "law-rule"]
    assert judged.verdict == verdict
    assert bool(messages) == (said is not None)
    assert (said or "") in "".join(messages)
    if said and verdict == "allow":
        assert "when in force it would be block" in messages[0]


def test_the_law_moves_with_the_day() -> None:
    """The same policy, judged on two days."""
    rule = (
        "{id: law-rule, outcome: block, basis: law, when: {use.deployment: self-hosted}, message: M., "
        "law: {status: in-force, from: 2026-12-01, until: 2026-12-31}}"
    )
    text = f"{SEATED.replace('DE', 'US')}rules:\n  - {rule}\n"
    days = ((2026, 11, 30), (2026, 12, 1), (2026, 12, 31), (2027, 1, 1))
    assert [judge(text, today=date(*day)).verdict for day in days] == ["allow", "block", "block", "allow"]


def overriding(*rules: str) -> str:
    """A policy with these rules of the house."""
    listed = "".join(f"  - {{{rule}, message: M.}}\n" for rule in rules)
    return f"{SEATED.replace('DE', 'US')}rules:\n{listed}"


def test_an_exception_takes_away_what_it_overrides_and_both_are_shown() -> None:
    """The defeated finding stays, as a note that names the exception."""
    judged = judge(
        overriding(
            "id: ban, outcome: block, when: {use.deployment: self-hosted}",
            "id: exception, outcome: note, when: {use.purpose: commercial}, overrides: [ban]",
        )
    )
    assert judged.verdict == "allow"
    assert found(judged, "ban").defeated_by == "exception"
    assert found(judged, "ban").original_outcome == Outcome.block
    assert found(judged, "exception").rule == "exception"


def test_an_exception_that_cannot_be_decided_leaves_it_undecided() -> None:
    """Neither a ban nor a pass."""
    judged = judge(
        overriding(
            "id: ban, outcome: block, when: {use.deployment: self-hosted}",
            "id: exception, outcome: note, when: {use.personal_data: false}, overrides: [ban]",
        )
    )
    assert judged.verdict == "conditional"
    assert found(judged, "ban").undetermined
    assert found(judged, "ban").missing == ("use.personal_data",)
    assert judged.range == {"mildest": "allow", "strictest": "block"}


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(("id: a, overrides: [a]",), id="itself"),
        pytest.param(("id: a, overrides: [b]", "id: b, overrides: [a]"), id="each other"),
        pytest.param(("id: a, overrides: [b]", "id: b, overrides: [c]", "id: c, overrides: [a]"), id="three"),
    ],
)
def test_rules_that_take_each_other_away_in_a_circle_are_refused(rules: tuple[str, ...]) -> None:
    """No order of theirs would be the right one."""
    said = refused(overriding(*(f"{rule}, outcome: block, when: {{use.deployment: self-hosted}}" for rule in rules)))
    assert "in a circle" in said


@pytest.mark.parametrize(
    ("target", "said"),
    [("seat-excluded", "a rule of the house can't take it away"), ("nowhere", "no rule in force is called `nowhere`")],
)
def test_a_rule_of_the_house_overrides_rules_of_the_house_only(target: str, said: str) -> None:
    """What the license says stays said."""
    rule = f"id: a, outcome: note, when: {{use.deployment: self-hosted}}, overrides: [{target}]"
    assert said in refused(overriding(rule))


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        pytest.param("true", "block", id="it applies"),
        pytest.param("false", "allow", id="it does not"),
        pytest.param("", "conditional", id="open"),
    ],
)
def test_an_exception_that_is_taken_away_takes_nothing_away(data: str, verdict: str) -> None:
    """An exception to the exception brings the ban back."""
    text = overriding(
        "id: a-ban, outcome: block, when: {use.deployment: self-hosted}",
        "id: but, outcome: note, when: {use.purpose: commercial}, overrides: [a-ban]",
        "id: but-not, outcome: note, when: {use.personal_data: true}, overrides: [but]",
    )
    judged = judge(text.replace("use: {", f"use: {{personal_data: {data}, ") if data else text)
    assert judged.verdict == verdict
    assert found(judged, "a-ban").defeated_by == ("but" if verdict == "allow" else None)
    if not data:
        assert found(judged, "a-ban").missing == ("use.personal_data",)
        assert judged.range == {"mildest": "allow", "strictest": "block"}


def test_an_open_exception_that_weighs_itself_is_the_mildest_that_can_come_of_it() -> None:
    """Either the host's terms must be read, or the cap blocks; nothing of that is an allow."""
    text = BIG.replace(
        "deployment: self-hosted", "deployment: hosted-api, provider: {name: Host Ltd, jurisdiction: US}"
    )
    assert judge(text).verdict == "conditional"
    assert judge(text).range == {"mildest": "conditional", "strictest": "block"}
