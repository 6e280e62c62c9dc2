"""`policycheck catalog fingerprint`: the hashes by which a text is recognised again."""

from __future__ import annotations

from pathlib import Path

import click

from policycheck_cli.options import File, Place
from policycheck_cli.writing import write


@click.command(
    short_help="Make the hashes of a license text.",
    epilog="\b\nExample:\n  policycheck catalog fingerprint LICENSE.txt --license mit"
    "\n  policycheck catalog fingerprint LICENSE.txt --license mit \\\n    --into catalog/fingerprints",
)
@click.argument("text", type=File())
@click.option("--license", "license_id", required=True, metavar="ID", help="The license that the text is.")
@click.option("--document", default="license", show_default=True, help="Which of its documents, as acceptable-use.")
@click.option("--copy", metavar="WHERE", help="Where it was read, for another copy than the catalog's.")
@click.option("--scancode", metavar="KEY", help="ScanCode's key of a text with the same words.")
@click.option("--into", type=Place(), help="Write into the license's file in this folder.")
def fingerprint(
    text: Path, license_id: str, document: str, copy: str | None, scancode: str | None, into: Path | None
) -> int:
    """Make the fingerprint of a license text that was read: hashes only, no sentence of it."""
    from policycheck import shipped
    from policycheck.detect import fingerprints
    from policycheck.documents import read_bytes
    from policycheck.errors import UsageError

    entry = shipped.catalog().licenses.get(license_id)
    if entry is None or document not in entry["texts"]:
        raise UsageError(f"no license `{license_id}` of the catalog has a document `{document}`")
    raw = read_bytes(text, text.as_posix())
    words = fingerprints.read(raw)
    made = fingerprints.made(raw, words, license=license_id, document=document, copy=copy, scancode=scancode)
    wanted = entry["texts"][document].get("sha256")
    if copy is None and made.sha256 != wanted:
        raise UsageError(
            f"{text}: the sha256 of this text is {made.sha256}, the catalog read {wanted}; read it, and say with "
            "--copy where it is from, or write its sha256 into the license's file"
        )
    if into is None:
        write(fingerprints.written([made]), None)
    else:
        write(fingerprints.added(into, made), into / f"{license_id}.yaml")
    return 0
