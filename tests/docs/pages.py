"""The blocks of README and docs: which policies they show, which commands, and what these print."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from policycheck_cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted((ROOT / "docs").glob("*.md"))
# What may be added to a policy that stands above on the same page.
PARTS = ("uses", "models", "fulfilled", "determinations", "waivers", "agreements", "rules", "settings")
LEFT_OUT = "…"

# A block that begins with the name of a file is that file, as `# tests/chat.yaml`.
_NAMED = re.compile(r"# (\S+\.yaml)\n")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, and the policy that a reader of the page has in org.yaml at that point."""

    page: Path
    line: int
    language: str
    text: str
    policy: str
    files: Mapping[str, str] = field(default_factory=dict)
    """Other files that the page has shown above, by their names."""

    @property
    def key(self) -> str:
        """The first key of a YAML block."""
        return next((line.partition(":")[0] for line in self.text.splitlines() if line and line[0] != "#"), "")

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page in order; one that shows a policy or a part of one changes org.yaml from there on."""
    text, policy, files = page.read_text(encoding="utf-8"), "", dict[str, str]()
    for match in _FENCE.finditer(text):
        block = Block(page, text.count("\n", 0, match.start()) + 1, match[1], match[2], policy)
        named = _NAMED.match(block.text) if block.language == "yaml" else None
        if named:
            files = {**files, named[1]: block.text}
        elif block.language == "yaml" and block.key == "policy_version":
            policy = block.text
        elif block.language == "yaml" and policy and block.key in PARTS:
            policy += "\n" + block.text
        elif block.language == "diff":
            policy = changed(policy, block.text)
        yield Block(page, block.line, block.language, block.text, policy, files)


def changed(policy: str, diff: str) -> str:
    """The policy with the lines of a diff put in and taken out; what the diff shows must stand there once."""
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    assert policy.count(before) == 1, before
    return policy.replace(before, after)


def every_block() -> list[Block]:
    """All blocks of all pages."""
    return [block for page in PAGES if page.exists() for block in blocks(page)]


def lay(block: Block, folder: Path) -> None:
    """Puts into a folder what a reader of the page has at this block."""
    shutil.copytree(ROOT / "policies", folder / "policies")
    shown = {"org.yaml": block.policy} if block.policy else {}
    for name, text in {**shown, **block.files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def steps(block: Block) -> list[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.replace("\\\n", "").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def run(words: list[str]) -> tuple[int, str]:
    """Runs `policycheck` with these words and no input; its exit code, and what it says on both outputs."""
    out = TextIOWrapper(BytesIO(), encoding="utf-8", newline="\n", write_through=True)
    given = patch.multiple(sys, argv=["policycheck", *words], stdin=TextIOWrapper(BytesIO()))
    with given, redirect_stdout(out), redirect_stderr(out):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    out.seek(0)
    return code, out.read()


def pattern(shown: list[str]) -> re.Pattern[str]:
    """What the shown lines stand for: `…` alone is any lines, ` …` at the end of a line any rest of it."""
    parts = []
    for line in shown:
        if line == LEFT_OUT:
            parts.append(r"(?:.*\n)*?")
        elif line.endswith(f" {LEFT_OUT}"):
            parts.append(re.escape(line[: -len(LEFT_OUT) - 1]) + r"(?: .*)?\n")
        else:
            parts.append(re.escape(line) + r"[ ]*\n")
    return re.compile("".join(parts))
