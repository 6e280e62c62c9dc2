"""`policycheck catalog check`: whether the catalog is well-formed, whole, fresh, dated without gaps and used."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycheck_cli.inquiry import Asked
from policycheck_cli.options import Day, Named, Place, day

if TYPE_CHECKING:
    from policycheck.upkeep import Examined


class Span(click.ParamType[timedelta]):
    """A length of time as `180 days`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        from policycheck.policy import span

        if isinstance(value, timedelta):
            return value
        try:
            return span(str(value))
        except (ValueError, KeyError):
            self.fail(f"`{value}` is no length of time; write it as `180 days`, `6 months` or `1 year`", param, ctx)


@click.command(
    short_help="Check every file of the catalog.",
    epilog="\b\nExamples:\n  policycheck catalog check\n  policycheck catalog check --max-fact-age '180 days'"
    "\n  policycheck catalog check --texts LICENSE.txt --format json",
)
@click.option("--texts", type=Place(), multiple=True, help="A license text, or a folder with some, to compare.")
@click.option("--max-fact-age", "longest", type=Span(), metavar="SPAN", help="List what was read longer ago than this.")
@click.option("--policy", metavar="ORG.yaml", type=Named(), help="Take `settings.max_fact_age` of this policy.")
@click.option("--today", type=Day(), help="Count from this day (2026-11-25); default is today.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(texts: tuple[Path, ...], longest: timedelta | None, policy: str | None, today: date | None, form: str) -> int:
    """Check every shipped license, model, host, vocabulary, pack and fingerprint file; all problems at once."""
    from policycheck import shipped
    from policycheck.detect import fingerprints
    from policycheck.errors import DocumentError
    from policycheck.upkeep import examine
    from policycheck.upkeep.texts import compare

    documents = shipped.read_all()
    wrong = list(fingerprints.check(shipped.catalog()))
    if wrong:
        raise DocumentError(wrong)
    if policy is not None and longest is None:
        longest = Asked(today=day(today)).of(policy).policy.settings.max_fact_age
    held = compare(shipped.catalog(), texts)
    found = examine(
        documents,
        today=day(today),
        looking_back=today is not None,
        max_fact_age=longest,
        texts=held.counts(shipped.catalog()),
        of_texts=held.remarks,
    )
    click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2) if form == "json" else _said(found))
    return 1 if found.faults else 0


def _said(found: Examined) -> str:
    from policycheck.render.words import clean

    counts, texts = found.counts, found.texts
    lines = [clean(str(each)) for each in found.remarks]
    if texts["same"] or texts["differ"]:
        lines.append(
            f"Texts at hand: {texts['same']} the same as those that were read, {texts['differ']} others; "
            f"{texts['not_at_hand']} not at hand."
        )
    faults = len(found.faults)
    end = "no problem" if not faults else "1 thing to mend" if faults == 1 else f"{faults} things to mend"
    lines.append(
        f"{counts['licenses']} licenses with {counts['facts']} facts, {counts['models']} models, "
        f"{counts['hosts']} hosts, {counts['rules']} rules, {counts['words']} words: {end}."
    )
    return "\n".join(lines)
