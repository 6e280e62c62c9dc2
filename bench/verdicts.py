"""What a full verdict costs beside the bare rules. By hand: `python bench/verdicts.py ORG.yaml…`."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from policycheck import shipped
from policycheck.documents import read_file
from policycheck.evaluate import evaluate
from policycheck.judge import Judge
from policycheck.policy import read_policy
from policycheck.render import json
from policycheck.ruleset import Ruleset
from policycheck.subjects import refs_of, subject_of
from policycheck.tiers import Tiers

EXAMPLE = Path(__file__).parents[1] / "policies" / "examples" / "startup.yaml"


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(path: Path) -> str:
    """One line on a policy: bare rules, full verdicts, and these with every sentence and citation as JSON."""
    catalog, today = shipped.catalog(), date.today()
    policy = read_policy(read_file(path), catalog, today)
    rules = Ruleset(policy.rules, catalog.vocabulary.facts)
    judge = Judge(policy, catalog, today, Tiers(policy.rules, catalog.vocabulary.facts))
    refs = refs_of(policy, catalog)
    rows = [
        {name: case.fact(name).value for name in rules.reads}
        for use in policy.uses
        for ref in refs
        for case in judge.cases(use, subject_of(ref, policy, catalog))
    ]
    bare = seconds(lambda: [rules.match(row) for row in rows])
    full = seconds(lambda: evaluate(policy, catalog, today=today, models=refs))
    report = evaluate(policy, catalog, today=today, models=refs)
    said = seconds(lambda: json.render(report))
    count = len(report.verdicts)
    return (
        f"{path.name}: {count} verdicts; bare rules {bare * 1e6 / count:.0f} µs each; full verdict "
        f"{full * 1e6 / count:.0f} µs, ratio {full / bare:.2f}; with all sentences as JSON {(full + said) / bare:.2f}"
    )


def main() -> None:
    """Prints a line for each policy; a policy that names no models is judged over the whole catalog."""
    gc.set_threshold(100_000)
    for path in [Path(name) for name in sys.argv[1:]] or [EXAMPLE]:
        print(measure(path))


if __name__ == "__main__":
    main()
