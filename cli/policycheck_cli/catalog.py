"""`policycheck catalog`: licenses, models, publishers, facts and rules."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from policycheck_cli.catalog_add import add
from policycheck_cli.catalog_check import check
from policycheck_cli.catalog_fingerprint import fingerprint
from policycheck_cli.catalog_identify import identify
from policycheck_cli.catalog_import import import_
from policycheck_cli.catalog_pages import print_rows
from policycheck_cli.catalog_resolve import resolve
from policycheck_cli.catalog_show import show
from policycheck_cli.writing import say

if TYPE_CHECKING:
    from policycheck.hosts import Host

_LISTS = ("licenses", "models", "publishers", "hosts", "facts", "packs", "rules")


@click.group(
    short_help="Look up licenses and models.",
    epilog="\b\nExamples:\n  policycheck catalog list licenses"
    "\n  policycheck catalog show llama-4-community\n  policycheck catalog search qwen",
)
def catalog() -> None:
    """Look into the catalog of licenses and models."""


for verb in (show, resolve, identify, fingerprint, add, import_, check):
    catalog.add_command(verb)


@catalog.command(
    "list",
    short_help="List licenses, models, facts, rules and more.",
    epilog="\b\nExamples:\n  policycheck catalog list licenses\n  policycheck catalog list facts --format json",
)
@click.argument(
    "what",
    metavar="[WHAT]",
    type=click.Choice(_LISTS),
    default="models",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(what: str, form: str) -> None:
    """List all licenses, models, publishers, hosts, facts, packs or rules."""
    rows = _rows(what)
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    print_rows(rows)


def _host_row(host: Host) -> dict[str, Any]:
    return {
        "id": host.id,
        "jurisdiction": host.jurisdiction,
        "parent_jurisdiction": host.parent_jurisdiction,
        "evidence": host.evidence.name,
        "name": host.name,
    }


def _rows(what: str) -> list[dict[str, Any]]:
    from policycheck import shipped
    from policycheck.hosts import hosts_of

    found = shipped.catalog()
    if what == "licenses":
        return [{"id": key, "tier": data["tier"], "name": data["name"]} for key, data in sorted(found.licenses.items())]
    if what == "models":
        return [
            {"id": model.id, "license": model.license, "evidence": model.evidence.name, "publisher": model.publisher}
            for model in sorted({**found.families, **found.models}.values(), key=lambda m: m.id)
        ]
    if what == "publishers":
        return [
            {"id": p.id, "jurisdiction": p.jurisdiction, "name": p.name}
            for p in sorted(found.publishers.values(), key=lambda p: p.id)
        ]
    if what == "hosts":
        return [_host_row(host) for host in sorted(hosts_of(found).all, key=lambda h: h.id)]
    if what == "facts":
        return [{"fact": f.name, "type": f.type, "means": f.means} for f in found.vocabulary.facts.values()]
    packs = sorted(found.data["packs"].items())
    if what == "packs":
        return [{"id": name, "rules": len(pack["rules"]), "title": pack["title"]} for name, pack in packs]
    return [
        {
            "id": rule["id"],
            "pack": name,
            "outcome": rule["outcome"],
            "kind": rule.get("kind", "review"),
            "basis": rule.get("basis", "house"),
        }
        for name, pack in packs
        for rule in pack["rules"]
    ]


def _letters(name: str) -> str:
    """A name without the marks and blanks that people leave out: `Llama-3_3`, `llama 3.3` and `llama3.3` are one."""
    bare = re.sub(r"[\s_.()/\[\]-]+", "", name.lower())
    return bare or name.lower()


@catalog.command(
    short_help="Search licenses and models by name.", epilog="\b\nExample:\n  policycheck catalog search qwen"
)
@click.argument("text")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def search(text: str, form: str) -> int:
    """Search licenses and models by a part of any of their names."""
    from policycheck import shipped
    from policycheck.errors import UsageError

    if not text.strip():
        raise UsageError("the text is empty, and stands in every name; `policycheck catalog list` prints them all")
    found, wanted = shipped.catalog(), _letters(text)
    named = [("license", key, each["name"], each.get("names", ())) for key, each in found.licenses.items()]
    named += [("model", each.id, each.name, each.names) for each in {**found.families, **found.models}.values()]
    rows: list[dict[str, Any]] = []
    inside: dict[tuple[str, str], bool] = {}
    for kind, key, name, names in sorted(named, key=lambda each: each[:2]):
        spelled = [_letters(each) for each in (key, name, *names)]
        if any(wanted in each for each in spelled):
            rows.append({"kind": kind, "id": key, "name": name})
            # What begins so stands before what holds it somewhere: gemma-3 before embeddinggemma-300m.
            inside[kind, key] = not any(each.startswith(wanted) for each in spelled)
    rows.sort(key=lambda row: (row["kind"], inside[row["kind"], row["id"]]))
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        print_rows(rows)
    else:
        near = [*found.similar_licenses(text), *found.similar_models(text)]
        said = f"; close are {', '.join(near)}" if near else ""
        say(f"Nothing has `{text}` in its name{said}.")
    return 0 if rows else 1
