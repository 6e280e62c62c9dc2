"""Which models share a judgement: those of which the catalog says the same but for their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from policycheck.catalog import Catalog
from policycheck.entries import makes_multimodal
from policycheck.rules import Rule
from policycheck.subjects import MOST_ANCESTORS

# What a rule may read of a model that tells it from others alike; it counts where a rule does read it.
_TELLING: Final = ("id", "family", "input", "output", "released", "training_data")
_Entry = Mapping[str, Any]
Kind = tuple[Any, ...]


class Alike:
    """Tells the kinds of a catalog's models: equal kinds give rules the same facts, and the same licenses."""

    def __init__(
        self, catalog: Catalog, rules: Iterable[Rule], *, parties: Collection[str], sued_over: Collection[str]
    ) -> None:
        """`rules` are those in force, `parties` the publishers with whom there is an agreement or a suit.

        `sued_over` are the models that a suit is about.
        """
        self._catalog, self._parties, self._sued_over = catalog, parties, sued_over
        tests = [test for rule in rules for group in rule.groups for test in group]
        reads = {test.fact for test in tests}
        self._by_name = not {"publisher.id", "publisher.name"}.isdisjoint(reads)
        # Two seats are one to rules that name both or neither.
        seats = (test.value for test in tests if test.fact == "publisher.jurisdiction")
        self._seats = [named for named in dict.fromkeys(seats) if isinstance(named, frozenset)]
        self._told = [name for name in _TELLING if f"model.{name}" in reads]
        self._kinds: dict[str, Kind | None] = {}
        self._own: dict[str, Kind] = {}

    def kind(self, name: str) -> Kind | None:
        """The kind of the model that `name` names; None where it is judged by itself."""
        if name not in self._kinds:
            found = self._catalog.entry(name)
            self._kinds[name] = self._kind(*found) if found is not None else None
        return self._kinds[name]

    def publisher(self, identifier: str) -> Kind:
        """What tells one publisher from others, as far as anything hangs on it."""
        name = identifier if self._by_name or identifier in self._parties else None
        if not self._seats:
            return (name,)
        seat = self._catalog.publishers[identifier].jurisdiction
        return name, seat is None, *(seat in named for named in self._seats)

    def _kind(self, model: _Entry, publisher: str) -> Kind | None:
        own = self._said(model, publisher)
        components = tuple(sorted(model["components"].items())) if "components" in model else ()
        if "based_on" not in model:
            return (*own, components)
        line = self._line(model)
        return None if line is None else (*own, components, line)

    def _said(self, model: _Entry, publisher: str) -> Kind:
        """What is said of a model itself."""
        identifier = model["id"]
        found = self._own.get(identifier)
        if found is None:
            both = "input" in model and "output" in model
            found = self._own[identifier] = (
                model.get("license"),
                model["evidence"],
                makes_multimodal(model["input"], model["output"]) if both else None,
                "components" in model,
                "earlier" in model,
                "claims" in model and self._claims_differ(model),
                identifier in self._sued_over,
                *self.publisher(publisher),
                *(repr(model.get(name)) for name in self._told),
            )
        return found

    def _claims_differ(self, model: _Entry) -> bool:
        resolve = self._catalog.resolve_license
        own = resolve(model.get("license", ""))
        return any(resolve(claim["license"]) != own for claim in model["claims"])

    def _line(self, model: _Entry) -> Kind | None:
        """The ancestors, each by its number, as it comes up, and by its kind; None for more than are looked at."""
        numbers = {model["id"]: 0}
        line: list[Kind] = []
        left = [(base, 0) for base in reversed(model["based_on"])]
        while left:
            base, child = left.pop()
            name = self._catalog.identifier(base["model"]) or base["model"]
            step = (child, numbers.get(name, len(numbers)), base.get("relation"))
            if name in numbers:
                line.append(step)
                continue
            numbers[name] = len(numbers)
            if len(numbers) > MOST_ANCESTORS:
                return None
            found = self._catalog.entry(name)
            # A bare family, and what the catalog's own files lack, are told by name.
            line.append((*step, *(self._said(*found) if found is not None else (name,))))
            left += [(each, numbers[name]) for each in reversed(found[0].get("based_on", ()))] if found else []
        return tuple(line)
