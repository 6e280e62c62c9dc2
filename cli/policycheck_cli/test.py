"""`policycheck test`: whether a policy says what its author means."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.options import Day, Place, Target, day, spared
from policycheck_cli.writing import colourful, say, write

if TYPE_CHECKING:
    from policycheck.documents import Document
    from policycheck.trial import Result, Trial

_EPILOG = """\b
Examples:
  policycheck test tests
  policycheck test tests/chat.yaml --format junit --output results.xml
  policycheck test tests --update

\b
Exit codes: 0 every case passed, 1 a case failed, 2 a bad document or wrong
usage; nothing was judged.

This is not legal advice."""


@click.command(epilog=_EPILOG, short_help="Run the cases of a policy.")
@click.argument("paths", metavar="DIR...", nargs=-1, required=True, type=Place())
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
@click.option("--update", is_flag=True, help="Set what failed cases expect to what they got; shown first.")
@click.option("--yes", is_flag=True, help="With --update: write without asking.")
@click.option("--today", type=Day(), help="The day of the cases that name none; default is today.")
@click.option("--engine", type=click.Choice(["durable-rules", "clips"]), help="The rules engine.")
@click.option("--output", type=Target(), help="Write the report to this file.")
def test(
    paths: tuple[Path, ...],
    form: str,
    update: bool,
    yes: bool,
    today: date | None,
    engine: str | None,
    output: Path | None,
) -> int:
    """Run the cases in files and folders: the verdicts that an author expects of a policy."""
    spared(output, paths)
    from policycheck import shipped
    from policycheck.cases import case_files, read_cases
    from policycheck.trial import Trial, run

    files, others = case_files(paths)
    cases = read_cases(files, shipped.catalog(), day(today))
    trial = Trial(results=tuple(run(cases, shipped.catalog(), engine=engine)), passed_over=others)
    write(_rendered(trial, form, output), output)
    if update and trial.failed:
        return 0 if _update(trial.failed, files, yes) else 1
    return 1 if trial.failed else 0


def _rendered(trial: Trial, form: str, output: Path | None) -> str:
    from policycheck.render import trial as renderer

    if form == "json":
        return json.dumps(trial.as_json(), ensure_ascii=False, indent=2) + "\n"
    return renderer.junit(trial) if form == "junit" else renderer.text(trial, colour=colourful(output))


def _update(failed: Sequence[Result], files: Sequence[Document], yes: bool) -> bool:
    """Shows what would change, and writes it where the author agrees; whether it was written."""
    from policycheck.trial import updated

    before = {document.file: document for document in files}
    changed = updated(failed)
    for name, document in changed.items():
        _show(name, before[name].raw, document.raw)
    milder = sum(result.milder for result in failed)
    if milder:
        say(f"{milder} case{'s' if milder > 1 else ''} would expect a milder verdict than now. Is that what you mean?")
    if not yes and not _agreed():
        say("Nothing was written.")
        return False
    for name, document in changed.items():
        _put(name, before[name].raw, document.raw)
    return True


def _show(name: str, before: bytes, after: bytes) -> None:
    old, new = (raw.decode("utf-8").splitlines() for raw in (before, after))
    for line in difflib.unified_diff(old, new, name, f"{name} (with --update)", n=3, lineterm=""):
        say(line)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        say("Not asked in a terminal: --yes writes this.")
        return False
    return click.confirm("Write this?", default=False, err=True)


def _put(name: str, before: bytes, after: bytes) -> None:
    from policycheck.documents import read_file
    from policycheck.errors import PolicycheckError

    if read_file(Path(name)).raw != before:
        raise PolicycheckError(f"`{name}` was changed by somebody else meanwhile; it was not written")
    write(after.decode("utf-8"), Path(name))
    say(f"Wrote {name}.")
