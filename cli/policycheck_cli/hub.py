"""`--hub`: a Hub is asked for models that the catalog lacks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from policycheck import shipped
from policycheck.errors import UsageError

from policycheck_cli.writing import say

if TYPE_CHECKING:
    from policycheck.catalog import Catalog
    from policycheck.policy import ModelRef, Policy


def learned(
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

    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME") or "~/.cache"
    folder = Path(base).expanduser() / "policycheck"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"`{folder}` can't be made ({error.strerror}); name a file with `--hub-cache`") from None
    return folder / f"hub-{sha256(endpoint.encode()).hexdigest()[:12]}.overlay"
