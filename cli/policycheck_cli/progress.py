"""A progress bar on standard error, for whoever watches."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(total: int, label: str, *, shared: bool = False) -> Iterator[Callable[[int], None]]:
    """What is told how much more is done; `shared` says that the answer goes where the bar would stand."""
    watched = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if not watched or (shared and sys.stdout is not None and sys.stdout.isatty()):
        yield lambda count: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield bar.update
