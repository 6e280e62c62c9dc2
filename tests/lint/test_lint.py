"""Lint: exactly what the golden files beside the fixtures say, and true as the evaluator sees it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.documents import Document, read_file
from policycheck.evaluate import evaluate
from policycheck.lint import CHECKS, SEVERITIES, lint
from policycheck.lint.remark import Remark
from policycheck.lint.rule_checks import check_rules
from policycheck.lint.satisfiable import Space
from policycheck.numbers import Money
from policycheck.policy import Policy, read_policy
from policycheck.rules import Rule
from policycheck.ruleset import Ruleset
from policycheck.schema import schema

from tests.cli.calling import EXAMPLES, TODAY, call
from tests.cli.calling import POLICY as ALLOWED
from tests.engine import made_rules, oracle
from tests.engine.made_rules import FACTS
from tests.lint.test_satisfiable import UNIVERSES, rules_of
from tests.lint.update import FIXTURES, POLICIES, said

LINTED = sorted((FIXTURES / "lint").glob("*.yaml"))
DAY = date(2026, 11, 24)


def policy_of(path: Path) -> Policy:
    return read_policy(read_file(path), shipped.catalog(), DAY)


def remarks_on(path: Path) -> tuple[Remark, ...]:
    return lint(policy_of(path), shipped.catalog(), today=DAY).remarks


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_says_what_lies_beside_the_fixture(path: Path) -> None:
    """`python tests/lint/update.py` rewrites the files; read the difference."""
    assert said(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_check_and_severity_is_shown_by_a_fixture() -> None:
    """A check that no fixture needs could be dropped without a test failing."""
    found = [remark for path in LINTED for remark in remarks_on(path)]
    assert {remark.check for remark in found} == set(CHECKS)
    assert {remark.severity for remark in found} == set(SEVERITIES)


@pytest.mark.parametrize("path", [*LINTED, *EXAMPLES], ids=lambda path: path.stem)
def test_the_json_is_what_its_schema_says(path: Path) -> None:
    done = call("lint", path, "--format", "json", *TODAY)
    data = json.loads(done.out)
    Draft202012Validator(schema("lint")).validate(data)
    assert done.code == (1 if data["findings"] else 0)


@pytest.mark.parametrize("path", LINTED, ids=lambda path: path.stem)
def test_in_the_witness_of_a_claim_on_two_rules_both_apply(path: Path) -> None:
    """As the evaluator says, of every witness that is a case of facts."""
    policy = policy_of(path)
    facts = shipped.catalog().vocabulary.facts
    ids = {rule.id for rule in policy.rules}
    for remark in remarks_on(path):
        if not remark.witness or len(remark.rules) < 2 or not set(remark.rules) <= ids:
            continue
        ruleset = Ruleset(policy.rules, facts)
        # A witness speaks of yes and no as a policy does.
        told = {name: {True: "yes", False: "no"}.get(value, value) for name, value in remark.witness.items()}
        answers = ruleset.match({name: told.get(name) for name in ruleset.reads})
        fired = {name for name, hangs in answers.items() if not hangs}
        if "between them" in remark.message:
            continue  # There the witness is of what their other tests have in common.
        assert set(remark.rules[:2]) <= fired, (remark, fired)


def test_a_rule_between_two_that_block_whatever_a_fact_is_finds_one_of_them_in_every_case() -> None:
    """The claim `between them`, tried on every value of the fact."""
    policy = policy_of(FIXTURES / "lint" / "contradicts.yaml")
    (remark,) = [each for each in remarks_on(FIXTURES / "lint" / "contradicts.yaml") if "between them" in each.message]
    ruleset = Ruleset([rule for rule in policy.rules if rule.id in remark.rules], shipped.catalog().vocabulary.facts)
    for places in ({"DE"}, {"US"}, {"DE", "US"}, set()):
        answers = ruleset.match({"use.personal_data": "yes", "use.hosting_region": frozenset(places)})
        assert [name for name, hangs in answers.items() if not hangs]
        assert not ruleset.match({"use.personal_data": "no", "use.hosting_region": frozenset(places)})


def written(rules: list[Rule], random: Random) -> list[Rule]:
    """The rules as if they stood in a file of the house, with outcomes and exceptions."""
    document = Document("made.yaml", {}, {(): (1, 1)}, {})
    found = [
        replace(
            rule,
            outcome=random.choice(("block", "conditional", "note")),
            document=document,
            where=("rules", number),
        )
        for number, rule in enumerate(rules)
    ]
    if len(found) > 2 and random.random() < 0.3:
        found[0] = replace(found[0], overrides=(found[1].id,))
    if random.random() < 0.3:
        outcome = random.choice(("block", "conditional"))
        found.append(replace(found[-1], id="twin", outcome=outcome, overrides=(), groups=found[-1].groups[::-1]))
    return found


def test_what_is_claimed_of_random_rules_holds_in_every_random_case() -> None:
    """Cases with known and unknown facts, answered by a reading of the rules in plain Python."""
    told = dict.fromkeys(("never-fires", "covered-by", "no-effect", "contradicts", "always-fires"), 0)
    for seed in range(400):
        random = Random(seed)
        rules = written(rules_of(seed), random)
        claims = list(check_rules(rules, Space(FACTS, UNIVERSES), DAY))
        for claim in claims:
            told[claim.check] += 1
        for _ in range(40):
            facts = _within(made_rules.facts(random, random.choice((0, 0.3))))
            answers = oracle.answers(rules, facts)
            fired = {name for name, hangs in answers.items() if not hangs}
            for claim in claims:
                assert _holds(claim, fired, all(value is not None for value in facts.values())), (seed, claim, facts)
    assert min(told.values()) > 3, told


def _within(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with no word that a closed list lacks, and no number below zero."""
    for name, value in facts.items():
        universe = UNIVERSES.get(name)
        if isinstance(value, frozenset) and universe is not None:
            facts[name] = value & universe
        elif isinstance(value, str):
            facts[name] = value if universe is None or value in universe else None
        elif isinstance(value, int | Money) and getattr(value, "amount", value) < 0:
            facts[name] = None
        elif isinstance(value, Money):  # What a sum is in another currency, a rate says.
            facts[name] = Money(value.amount, "EUR")
    return facts


def _holds(claim: Remark, fired: set[str], known: bool) -> bool:
    first, rest = claim.rules[0], set(claim.rules[1:])
    if claim.check == "never-fires":
        return claim.severity != "error" or first not in fired
    if claim.check == "covered-by":
        return first not in fired or bool(rest & fired)
    if claim.check == "no-effect":
        both = {first, *rest} <= fired
        return not both if "never takes" in claim.message else not rest <= fired or both
    if claim.check == "always-fires":
        return not known or first in fired
    if "exactly the cases" in claim.message:
        return (first in fired) == bool(rest & fired)
    return True


def test_a_rule_that_is_covered_can_be_taken_out_and_no_verdict_changes() -> None:
    """With the models of the fixture set aside: the whole catalog is judged."""
    document = read_file(FIXTURES / "lint" / "covered-by.yaml")
    covered = [
        each.rules[0] for each in remarks_on(FIXTURES / "lint" / "covered-by.yaml") if each.check == "covered-by"
    ]
    assert len(covered) == 4
    for use in ({}, {"deployment": "hosted-api", "outputs": "public", "personal_data": True}):
        data = {**document.data, "use": use}
        data["organisation"] = {"name": "House AG", "mau": "7M"}
        del data["models"]
        fewer = {**data, "rules": [rule for rule in data["rules"] if rule["id"] not in covered]}
        before, after = (
            evaluate(
                read_policy(Document("made.yaml", each, {}, {}), shipped.catalog(), DAY), shipped.catalog(), today=DAY
            )
            for each in (data, fewer)
        )
        assert [each.verdict for each in before.verdicts] == [each.verdict for each in after.verdicts]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_shipped_example_holds_an_error(path: Path) -> None:
    assert all(remark.severity != "error" for remark in remarks_on(path))


def test_nothing_to_report_is_exit_code_0() -> None:
    done = call("lint", FIXTURES / "lint" / "clean.yaml", *TODAY)
    assert (done.code, done.out) == (0, "Nothing to report.\n")


def test_something_to_report_is_exit_code_1_on_standard_input_too() -> None:
    never = "rules:\n  - {id: house-rule, outcome: block, when: {use.mau: {above: 3, below: 4}}, message: No.}\n"
    done = call("lint", "-", *TODAY, stdin=ALLOWED + never)
    assert done.code == 1
    assert ": error: `house-rule` can never apply" in done.out


def test_a_bad_document_is_exit_code_2_and_nothing_on_standard_output() -> None:
    done = call("lint", FIXTURES / "documents" / "bad" / "rule-day-in-words.yaml", *TODAY)
    assert (done.code, done.out) == (2, "")
    assert "rule-day-in-words.yaml:4:60: " in done.err


def test_a_variation_is_linted_without_editing_the_file() -> None:
    done = call("lint", FIXTURES / "lint" / "clean.yaml", "--set", "models=[]", *TODAY)
    assert "`models` is empty" in done.out
    assert done.code == 1


def test_every_check_and_every_state_of_a_cap_stands_in_the_page_for_authors() -> None:
    page = (FIXTURES.parent / "docs" / "checking-a-policy.md").read_text(encoding="utf-8")
    states = schema("headroom")["properties"]["caps"]["items"]["properties"]["state"]["enum"]
    assert [word for word in (*CHECKS, *SEVERITIES, *states) if f"`{word}`" not in page] == []
