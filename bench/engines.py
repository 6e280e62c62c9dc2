"""How fast the rules engines are, beside plain Python and beside other engines, on the same rules and cases.

By hand: `PYTHONPATH=engine:. python bench/engines.py [--rules 40 160] [--cases 2000] [--seed 1]`. Answers are compared
first; an engine that differs from plain Python ends the run. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from policycheck.rules import Rule, Test
from policycheck.ruleset import Ruleset, engine_names
from policycheck.vocabulary import FactType

NUMBERS = {f"n{place}" for place in range(10)}
FACTS = {
    name: FactType(name=name, type="number" if name in NUMBERS else "word", means="Made up.")
    for name in [*sorted(NUMBERS), *(f"w{place}" for place in range(30))]
}
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
SIGNS = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<="}
Case = Mapping[str, Any]
Ask = Callable[[Case], set[str]]


def made_rules(count: int, random: Random) -> list[Rule]:
    """Rules of three tests each over 40 flat facts, as a pack's rules are."""
    return [
        Rule(id=f"r{place}", outcome="block", kind="review", basis="house", message="", pack="made", groups=(tests,))
        for place in range(count)
        for tests in [tuple(made_test(fact, random) for fact in random.sample(list(FACTS), 3))]
    ]


def made_test(fact: str, random: Random) -> Test:
    if fact in NUMBERS:
        return Test(fact, random.choice(list(SIGNS)), random.randint(0, 1000) * 1_000_000)
    return Test(fact, random.choice(("in", "in", "not")), frozenset(random.sample(WORDS, random.choice((1, 2)))))


def made_case(random: Random) -> dict[str, Any]:
    return {fact: random.randint(0, 1000) * 1_000_000 if fact in NUMBERS else random.choice(WORDS) for fact in FACTS}


def by_lambdas(rules: list[Rule]) -> Ask:
    """What somebody would write by hand: one lambda per rule."""

    def written(test: Test) -> str:
        if isinstance(test.value, frozenset):
            words = sorted(test.value)
            if len(words) == 1:
                return f"f[{test.fact!r}] {'==' if test.op == 'in' else '!='} {words[0]!r}"
            return f"f[{test.fact!r}] {'in' if test.op == 'in' else 'not in'} {tuple(words)!r}"
        return f"f[{test.fact!r}] {SIGNS[test.op]} {test.value!r}"

    lines = [f"({rule.id!r}, lambda f: {' and '.join(map(written, rule.groups[0]))})" for rule in rules]
    table = eval(f"[{', '.join(lines)}]")
    return lambda case: {name for name, holds in table if holds(case)}


def by_policycheck(name: str) -> Callable[[list[Rule]], Ask]:
    def made(rules: list[Rule]) -> Ask:
        match = Ruleset(rules, FACTS, name).match
        return lambda case: set(match(case))

    return made


def by_cedar(rules: list[Rule]) -> Ask:
    """Cedar, with the policies and the empty entities parsed once."""
    import cedarpy

    def written(test: Test) -> str:
        if isinstance(test.value, frozenset):
            return f"{'' if test.op == 'in' else '!'}{json.dumps(sorted(test.value))}.contains(context.{test.fact})"
        return f"context.{test.fact} {SIGNS[test.op]} {test.value}"

    texts = [
        f"permit(principal, action, resource) when {{ {' && '.join(map(written, rule.groups[0]))} }};" for rule in rules
    ]
    policies = cedarpy.PolicySet.from_str("\n".join(texts))
    entities = cedarpy.Entities.from_json_str("[]")
    names = {f"policy{place}": rule.id for place, rule in enumerate(rules)}
    request = {"principal": 'User::"a"', "action": 'Action::"use"', "resource": 'Model::"m"'}

    def ask(case: Case) -> set[str]:
        answer = cedarpy.is_authorized({**request, "context": case}, policies, entities)
        return {names[name] for name in answer.diagnostics.reasons}

    return ask


def by_zen(rules: list[Rule]) -> Ask:
    """GoRules ZEN, as a decision table that collects every row that matches."""
    import zen

    def written(test: Test) -> str:
        if isinstance(test.value, frozenset):
            return f"$ {'in' if test.op == 'in' else 'not in'} {json.dumps(sorted(test.value))}"
        return f"{SIGNS[test.op]} {test.value}"

    rows = [
        {"_id": rule.id, "out": json.dumps(rule.id), **{test.fact: written(test) for test in rule.groups[0]}}
        for rule in rules
    ]
    inputs = [{"id": name, "name": name, "type": "expression", "field": name} for name in FACTS]
    table = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "out", "name": "rule", "type": "expression", "field": "rule"}],
        "rules": [{**dict.fromkeys(FACTS, ""), **row} for row in rows],
    }
    place = {"x": 0, "y": 0}
    graph = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": place},
            {"id": "table", "name": "table", "type": "decisionTableNode", "position": place, "content": table},
            {"id": "end", "name": "end", "type": "outputNode", "position": place},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "b", "sourceId": "table", "targetId": "end", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    return lambda case: {row["rule"] for row in decision.evaluate(case)["result"] or ()}


def by_rego(rules: list[Rule]) -> Ask:
    """Rego through regopy (rego-cpp)."""
    import regopy

    def written(test: Test) -> str:
        if isinstance(test.value, frozenset):
            words = ", ".join(json.dumps(word) for word in sorted(test.value))
            return f"{'' if test.op == 'in' else 'not '}input.{test.fact} in {{{words}}}"
        return f"input.{test.fact} {SIGNS[test.op]} {test.value}"

    texts = [f'fired contains "{rule.id}" if {{ {"; ".join(map(written, rule.groups[0]))} }}' for rule in rules]
    interpreter = regopy.Interpreter()
    interpreter.add_module("made", "package made\nimport rego.v1\n" + "\n".join(texts))

    def ask(case: Case) -> set[str]:
        interpreter.set_input(case)
        return set(json.loads(str(interpreter.query("data.made.fired")))["expressions"][0])

    return ask


def seconds_each(asks: Mapping[str, Ask], cases: list[Case], rounds: int = 9) -> dict[str, float]:
    """Seconds per case: the median of rounds in which all take turns, so that a busy machine slows all alike."""
    # Slow ones get fewer cases a round, so that every turn takes about as long.
    share: dict[str, int] = {}
    for name, ask in asks.items():
        start = time.perf_counter()
        for case in cases[:20]:
            ask(case)
        share[name] = max(5, min(len(cases), int(0.1 / (time.perf_counter() - start) * 20)))
    found: dict[str, list[float]] = {name: [] for name in asks}
    for _ in range(rounds):
        for name, ask in asks.items():
            some = cases[: share[name]]
            start = time.perf_counter()
            for case in some:
                ask(case)
            found[name].append((time.perf_counter() - start) / len(some))
    return {name: statistics.median(times) for name, times in found.items()}


def compared(count: int, cases: list[Case], random: Random) -> None:
    """Print how every engine does on `count` rules."""
    rules = made_rules(count, random)
    makers: dict[str, Callable[[list[Rule]], Ask]] = {"Python lambdas": by_lambdas}
    makers |= {f"policycheck, {name}": by_policycheck(name) for name in engine_names()}
    makers |= {"cedarpy": by_cedar, "zen-engine": by_zen, "regopy": by_rego}
    asks: dict[str, Ask] = {}
    for name, maker in makers.items():
        try:
            asks[name] = maker(rules)
        except ImportError:
            print(f"{name} is not installed")
    plain = asks["Python lambdas"]
    for name, ask in asks.items():
        for case in cases[:200]:
            if ask(case) != plain(case):
                sys.exit(f"{name} differs from plain Python: {ask(case) ^ plain(case)}")
    fired = statistics.mean(len(plain(case)) for case in cases)
    times = seconds_each(asks, cases)
    best = max(times[name] for name in times if name.startswith("policycheck"))
    print(f"\n{count} rules, {len(FACTS)} facts, {fired:.1f} rules fire on a case; all answers are equal")
    print(f"{'':30}{'cases/s':>10}{'of lambdas':>12}{'our slower engine is':>24}")
    for name, each in times.items():
        print(f"{name:30}{1 / each:10,.0f}{times['Python lambdas'] / each:12.3f}{each / best:18.1f} times")


def split(count: int, random: Random, varying: int = 10) -> None:
    """Print what it gains to settle first what facts of the organisation, which do not vary, settle."""
    rules = made_rules(count, random)
    vary = random.sample(list(FACTS), varying)
    constant = made_case(random)
    cases = [{**constant, **{fact: made_case(random)[fact] for fact in vary}} for _ in range(500)]
    for name in engine_names():
        whole = Ruleset(rules, FACTS, name)
        start = time.perf_counter()
        settled = whole.match({fact: None if fact in vary else constant[fact] for fact in FACTS})
        open_ = [rule for rule in rules if settled.get(rule.id)]
        rest = Ruleset(open_, FACTS, name)
        ready = time.perf_counter() - start
        fires = {rule for rule, hangs in settled.items() if not hangs}
        assert all(set(whole.match(case)) == fires | set(rest.match(case)) for case in cases)
        times = seconds_each({"whole": whole.match, "rest": rest.match}, cases)
        print(
            f"{name}, {count} rules of which {len(open_)} stay open when {varying} of {len(FACTS)} facts vary: "
            f"{times['whole'] * 1e6:.1f} -> {times['rest'] * 1e6:.1f} µs a case; splitting takes {ready * 1e3:.1f} ms"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[40, 160])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    random = Random(args.seed)
    cases: list[Case] = [made_case(random) for _ in range(args.cases)]
    for count in args.rules:
        compared(count, cases, random)
    print()
    for count in args.rules:
        split(count, random)


if __name__ == "__main__":
    main()
