"""The smallest changes that alter a verdict: only what may alter a finding that stands in the way is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from policycheck.finding import Finding, Outcome
from policycheck.subjects import Subject
from policycheck.verdict import Verdict
from policycheck.whatif.bench import PRESENT, Bench, Settings
from policycheck.whatif.candidates import Candidate

MOST: Final = 3
"""Changes of more keys than this are not looked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """A set of changes, and the verdict that they lead to."""

    changes: tuple[Candidate, ...]
    verdict: Verdict
    bounds: tuple[str | None, ...] = ()
    """For each change of a number `at most` or `at least`: as far as the verdict lets it move; else None."""
    others: tuple[str, ...] = ()
    """Other values of a single key that lead to the same verdict."""

    @property
    def said(self) -> str:
        """The change in words."""
        parts = zip(self.changes, self.bounds, strict=True)
        return " and ".join(change.said(bound) for change, bound in parts)

    def as_json(self) -> dict[str, Any]:
        """The change as `explain` prints it."""
        return {
            "set": [{"key": each.key, "from": each.before, "to": each.to} for each in self.changes],
            "verdict": self.verdict.verdict,
            "bounds": list(self.bounds),
            "or": list(self.others),
            "said": self.said,
        }


def smallest_changes(bench: Bench, most: int = MOST) -> list[Change]:
    """For each milder verdict the changes of the fewest keys (up to `most`) that lead there or to a milder one.

    All of that size are given, one for each set of keys. Where each of them needs an answer (an agreement, a duty
    done), the smallest of facts alone are given as well. Then come the changes of one key that make it stricter.
    """
    found: dict[Settings, Verdict] = {}
    for target in (Outcome.note, Outcome.conditional):
        if bench.present.judgement.floor <= target < bench.present.outcome:
            reached = _milder(bench, target, most, facts_only=False)
            if not any(of_facts(settings) for settings in reached):
                reached |= _milder(bench, target, most, facts_only=True)
            found.update(reached)
    found.update(_stricter(bench))
    changes = list(_merged(bench, found))
    order = {"allow": 0, "conditional": 1, "block": 2}
    stricter = order[bench.present.verdict]
    return sorted(
        changes,
        key=lambda each: (
            order[each.verdict.verdict] > stricter,
            order[each.verdict.verdict],
            len(each.changes),
            [change.key for change in each.changes],
        ),
    )


def of_facts(settings: Settings) -> bool:
    """Whether no answer is among the changes."""
    return not any(candidate.answers for candidate in settings)


def _milder(bench: Bench, target: Outcome, most: int, *, facts_only: bool) -> dict[Settings, Verdict]:
    for size in range(1, most + 1):
        search = _Search(bench, target, facts_only)
        search.grow(PRESENT, size)
        if search.found:
            return search.found
    return {}


def _stricter(bench: Bench) -> dict[Settings, Verdict]:
    if bench.present.outcome is Outcome.block:
        return {}
    found = {}
    for where in bench.every_key():
        for candidate in bench.candidates.of(where):
            verdict = bench.verdict(frozenset({candidate}))
            if verdict is not None and verdict.outcome > bench.present.outcome:
                found[frozenset({candidate})] = verdict
    return found


class _Search:
    def __init__(self, bench: Bench, target: Outcome, facts_only: bool) -> None:
        self.bench, self.target, self.facts_only = bench, target, facts_only
        self.found: dict[Settings, Verdict] = {}
        self.tried: set[Settings] = set()

    def grow(self, chosen: Settings, left: int) -> None:
        """Adds up to `left` changes to those that were chosen, wherever they may help."""
        verdict = self.bench.verdict(chosen)
        if verdict is None:
            return
        if verdict.outcome <= self.target:
            self.found[chosen] = verdict
            return
        if not left:
            return
        for candidate in self._steps(chosen, left):
            grown = chosen | {candidate}
            if grown not in self.tried and _apart(chosen, candidate):
                self.tried.add(grown)
                self.grow(grown, left - 1)

    def _steps(self, chosen: Settings, left: int) -> Iterator[Candidate]:
        """Changes of which at least one is in every set that leads to the target from here."""
        for subject, verdict in self.bench.options(chosen):
            yield from self._steps_of(chosen, left, subject, verdict)

    def _steps_of(self, chosen: Settings, left: int, subject: Subject, verdict: Verdict) -> Iterator[Candidate]:
        standing = [each for each in verdict.findings if each.outcome > self.target]
        touching = self.bench.touching(chosen, subject, standing)
        if self.facts_only:
            touching = [[each for each in candidates if not each.answers] for candidates in touching]
        altered: dict[Candidate, set[int]] = {}
        for index, candidates in enumerate(touching):
            for candidate in candidates:
                altered.setdefault(candidate, set()).add(index)
        helped = _helped(altered, standing)
        best = max((len(each) for each in helped.values()), default=0)
        if best * left < len(standing):
            return
        fewest = min(range(len(standing)), key=lambda index: len(touching[index]), default=None)
        if fewest is None:
            return
        needed = len(standing) - best * (left - 1)
        yield from (each for each in dict.fromkeys(touching[fewest]) if len(helped[each]) >= needed)


def _helped(altered: dict[Candidate, set[int]], standing: list[Finding]) -> dict[Candidate, set[int]]:
    """For each candidate the findings that it may alter, an answer's being those of its rules and license."""
    found = {}
    for candidate, indexes in altered.items():
        answered = {
            i for i, each in enumerate(standing) if (each.rule, each.license, each.passage) in candidate.answers
        }
        found[candidate] = indexes | answered
    return found


def _apart(chosen: Iterable[Candidate], candidate: Candidate) -> bool:
    """Whether a change touches no key that is changed already, nor one inside or around it."""
    for other in chosen:
        if candidate.answers and other.answers:
            continue
        short, long = sorted((candidate.where, other.where), key=len)
        if long[: len(short)] == short:
            return False
    return True


def _merged(bench: Bench, found: dict[Settings, Verdict]) -> Iterator[Change]:
    """One change for each set of keys and verdict; of a single key the other values are named."""
    groups: dict[tuple[Any, ...], list[Settings]] = {}
    for settings, verdict in found.items():
        keys = tuple(sorted((each.key, each.to if each.answers else "") for each in settings))
        groups.setdefault((keys, verdict.verdict), []).append(settings)
    for (_, word), several in groups.items():
        settings = several[0]
        relaxed, bounds = _relaxed(bench, settings, word)
        if not bench.holds(relaxed, word):
            continue
        reached = bench.verdict(relaxed)
        assert reached is not None
        changes = tuple(sorted(relaxed, key=lambda each: ("[+]" in each.key, each.key, each.to)))
        single = [next(iter(each)) for each in several[1:]] if len(settings) == 1 else []
        others = tuple(each.to for each in single if each.number is None)
        yield Change(changes, reached, tuple(bounds.get(each) for each in changes), others)


def _relaxed(bench: Bench, settings: Settings, word: str) -> tuple[Settings, dict[Candidate, str | None]]:
    """The same changes with each number moved as far towards the present one as the verdict lets it."""
    bounds: dict[Candidate, str | None] = {}
    # The whole goes first: as long as it is small, its parts can't be larger.
    for candidate in sorted(settings, key=lambda each: ("group" not in each.where, each.key)):
        if candidate.end is None:
            continue
        rest = settings - {candidate}
        moved, bound = _moved(bench, rest, candidate, word)
        settings = rest | {moved}
        bounds[moved] = bound
    return settings, bounds


def _moved(bench: Bench, rest: Settings, candidate: Candidate, word: str) -> tuple[Candidate, str | None]:
    def same(verdict: Verdict) -> bool:
        return verdict.verdict == word

    return nearest(bench, rest, candidate, same)


def nearest(
    bench: Bench, rest: Settings, candidate: Candidate, wanted: Callable[[Verdict], bool]
) -> tuple[Candidate, str | None]:
    """The number next to the other end at which `wanted` still holds, and on which side of it that is so."""

    def same(number: int) -> bool:
        verdict = bench.verdict(rest | {candidate.with_number(number)})
        return verdict is not None and wanted(verdict)

    assert candidate.number is not None
    assert candidate.end is not None
    good, bad = candidate.number, candidate.end
    if same(bad):
        return candidate, None
    while abs(good - bad) > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if same(middle) else (good, middle)
    if good == candidate.number:
        return candidate, None
    return candidate.with_number(good), "at most" if candidate.end > candidate.number else "at least"
