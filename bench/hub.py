"""A whole Hub: rows a second and peak memory of `catalog import` and of `evaluate --every-model`. By hand."""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

LICENSES = ("apache-2.0", "mit", "llama3.1", "gemma", "cc-by-nc-4.0", "openrail", "other", "bsd-3-clause", "gpl-3.0")
NAMES = ("qwen-research", "modified-mit", "deepseek", "nobody-knows", "flux-1-dev-non-commercial-license")
BASES = (
    "meta-llama/Llama-3.1-8B",
    "Qwen/Qwen2.5-7B",
    "mistralai/Mistral-7B-v0.1",
    "google/gemma-2-9b",
    "no/such-model",
)
RELATIONS = ("finetune", "adapter", "quantized", "merge")
POLICY = """policy_version: 1
organisation: {name: Bench AG, jurisdiction: DE, kind: company, mau: 12M, affiliates: []}
uses:
  chat: {deployment: self-hosted, distribution: service, outputs: third-parties, field_of_use: [customer-support]}
  drafts: {deployment: self-hosted, distribution: internal, outputs: internal, fine_tunes: false}
"""


def rows(count: int, seed: int = 1) -> Iterator[str]:
    """Made-up records as the Hub's API gives them: four in ten have a base model, some of them each other."""
    made = random.Random(seed)
    for number in range(count):
        license = made.choice(LICENSES) if made.random() < 0.8 else None
        card = {"license": license} if license else {}
        if license == "other":
            card["license_name"] = made.choice(NAMES)
        if made.random() < 0.4:
            near = f"org-{(number - 1) % 5000}/model-{number - 1}"
            card["base_model"] = made.choice(BASES) if made.random() < 0.8 or not number else near
            card["base_model_relation"] = made.choice(RELATIONS)
        tags = ["transformers", "safetensors", "en", *([f"license:{license}"] if license else [])]
        record = {"id": f"org-{number % 5000}/model-{number}", "sha": f"{made.getrandbits(160):040x}", "gated": False}
        yield json.dumps({**record, "tags": tags, "pipeline_tag": "text-generation", "cardData": card}) + "\n"


def measured(*arguments: str | Path) -> tuple[float, float]:
    """Seconds and peak memory in MB of one command."""
    code = "from policycheck_cli.main import main; main()"
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(sys.executable, [sys.executable, "-c", code, *map(str, arguments)])
    _, status, used = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"policycheck {' '.join(map(str, arguments))} ended in {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, used.ru_maxrss / 1024


def main() -> None:
    """Prints a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            policy, file, overlay = (Path(folder) / name for name in ("org.yaml", "hub.jsonl", "hub.overlay"))
            policy.write_text(POLICY, encoding="utf-8")
            with file.open("w", encoding="utf-8") as lines:
                lines.writelines(rows(size))
            steps = {
                "import": ("catalog", "import", file, "--output", overlay),
                "counts": ("evaluate", policy, "--catalog", overlay, "--every-model", "--format", "counts"),
                "jsonl": ("evaluate", policy, "--catalog", overlay, "--every-model", "--format", "jsonl"),
            }
            for name, arguments in steps.items():
                seconds, memory = measured(*arguments)
                said = f"{size:>9,} rows  {name:<7} {seconds:7.1f} s  {size / seconds:>9,.0f} rows/s  {memory:6.0f} MB"
                print(said, flush=True)
            print(f"{size:>9,} rows  the overlay takes {overlay.stat().st_size / 1e6:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
