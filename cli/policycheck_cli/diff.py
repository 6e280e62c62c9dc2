"""`policycheck diff`: what a change of a policy, a pack or the catalog does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycheck_cli.inquiry import Asked, Inquiry, read_document, together
from policycheck_cli.options import JUDGED, NARROWED, OVERLAID, VARIED, WRITTEN, Named, Place, asking
from policycheck_cli.writing import colourful, write, write_json

if TYPE_CHECKING:
    from policycheck.catalog import Catalog
    from policycheck.comparison import Comparison
    from policycheck.differences import Difference, Side
    from policycheck.documents import Document

FAIL_ON = click.Choice(["any", "milder", "stricter", "never"])
_REVISION = re.compile(r"([^:]{2,}):(.+)")
_EPILOG = """\b
Examples:
  policycheck diff old.yaml new.yaml
  policycheck diff HEAD~1:org.yaml org.yaml
  policycheck diff --git main org.yaml --fail-on milder
  policycheck diff org.yaml --catalog-a old/catalog --catalog-b catalog
  policycheck diff old-pack.yaml new-pack.yaml

\b
Exit codes: 0 no difference that --fail-on asks for, 1 one, 2 a bad document
or wrong usage, 3 a fault.

This is not legal advice."""


@click.command(epilog=_EPILOG, short_help="Say which verdicts a change moves, and why.")
@click.argument("old", metavar="OLD", type=Named())
@click.argument("new", metavar="[NEW]", type=Named(), required=False)
@click.option("--git", "revision", metavar="REVISION", help="OLD is this one file as of a git revision.")
@click.option("--catalog-a", type=Place(), help="The catalog's folder for OLD.")
@click.option("--catalog-b", type=Place(), help="The catalog's folder for NEW.")
@click.option("--fail-on", type=FAIL_ON, default="any", show_default=True, help="What ends in exit code 1.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@asking(NARROWED, OVERLAID, VARIED, JUDGED, WRITTEN)
def diff(
    old: str,
    new: str | None,
    revision: str | None,
    catalog_a: Path | None,
    catalog_b: Path | None,
    fail_on: str,
    form: str,
    asked: Asked,
) -> int:
    """Compare two policies (files or REVISION:FILE), two packs, or two catalogs: what becomes stricter or milder.

    A use and model that only NEW judges counts as milder where it is not blocked, since nobody had permitted it;
    one that only OLD judges counts as stricter.
    """
    from policycheck.render import comparison as renderer

    names = _named(old, new, revision, bool(catalog_a or catalog_b))
    with ExitStack() as stack:
        documents = together(*(partial(_document, name, stack) for name in names))
        catalogs = together(*(partial(_catalog, path) for path in (catalog_a, catalog_b)))
        packs = _are_packs(documents)
        found = _pack_difference(documents, catalogs[1], asked) if packs else _difference(documents, catalogs, asked)
    if form == "json":
        write_json(found.as_json(), asked.output)
    else:
        colour = colourful(asked.output)
        write(renderer.render(found.verdicts, found.rules, verdicts=not packs, colour=colour), asked.output)
    return code(found.verdicts, fail_on, found.rules.word)


def _are_packs(documents: Sequence[Document]) -> bool:
    from policycheck.errors import UsageError

    packs = [isinstance(each.data, dict) and "pack" in each.data for each in documents]
    if any(packs) and not all(packs):
        raise UsageError("one of the two is a rule pack; compare two packs, or two policies")
    return all(packs)


def _pack_difference(documents: Sequence[Document], catalog: Catalog, asked: Asked) -> Difference:
    from policycheck.differences import pack_difference

    return pack_difference(documents[0], documents[1], catalog, asked.today)


def _difference(documents: Sequence[Document], catalogs: Sequence[Catalog], asked: Asked) -> Difference:
    from policycheck.differences import differences

    pairs = zip(documents, catalogs, strict=True)
    before, after = together(*(partial(asked.of_document, partial(_given, each), catalog) for each, catalog in pairs))
    return differences(_side(before), _side(after), today=asked.today, engine=asked.engine, uses=asked.uses)


def _given(document: Document) -> Document:
    return document


def _side(inquiry: Inquiry) -> Side:
    from policycheck.differences import Side

    return Side(inquiry.policy, inquiry.catalog, inquiry.models())


def code(found: Comparison, fail_on: str, rules: str = "equivalent") -> int:
    """The exit code: 1 where --fail-on asks for what was found; `rules` counts where nothing was judged."""
    counts = found.summary
    judged = sum(counts.values())
    if fail_on == "never":
        return 0
    if fail_on == "any":
        return int(bool(found.shifts) or (not judged and rules != "equivalent"))
    return int(counts[fail_on] > 0 or (not judged and rules in (fail_on, "incomparable")))


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
