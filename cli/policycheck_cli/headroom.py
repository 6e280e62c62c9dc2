"""`policycheck headroom`: how far each cap is."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from policycheck_cli.options import colourful, day, figure_options, policy_from, write

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


@click.command(epilog=_EPILOG)
@click.argument("policy", metavar="ORG.yaml")
@click.option("--growth", type=Percent(), help="Growth a month, as 4%; says when each cap would be passed.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@figure_options
def headroom(
    policy: str,
    growth: Fraction | None,
    form: str,
    models: tuple[str, ...],
    uses: tuple[str, ...],
    settings: tuple[str, ...],
    today: date | None,
    output: Path | None,
) -> int:
    """Show for each cap on users, revenue or visits what its clause counts, and how much is left."""
    from policycheck import shipped
    from policycheck.headroom import headroom as caps_of
    from policycheck.render import headroom as renderer
    from policycheck.subjects import ref_named

    on = day(today)
    checked = policy_from(policy, on, settings)
    chosen = [ref_named(name, checked, shipped.catalog()) for name in dict.fromkeys(models)] if models else None
    found = caps_of(checked, shipped.catalog(), today=on, growth=growth, models=chosen, uses=uses)
    if form == "json":
        write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(renderer.render(found, colour=colourful(output)), output)
    return 0 if found.calm else 1
