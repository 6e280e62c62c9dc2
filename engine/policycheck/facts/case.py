"""One case to be judged: who does what with which model, under which license; and what a fact of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from policycheck.catalog import Catalog, Model, Publisher
from policycheck.license import Clause, Evidence, License
from policycheck.policy import Part, Policy
from policycheck.rules import Value


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact of the organisation stands, or that it is assumed."""

    key: str
    value: str
    place: str | None
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a case says of one fact: its value, None where it is unknown, and what that rests on."""

    value: Value | None
    missing: tuple[str, ...] = ()
    """Keys that would settle it, where it is unknown."""
    clauses: tuple[Clause, ...] = ()
    """The license clauses it turned on."""
    sources: tuple[Source, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    """Figures for messages."""
    shown: str | None = None
    """How it is said in a message, where that is not its value."""


def unknown(*missing: str, clauses: Iterable[Clause] = (), **figures: str) -> Fact:
    """A fact that nobody knows, with the keys that would settle it."""
    return Fact(value=None, missing=tuple(dict.fromkeys(missing)), clauses=tuple(clauses), figures=figures)


NO = Fact(value="no")


@dataclass(frozen=True, slots=True)
class Memory:
    """Facts that were worked out; cases that share a use, or a use and a license, share what follows from it."""

    of_use: dict[str, Fact]
    of_license: dict[str, Fact]
    of_model: dict[str, Fact]

    def of(self, name: str) -> dict[str, Fact]:
        """Where the fact called `name` is kept."""
        if name[0] == "l":
            return self.of_license
        return self.of_use if name[0] in "ou" else self.of_model


@dataclass(frozen=True, kw_only=True)
class Case:
    """A licensee, a use, a model and one license that governs it, on a day."""

    policy: Policy
    catalog: Catalog
    today: date
    use_name: str
    use: Part
    party: Part
    """Who is judged: the organisation, an affiliate or a client."""
    group: Part
    """Whose affiliates and group count: the organisation, or the client."""
    model: Model
    publisher: Publisher | None
    license: License | None
    component: str = "weights"
    evidence: Evidence = Evidence.verified
    """The weaker of the license text's evidence and the model's."""
    memory: Memory = field(default_factory=lambda: Memory({}, {}, {}), repr=False)

    def clauses(self, fact: str) -> tuple[Clause, ...]:
        """The license's clauses on `fact`."""
        return self.license.stated(fact) if self.license else ()

    def unread(self, *facts: str) -> tuple[str, ...]:
        """Those of `facts` on which nobody knows what the license says, as missing keys."""
        if self.license is None:
            return ("license",)
        return tuple(f"license.{fact}" for fact in facts if not self.license.known(fact))

    def has_acts(self) -> frozenset[str] | None:
        """How the model is handed on, None where that is unknown."""
        words = self.use.get("distribution")
        if words is None:
            return None
        return frozenset([words] if isinstance(words, str) else words)

    def fact(self, name: str) -> Fact:
        """The fact called `name`; each is worked out once."""
        kept = self.memory.of(name)
        if name not in kept:
            kept[name] = _REGISTRY[name](self, name)
        return kept[name]

    def key(self, name: str) -> str:
        """A key of this use as the policy writes it."""
        return self.use.key(name)


Derivation = Callable[[Case, str], Fact]
_REGISTRY: dict[str, Derivation] = {}
D = TypeVar("D", bound=Derivation)


def derives(*names: str) -> Callable[[D], D]:
    """Registers a function as the one that works out the facts called `names`."""

    def register(function: D) -> D:
        for name in names:
            assert name not in _REGISTRY, name
            _REGISTRY[name] = function
        return function

    return register


def registered() -> frozenset[str]:
    """The names of all facts that can be worked out."""
    return frozenset(_REGISTRY)


def plain(value: Any) -> str:
    """A value of the policy as a report shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(plain(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plain(item)}" for key, item in value.items()) + "}"
    return str(value)


def sourced(part: Part, key: str, *, assumed: bool = False) -> Source:
    """The source of a fact that the policy states under `key`."""
    return Source(part.key(key), plain(part.get(key)), part.place(key), assumed)
