"""A question in the terminal: its reason, the words to choose from, and another try where an answer is bad."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click
from policycheck.errors import DocumentError, UsageError
from policycheck.questions import Question
from policycheck.render.page import wrapped

from policycheck_cli.writing import say

T = TypeVar("T")
_WIDTH = 80
# A list of words up to this length is shown at once, a longer one on `?`.
_SHORT = 12
_HOW = {
    "yes-no": "yes or no",
    "word": "a word",
    "words": "words with commas between them, or `none`",
    "word-or-words": "a word, or several with commas between them",
    "count": "a number, as 12000000 or 12M",
    "amount": "amount and currency, as 4.2M USD",
    "names": "names with `;` between them, or `none`",
    "texts": "names with commas between them, or `none`",
    "text": "in your own words",
    "rate": "a number, as 1.08",
}


class Ended(Exception):
    """The author ends the questions; what was answered is kept."""


def begin() -> None:
    """Says once how to answer."""
    _tell(
        "Press Enter where you don't know: what is open stays open, and is never taken for a yes. `?` explains the "
        "words, `q` ends and keeps your answers, Ctrl-C ends and writes nothing."
    )


def ask(question: Question, accept: Callable[[str], T], *, number: int, needed: bool = False) -> T | None:
    """What `accept` makes of the answer, None where the author does not know; raises Ended.

    `accept` raises UsageError or DocumentError for an answer that does not do, and the question is put again.
    """
    _show(question, number)
    while True:
        text = _line()
        if text == "?":
            _words(question)
        elif not text and needed:
            _tell("This is needed; `q` ends without writing a file.", by=3)
        elif not text:
            return None
        else:
            try:
                return accept(text)
            except (DocumentError, UsageError) as error:
                _refuse(error)


def _refuse(error: DocumentError | UsageError) -> None:
    said = [problem.message for problem in error.problems] if isinstance(error, DocumentError) else [str(error)]
    for message in said:
        _tell(f"{message[:1].upper()}{message[1:]}{'' if message.endswith('?') else '.'}", by=3)


def _show(question: Question, number: int) -> None:
    count = question.verdicts
    settles = f" (may settle {count} verdict{'s' if count > 1 else ''})" if count else ""
    say("")
    head = f"{number}. ".ljust(3)
    _tell(f"{head}{question.asks}{settles}", standing=len(head))
    _tell(question.why, by=3)
    if 0 < len(question.words) <= _SHORT:
        _words(question)
    how = _HOW["names" if question.key.endswith("competes_with") else question.form]
    numbers = ", or the number" + ("s" if question.form != "word" else "") if question.numbered else ""
    listed = "; `?` lists the words" if len(question.words) > _SHORT else ""
    _tell(f"Answer: {how}{numbers}{listed}.", by=3)


def _words(question: Question) -> None:
    if not question.words:
        _tell(question.why, by=3)
    width = max((len(word) for word in question.words), default=0)
    for place, (word, means) in enumerate(question.words.items(), 1):
        number = f"{place:>2} " if question.numbered else ""
        _tell(f"{number}{word.ljust(width)}  {means}", by=3, standing=len(number) + width + 2)


def _tell(text: str, *, by: int = 0, standing: int = 0) -> None:
    """A paragraph on standard error; the first `standing` characters stand before it."""
    head = text[:standing]
    for line in wrapped(text[standing:], _WIDTH - by - standing):
        say((" " * by + head + line).rstrip())
        head = " " * standing


def _line() -> str:
    """A line that the author wrote; raises Ended at its end of the questions."""
    while True:
        click.echo("   > ", nl=False, err=True)
        try:
            text = input().strip()
        except EOFError:
            say("")
            raise Ended from None
        if not sys.stdin.isatty():
            say("")  # In a terminal the author's own Enter ends the line.
        if text.lower() == "q":
            raise Ended
        if text.isprintable():
            return text
        _tell("This holds characters that can't be seen; write it again.", by=3)
