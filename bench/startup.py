"""The whole process: `evaluate` over the whole catalog against one that only imports what it stands on. By hand."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "policies" / "examples" / "startup.yaml"
NOTHING_FILLED_IN = "policy_version: 1\norganisation:\n  name: Start AG\n"


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def measure(policy: Path, runs: int) -> str:
    """The medians of both, taken in turn, and their ratio pair by pair."""
    code = "from policycheck_cli.main import main; main()"
    ours = [sys.executable, "-c", code, "evaluate", str(policy)]
    bare = [sys.executable, "-c", "import yaml, jsonschema, click, durable.engine"]
    pairs = [(seconds(ours), seconds(bare)) for _ in range(runs + 1)][1:]
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    return f"{one * 1000:.0f} ms; imports alone: {two * 1000:.0f} ms; ratio {ratio:.2f}"


def main() -> None:
    """Prints a line for the example, with the models that it names, and one for every model of the catalog."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    print(f"{EXAMPLE.name}: {measure(EXAMPLE, runs)}")
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "org.yaml"
        policy.write_text(NOTHING_FILLED_IN, encoding="utf-8")
        print(f"every model, nothing filled in: {measure(policy, runs)}")


if __name__ == "__main__":
    main()
