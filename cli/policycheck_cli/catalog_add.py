"""`policycheck catalog add`: the skeleton of a license file, out of its text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from policycheck_cli.options import Day, File, Place, day
from policycheck_cli.writing import say, write


@click.command(
    short_help="Write the skeleton of a license file.",
    epilog="\b\nExamples:\n  policycheck catalog add LICENSE --id example-1.0 --licensor anyone \\"
    "\n    --url https://example.org/license"
    "\n  policycheck catalog add LICENSE --id example-1.0 --licensor meta \\"
    "\n    --url https://example.org --into catalog",
)
@click.argument("text", type=File())
@click.option("--id", "identifier", required=True, metavar="ID", help="The license's new id, kebab-case.")
@click.option("--licensor", required=True, metavar="WHO", help="A publisher of the catalog, or anyone.")
@click.option("--url", required=True, help="Where a lawyer finds the text.")
@click.option("--name", help="The license's name; default is the text's first line.")
@click.option("--read-from", metavar="WHERE", help="Exactly which copy was read; default is the file's name.")
@click.option("--today", type=Day(), help="The day it was read (2026-11-25); default is today.")
@click.option("--into", type=Place(), help="Write license file and fingerprint below this folder.")
def add(
    text: Path,
    identifier: str,
    licensor: str,
    url: str,
    name: str | None,
    read_from: str | None,
    today: date | None,
    into: Path | None,
) -> int:
    """Write the skeleton of a license file from its text: hashes, date and sections, every fact still open."""
    from policycheck import shipped
    from policycheck.detect import fingerprints
    from policycheck.detect.skeleton import Entry, skeleton
    from policycheck.documents import read_bytes

    catalog = shipped.catalog()
    raw = read_bytes(text, text.as_posix())
    words = fingerprints.read(raw)
    _refuse(identifier, licensor, into)
    _compare(text, words)
    made = fingerprints.made(raw, words, license=identifier, document="license")
    entry = Entry(
        id=identifier,
        name=name,
        licensor=licensor,
        url=url,
        read_from=read_from or text.name,
        sha256=made.sha256,
        read_on=day(today),
    )
    file = skeleton(entry, words, catalog.vocabulary)
    if into is None:
        write(file, None)
        return 0
    write(fingerprints.written([made]), into / "fingerprints" / f"{identifier}.yaml")
    write(file, into / "licenses" / f"{identifier}.yaml")
    click.echo(f"Wrote {into / 'licenses' / f'{identifier}.yaml'} and its fingerprint; now read the text.")
    return 0


def _refuse(identifier: str, licensor: str, into: Path | None) -> None:
    """Names that can't be used, and files that are there already."""
    from policycheck import shipped
    from policycheck.errors import UsageError
    from policycheck.vocabulary import suggestion

    catalog = shipped.catalog()
    if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", identifier):
        raise UsageError(f"`{identifier}` is no id; write it in small letters and hyphens, as example-community-1.0")
    if (taken := catalog.resolve_license(identifier)) is not None:
        raise UsageError(f"`{identifier}` is a name of the license `{taken}` already")
    if licensor != "anyone" and licensor not in catalog.publishers:
        meant = catalog.resolve_publisher(licensor) or suggestion(licensor, catalog.publishers)
        end = f"; did you mean `{meant}`?" if meant else "; add it to catalog/models first, or write anyone"
        raise UsageError(f"the catalog has no publisher `{licensor}`{end}")
    for place in ("licenses", "fingerprints") if into is not None else ():
        path = Path(str(into)) / place / f"{identifier}.yaml"
        if path.exists():
            raise UsageError(f"{path} is there already")
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}; name the folder `catalog` of the project")


def _compare(text: Path, words: object) -> None:
    """Refuses a text that is known, and says which one it is near to."""
    from policycheck import shipped
    from policycheck.detect import fingerprints
    from policycheck.detect.texts import Library
    from policycheck.detect.words import Wording
    from policycheck.errors import UsageError

    assert isinstance(words, Wording)
    if not words.words:
        raise UsageError(f"{text} holds no word")
    match = Library(fingerprints.load(), shipped.catalog()).match(words)
    if match.known:
        names = " and ".join(f"`{each}`" for each in match.licenses)
        raise UsageError(f"{text} is the text of {names}, which the catalog has")
    if match.nearest:
        count = len(match.differing)
        say(
            f"{text} is near to `{match.nearest[0].license}`: {count} sentence{'' if count == 1 else 's'} of its own, "
            f"{match.missing} missing (`policycheck catalog identify {text}` shows them)."
        )
