"""`policycheck diff`: what a change of a policy, a pack or the catalog does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.options import colourful, day, policy_options, read_document, write

if TYPE_CHECKING:
    from policycheck.catalog import Catalog
    from policycheck.comparison import Comparison
    from policycheck.differences import Difference
    from policycheck.documents import Document

FAIL_ON = click.Choice(["any", "milder", "stricter", "never"])
_REVISION = re.compile(r"([^:]{2,}):(.+)")


@click.command(
    epilog="\b\nExamples:\n  policycheck diff old.yaml new.yaml\n  policycheck diff HEAD~1:org.yaml org.yaml"
    "\n  policycheck diff --git main org.yaml --fail-on milder"
    "\n  policycheck diff org.yaml --catalog-a old/catalog --catalog-b catalog"
    "\n  policycheck diff old-pack.yaml new-pack.yaml"
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--git", "revision", metavar="REVISION", help="OLD is this one file as of a git revision.")
@click.option("--catalog-a", type=click.Path(path_type=Path), help="The catalog's folder for OLD.")
@click.option("--catalog-b", type=click.Path(path_type=Path), help="The catalog's folder for NEW.")
@click.option("--fail-on", type=FAIL_ON, default="any", show_default=True, help="What ends in exit code 1.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@policy_options
def diff(
    old: str,
    new: str | None,
    revision: str | None,
    catalog_a: Path | None,
    catalog_b: Path | None,
    fail_on: str,
    form: str,
    models: tuple[str, ...],
    uses: tuple[str, ...],
    settings: tuple[str, ...],
    today: date | None,
    engine: str | None,
    output: Path | None,
) -> int:
    """Compare two policies (files or REVISION:FILE), two packs, or two catalogs: what becomes stricter or milder.

    A use and model that only NEW judges counts as milder where it is not blocked, since nobody had permitted it;
    one that only OLD judges counts as stricter.
    """
    from policycheck.render import comparison as renderer
    from policycheck.variation import with_settings

    first, second = _named(old, new, revision, bool(catalog_a or catalog_b))
    with ExitStack() as stack:
        documents = [_document(name, stack) for name in (first, second)]
        catalogs = [_catalog(path) for path in (catalog_a, catalog_b)]
        packs = _are_packs(documents)
        if settings and not packs:
            documents = [with_settings(each, settings) for each in documents]
        narrowed = {"models": models, "uses": uses}
        found = _found(documents, catalogs, packs, day(today), engine, narrowed)
    if form == "json":
        write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n", output)
    else:
        write(renderer.render(found.verdicts, found.rules, verdicts=not packs, colour=colourful(output)), output)
    return code(found.verdicts, fail_on, found.rules.word)


def _are_packs(documents: Sequence[Document]) -> bool:
    from policycheck.errors import UsageError

    packs = [isinstance(each.data, dict) and "pack" in each.data for each in documents]
    if any(packs) and not all(packs):
        raise UsageError("one of the two is a rule pack; compare two packs, or two policies")
    return all(packs)


def _found(
    documents: Sequence[Document],
    catalogs: Sequence[Catalog],
    packs: bool,
    today: date,
    engine: str | None,
    narrowed: Mapping[str, tuple[str, ...]],
) -> Difference:
    from policycheck.differences import Side, differences, pack_difference
    from policycheck.policy import read_policy

    if packs:
        return pack_difference(documents[0], documents[1], catalogs[1], today)
    before, after = (
        Side(read_policy(document, catalog, today), catalog)
        for document, catalog in zip(documents, catalogs, strict=True)
    )
    return differences(before, after, today=today, engine=engine, **narrowed)


def code(found: Comparison, fail_on: str, rules: str = "equivalent") -> int:
    """The exit code: 1 where --fail-on asks for what was found; `rules` counts where nothing was judged."""
    counts = found.summary
    judged = sum(counts.values())
    if fail_on == "never":
        return 0
    if fail_on == "any":
        return int(bool(found.shifts) or (not judged and rules != "equivalent"))
    return int(counts[fail_on] > 0 or (not judged and rules in (fail_on, "incomparable", "not-compared")))


def _named(old: str, new: str | None, revision: str | None, catalogs: bool) -> tuple[str, str]:
    """The two names that are compared."""
    from policycheck.errors import UsageError

    if revision is not None:
        if new is not None:
            raise UsageError("with --git name one file: it is compared with what it was at that revision")
        return f"{revision}:{old}", old
    if new is None and not catalogs:
        raise UsageError("name two policies, or one with --git REVISION, or one with --catalog-a and --catalog-b")
    if old == new == "-":
        raise UsageError("standard input can be read once only; give one of the two as a file")
    return old, new if new is not None else old


def _document(name: str, stack: ExitStack) -> Document:
    from policycheck_cli.revisions import at_revision

    match = _REVISION.fullmatch(name)
    if match and not Path(name).exists():
        return at_revision(match[1], match[2], stack)
    return read_document(name)


def _catalog(path: Path | None) -> Catalog:
    from policycheck import shipped

    return shipped.catalog() if path is None else shipped.read_catalog(path)
