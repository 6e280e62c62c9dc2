"""What the catalog's files say of publishers and their models, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, Final

from policycheck.license import Evidence
from policycheck.values import frozen

_NO_CONTENT: Final = frozenset({"embedding"})


@frozen
class Publisher:
    """Who publishes models: a legal person with its principal place of business."""

    id: str
    name: str
    names: tuple[str, ...] = ()
    jurisdiction: str | None = None
    """ISO 3166-1 alpha-2; None where nobody knows."""
    source: str | None = None


@frozen(eq=True)
class Claim:
    """What somebody else says about a model's license."""

    license: str
    by: str
    evidence: Evidence
    source: str | None = None


@frozen(eq=True)
class Base:
    """Weights of another model inside a model, or a model from whose outputs it learned."""

    model: str
    relation: str | None = None
    by_card: bool = False
    """Whether only the model's own card says so."""


@frozen
class Earlier:
    """A license under which copies of the same weights were given out before the publisher switched it."""

    license: str | None
    """None where nobody has read what it was."""
    until: str
    """The day from which the next license holds."""
    revisions: tuple[str, ...]
    evidence: Evidence


@frozen
class Model:
    """An AI model at a version: who publishes it, and under which license."""

    id: str
    name: str
    publisher: str | None
    license: str | None
    """A license id or an expression with OR and AND; None where nobody knows."""
    evidence: Evidence
    """How well it is shown that the model has this license."""
    hub: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    family: str | None = None
    components: Mapping[str, str] = field(default_factory=dict)
    input: tuple[str, ...] | None = None
    output: tuple[str, ...] | None = None
    released: str | None = None
    source: str | None = None
    based_on: tuple[Base, ...] = ()
    claims: tuple[Claim, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    """Licenses that the same weights had before, the first one first."""
    obtained: str | None = None
    """The license under which this copy came, where that is an earlier one: its last day."""
    training_data: str | None = None
    changed_by: str | None = None
    """Who changed it, where a policy describes a model of one's own."""
    known: bool = True
    """Whether the catalog has it."""
    found: Mapping[str, str] = field(default_factory=dict)
    """What its own files show that somebody should look at: disagreement, changes, drift."""
    members: tuple[str, ...] = ()
    """For a bare family name: the members whose common license it takes."""
    note: str | None = None

    @property
    def multimodal(self) -> bool | None:
        """Whether it takes or makes more than one kind of content; None where nobody knows.

        Vectors that stand for what goes in are no content of their own: an embedder of texts knows texts alone.
        """
        if self.input is None or self.output is None:
            return None
        return len({*self.input, *self.output} - _NO_CONTENT) > 1

    def as_obtained(self, day: str | None, revision: str | None) -> Model:
        """The same model with the license under which a copy of that day or revision was given out."""
        for earlier in self.earlier:
            by_revision = revision is not None and any(_same_revision(revision, each) for each in earlier.revisions)
            if by_revision or (day is not None and day < earlier.until):
                evidence = min(self.evidence, earlier.evidence)
                return replace(self, license=earlier.license, evidence=evidence, obtained=earlier.until)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is found."""
        return (self.id, self.name, *self.hub, *(hub.partition("/")[2] for hub in self.hub), *self.aliases)


def _same_revision(one: str, other: str) -> bool:
    """Whether two ids of a commit, either of which may be cut short, mean the same."""
    return len(min(one, other, key=len)) >= 7 and (one.startswith(other) or other.startswith(one))


def claim_from(data: Mapping[str, Any]) -> Claim:
    """The claim that a checked models file describes."""
    return Claim(license=data["license"], by=data["by"], evidence=Evidence[data["evidence"]], source=data.get("source"))


def model_from(data: Mapping[str, Any], publisher: str) -> Model:
    """The model that a checked models file describes."""
    return Model(
        id=data["id"],
        name=data["name"],
        publisher=publisher,
        license=data.get("license"),
        evidence=Evidence[data["evidence"]],
        hub=tuple(data.get("hub", ())),
        aliases=tuple(data.get("aliases", ())),
        family=data.get("family"),
        components=dict(data.get("components", {})),
        input=tuple(data["input"]) if "input" in data else None,
        output=tuple(data["output"]) if "output" in data else None,
        released=data.get("released"),
        source=data.get("source"),
        based_on=tuple(Base(model=b["model"], relation=b.get("relation")) for b in data.get("based_on", ())),
        claims=tuple(claim_from(claim) for claim in data.get("claims", ())),
        earlier=tuple(
            Earlier(
                license=each.get("license"),
                until=each["until"],
                revisions=tuple(each.get("revisions", ())),
                evidence=Evidence[each["evidence"]],
            )
            for each in data.get("earlier", ())
        ),
        training_data=data.get("training_data"),
        note=data.get("note"),
    )
