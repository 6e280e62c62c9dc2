"""Who hosts models for others: the companies behind the usual inference services, and where they are seated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from policycheck.catalog import Catalog, folded
from policycheck.license import Evidence
from policycheck.values import frozen


@frozen
class Host:
    """A company that runs models for others: a legal person with its seat, and that of the company that owns it."""

    id: str
    name: str
    names: tuple[str, ...]
    """Its services and other spellings; a service of several companies names each of them."""
    jurisdiction: str | None
    """ISO 3166-1 alpha-2; None where nobody has read it."""
    parent: str | None
    parent_jurisdiction: str | None
    """The seat of whoever owns it; its own where nobody does."""
    source: str
    read_on: str | None
    evidence: Evidence
    """How well the seat is shown."""
    parent_evidence: Evidence
    """How well the parent's seat is shown."""
    note: str | None

    def shown(self, key: str) -> Evidence:
        """How well its `jurisdiction` or `parent_jurisdiction` is shown."""
        return self.parent_evidence if key == "parent_jurisdiction" else self.evidence

    def place(self, key: str) -> str:
        """Where its seat, or its parent's, is written, for a report."""
        read = f", read {self.read_on}" if self.read_on else ""
        return f"catalog, host {self.id} ({self.shown(key).name}{read}): {self.source}"


def host_from(data: Mapping[str, Any]) -> Host:
    """The host that an entry of a checked hosts file describes."""
    return Host(
        id=data["id"],
        name=data["name"],
        names=tuple(data.get("names", ())),
        jurisdiction=data.get("jurisdiction"),
        parent=data.get("parent"),
        parent_jurisdiction=data.get("parent_jurisdiction"),
        source=data["source"],
        read_on=data.get("read_on"),
        evidence=Evidence[data["evidence"]],
        parent_evidence=Evidence[data.get("parent_evidence", data["evidence"])],
        note=data.get("note"),
    )


class Hosts:
    """All hosts of a catalog, found by their names."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self.all = tuple(host_from(entry) for entry in entries)
        self._named: dict[str, list[Host]] = {}
        for host in self.all:
            for name in dict.fromkeys(folded(name) for name in (host.id, host.name, *host.names)):
                self._named.setdefault(name, []).append(host)

    def named(self, name: str) -> tuple[Host, ...]:
        """The host that `name` names; several where a service is sold by several companies."""
        return tuple(self._named.get(folded(name), ()))


@lru_cache(maxsize=8)
def hosts_of(catalog: Catalog) -> Hosts:
    """The hosts of a catalog."""
    return Hosts(catalog.data.get("hosts", ()))
