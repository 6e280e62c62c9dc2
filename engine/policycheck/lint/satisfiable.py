"""Whether rules can apply, apply together or leave a gap: decided exactly, with a case that shows it.

A rule is one or more groups of tests on single facts, so a group holds on a box: a region for each fact it reads. What
is left of a box outside another group is found by making one of that group's tests fail, for each test in turn. Facts
count as independent of each other here; that some follow from others in truth makes no claim of this module wrong, it
only leaves out what could be claimed beyond the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policycheck.lint.regions import Region, failing, passing, whole
from policycheck.rules import Rule, Test, Value
from policycheck.vocabulary import FactType, Vocabulary

Box = Mapping[str, Region]
Group = tuple[Test, ...]
Witness = Mapping[str, Value]
"""Facts that show a claim; what is not named does not matter, or is unknown."""


@dataclass(frozen=True, slots=True)
class Space:
    """All cases that a vocabulary can tell apart."""

    facts: Mapping[str, FactType]
    universes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The words of each fact that has a closed list of them."""

    def together(self, *groups: Iterable[Test], within: Box | None = None) -> Box | None:
        """The part of the box `within` in which every test of all `groups` holds, None where there is no such case."""
        box = dict(within or {})
        for test in (test for group in groups for test in group):
            box[test.fact] = region = self._region(box, test.fact) & passing(test)
            if region.empty(self.facts[test.fact]):
                return None
        return box

    def fires(self, rule: Rule, within: Box | None = None) -> Witness | None:
        """A case in which `rule` applies."""
        boxes = (self.together(group, within=within) for group in rule.groups)
        return next((self.witness(box) for box in boxes if box is not None), None)

    def both(self, one: Rule, other: Rule) -> Witness | None:
        """A case in which both rules apply."""
        boxes = (self.together(left, right) for left in one.groups for right in other.groups)
        return next((self.witness(box) for box in boxes if box is not None), None)

    def escapes(self, groups: Iterable[Group], others: Iterable[Rule], *, known: bool = False) -> Witness | None:
        """A case in which one of `groups` holds and none of `others` applies.

        A fact that nobody knows keeps a rule from applying; with `known`, every fact is known.
        """
        beside = [group for rule in others for group in rule.groups]
        for group in groups:
            box = self.together(group)
            # A fact that `group` leaves open may stay unknown, and so keeps from holding whatever group reads it.
            near = beside if known else [each for each in beside if reads(each) <= reads(group)]
            found = None if box is None else self._outside(box, near)
            if found is not None:
                return self.witness(found)
        return None

    def covered(self, rule: Rule, others: Sequence[Rule]) -> bool:
        """Whether one of `others` applies in every case in which `rule` does."""
        return self.escapes(rule.groups, others) is None

    def barren(self, group: Iterable[Test], within: Box | None = None) -> str | None:
        """The fact of which no value passes all tests of a group; None where every fact has one."""
        tests = tuple(group)
        for fact in dict.fromkeys(test.fact for test in tests):
            if self.together((test for test in tests if test.fact == fact), within=within) is None:
                return fact
        return None

    def witness(self, box: Box) -> Witness:
        """A case of a box."""
        values = {fact: region.some(self.facts[fact]) for fact, region in sorted(box.items())}
        return {fact: value for fact, value in values.items() if value is not None}

    def _region(self, box: Box, fact: str) -> Region:
        return box.get(fact) or whole(self.universes.get(fact))

    def _outside(self, box: Box, groups: Sequence[Group]) -> Box | None:
        """A part of `box` in which none of `groups` holds as a whole."""
        near = [group for group in groups if self.together(group, within=box) is not None]
        if not near:
            return box
        ways = [list(self._without(box, group)) for group in near]
        # The group that leaves the fewest ways first: it decides soonest whether there is any.
        for way in min(ways, key=len):
            found = self._outside(way, near)
            if found is not None:
                return found
        return None

    def _without(self, box: Box, group: Group) -> Iterator[Box]:
        """Parts of `box` that together hold everything of it outside `group`."""
        for test in group:
            before = self._region(box, test.fact)
            for part in failing(test):
                region = before & part
                if not region.empty(self.facts[test.fact]):
                    yield {**box, test.fact: region}


def reads(group: Group) -> frozenset[str]:
    """The facts that a group of tests reads."""
    return frozenset(test.fact for test in group)


def space_of(vocabulary: Vocabulary) -> Space:
    """The cases that the shipped vocabulary can tell apart."""
    countries = vocabulary.countries(vocabulary.data["countries"])
    universes: dict[str, frozenset[str]] = {}
    for name, fact in vocabulary.facts.items():
        if fact.type == "yes-no":
            universes[name] = frozenset({"yes", "no"})
        elif fact.is_place:
            universes[name] = countries
        elif fact.words is not None:
            universes[name] = frozenset(vocabulary.words(fact.words))
    return Space(vocabulary.facts, universes)
