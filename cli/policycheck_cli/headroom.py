"""`policycheck headroom`: how far each cap is."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import click

from policycheck_cli.inquiry import Asked
from policycheck_cli.options import NARROWED, OVERLAID, VARIED, WRITTEN, Named, asking
from policycheck_cli.writing import colourful, write, write_json

_EPILOG = """\b
Examples:
  policycheck headroom org.yaml
  policycheck headroom org.yaml --growth 4%
  policycheck headroom org.yaml --model llama-4-maverick --format json

\b
Exit codes: 0 every cap is known and far away, 1 one is passed, near, open or
unknown, 2 a bad document or wrong usage, 3 a fault.

This is not legal advice."""


class Percent(click.ParamType[Fraction]):
    """A share as 4%."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        if isinstance(value, Fraction):
            return value
        found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?%", str(value), re.ASCII)
        if found is None:
            self.fail(f"`{value}` is no growth a month; write it as 4% or 2.5%", param, ctx)
        return Fraction(found[1]) / 100


@click.command(epilog=_EPILOG, short_help="Show how far each cap is.")
@click.argument("policy", metavar="ORG.yaml", type=Named())
@click.option("--growth", type=Percent(), help="Growth a month, as 4%; says when each cap would be passed.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@asking(NARROWED, OVERLAID, VARIED, WRITTEN)
def headroom(policy: str, growth: Fraction | None, form: str, asked: Asked) -> int:
    """Show for each cap on users, revenue or visits what its clause counts, and how much is left."""
    from policycheck.headroom import headroom as caps_of
    from policycheck.render import headroom as renderer

    inquiry = asked.of(policy)
    found = caps_of(
        inquiry.policy, inquiry.catalog, today=asked.today, growth=growth, models=inquiry.models(), uses=asked.uses
    )
    if form == "json":
        write_json(found.as_json(), asked.output)
    else:
        write(renderer.render(found, colour=colourful(asked.output)), asked.output)
    return 0 if found.calm else 1
