"""`policycheck catalog show`: what is known of a license, a model, a publisher or a host."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycheck_cli.catalog_pages import print_entry
from policycheck_cli.options import entries
from policycheck_cli.quoting import quote_options, quotes_from
from policycheck_cli.writing import say

if TYPE_CHECKING:
    from policycheck.catalog import Catalog

_KINDS = ("license", "model", "publisher", "host")


@click.command(
    short_help="Show a license, a model, a publisher or a host.",
    epilog="\b\nExamples:\n  policycheck catalog show llama-4-community"
    "\n  policycheck catalog show glm-4.7 --format json\n  policycheck catalog show mistral --kind host",
)
@click.argument("name", shell_complete=entries)
@click.option("--kind", type=click.Choice(_KINDS), help="Which of them, where several bear the name.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@quote_options
def show(name: str, kind: str | None, form: str, quote: bool, texts: tuple[Path, ...]) -> int:
    """Show a license with its facts and clauses, a model, a publisher or a host."""
    from policycheck import shipped

    found = shipped.catalog()
    named = {each: ids for each, ids in _named(found, name).items() if ids and kind in (None, each)}
    if not named:
        near = _near(found, name, kind)
        said = f"; did you mean {', '.join(f'`{each}`' for each in near)}?" if near else ""
        say(f"The catalog knows no {kind or 'license, model, publisher or host'} `{name}`{said}")
        return 1
    shown, alone = _meant(named, name)
    if not alone:
        listed = [f"the {each} {' and '.join(f'`{i}`' for i in ids)}" for each, ids in named.items()]
        others = f"{', '.join(listed[:-1])} and {listed[-1]}"
        say(f"`{name}` names {others}; shown is the {shown}. `--kind` shows another.")
    data = _entries(found, shown, named[shown])
    quotes = quotes_from(quote, texts)
    for fact in data[0].get("facts", ()) if quotes is not None else ():
        place = (str(data[0]["id"]), fact["document"], fact["section"], fact["heading"])
        fact["quote"] = quotes.of(*place).as_json() if quotes is not None else None
    _print(data, form)
    return 0


def _named(found: Catalog, name: str) -> dict[str, list[str]]:
    """The ids of what `name` names, by kind; of hosts several, where a service is sold by several companies."""
    from policycheck.hosts import hosts_of

    model = found.resolve_model(name)
    license, publisher = found.resolve_license(name), found.resolve_publisher(name)
    return {
        "license": [license] if license is not None else [],
        "model": [model.id] if model is not None else [],
        "publisher": [publisher] if publisher is not None else [],
        "host": [host.id for host in hosts_of(found).named(name)],
    }


def _meant(named: dict[str, list[str]], name: str) -> tuple[str, bool]:
    """The kind that is shown, and whether nothing else can be meant: whoever bears the name as its id goes first."""
    from policycheck.catalog import folded

    by_id = [kind for kind, ids in named.items() if folded(name) in ids]
    return (by_id or list(named))[0], len(by_id or named) == 1


def _near(found: Catalog, name: str, kind: str | None) -> list[str]:
    """Ids whose names are close to `name`."""
    from policycheck.hosts import hosts_of
    from policycheck.vocabulary import suggestion

    close: dict[str, list[str | None]] = {
        "license": [*found.similar_licenses(name)],
        "model": [*found.similar_models(name)],
        "publisher": [suggestion(name, found.publishers)],
        "host": [suggestion(name, [host.id for host in hosts_of(found).all])],
    }
    ids = [each for of, near in close.items() if kind in (None, of) for each in near if each is not None]
    return list(dict.fromkeys(ids))


def _entries(found: Catalog, kind: str, ids: list[str]) -> list[dict[str, Any]]:
    from policycheck.hosts import hosts_of

    from policycheck_cli.catalog_entries import host_json, license_json, model_json, publisher_json

    if kind == "host":
        return [host_json(host) for host in hosts_of(found).all if host.id in ids]
    if kind == "publisher":
        return [publisher_json(found, ids[0])]
    model = found.resolve_model(ids[0]) if kind == "model" else None
    return [license_json(found, ids[0]) if model is None else model_json(model)]


def _print(data: list[dict[str, Any]], form: str) -> None:
    """One entry as a mapping; several hosts as a list."""
    if form == "json":
        click.echo(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=2))
        return
    for index, entry in enumerate(data):
        click.echo("", nl=index > 0)
        print_entry(entry)
