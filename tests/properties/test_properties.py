"""What must hold for every policy and every license: above all, the unknown is never a pass."""

from __future__ import annotations

import copy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from made_policies import MODELS, ORDER, TODAY, Maker, judge_of, policy_of, removals, verdict_of
from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.evaluate import evaluate
from policycheck.facts import registered
from policycheck.judge import Judge
from policycheck.policy import ModelRef
from policycheck.subjects import subject_of
from policycheck.tiers import Tiers

SEEDS = range(40)
ROOT = Path(__file__).parents[2]


def chosen(seed: int, count: int = 6) -> list[str]:
    """Some models, told by a seed."""
    return Random(seed).sample(MODELS, count)


@pytest.mark.parametrize("seed", SEEDS)
def test_leaving_out_a_fact_of_the_policy_never_turns_a_refusal_into_allow(seed: int) -> None:
    """Unknown is never a pass."""
    data = Maker(seed).policy()
    models = chosen(seed)
    whole = judge_of(policy_of(data))
    before = {model: verdict_of(whole, model).verdict for model in models}
    for key, changed in removals(data):
        policy = policy_of(changed)
        judge = Judge(policy, whole.catalog, TODAY, whole.tiers)
        for model in models:
            after = verdict_of(judge, model).verdict
            assert not (after == "allow" and before[model] != "allow"), f"without {key}, {model} became {after}"


def thinned(catalog: Catalog, license: str, fact: str) -> Catalog:
    """The catalog without what it knows of one fact of one license."""
    data = dict(catalog.data)
    entry = data["licenses"][license]
    thin = {
        **entry,
        "facts": [each for each in entry["facts"] if each["fact"] != fact],
        "silent": [each for each in entry.get("silent", ()) if each != fact],
        "unread": [each for each in entry.get("unread", ()) if each != fact],
    }
    return Catalog(catalog.vocabulary, {**data, "licenses": {**data["licenses"], license: thin}}, "", "")


@pytest.mark.parametrize("model", MODELS[:-1])
def test_a_license_fact_that_nobody_knows_never_turns_a_refusal_into_allow(model: str) -> None:
    """A gap in the catalog is no permission."""
    catalog = shipped.catalog()
    found = catalog.resolve_model(model)
    assert found is not None
    license = catalog.resolve_license(found.license or "")
    assert license is not None
    for seed in range(3):
        policy = policy_of(Maker(1000 + seed).policy())
        judge = judge_of(policy)
        before = verdict_of(judge, model).verdict
        for fact in catalog.vocabulary.clauses:
            thin = thinned(catalog, license, fact)
            after = verdict_of(Judge(policy, thin, TODAY, judge.tiers), model).verdict
            assert not (after == "allow" and before != "allow"), f"without {license} {fact}: {before} became allow"


@pytest.mark.parametrize("key", ["license", "input", "output", "based_on"])
@pytest.mark.parametrize("model", ["llama-4-maverick", "glm-4.7", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"])
def test_a_model_fact_that_nobody_knows_never_turns_a_refusal_into_allow(model: str, key: str) -> None:
    """The same for what the catalog says of models; lineage is what others can't know, so it alone may be missed."""
    catalog = shipped.catalog()
    found = catalog.resolve_model(model)
    assert found is not None
    publishers = []
    for entry in catalog.data["publishers"]:
        models = [
            {k: v for k, v in each.items() if each["id"] != found.id or k != key or key == "based_on"}
            for each in entry["models"]
        ]
        publishers.append({**entry, "models": models})
    thin = Catalog(catalog.vocabulary, {**catalog.data, "publishers": publishers}, "", "")
    for seed in range(12):
        policy = policy_of(Maker(2000 + seed).policy())
        judge = judge_of(policy)
        before = verdict_of(judge, model).verdict
        after = verdict_of(Judge(policy, thin, TODAY, judge.tiers), model).verdict
        assert not (after == "allow" and before != "allow"), f"seed {seed}"


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_rules_models_and_keys_does_not_matter(seed: int) -> None:
    """The same facts give the same verdicts and the same findings."""
    data = Maker(3000 + seed).policy()
    random = Random(seed)

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            random.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    policy, other = policy_of(data), policy_of(shuffled(copy.deepcopy(data)))
    catalog = shipped.catalog()
    rules = list(policy.rules)
    random.shuffle(rules)
    one = judge_of(policy)
    two = Judge(other, catalog, TODAY, Tiers(rules, catalog.vocabulary.facts))
    models = chosen(seed)
    first = {model: verdict_of(one, model).as_json() for model in models}
    second = {model: verdict_of(two, model).as_json() for model in reversed(models)}
    for model in models:
        assert first[model]["verdict"] == second[model]["verdict"]
        assert [f["rule"] for f in first[model]["findings"]] == [f["rule"] for f in second[model]["findings"]]


@pytest.mark.parametrize("seed", range(20))
def test_adding_a_rule_never_makes_a_verdict_milder(seed: int) -> None:
    """Rules of the house only add findings."""
    data = Maker(4000 + seed).policy()
    more = copy.deepcopy(data)
    outcome = Random(seed).choice(["block", "conditional", "note"])
    test = Random(seed).choice(
        [{"use.outputs": "public"}, {"organisation.mau": {"above": 1}}, {"publisher.jurisdiction": {"not": ["US"]}}]
    )
    more["rules"] = [{"id": "one-more", "outcome": outcome, "when": test, "message": "One more."}]
    one, two = judge_of(policy_of(data)), judge_of(policy_of(more))
    for model in chosen(seed):
        assert ORDER[verdict_of(two, model).verdict] >= ORDER[verdict_of(one, model).verdict]


@pytest.mark.parametrize("seed", range(20))
def test_raising_a_user_count_never_lifts_a_block(seed: int) -> None:
    """More users can only pass more caps."""
    data = Maker(5000 + seed).policy()
    more = copy.deepcopy(data)
    more["organisation"]["mau"] = more["organisation"]["mau"] * 2 + 1
    one, two = judge_of(policy_of(data)), judge_of(policy_of(more))
    for model in MODELS:
        assert ORDER[verdict_of(two, model).verdict] >= ORDER[verdict_of(one, model).verdict]


@pytest.mark.parametrize("seed", range(20))
def test_adding_an_affiliate_never_makes_a_verdict_milder(seed: int) -> None:
    """A larger group can only pass more caps."""
    maker = Maker(6000 + seed)
    data = maker.policy()
    more = copy.deepcopy(data)
    more["organisation"]["affiliates"].append(maker._affiliate("One more GmbH"))
    one, two = judge_of(policy_of(data)), judge_of(policy_of(more))
    for model in MODELS:
        assert ORDER[verdict_of(two, model).verdict] >= ORDER[verdict_of(one, model).verdict]


@pytest.mark.parametrize("seed", range(20))
def test_a_waiver_never_changes_what_rests_on_a_license_or_the_law(seed: int) -> None:
    """Only the licensor can permit."""
    data = Maker(7000 + seed).policy()
    waived = copy.deepcopy(data)
    rules = [rule["id"] for rule in shipped.catalog().data["packs"]["baseline"]["rules"]]
    waived["waivers"] = [
        {
            "rule": rule,
            "models": MODELS,
            "reason": "x",
            "approved_by": "x",
            "approved_on": "2026-10-01",
            "expires": "2027-01-01",
        }
        for rule in rules
    ]
    one, two = judge_of(policy_of(data)), judge_of(policy_of(waived))
    for model in MODELS:
        before = {(f.rule, f.license): f.outcome for f in verdict_of(one, model).findings if f.basis != "house"}
        after = {(f.rule, f.license): f.outcome for f in verdict_of(two, model).findings if f.basis != "house"}
        assert before == after


@pytest.mark.parametrize("seed", range(20))
def test_a_verdict_stays_within_its_range_when_an_unknown_is_filled_in(seed: int) -> None:
    """`range` says what may still come."""
    data = Maker(8000 + seed).policy()
    whole = judge_of(policy_of(data))
    for key, changed in list(removals(data))[:: 1 + seed % 3]:
        judge = Judge(policy_of(changed), whole.catalog, TODAY, whole.tiers)
        for model in chosen(seed, 3):
            if key.startswith("organisation.affiliates"):
                continue
            found = verdict_of(judge, model)
            filled = verdict_of(whole, model).verdict
            if any(f.undetermined for f in found.findings):
                assert ORDER[filled] <= ORDER[found.range["strictest"]], (key, model, found.range, filled)


def test_both_engines_give_the_same_report() -> None:
    """One meaning."""
    from policycheck.ruleset import engine_names

    policy = policy_of(Maker(1).policy())
    catalog = shipped.catalog()
    reports = []
    for engine in engine_names():
        refs = [ModelRef(name=model, where=()) for model in MODELS]
        found = evaluate(policy, catalog, today=TODAY, engine=engine, models=refs).as_json()
        del found["tool"]
        reports.append(found)
    assert all(report == reports[0] for report in reports)


def test_every_open_word_has_a_question_in_the_baseline() -> None:
    """A fact that can be `open` would else slip past the rule that tests for `yes`."""
    catalog = shipped.catalog()
    asked = set()
    for rule in catalog.data["packs"]["baseline"]["rules"]:
        when = rule["when"]
        for group in when.get("any", [when]):
            asked |= {fact for fact, test in group.items() if test == "open" and rule["kind"] == "question"}
    caps = {"license.mau_over_cap", "license.dau_over_cap", "license.revenue_over_cap", "license.visits_over_cap"}
    never_open = {
        "license.near_cap",
        "license.seat_excluded",
        "license.seat_excluded_multimodal",
        "license.territory_entered",
        "license.territory_unfenced",
        "license.end_users_exempt",
        "license.end_users_free_of_caps",
        "license.field_barred_unreviewed",
        "license.data_class_barred",
        "license.outputs_use_barred",
        "license.hosted_clauses",
    }
    with_open = {name for name, words in catalog.vocabulary.data["words"].items() if "open" in words}
    answers = {name for name, fact in catalog.vocabulary.facts.items() if fact.words in with_open}
    assert answers - caps - never_open == asked
    assert subject_of(ModelRef(name="nobody/knows-this", where=()), policy_of(Maker(1).policy()), catalog).alternatives


@pytest.mark.parametrize("seed", range(5))
def test_a_verdict_does_not_depend_on_which_models_were_judged_before(seed: int) -> None:
    """Cases share what they have in common; nothing of it may leak from one into another."""
    policy = policy_of(Maker(9000 + seed).policy())
    one, two = judge_of(policy), judge_of(policy)
    first = {model: verdict_of(one, model).as_json() for model in MODELS}
    second = {model: verdict_of(two, model).as_json() for model in reversed(MODELS)}
    assert first == second


def test_every_fact_of_the_vocabulary_can_be_worked_out() -> None:
    """A word that a rule may read and that nothing answers would end in a fault, on a user's machine."""
    assert registered() == set(shipped.catalog().vocabulary.facts)
