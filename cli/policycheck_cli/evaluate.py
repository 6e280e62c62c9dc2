"""`policycheck evaluate`: a verdict per use and model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.inquiry import Asked, Inquiry
from policycheck_cli.options import FROM_HUB, JUDGED, LISTED, NARROWED, OVERLAID, VARIED, WRITTEN, Named, asking
from policycheck_cli.quoting import below, quote_options, quotes_from
from policycheck_cli.writing import colourful, say, write

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
  policycheck evaluate org.yaml --catalog hub.overlay --format counts
  policycheck evaluate - < org.yaml

\b
Exit codes: 0 all verdicts milder than --fail-on, 1 a block, 4 a conditional
or waived one that --fail-on asks for, 2 a bad document or wrong usage,
3 no verdict could be reached.

This is not legal advice."""


@click.command(epilog=_EPILOG, short_help="Judge each use and model: may you use it?")
@click.argument("policy", metavar="ORG.yaml", type=Named())
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
@asking(NARROWED, LISTED, OVERLAID, FROM_HUB, VARIED, JUDGED, WRITTEN)
def evaluate(
    policy: str, form: str, fail_on: str, every: bool, quote: bool, texts: tuple[Path, ...], asked: Asked
) -> int:
    """Judge each use and model of ORG.yaml: allow, conditional or block, with the clauses cited."""
    from policycheck.errors import UsageError

    if quote and form in ("jsonl", "counts"):
        raise UsageError(f"`--quote` needs whole verdicts, which `--format {form}` does not show")
    inquiry = asked.of(policy)
    if form in ("jsonl", "counts"):
        from policycheck_cli.bulk import judge_many

        tally = judge_many(inquiry, form)
        return _ended(tally.total, tally.strictest.name, tally.waived, fail_on)
    report = _report(inquiry)
    write(_rendered(report, form, every, asked.output, quotes_from(quote, texts, asked.folders)), asked.output)
    return _ended(len(report.verdicts), report.strictest.name, report.waived, fail_on)


def _report(inquiry: Inquiry) -> Report:
    from policycheck.evaluate import evaluate as judge

    asked = inquiry.asked
    return judge(
        inquiry.policy,
        inquiry.catalog,
        today=asked.today,
        engine=asked.engine,
        models=inquiry.models(),
        uses=asked.uses or None,
    )


def _ended(verdicts: int, strictest: str, waived: int, fail_on: str) -> int:
    if not verdicts:
        say("Nothing was judged: no model is named. This is no approval.")
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
