"""One case to be judged: who does what with which model, under which license; and what a fact of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from policycheck.catalog import Catalog
from policycheck.entries import Model, Publisher
from policycheck.license import Clause, Evidence, License
from policycheck.policy import Part, Policy
from policycheck.rules import Value
from policycheck.values import frozen


@frozen(kw_only=False, eq=True)
class Source:
    """Where a fact of the organisation stands, or that it is assumed."""

    key: str
    value: str
    place: str | None
    assumed: bool = False
    note: str | None = None
    """What the policy notes on the mapping that holds it."""


@frozen
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
    parts: tuple[Fact, ...] = ()
    """What each of several passages gives by itself, where one of them makes the value."""


class Known(NamedTuple):
    """What of a fact is the same for licenses that say the same on what it turns on."""

    value: Value | None
    sources: tuple[Source, ...]
    missing: tuple[str, ...]


def unknown(*missing: str, clauses: Iterable[Clause] = (), **figures: str) -> Fact:
    """A fact that nobody knows, with the keys that would settle it."""
    return Fact(value=None, missing=tuple(dict.fromkeys(missing)), clauses=tuple(clauses), figures=figures)


NO = Fact(value="no")


# These hang on the model too: on its part that has this license and how well that is shown, on what a suit is about,
# and on how the judged model comes from it.
_OF_STRAND = frozenset(
    f"license.{name}"
    for name in (
        *("component", "evidence", "evidence_below_minimum", "hearsay", "suit_ended"),
        *("student", "student_barred", "student_duty"),
    )
)


@dataclass(slots=True, eq=False)
class Kept:
    """Facts that were worked out, the values and sources of those that rules read, and the rules that match them."""

    facts: dict[str, Fact] = field(default_factory=dict)
    values: Mapping[str, Value | None] | None = None
    sources: tuple[tuple[Source, ...], ...] = ()
    matched: Mapping[str, frozenset[str]] | None = None
    """The rules that fire on these facts or hang on unknown ones."""


@frozen
class Memory:
    """What is kept of a use, of a license in a use, and of a model; cases share what they have in common."""

    of_use: Kept = field(default_factory=Kept)
    of_license: Kept = field(default_factory=Kept)
    of_model: Kept = field(default_factory=Kept)
    alike: dict[tuple[str, int | None], Known] = field(default_factory=dict)
    """What is known of facts that turn on clauses, by what these say; all licenses in the same use share it."""


@frozen
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
    multimodal: bool | None
    """Whether the license speaks of a multimodal model: the one that its licensor gave out."""
    publisher: Publisher | None
    license: License | None
    component: str = "weights"
    evidence: Evidence = Evidence.verified
    """The weaker of the license text's evidence and the model's."""
    relation: str | None = "itself"
    """How the model that is judged comes from this one; None where nobody says."""
    memory: Memory = field(default_factory=Memory, repr=False)

    def clauses(self, fact: str) -> tuple[Clause, ...]:
        """The license's clauses on `fact`."""
        return self.license.stated(fact) if self.license else ()

    def unread(self, *facts: str) -> tuple[str, ...]:
        """Those of `facts` on which nobody knows what the license says, as missing keys."""
        if self.license is None:
            return ("license",)
        known = self.license.known
        return () if known.issuperset(facts) else tuple(f"license.{fact}" for fact in facts if fact not in known)

    def has_acts(self) -> frozenset[str] | None:
        """How the model is handed on, None where that is unknown."""
        words = self.use.get("distribution")
        if words is None:
            return None
        return frozenset([words] if isinstance(words, str) else words)

    def fact(self, name: str) -> Fact:
        """The fact called `name`; each is worked out once."""
        derivation, scope = _REGISTRY[name]
        kept = getattr(self.memory, scope).facts
        found: Fact | None = kept.get(name)
        if found is None:
            found = kept[name] = derivation(self, name)
        return found

    def known(self, name: str) -> Known:
        """The value of a fact, and what of the policy it rests on; licenses that say the same share it."""
        number = self.license.shape.get(name) if self.license is not None else None
        key = (name, number)
        alike = self.memory.alike
        known = alike.get(key) if number is not None else None
        if known is None:
            fact = self.fact(name)
            known = Known(fact.value, fact.sources, fact.missing)
            if number is not None and scope(name) == "of_license":
                alike[key] = known
        return known

    def key(self, name: str) -> str:
        """A key of this use as the policy writes it."""
        return self.use.key(name)


Derivation = Callable[[Case, str], Fact]
_REGISTRY: dict[str, tuple[Derivation, str]] = {}
D = TypeVar("D", bound=Derivation)


def derives(*names: str) -> Callable[[D], D]:
    """Registers a function as the one that works out the facts called `names`."""

    def register(function: D) -> D:
        for name in names:
            assert name not in _REGISTRY, name
            _REGISTRY[name] = function, scope(name)
        return function

    return register


def scope(name: str) -> str:
    """What the fact called `name` hangs on, in the words of Memory."""
    if name.startswith(("organisation.", "use.")):
        return "of_use"
    return "of_license" if name.startswith("license.") and name not in _OF_STRAND else "of_model"


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
    return Source(part.key(key), plain(part.get(key)), part.place(key), assumed, part.get("note"))
