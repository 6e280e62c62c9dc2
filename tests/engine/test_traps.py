"""What the engines are known to do wrong, and that none of it comes through the door."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from policycheck.errors import EngineFault
from policycheck.rules import Test as RuleTest
from policycheck.ruleset import Ruleset, engine_names

from tests.engine.made_rules import FACTS, rule

ROOT = Path(__file__).parents[2]
ENGINES = engine_names()
FIRES: frozenset[str] = frozenset()
each_engine = pytest.mark.parametrize("engine", ENGINES)
needs_durable = pytest.mark.skipif("durable-rules" not in ENGINES, reason="does not compile on Python 3.13 and later")
A, B = frozenset({"a"}), frozenset({"b"})

PRELUDE = """
from policycheck.rules import Test
from policycheck.ruleset import Ruleset
from tests.engine.made_rules import FACTS, rule
"""


def python(code: str, *, engine: str, seconds: float = 30) -> str:
    """What a Python of its own prints; fails where it ends badly or late."""
    paths = [str(ROOT), str(ROOT / "engine")]
    full = f"import sys; sys.path[:0] = {paths!r}\nENGINE = {engine!r}\n{PRELUDE}\n{code}"
    ran = subprocess.run([sys.executable, "-c", full], capture_output=True, text=True, timeout=seconds, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return ran.stdout


def two_rules(engine: str) -> Ruleset:
    return Ruleset(
        [rule("is-a", [RuleTest("word.0", "in", A)]), rule("is-b", [RuleTest("word.0", "in", B)])], FACTS, engine
    )


@each_engine
def test_5000_cases_do_not_pile_up(engine: str) -> None:
    """A session id each would end at the 1,025th case, and facts left behind would answer for later cases."""
    code = """
ruleset = Ruleset([rule("is-a", [Test("word.0", "in", frozenset("a")), Test("number.0", "above", 5)])], FACTS, ENGINE)
import os
def rss():
    return int(open("/proc/self/statm").read().split()[1]) if os.path.exists("/proc/self/statm") else 0
def cases(count):
    for number in range(count):
        word, users = "ab"[number % 2], number % 9
        fires = word == "a" and users > 5
        assert ruleset.match({"word.0": word, "number.0": users}) == ({"is-a": frozenset()} if fires else {})
cases(1000)
before = rss()
cases(4000)
print(rss() - before < 500)
"""
    assert python(code, engine=engine).split() == ["True"]


@each_engine
def test_the_process_ends_at_once(engine: str) -> None:
    """durable-rules' host starts timers that would keep it busy, and CLIPS prints what it can't free."""
    code = """
import threading, time
ruleset = Ruleset([rule("is-a", [Test("word.0", "in", frozenset("a"))])], FACTS, ENGINE)
assert ruleset.match({"word.0": "a"}) == {"is-a": frozenset()}
assert threading.active_count() == 1
print(time.time())
"""
    assert time.time() - float(python(code, engine=engine)) < 30  # a busy machine may take a second; timers, minutes


@each_engine
def test_the_same_facts_twice_get_the_same_answer(engine: str) -> None:
    """durable-rules refuses a fact that it has seen."""
    ruleset = two_rules(engine)
    assert [dict(ruleset.match({"word.0": word})) for word in "aab?aa"] == [
        {"is-a": FIRES}, {"is-a": FIRES}, {"is-b": FIRES}, {}, {"is-a": FIRES}, {"is-a": FIRES},
    ]  # fmt: skip


@each_engine
def test_a_case_that_nothing_matches_is_an_ordinary_case(engine: str) -> None:
    """durable-rules raises for it, and crashed when its session was deleted afterwards."""
    ruleset = two_rules(engine)
    assert [dict(ruleset.match({"word.0": "c"})) for _ in range(100)] == [{}] * 100
    assert ruleset.match({"word.0": "b"}) == {"is-b": FIRES}


@each_engine
def test_rules_of_unknown_facts_alone_end(engine: str) -> None:
    """A test of absence alone hung durable-rules for ever."""
    code = """
tests = [Test(name, "not", frozenset("a")) for name in ("word.0", "word.1", "text.0")]
ruleset = Ruleset([rule("none", tests)] + [rule(t.fact, [t]) for t in tests], FACTS, ENGINE)
print(sorted(ruleset.match(dict.fromkeys(ruleset.reads))))
"""
    assert python(code, engine=engine, seconds=10).strip() == "['none', 'text.0', 'word.0', 'word.1']"


@each_engine
def test_hundreds_of_rules_may_hold_at_once(engine: str) -> None:
    """durable-rules follows 64 open branches of a fact, and refuses the fact past that."""
    rules = [rule(f"at-least-{number}", [RuleTest("number.0", "at_least", number)]) for number in range(700)]
    rules += [rule(f"not-{number}", [RuleTest("word.0", "not", frozenset({f"w{number}"}))]) for number in range(700)]
    ruleset = Ruleset(rules, FACTS, engine)
    assert len(ruleset.match({"number.0": 699, "word.0": "w3"})) == 700 + 699
    assert len(ruleset.match({"number.0": 0, "word.0": "?"})) == 1 + 700
    assert len(ruleset.match({"number.0": None, "word.0": None})) == 1400
    assert set(ruleset.match({"number.0": -1, "word.0": "w3"})) == {f"not-{n}" for n in range(700) if n != 3}


@each_engine
def test_hundreds_of_rules_may_be_alike(engine: str) -> None:
    """durable-rules takes 255 rules with the same tests."""
    ruleset = Ruleset([rule(f"r{number}", [RuleTest("word.0", "in", A)]) for number in range(600)], FACTS, engine)
    assert len(ruleset.match({"word.0": "a"})) == 600
    assert ruleset.match({"word.0": "b"}) == {}


@each_engine
def test_a_rule_may_choose_among_all_countries(engine: str) -> None:
    """durable-rules takes 32 alternatives in a rule; a list of countries is one test to a lawyer."""
    names = [f"{first}{second}" for first in "ABCDEFGHIJKLM" for second in "NOPQRSTUVWXYZ"]
    tests = [RuleTest(fact, op, frozenset(names)) for fact in ("place.0", "place.1") for op in ("in", "not")]
    singles = [rule(name, [RuleTest("place.0", "in", frozenset({name}))]) for name in names]
    ruleset = Ruleset([rule("there", [tests[0], tests[2]]), rule("elsewhere", [tests[1]]), *singles], FACTS, engine)
    assert set(ruleset.match({"place.0": "AN", "place.1": "MZ"})) == {"there", "AN"}
    assert set(ruleset.match({"place.0": "XX", "place.1": "MZ"})) == {"elsewhere"}


@each_engine
def test_a_group_may_have_200_tests(engine: str) -> None:
    """More than anybody will write in one `when`."""
    tests = [RuleTest("word.0", "not", frozenset({f"w{number}"})) for number in range(199)]
    ruleset = Ruleset([rule("long", [*tests, RuleTest("number.0", "above", 5)])], FACTS, engine)
    assert ruleset.match({"word.0": "?", "number.0": 6}) == {"long": FIRES}
    assert ruleset.match({"word.0": "w198", "number.0": 6}) == {}
    assert ruleset.match({"word.0": "?", "number.0": 5}) == {}


@needs_durable
def test_what_durable_rules_can_not_take_is_refused_at_once() -> None:
    """It loads such a rule and refuses the facts; CLIPS takes it."""
    tests = [RuleTest("word.0", "not", frozenset({f"w{number}"})) for number in range(201)]
    with pytest.raises(EngineFault, match="more than 200 tests"):
        Ruleset([rule("long", tests)], FACTS, "durable-rules")
    assert Ruleset([rule("long", tests)], FACTS, "clips").match({"word.0": "?"}) == {"long": FIRES}


@each_engine
def test_two_rulesets_do_not_mix(engine: str) -> None:
    """`durable.lang` keeps one registry for the whole process."""
    first = Ruleset([rule("same-id", [RuleTest("word.0", "in", A)])], FACTS, engine)
    second = Ruleset([rule("same-id", [RuleTest("word.0", "in", B)])], FACTS, engine)
    assert first.match({"word.0": "a"}) == second.match({"word.0": "b"}) == {"same-id": FIRES}
    assert first.match({"word.0": "b"}) == second.match({"word.0": "a"}) == {}


@each_engine
def test_threads_may_share_a_ruleset(engine: str) -> None:
    """A session holds one case at a time; a second thread's matches must not land in the first one's answer."""
    ruleset = two_rules(engine)

    def ask(number: int) -> bool:
        word = "ab?"[number % 3]
        return dict(ruleset.match({"word.0": word})) == {"a": {"is-a": FIRES}, "b": {"is-b": FIRES}}.get(word, {})

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, range(4000)))
    finally:
        sys.setswitchinterval(interval)


@needs_durable
def test_durable_rules_starts_no_thread() -> None:
    """A host's timer thread takes matches off the session, and one would now and then be missing: a false allow."""
    before = threading.active_count()
    two_rules("durable-rules").match({"word.0": "a"})
    assert threading.active_count() == before


@needs_durable
@pytest.mark.parametrize("result", [(2, 0), (3, 0)], ids=["observed", "deferred"])
def test_a_case_that_durable_rules_did_not_take_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, result: tuple[int, int]
) -> None:
    """Neither may read as 'no rule applies'."""
    from policycheck.engines import durable

    ruleset = two_rules("durable-rules")
    monkeypatch.setattr(durable._rete, "assert_fact", lambda *_: result)
    with pytest.raises(EngineFault, match="did not take a case"):
        ruleset.match({"word.0": "a"})


@each_engine
def test_after_a_case_was_broken_off_the_engine_is_not_asked_again(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """durable-rules locks the session for a minute and gives no match; CLIPS answers for the case that was left."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    ruleset = two_rules(engine)
    with monkeypatch.context() as patch:
        if engine == "durable-rules":
            patch.setattr("policycheck.engines.durable._rete.complete_and_start_action", interrupted)
        else:
            patch.setattr(ruleset._engine, "_places", None)
        with pytest.raises((KeyboardInterrupt, TypeError)):
            ruleset.match({"word.0": "a"})
    with pytest.raises(EngineFault, match="compile the rules anew"):
        ruleset.match({"word.0": "a"})


@needs_durable
def test_no_two_names_that_durable_rules_is_given_share_a_hash() -> None:
    """It tells columns apart by a hash of 32 bits alone (FNV-1a, in its json.c)."""
    names = [f"{letter}{number}" for letter in "tn" for number in range(20_000)] + ["id", "sid"]
    assert len({fnv(name) for name in names}) == len(names)


def fnv(name: str) -> int:
    """FNV with 32 bits, as durable-rules computes it."""
    total = 0x811C9DC5
    for byte in name.encode():
        total = (total ^ byte) * 16777619 & 0xFFFFFFFF
    return total


@each_engine
def test_engines_are_imported_only_when_they_are_asked_for(engine: str) -> None:
    """Start-up is felt at every call of the command line, and one engine must work without the other's library."""
    code = """
imported = {name.split(".")[0] for name in sys.modules}
assert not imported & {"durable", "durable_rules_engine", "clips"}
Ruleset([rule("is-a", [Test("word.0", "in", frozenset("a"))])], FACTS, ENGINE)
imported = {name.split(".")[0] for name in sys.modules} & {"durable", "clips"}
print(*imported)
"""
    assert python(code, engine=engine).split() == [{"durable-rules": "durable"}.get(engine, engine)]
