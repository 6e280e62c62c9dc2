"""`policycheck init`: a starter policy, and the next best questions of one that is there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from policycheck_cli.options import Day, File, day
from policycheck_cli.writing import say, write

_SCHEMA = "org.schema.json"
_STDOUT = Path("-")
_EPILOG = """\b
Examples:
  policycheck init
  policycheck init --template bank
  policycheck init --answers answers.yaml --output policies/org.yaml
  policycheck init --ask org.yaml

\b
Templates: start-up, bank, us-defence-contractor, consumer-platform,
public-sector, research-institute.

This is not legal advice."""


@click.command(epilog=_EPILOG, short_help="Write a commented policy to begin with.")
@click.option("--template", "name", metavar="NAME", help="Write this template and ask nothing.")
@click.option("--answers", type=File(), help="Take the answers from this file (- is standard input) and ask nothing.")
@click.option("--ask", type=File(), help="Ask for what this policy leaves out, as far as it matters.")
@click.option("--model", "models", multiple=True, metavar="ID", help="Ask for this model only (repeatable).")
@click.option("--use", "uses", multiple=True, metavar="NAME", help="With --ask: for this use only (repeatable).")
@click.option("--today", type=Day(), help="Judge as of this day (2026-11-25); default is today.")
@click.option("--engine", type=click.Choice(["durable-rules", "clips"]), help="The rules engine.")
@click.option(
    "--output", type=File(), help="The file to write, - for standard output; default org.yaml, or that of --ask."
)
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def init(
    name: str | None,
    answers: Path | None,
    ask: Path | None,
    models: tuple[str, ...],
    uses: tuple[str, ...],
    today: date | None,
    engine: str | None,
    output: Path | None,
    force: bool,
) -> None:
    """Write a commented policy to begin with, by questions; or fill the gaps of one, the most useful question first."""
    from policycheck.errors import UsageError

    begun = name is not None or answers is not None
    if ask and begun:
        raise UsageError("--ask goes on with a policy that is there; leave out --template and --answers")
    if uses and not ask:
        raise UsageError("--use belongs to --ask: a policy to begin with has no other use")
    if models and begun:
        raise UsageError("nothing is asked where --template or --answers is given; leave out --model")
    target = output or ask or Path("org.yaml")
    if target not in (ask, _STDOUT) and target.exists() and not force:
        raise UsageError(f"`{target}` is there already; name another file with --output, or overwrite it with --force")
    judged_on = day(today)
    if ask:
        _go_on(ask, target, judged_on, engine, models, uses)
    elif begun:
        _begin(name, answers, target, judged_on)
    else:
        _interview(target, judged_on, engine, models)


def _begin(name: str | None, answers: Path | None, target: Path, today: date) -> None:
    """Writes a template as it is, or with the answers of a file."""
    from policycheck import shipped
    from policycheck.starting import start, template

    from policycheck_cli.inquiry import read_document

    catalog = shipped.catalog()
    given = read_document(str(answers)) if answers else None
    document = start(given, catalog, today, name=name) if given else template(str(name), catalog)
    _put(document.raw, target)
    if target != _STDOUT:
        _put_schema(target.parent / _SCHEMA)
        say(f"Next: policycheck init --ask {target}")


def _interview(target: Path, today: date, engine: str | None, models: tuple[str, ...]) -> None:
    from policycheck_cli import dialogue, interview

    dialogue.begin()
    document = interview.from_the_start(today)
    document, report, settled = interview.until_settled(
        document, today, engine=engine, models=models, uses=(), number=6
    )
    _put(document.raw, target)
    if target != _STDOUT:
        _put_schema(target.parent / _SCHEMA)
    _close(report, settled, target)


def _go_on(
    ask: Path, target: Path, today: date, engine: str | None, models: tuple[str, ...], uses: tuple[str, ...]
) -> None:
    """Asks for what a policy leaves out, and writes the answers into it or into a copy."""
    from policycheck import shipped
    from policycheck.documents import read_file
    from policycheck.errors import PolicycheckError
    from policycheck.policy import read_policy

    from policycheck_cli import dialogue, interview

    before = read_file(ask)
    read_policy(before, shipped.catalog(), today)  # What is wrong is said before anything is asked.
    dialogue.begin()
    document, report, settled = interview.until_settled(
        before, today, engine=engine, models=models, uses=uses, number=0
    )
    if target != ask or document.raw != before.raw:
        if read_file(ask).raw != before.raw:
            raise PolicycheckError(f"`{ask}` was changed by somebody else meanwhile; nothing was written")
        _put(document.raw, target)
    _close(report, settled, target)


def _put(raw: bytes, target: Path) -> None:
    write(raw.decode("utf-8"), None if target == _STDOUT else target)
    if target != _STDOUT:
        say(f"Wrote {target}.")


def _put_schema(path: Path) -> None:
    """Puts the schema beside the policy, whose first line points editors to it; one that is there stays."""
    from policycheck import shipped
    from policycheck.schema import schema

    text = json.dumps(schema("org", shipped.catalog().vocabulary, hover=True), ensure_ascii=False, indent=2) + "\n"
    if not path.exists():
        write(text, path)
        say(f"Wrote {path}, from which an editor knows the keys and words.")
    elif not path.is_file() or path.read_bytes() != text.encode():
        say(f"{path} stays as it is; `policycheck schema org > {path}` renews it.")


def _close(report, settled: bool, target: Path) -> None:  # type: ignore[no-untyped-def]  # the engine is imported late
    from policycheck.render.words import summary

    say("")
    if settled:
        say("Nothing that is left out can change a verdict any more.")
    else:
        say(f"More answers may change a verdict: policycheck init --ask {target}")
    say(summary(report))
    say(f"In full: policycheck evaluate {target}")
