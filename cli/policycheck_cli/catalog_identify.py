"""`policycheck catalog identify`: what a model's own files say of its license."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from policycheck_cli.options import Place

_MOST_PASSAGES = 12


@click.command(
    short_help="Find the license in a model's own files.",
    epilog="\b\nExamples:\n  policycheck catalog identify ~/models/my-model"
    "\n  policycheck catalog identify LICENSE --format json"
    "\n\n\b\nExit codes: 0 the license is known and nothing contradicts it, 1 there is"
    "\nsomething to look at, 2 a file can't be read.",
)
@click.argument("path", type=Place())
@click.option("--scancode", is_flag=True, help="Add what ScanCode takes the texts for (extra `detect`).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def identify(path: Path, scancode: bool, form: str) -> int:
    """Find license and base models in a downloaded model folder, or the license in a single text.

    A text is recognised by identity with one that was read: layout, capitals, markup and copyright lines don't count,
    every other word does.
    """
    from policycheck import shipped
    from policycheck.detect.identify import identify as identity_of
    from policycheck.render.page import Page

    catalog = shipped.catalog()
    found = identity_of(path, catalog)
    data = found.as_json(catalog)
    if scancode:
        from policycheck.detect.scancode import opinions

        texts = found.folder.of_kind("license", "weights", "code", "policy")
        data["opinions"] = [each.as_json() for file in texts for each in opinions(file.name, file.raw)]
    if form == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        page = Page(80, colour=False)
        for text, by in _lines(data):
            page.put(text, by=by)
        click.echo(page.text(), nl=False)
    return 0 if data["license"] and not data["findings"] else 1


def _lines(data: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """What was found, each line with its indentation."""
    yield f"{data['path']}: {data['license'] or 'the license can’t be told from these files'}", 0
    model = data["model"] or data["hub_id"]
    if model:
        yield f"model {model}" + (f", revision {data['revision']}" if data["revision"] else ""), 2
    yield f"evidence {data['evidence']}; reached: {', '.join(data['rungs']) or 'nothing'}", 2
    if data["declared"]:
        yield f"the card says {data['declared']}", 2
    for each in data["detected"]:
        near = f"; {each['score']} % of the sentences are those of {each['nearest']}" if each["nearest"] else ""
        said = f"the text of {each['license']}" if each["license"] else f"no text that was read{near}"
        yield f"{each['file']}: {said}", 2
    for each in data.get("opinions", ()):
        lines = "-".join(map(str, each["lines"]))
        yield f"{each['by']} takes {each['file']}:{lines} for {each['license']}, score {each['score']} (no identity)", 2
    for base in data["base_models"]:
        how = f" ({base['relation']})" if base["relation"] else ""
        yield f"made from {base['id']}{how}: {base['license'] or 'license unknown'}", 2
    for finding in data["findings"]:
        yield f"{finding['check']}: {finding['message']}", 2
        for passage in finding["passages"][:_MOST_PASSAGES]:
            yield f"{finding['file']}:{passage['lines'][0]}: “{passage['text']}”", 4
        more = len(finding["passages"]) - _MOST_PASSAGES
        if more > 0:
            yield f"and {more} more sentences (all in --format json)", 4
