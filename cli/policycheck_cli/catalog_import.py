"""`policycheck catalog import`: what a Hub states of its models, as an overlay beside the catalog."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policycheck_cli.options import Day, Place, day, spared
from policycheck_cli.progress import progress
from policycheck_cli.writing import replaced


@click.command(
    "import",
    short_help="Read a Hub's metadata as an overlay.",
    epilog="\b\nExamples:\n  policycheck catalog import models.jsonl --output hub.overlay"
    "\n  policycheck catalog import part-*.parquet --output hub.overlay"
    "\n  policycheck evaluate org.yaml --catalog hub.overlay --format counts",
)
@click.argument("files", metavar="FILE...", type=Place(), nargs=-1, required=True)
@click.option("--output", type=Place(), required=True, help="Write the overlay to this file.")
@click.option("--today", type=Day(), help="The day on which the files were read; default is today.")
def import_(files: tuple[Path, ...], output: Path, today: date | None) -> None:
    """Import a Hub's own metadata (its API's JSON, JSON lines or Parquet) as an overlay of the catalog."""
    from policycheck import shipped
    from policycheck.errors import UsageError
    from policycheck.hub.importing import counted, import_files

    if output == Path("-"):
        raise UsageError("an overlay is a database and no text; name a file with --output")
    spared(output, files)
    sizes = sum(path.stat().st_size for path in files if path.is_file())
    with replaced(output) as target:
        with progress(sizes, "Importing") as advance:
            total = import_files(files, target, day(today), advance)
        found = counted(target, total, shipped.catalog())
    twice = f" ({found.records - found.models:,} records told of a model again)" if found.records > found.models else ""
    click.echo(f"{found.models:,} models{twice} are in {output}.")
    click.echo(f"Of {found.entries:,} of them the catalog has an entry, which goes first.")
