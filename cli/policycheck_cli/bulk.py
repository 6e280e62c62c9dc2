"""Verdicts by the thousand: written as they come, or counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from policycheck.hub.bulk import Bulk
from policycheck.hub.tally import Tally
from policycheck.report import judged_with

from policycheck_cli.progress import progress
from policycheck_cli.writing import colourful, write, write_lines

if TYPE_CHECKING:
    from policycheck.policy import ModelRef

    from policycheck_cli.inquiry import Inquiry


def judge_many(inquiry: Inquiry, form: str) -> Tally:
    """Judges any number of models and writes a line each, or the counts."""
    asked = inquiry.asked
    count, refs = inquiry.subjects()
    uses, output = asked.uses or None, asked.output
    bulk, tally = Bulk(inquiry.policy, inquiry.catalog, asked.today, asked.engine), Tally()
    with progress(count, "Judging", shared=form == "jsonl" and output is None) as advance:
        watched = _watched(refs, advance, count)
        if form == "jsonl":
            write_lines(_lines(bulk, watched, uses, tally), output)
            return tally
        for line in bulk.lines(watched, uses):
            tally.add(line)
    from policycheck.render import tally as page

    write(page.render(tally, inquiry.policy, asked.today, bulk.unmatched(), colour=colourful(output)), output)
    return tally


def _watched(refs: Iterable[ModelRef], advance: Callable[[int], None], count: int) -> Iterator[ModelRef]:
    """The models, with word of every 500; `count` is how many they are at the most."""
    told = 0
    for number, ref in enumerate(refs, start=1):
        yield ref
        if number % 500 == 0:
            advance(500)
            told = number
    advance(count - told)


def _lines(bulk: Bulk, refs: Iterable[ModelRef], uses: Sequence[str] | None, tally: Tally) -> Iterator[str]:
    """What is judged, a line for each verdict, and the counts: where these are missing the rest is cut off."""
    with_what = judged_with(bulk.policy, bulk.catalog, bulk.today, bulk.tiers)
    yield _line({"kind": "run", "lines_version": 1, **with_what})
    for line in bulk.lines(refs, uses):
        tally.add(line)
        yield _line(line.as_json())
    yield _line({**tally.as_json(), "unmatched": bulk.unmatched()})


def _line(data: dict[str, object]) -> str:
    from policycheck.render.json import inert

    return inert(json.dumps(data, ensure_ascii=False, separators=(",", ":"))) + "\n"
