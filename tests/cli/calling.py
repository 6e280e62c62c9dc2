"""Calls policycheck as a shell would, in this process or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from policycheck_cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "policies" / "examples").glob("*.yaml"))
BANK = ROOT / "policies" / "examples" / "bank.yaml"
TODAY = ("--today", "2026-11-25")
POLICY = """
policy_version: 1
organisation: {name: House AG, jurisdiction: US, mau: 1M, affiliates: []}
uses:
  drafts: {deployment: self-hosted, distribution: internal, outputs: internal, field_of_use: [search],
    fine_tunes: false, trains_other_models: false, oversight: human-review, discloses_ai: true, safeguards: []}
models:
  - {id: house-model, license: mit, based_on: []}
"""
"""A policy whose only model is allowed: what else comes is what a test adds."""
RULE = "rules:\n  - {id: house-rule, outcome: %s, when: {use.deployment: self-hosted}, message: No.}\n"
WAIVER = """waivers:
  - {rule: house-rule, model: house-model, reason: R, approved_by: B, approved_on: 2026-10-01, expires: 2027-01-01}
"""


@dataclass(frozen=True)
class Done:
    """How a call ended, and what it wrote."""

    code: int
    out: str
    err: str


def call(*arguments: str | Path, stdin: str | bytes = b"") -> Done:
    """Runs the real main() in this process."""
    raw = stdin.encode() if isinstance(stdin, str) else stdin
    streams: dict[str, Any] = {
        "stdin": io.TextIOWrapper(io.BytesIO(raw)),
        "stdout": io.TextIOWrapper(io.BytesIO()),
        "stderr": io.TextIOWrapper(io.BytesIO()),
        "argv": ["policycheck", *map(str, arguments)],
    }
    code: Any = "main() came back"
    with patch.multiple(sys, **streams):
        try:
            main()
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
        sys.stderr.flush()
    assert isinstance(code, int)
    out, err = (streams[name].buffer.getvalue().decode("utf-8") for name in ("stdout", "stderr"))
    assert "Traceback" not in out + err
    return Done(code, out, err)


def command(*arguments: str | Path) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-c", "from policycheck_cli.main import main; main()", *map(str, arguments)]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment, in which Python finds the sources."""
    paths = os.pathsep.join((str(ROOT / "engine"), str(ROOT / "cli")))
    return {**os.environ, "PYTHONPATH": paths, **more}


def spawn(*arguments: str | Path, stdin: bytes = b"", **more: str) -> Done:
    """Runs policycheck in a process of its own, with more environment variables."""
    done = subprocess.run(command(*arguments), input=stdin, capture_output=True, check=False, env=environment(more))
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert "Traceback" not in out + err
    return Done(done.returncode, out, err)
