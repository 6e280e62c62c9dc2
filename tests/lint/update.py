"""Rewrites what `lint` and `headroom` say of their fixtures; read the difference by eye before you commit it."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "engine"), str(ROOT / "cli")]

from tests.cli.calling import call  # noqa: E402

TODAY = ("--today", "2026-11-24")
FIXTURES = ROOT / "fixtures"
POLICIES = sorted((FIXTURES / "lint").glob("*.yaml")) + sorted((FIXTURES / "headroom").glob("*.yaml"))


def command(path: Path) -> tuple[str, ...]:
    """The command that belongs to a fixture."""
    return ("lint",) if path.parent.name == "lint" else ("headroom", "--growth", "4%")


def said(path: Path) -> str:
    """What the command says of the fixture, files named as seen from its folder, and how it ends."""
    done = call(*command(path), path, *TODAY)
    assert not done.err, done.err
    return f"{done.out.replace(f'{path.parent.as_posix()}/', '')}exit code {done.code}\n"


def main() -> None:
    """Rewrite every file that changed, and name it."""
    for path in POLICIES:
        beside, text = path.with_suffix(".txt"), said(path)
        if not beside.exists() or beside.read_text(encoding="utf-8") != text:
            beside.write_text(text, encoding="utf-8", newline="\n")
            print(f"wrote {beside.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
