"""Writes what commands print today into README and docs; read the difference by eye before you commit it."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "engine"), str(ROOT / "cli")]

from tests.docs.pages import LEFT_OUT, PAGES, Block, blocks, lay, pattern, run, steps  # noqa: E402


def main() -> None:
    """Mends every console block that it can, and names the others."""
    os.environ["COLUMNS"] = "80"
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in blocks(page):
            if block.language == "console":
                text = text.replace(block.text, _mended(block), 1)
        page.write_text(text, encoding="utf-8", newline="\n")


def _mended(block: Block) -> str:
    lines = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        lay(block, Path())
        code = 0
        for command, shown in steps(block):
            lines.append(_as_written(block, command))
            words = shlex.split(command)
            if words[0] == "echo":
                lines.append(str(code))
                continue
            code, said = run(words[1:])
            if not shown or pattern(shown).fullmatch(said):
                lines += shown
            elif any(line.endswith(LEFT_OUT) for line in shown):
                print(f"{block}: `{command}` prints something else; mend it by hand", file=sys.stderr)
                lines += shown
            else:
                lines += said.splitlines()
    return "\n".join(lines) + "\n"


def _as_written(block: Block, command: str) -> str:
    """The command with the folds that it has on the page."""
    for line in block.text.replace("\\\n", "\0").splitlines():
        if line.replace("\0", "") == f"$ {command}":
            return line.replace("\0", "\\\n")
    return f"$ {command}"


if __name__ == "__main__":
    main()
