"""Rewrites what explain, diff and recheck say of examples; read the difference by eye before you commit it."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "engine"), str(ROOT / "cli")]

from tests.docs.pages import run  # noqa: E402  (the sources need not be installed)

GOLDEN = ROOT / "fixtures" / "golden" / "wording"
_POLICIES = "fixtures/wording"
_TODAY = ("--today", "2026-11-25")
_BANK = "policies/examples/bank.yaml"
_OLD, _NEW = f"{_POLICIES}/before.yaml", f"{_POLICIES}/after.yaml"
_DOCUMENT = ("explain", _BANK, "--as", "document")
# The file, and the command whose words it holds.
WORDINGS: dict[str, tuple[str, ...]] = {
    "explain-bank.txt": ("explain", _BANK, "--model", "llama-4", "--use", "support-chat"),
    "explain-bank.json": ("explain", _BANK, "--model", "llama-4", "--use", "support-chat", "--format", "json"),
    "explain-answered.txt": ("explain", _BANK, "--model", "deepseek-v4", "--use", "support-chat"),
    "explain-exception.txt": ("explain", f"{_POLICIES}/bought.yaml", "--model", "llama-4-maverick"),
    "explain-choice.txt": ("explain", f"{_POLICIES}/choice.yaml", "--model", "house-model"),
    "explain-bare.txt": ("explain", f"{_POLICIES}/bare.yaml", "--model", "llama-4"),
    "explain-several.txt": ("explain", _OLD, "--model", "olmo-3.1", "--model", "nobody-knows-this"),
    "diff-policies.txt": ("diff", _OLD, _NEW),
    "diff-policies.json": ("diff", _OLD, _NEW, "--format", "json"),
    "diff-packs.txt": ("diff", "policies/packs/strict-evidence.yaml", "policies/packs/permissive-only.yaml"),
    "diff-same.txt": ("diff", _OLD, _OLD),
    "document-bank.md": _DOCUMENT,
    "document-bank.html": (*_DOCUMENT, "--format", "html"),
    "document-after.md": ("explain", _NEW, "--as", "document"),
    "document-bare.md": ("explain", f"{_POLICIES}/bare.yaml", "--as", "document", "--model", "llama-4"),
}
_RECHECKS = {"recheck.txt": (), "recheck.json": ("--format", "json")}


def wordings() -> dict[str, str]:
    """What each command says, by the name of its file."""
    with contextlib.chdir(ROOT), patch.dict(os.environ, {"COLUMNS": "80"}):
        said = {name: run([*words, *_TODAY])[1] for name, words in WORDINGS.items()}
        with tempfile.TemporaryDirectory() as folder:
            report = str(Path(folder) / "report.json")
            run(["evaluate", _OLD, "--today", "2026-10-02", "--format", "json", "--output", report])
            for name, words in _RECHECKS.items():
                said[name] = run(["recheck", report, "--policy", _NEW, *words, *_TODAY])[1]
    return said


def main() -> None:
    """Rewrite every golden file, remove those of no command, and name what changed."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    found = wordings()
    for path in GOLDEN.iterdir():
        if path.name not in found:
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")
    for name, said in found.items():
        path = GOLDEN / name
        if not path.exists() or path.read_bytes() != said.encode():
            path.write_bytes(said.encode())
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
