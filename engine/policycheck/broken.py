"""What keeps a file from being YAML, in the words of whoever wrote it."""

from __future__ import annotations

import re
from typing import Final

import yaml

from policycheck.errors import Problem

# What the parser says, and what is said instead; `^` before it: the place where the unfinished part begins.
_SYNTAX: Final = {
    "mapping values": "a `:` is not expected here; put text that holds `: ` in quotes, or check the indentation and "
    "whether the line above ends as it should (a key is followed by `:` and a space)",
    "expected ':'": "^a `:` and a space are missing after this key",
    "end of stream": "^the quotes that open here are never closed",
    "',' or '": "^the bracket that opens here is never closed, or a `,` between two parts is missing",
    "escape": "inside double quotes `\\` begins a special character; write `\\\\`, or use single quotes",
    "sequence entries": "a list can't begin in the line of its key; write `- ` in a new line, or put text in quotes",
    "document start": "this belongs to nothing above; check the indentation (or a document ended with `...`)",
}
_QUOTE: Final = ("start any token", "directive", "YAML document", "tag", "mapping keys", "alias", "anchor")


def syntax(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """The problem that the parser found, where it begins."""
    mark, start = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    said = f"{getattr(error, 'problem', None) or error} {getattr(error, 'context', None) or ''}".strip()
    message = next((instead for words, instead in _SYNTAX.items() if words in said), "")
    quote = any(words in said for words in _QUOTE)
    if mark and _second_colon(text, mark.index):
        message = _SYNTAX["mapping values"]
    if start and (message.startswith("^") or (quote and "start any token" not in said)):
        mark = start
    # Behind a last line without a line break the parser counts one more.
    line, column = (min(mark.line, text.count("\n")), mark.column) if mark else (0, 0)
    here = text.split("\n")[line]
    char = here[column : column + 1]
    guesses = (
        ("\t" in here[: len(here) - len(here.lstrip())] + char, "a tab stands here; YAML is indented with spaces only"),
        (message, message.removeprefix("^")),
        (char == "%" and not column, "a line that begins with `%` is not used here; remove it, or put text in quotes"),
        (quote, f"text that begins with {'a backtick' if char == '`' else f'`{char}`'} is put in quotes"),
        (char in set("]},"), f"this `{char}` closes nothing that is open; remove it, or put text in quotes"),
        (mark and mark.index >= len(text), "the document ends before what was begun here is finished"),
        (here[:column].strip(" -"), "the value ends before this; put the whole text in one pair of quotes"),
        ("block" in said, "this line does not fit the lines above; begin it in the same column as its neighbours"),
        (True, f"this is not valid YAML: {' '.join(said.split())}"),
    )
    message = next(guess for holds, guess in guesses if holds)
    return Problem(file=name, line=line + 1, column=column + 1, message=message)


def _second_colon(text: str, index: int) -> bool:
    """Whether the `:` at `index` stands in a value that began in its own line, as in `{reason: see: below}`."""
    before = text[text.rfind("\n", 0, index) + 1 : index]
    return text[index : index + 1] == ":" and re.search(r"[^\s:]:[ ]+[^\s,{}\[\]'\"][^,{}\[\]]*$", before) is not None
