"""A pipeline that waits for policycheck waits for the report, and no longer."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from policycheck.ruleset import engine_names

from tests.cli.calling import BANK, TODAY, environment

RUN = """
import sys
import policycheck.evaluate
from policycheck.errors import EngineFault
from policycheck.ruleset import Ruleset
from policycheck_cli.main import main

match, seen = Ruleset.match, []

def matched(ruleset, facts):
    seen.append(facts)
    if len(seen) > {cases}:
        raise EngineFault("the engine did not take a case")
    return match(ruleset, facts)

Ruleset.match = matched
main()
"""


def ended(engine: str, cases: float, *arguments: str) -> tuple[int, float]:
    """The exit code, and how many seconds after its last word the process ended; the engine gives up after `cases`."""
    code = ["-c", RUN.format(cases=f"float('{cases}')"), "evaluate", str(BANK), *TODAY, "--engine", engine, *arguments]
    with subprocess.Popen(
        [sys.executable, *code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment({})
    ) as process:
        assert process.stdout is not None
        last = time.monotonic()
        while process.stdout.read1():  # type: ignore[attr-defined]
            last = time.monotonic()
        return process.wait(), time.monotonic() - last


@pytest.mark.parametrize("engine", engine_names())
@pytest.mark.parametrize(
    ("cases", "arguments", "code"),
    [
        (float("inf"), (), 1),
        (float("inf"), ("--format", "json"), 1),
        (3, (), 3),
        (float("inf"), ("--output", "/dev/null/report"), 3),
        (float("inf"), ("--use", "misspelt"), 2),
    ],
    ids=["a report", "a report for machines", "a fault of the engine", "an output that fails", "wrong usage"],
)
def test_evaluate_ends_within_a_second_of_its_last_word(
    engine: str, cases: float, arguments: tuple[str, ...], code: int
) -> None:
    """Threads that an engine leaves behind hold a process for ever; a busy machine is slow once, not three times."""
    for _ in range(3):
        found, seconds = ended(engine, cases, *arguments)
        assert found == code
        if seconds < 1:
            return
    pytest.fail(f"it ended {seconds:.1f} seconds after its last word")
