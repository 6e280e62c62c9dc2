"""`policycheck evaluate`: a verdict per use and model."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.bulk import MOST_AT_ONCE, judge_many, too_many
from policycheck_cli.hub import asked, catalog_with, hub_options, to_judge
from policycheck_cli.options import (
    Place,
    colourful,
    day,
    described,
    policy_from,
    policy_options,
    read_raw,
    write,
)
from policycheck_cli.quoting import below, quote_options, quotes_from

if TYPE_CHECKING:
    from policycheck.detect.quote import Quotes
    from policycheck.report import Report

_EPILOG = """\b
Examples:
  policycheck evaluate org.yaml
  policycheck evaluate org.yaml --model llama-4 --model olmo-3.1
  policycheck evaluate org.yaml --model-dir ~/models/llama-3.1-8b
  policycheck evaluate org.yaml --set organisation.mau=800M --format json
  policycheck evaluate org.yaml --model llama-4 --quote
  policycheck evaluate org.yaml --model org/model --hub
  policycheck evaluate org.yaml --catalog hub.overlay --every-model --format counts
  policycheck evaluate - < org.yaml

\b
Exit codes: 0 all verdicts milder than --fail-on, 1 a block, 4 a conditional or
waived one that --fail-on asks for, 2 a bad document or wrong usage,
3 no verdict could be reached.

This is not legal advice."""


@click.command(epilog=_EPILOG)
@click.argument("policy", metavar="ORG.yaml")
@click.option(
    "--models-from", type=click.Path(path_type=Path), help="A file with one model id a line; - is standard input."
)
@click.option(
    "--model-dir",
    "folders",
    type=Place(),
    multiple=True,
    help="Judge the model in this folder by its own files (repeatable).",
)
@hub_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "jsonl", "counts"]),
    default="text",
    show_default=True,
    help="jsonl and counts hold no more than one verdict at a time, and take any number of models.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["waived", "conditional", "block", "never"]),
    default="block",
    show_default=True,
    help="The mildest verdict that ends in an exit code other than 0.",
)
@click.option("--all", "every", is_flag=True, help="Show every verdict in full, however many there are.")
@quote_options
@policy_options
def evaluate(
    policy: str,
    models_from: Path | None,
    folders: tuple[Path, ...],
    overlays: tuple[Path, ...],
    hub: bool,
    hub_cache: Path | None,
    every_model: bool,
    form: str,
    fail_on: str,
    every: bool,
    quote: bool,
    texts: tuple[Path, ...],
    models: tuple[str, ...],
    uses: tuple[str, ...],
    settings: tuple[str, ...],
    today: date | None,
    engine: str | None,
    output: Path | None,
) -> int:
    """Judge each use and model of ORG.yaml: allow, conditional or block, with the clauses cited."""
    from policycheck.errors import UsageError
    from policycheck.evaluate import evaluate as judge
    from policycheck.subjects import ref_named

    judged_on = day(today)
    catalog = catalog_with(overlays)
    checked = policy_from(policy, judged_on, settings, catalog)
    if models_from and str(models_from) == policy == "-":
        raise UsageError("standard input can be read once only; give the policy or the models as a file")
    named = [*models, *(_listed(models_from) if models_from else ())]
    chosen = [ref_named(name, checked, catalog) for name in dict.fromkeys(named)]
    chosen += described(folders)
    narrowed = chosen if models or models_from or folders else None
    if every_model and narrowed is not None:
        raise UsageError("`--every-model` judges them all; leave out `--model`, `--models-from` and `--model-dir`")
    if hub:
        catalog = asked(catalog, checked, narrowed, judged_on, hub_cache)
    count, refs = to_judge(checked, catalog, narrowed, every_model)
    if form in ("jsonl", "counts"):
        if quote:
            raise UsageError(f"`--quote` needs whole verdicts, which `--format {form}` does not show")
        tally = judge_many(
            checked, catalog, refs, count, form=form, today=judged_on, engine=engine, uses=uses or None, output=output
        )
        return _ended(tally.total, tally.strictest.name, tally.waived, fail_on)
    if count > MOST_AT_ONCE:
        raise too_many(count)
    report = judge(checked, catalog, today=judged_on, engine=engine, models=list(refs), uses=uses or None)
    write(_rendered(report, form, every, output, quotes_from(quote, texts, folders)), output)
    return _ended(len(report.verdicts), report.strictest.name, report.waived, fail_on)


def _ended(verdicts: int, strictest: str, waived: int, fail_on: str) -> int:
    if not verdicts:
        click.echo("Nothing was judged: no model is named. This is no approval.", err=True)
        return 0 if fail_on == "never" else 4
    return _code(strictest, waived, fail_on)


def _rendered(report: Report, form: str, every: bool, output: Path | None, quotes: Quotes | None) -> str:
    if form == "json":
        from policycheck.render import json

        if quotes is None:
            return json.render(report)
        from policycheck.detect.quote import quoted

        return json.written(quoted(report.as_json(), quotes))
    more = below(report.verdicts, quotes, form) if quotes is not None else ""
    if form == "markdown":
        from policycheck.render import markdown

        return markdown.render(report) + more
    from policycheck.render import text

    return text.render(report, colour=colourful(output), every=every) + more


def _code(strictest: str, waived: int, fail_on: str) -> int:
    if fail_on == "never":
        return 0
    if strictest == "block":
        return 1
    if fail_on in ("conditional", "waived") and strictest == "conditional":
        return 4
    return 4 if fail_on == "waived" and waived else 0


def _listed(path: Path) -> list[str]:
    from policycheck.errors import UsageError

    try:
        lines = read_raw(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file is not UTF-8") from None
    # A `#` inside an id is none of ours; one after a space begins a remark.
    named = (f" {line}".partition(" #")[0].strip() for line in (line.replace("\t", " ") for line in lines))
    return [name for name in named if name]
