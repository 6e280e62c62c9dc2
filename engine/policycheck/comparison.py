"""Two reports, side by side: which verdicts became stricter, milder or rest on other reasons, and what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

Verdict = Mapping[str, Any]
"""A verdict as the JSON report has it, of today or of long ago."""
_ORDER: Final = {"allow": 0, "conditional": 1, "block": 2, None: 2}
"""What nobody judged, nobody has permitted."""
_ANSWERS: Final = {
    "waiver": ("the waiver of", "approved_by", "expires"),
    "agreement": ("the agreement that covers", "licensor", "expires"),
    "fulfilled": ("the fulfilment of", "done_by", "valid_until"),
    "determination": ("counsel's reading of", "by", "review_by"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """One thing that is not as it was."""

    what: str
    before: str | None
    after: str | None

    def as_json(self) -> dict[str, Any]:
        """The reason as `diff` prints it."""
        return {"what": self.what, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A verdict that differs, or rests on other reasons."""

    use: str
    model: str
    before: str | None
    """None where this use and model were not judged before."""
    after: str | None
    direction: str
    """stricter, milder or reasons."""
    rules_added: tuple[str, ...]
    """Rules that stand in the way now and did not before."""
    rules_removed: tuple[str, ...]
    rules_changed: tuple[str, ...]
    """Rules that stood in the way and still do, on another text, figure or outcome, or answered in another way."""
    why: tuple[Why, ...]

    def as_json(self) -> dict[str, Any]:
        """The change as `diff` prints it."""
        return {
            "use": self.use,
            "model": self.model,
            "before": self.before,
            "after": self.after,
            "direction": self.direction,
            "rules_added": list(self.rules_added),
            "rules_removed": list(self.rules_removed),
            "rules_changed": list(self.rules_changed),
            "why": [why.as_json() for why in self.why],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two reports."""

    shifts: tuple[Shift, ...]
    same: int

    @property
    def summary(self) -> dict[str, int]:
        """How many verdicts went which way."""
        counts = {
            word: sum(shift.direction == word for shift in self.shifts) for word in ("stricter", "milder", "reasons")
        }
        return {**counts, "same": self.same}

    def as_json(self) -> dict[str, Any]:
        """The comparison as `diff` and `recheck` print it."""
        return {"changes": [shift.as_json() for shift in self.shifts], "summary": self.summary}


More = Callable[[str, str, frozenset[str]], Iterable[Why]]
"""What else is known to differ for a use and a model, where these rules do."""


def compare(before: Mapping[str, Any], after: Mapping[str, Any], more: More | None = None) -> Comparison:
    """What differs between two JSON reports; of each verdict `more` may know further reasons."""
    twice = _twice(before) | _twice(after)
    old, new = _verdicts(before, twice), _verdicts(after, twice)
    shifts: list[Shift] = []
    around = tuple(_around(before, after))
    for key in dict.fromkeys((*old, *new)):
        shift = _shift(old.get(key), new.get(key), more)
        if shift is not None:
            shifts.append(shift if shift.why else replace(shift, why=around))
    order = ("milder", "stricter", "reasons")
    shifts.sort(key=lambda shift: order.index(shift.direction))
    return Comparison(tuple(shifts), len({*old, *new}) - len(shifts))


_Key = tuple[str, str, str | None]


def _twice(report: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Uses and models that were judged more than once: by name, and as a folder of files."""
    counts = Counter((verdict["use"], verdict["model"]) for verdict in report["verdicts"])
    return {pair for pair, count in counts.items() if count > 1}


def _verdicts(report: Mapping[str, Any], twice: Collection[tuple[str, str]]) -> dict[_Key, Verdict]:
    """Each verdict by use and model; by what was asked for too where that alone tells two apart."""
    pairs = (((verdict["use"], verdict["model"]), verdict) for verdict in report["verdicts"])
    return {(*pair, verdict.get("requested") if pair in twice else None): verdict for pair, verdict in pairs}


def _shift(old: Verdict | None, new: Verdict | None, more: More | None) -> Shift | None:
    known = new or old
    assert known is not None
    before, after = old["verdict"] if old else None, new["verdict"] if new else None
    was, now = _weighing(old), _weighing(new)
    added, removed = sorted(_names(now) - _names(was)), sorted(_names(was) - _names(now))
    differing = {key[0] for key, _ in _reasons(old).items() ^ _reasons(new).items()}
    changed = sorted(differing.difference(added, removed))
    if old and new and before == after and not (added or removed or changed):
        return None
    step = _ORDER[after] - _ORDER[before]
    touched = frozenset((*added, *removed, *changed))
    further = more(known["use"], known["model"], touched) if more and old and new else ()
    return Shift(
        use=known["use"],
        model=known["model"],
        before=before,
        after=after,
        direction="stricter" if step > 0 else "milder" if step < 0 else "reasons",
        rules_added=tuple(added),
        rules_removed=tuple(removed),
        rules_changed=tuple(changed),
        why=tuple(dict.fromkeys((*_why(old, new, touched), *further))),
    )


def _findings(verdict: Verdict | None) -> Sequence[Mapping[str, Any]]:
    return verdict["findings"] if verdict else ()


def _weighing(verdict: Verdict | None) -> list[Mapping[str, Any]]:
    return [finding for finding in _findings(verdict) if finding["outcome"] != "note"]


def _names(findings: Iterable[Mapping[str, Any]]) -> set[str]:
    return {finding["rule"] for finding in findings}


def _reasons(verdict: Verdict | None) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    """Each finding that weighs or was answered, with what would make it another reason."""
    found: dict[tuple[str, str | None], tuple[Any, ...]] = {}
    for finding in _findings(verdict):
        answers = tuple(_answer(finding, kind) for kind in _ANSWERS)
        if finding["outcome"] != "note" or any(answers) or finding.get("defeated_by"):
            key = (finding["rule"], finding.get("license"))
            found[key] = (finding["outcome"], finding.get("fingerprint"), finding.get("defeated_by"), *answers)
    return found


def _answer(finding: Mapping[str, Any], kind: str) -> str | None:
    answer = finding.get(kind)
    if not answer:
        return None
    _, who, end = _ANSWERS[kind]
    until = f" until {answer[end]}" if answer.get(end) else ""
    return f"by {answer[who]}{until}" if kind != "agreement" else f"with {answer[who]}{until}"


def _why(old: Verdict | None, new: Verdict | None, touched: frozenset[str]) -> Iterator[Why]:
    if old is None or new is None:
        yield Why("this use and model", "not judged" if old is None else "judged", "judged" if new else "not judged")
        return
    yield from _facts(old, new)
    for key, what in (("license", "the license"), ("evidence", "the evidence for the license")):
        if old.get(key) != new.get(key):
            yield Why(what, old.get(key), new.get(key))
    yield from _texts(old, new)
    yield from _answers(old, new)
    for rule in sorted(touched):
        was, now = (_near_misses(verdict, rule) for verdict in (old, new))
        for said in now - was:
            yield Why(f"an answer to `{rule}` that does not help", None, said)


def _facts(old: Verdict, new: Verdict) -> Iterator[Why]:
    was, now = ({fact["fact"]: _fact(fact) for fact in verdict.get("relied_on", ())} for verdict in (old, new))
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            yield Why(f"`{key}`", was.get(key), now.get(key))


def _fact(fact: Mapping[str, Any]) -> str:
    return f"{fact['value']} (assumed)" if fact.get("assumed") else str(fact["value"])


def _texts(old: Verdict, new: Verdict) -> Iterator[Why]:
    """Clauses and texts that both rest on and that read differently now."""
    was, now = _cited(old), _cited(new)
    for place in sorted(was.keys() & now.keys(), key=str):
        if was[place] != now[place]:
            yield Why(" ".join(part for part in place if part), was[place], now[place])


def _cited(verdict: Verdict) -> dict[tuple[str, str, str], str]:
    found: dict[tuple[str, str, str], set[str]] = {}
    for citation in (each for finding in verdict["findings"] for each in finding.get("citations", ())):
        section = f"section {citation['section']}" if citation.get("section") else ""
        read = f"sha256 {str(citation['sha256'])[:12]}…" if citation.get("sha256") else "text not read"
        found.setdefault((citation["license"], citation["document"], section), set()).add(citation.get("summary", ""))
        found.setdefault((citation["license"], citation["document"], ""), set()).add(read)
    return {place: " ".join(sorted(said)) for place, said in found.items()}


def _answers(old: Verdict, new: Verdict) -> Iterator[Why]:
    was, now = (
        {
            (finding["rule"], kind): said
            for finding in verdict["findings"]
            for kind in _ANSWERS
            if (said := _answer(finding, kind)) is not None
        }
        for verdict in (old, new)
    )
    for rule, kind in sorted(was.keys() | now.keys()):
        if was.get((rule, kind)) != now.get((rule, kind)):
            yield Why(f"{_ANSWERS[kind][0]} `{rule}`", was.get((rule, kind)), now.get((rule, kind)))


def _near_misses(verdict: Verdict, rule: str) -> set[str]:
    return {said for each in verdict["findings"] if each["rule"] == rule for said in each.get("near_misses", ())}


def _around(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Why]:
    """What differs around the verdicts: it stands for the reason where nothing in them does."""
    for what, path in (
        ("the day", ("evaluated_on",)),
        ("the catalog", ("catalog", "sha256")),
        ("the policy", ("policy", "sha256")),
        ("the program", ("tool", "version")),
    ):
        was, now = before, after
        for part in path:
            was, now = was[part], now[part]
        if was != now:
            yield Why(what, str(was)[:12], str(now)[:12])
