"""Where a policy's document writes its uses and its companies, whichever of the two ways it takes."""

from __future__ import annotations

from typing import Any

from policycheck.documents import Where

Placed = list[tuple[Where, Any]]


def uses_of(data: Any) -> Placed:
    """Each use with its place: the one under `use:`, or those under `uses:`."""
    one: Placed = [(("use",), data["use"])] if "use" in data else []
    return one + [(("uses", name), use) for name, use in data.get("uses", {}).items()]


def heads_of(data: Any) -> Placed:
    """The organisation and the clients of its uses, each of which may have affiliates."""
    clients: Placed = [((*where, "client"), use["client"]) for where, use in uses_of(data) if "client" in use]
    return [(("organisation",), data.get("organisation", {})), *clients]
