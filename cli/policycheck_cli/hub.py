"""Options for models that the catalog lacks: overlays beside it, and a Hub that is asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from policycheck import shipped
from policycheck.errors import UsageError

from policycheck_cli.options import F, Place, say

if TYPE_CHECKING:
    from policycheck.catalog import Catalog
    from policycheck.policy import ModelRef, Policy


def hub_options(command: F) -> F:
    """Adds --catalog, --every-model, --hub and --hub-cache."""
    options = (
        click.option("--hub-cache", type=Place(), help="Keep what the Hub answers in this file."),
        click.option("--hub", is_flag=True, help="Ask a Hub (HF_ENDPOINT) for models that the catalog lacks."),
        click.option("--every-model", is_flag=True, help="Judge the whole catalog, whatever the policy names."),
        click.option(
            "--catalog",
            "overlays",
            metavar="OVERLAY",
            type=Place(),
            multiple=True,
            help="An overlay that `catalog import` wrote, read beside the catalog (repeatable).",
        ),
    )
    for option in options:
        command = option(command)
    return command


def catalog_with(overlays: Sequence[Path]) -> Catalog:
    """The shipped catalog, with overlays beside it."""
    if not overlays:
        return shipped.catalog()
    from policycheck.hub.overlaid import overlaid
    from policycheck.hub.overlay import Overlay

    return overlaid(shipped.catalog(), *(Overlay.read(path) for path in dict.fromkeys(overlays)))


def to_judge(
    policy: Policy, catalog: Catalog, narrowed: Sequence[ModelRef] | None, every: bool
) -> tuple[int, Iterable[ModelRef]]:
    """How many models are judged, at the most, and which: those named here, in the policy, or else all."""
    named = narrowed if narrowed is not None else None if every else policy.models
    if named is not None:
        return len(named), named
    from policycheck.subjects import refs_of

    if catalog is shipped.catalog() and not every:
        refs = refs_of(policy, catalog)
        return len(refs), refs
    from policycheck.hub.bulk import all_refs

    return len(catalog.models) + sum(map(len, getattr(catalog, "overlays", ()))), all_refs(catalog)


def asked(
    catalog: Catalog, policy: Policy, narrowed: Sequence[ModelRef] | None, today: date, cache: Path | None
) -> Catalog:
    """The catalog, with what a Hub states of the models that it lacks; what the Hub does not say stays unknown."""
    from policycheck.hub.overlaid import Overlaid, overlaid
    from policycheck.hub.overlay import Overlay

    from policycheck_cli.hub_client import Hub

    refs = narrowed if narrowed is not None else policy.models
    if refs is None:
        raise UsageError("`--hub` asks for models by name; name them with `--model`, `--models-from` or `models:`")
    hub = Hub()
    overlay = Overlay.keep(cache or _default(hub.endpoint))
    before = catalog.overlays if isinstance(catalog, Overlaid) else ()
    found = overlaid(shipped.catalog(), overlay, *before)
    for line in hub.learn(refs, found, overlay, today):
        say(line)
    return overlaid(shipped.catalog(), overlay, *before)


def _default(endpoint: str) -> Path:
    """The cache for one Hub, in the user's own folder for such."""
    from hashlib import sha256

    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(base).expanduser() / "policycheck"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"`{folder}` can't be made ({error.strerror}); name a file with `--hub-cache`") from None
    return folder / f"hub-{sha256(endpoint.encode()).hexdigest()[:12]}.overlay"
