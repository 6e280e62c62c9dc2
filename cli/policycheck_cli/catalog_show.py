"""`policycheck catalog show`: what is known of a license, a model or a host."""

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
    from policycheck.hosts import Host


@click.command(
    short_help="Show a license, a model or a host.",
    epilog="\b\nExamples:\n  policycheck catalog show llama-4-community"
    "\n  policycheck catalog show glm-4.7 --format json",
)
@click.argument("name", shell_complete=entries)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@quote_options
def show(name: str, form: str, quote: bool, texts: tuple[Path, ...]) -> int:
    """Show a license with its facts and clauses, a model, or a host."""
    from policycheck import shipped
    from policycheck.catalog import folded
    from policycheck.hosts import hosts_of

    found = shipped.catalog()
    model = found.resolve_model(name)
    identifier = found.resolve_license(name)
    hosts = hosts_of(found).named(name)
    if identifier is None and model is None and hosts:
        _show_hosts([host_json(host) for host in hosts], form)
        return 0
    if identifier is None and model is None:
        near = [*found.similar_licenses(name), *found.similar_models(name)]
        said = f"; did you mean {', '.join(f'`{each}`' for each in near)}?" if near else ""
        say(f"The catalog knows no license, model or host `{name}`{said}")
        return 1
    # A family may share its name with its license: an id counts before another name.
    if model is not None and identifier is not None:
        by_id = model.id == folded(name) != identifier
        shown = "model" if by_id else "license"
        say(f"`{name}` names the license `{identifier}` and the model `{model.id}`; shown is the {shown}.")
        identifier = None if by_id else identifier
    data = license_json(found, identifier) if identifier is not None else model_json(found, model)
    quotes = quotes_from(quote, texts)
    for fact in data.get("facts", ()) if quotes is not None else ():
        named = (str(identifier), fact["document"], fact["section"], fact["heading"])
        fact["quote"] = quotes.of(*named).as_json() if quotes is not None else None
    if form == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print_entry(data)
    return 0


def _show_hosts(hosts: list[dict[str, Any]], form: str) -> None:
    """One host as a mapping; several, where a service is sold by several companies, as a list."""
    if form == "json":
        click.echo(json.dumps(hosts[0] if len(hosts) == 1 else hosts, ensure_ascii=False, indent=2))
        return
    for index, host in enumerate(hosts):
        click.echo("", nl=index > 0)
        print_entry(host)


def host_json(host: Host) -> dict[str, Any]:
    """A host as `catalog show` has it."""
    return {
        "kind": "host",
        "id": host.id,
        "name": host.name,
        "names": list(host.names),
        "jurisdiction": host.jurisdiction,
        "parent": host.parent,
        "parent_jurisdiction": host.parent_jurisdiction,
        "evidence": host.evidence.name,
        "parent_evidence": host.parent_evidence.name,
        "source": host.source,
        "read_on": host.read_on,
        "note": host.note,
    }


def license_json(found: Any, identifier: str) -> dict[str, Any]:
    """A license as the contract's `catalog show` has it."""
    license = found.license(identifier)
    wanted = {name for name, spec in found.vocabulary.clauses.items() if not spec.get("optional")}
    facts = [
        {
            "fact": clause.fact,
            "value": clause.value,
            **clause.more,
            "document": clause.text.document,
            "section": clause.section,
            "heading": clause.heading,
            "summary": clause.summary,
            "evidence": clause.evidence.name,
            "source": clause.text.url,
            "sha256": clause.text.sha256,
        }
        for clauses in license.clauses.values()
        for clause in clauses
    ]
    return {
        "kind": "license",
        "id": license.id,
        "name": license.name,
        "spdx": license.spdx,
        "names": list(license.names),
        "licensor": license.licensor,
        "tier": license.tier,
        "facts": facts,
        "silent": sorted(license.silent),
        "unknown": sorted(wanted - set(license.clauses) - license.silent),
        "note": license.note,
    }


def model_json(found: Any, model: Any) -> dict[str, Any]:
    """A model as the contract's `catalog show` has it."""
    return {
        "kind": "model",
        "id": model.id,
        "names": list(dict.fromkeys(model.names)),
        "publisher": model.publisher,
        "license": model.license,
        "components": dict(model.components),
        "released": model.released,
        "modalities": {"input": list(model.input or ()), "output": list(model.output or ())},
        "lineage": [{"model": base.model, "relation": base.relation} for base in model.based_on],
        "members": list(model.members),
        "evidence": model.evidence.name,
        "source": model.source,
        "claims": [{"license": c.license, "by": c.by, "evidence": c.evidence.name} for c in model.claims],
        "note": model.note,
    }
