"""The whole process: `evaluate` over the whole catalog against one that only imports what it stands on. By hand."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

POLICY = "policy_version: 1\norganisation:\n  name: Start AG\n"


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> None:
    """Prints the medians of both, taken in turn, and their ratio pair by pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "org.yaml"
        policy.write_text(POLICY, encoding="utf-8")
        code = "from policycheck_cli.main import main; main()"
        ours = [sys.executable, "-c", code, "evaluate", str(policy)]
        bare = [sys.executable, "-c", "import yaml, jsonschema, click, durable.engine"]
        pairs = [(seconds(ours), seconds(bare)) for _ in range(runs + 1)][1:]
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(
        f"evaluate over the whole catalog: {one * 1000:.0f} ms; imports alone: {two * 1000:.0f} ms; ratio {ratio:.2f}"
    )


if __name__ == "__main__":
    main()
