"""The long run: do both engines say what the rules say, over very many made-up policies and cases?

By hand: `PYTHONPATH=engine:. python bench/meaning.py [COUNT] [SEED]`. COUNT cases (100,000 by default), each judged by
every installed engine and by the oracle of the tests; two cases per policy. Differences are printed with their seeds
and end it.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

from policycheck.ruleset import Ruleset, engine_names

from tests.engine import made_rules, oracle

CASES_EACH = 2
BATCH = 500


def difference(seed: str) -> str | None:
    """What an engine said otherwise than the oracle about the policy and the cases made from `seed`."""
    random = Random(seed)
    rules = made_rules.rules(random, most=random.choice((3, 8, 8, 80)))
    compiled = [Ruleset(rules, made_rules.FACTS, name) for name in engine_names()]
    for unknown in (0.1, 0.5):
        facts = made_rules.facts(random, unknown)
        wanted = oracle.answers(rules, facts)
        for ruleset in compiled:
            said = ruleset.match(facts)
            if said != wanted:
                wrong = sorted(name for name in {*said, *wanted} if said.get(name) != wanted.get(name))
                return f"seed {seed}: {ruleset.name} differs from the oracle on {', '.join(wrong)}"
    return None


def differences(seeds: list[str]) -> list[str]:
    """What was found about a batch of seeds."""
    return [found for found in map(difference, seeds) if found]


def run(count: int, seed: int) -> int:
    """Judge `count` cases; 1 at the first difference."""
    start, done = time.perf_counter(), 0
    seeds = [f"{seed}-{number}" for number in range(count // CASES_EACH)]
    batches = [seeds[first : first + BATCH] for first in range(0, len(seeds), BATCH)]
    # A process for each batch: durable-rules never gives back all that a ruleset took.
    with ProcessPoolExecutor(max_tasks_per_child=1, mp_context=get_context("spawn")) as pool:
        for number, found in enumerate(pool.map(differences, batches)):
            if found:
                print(*found, sep="\n")
                pool.shutdown(cancel_futures=True)
                return 1
            done += len(batches[number]) * CASES_EACH
            print(f"{done:,} cases, no difference, {time.perf_counter() - start:.0f} s", flush=True)
    print(f"{done:,} cases judged by {', '.join(engine_names())} and the oracle: no difference")
    return 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    sys.exit(run(given[0] if given else 100_000, given[1] if len(given) > 1 else 1))
