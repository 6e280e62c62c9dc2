"""Finds values for facts so that a number of conditions hold together, or shows that there are none."""

from __future__ import annotations

Sets = dict[str, frozenset[int]]
"""For some facts which of their values are left, by number."""
Clause = list[Sets]
"""Alternatives, of which one must hold."""


def solved(clauses: list[Clause], left: Sets) -> Sets | None:
    """Values for which each clause holds by one of its alternatives at least; None where there are none."""
    open_ones: list[Clause] = []
    for clause in clauses:
        if not any(_holds_already(each, left) for each in clause):
            open_ones.append([each for each in clause if _narrowed(each, left) is not None])
    if not open_ones:
        return left
    tightest = min(open_ones, key=len)
    rest = [clause for clause in open_ones if clause is not tightest]
    for each in tightest:
        narrowed = _narrowed(each, left)
        assert narrowed is not None
        found = solved(rest, narrowed)
        if found is not None:
            return found
    return None


def _holds_already(alternative: Sets, left: Sets) -> bool:
    return all(fact in left and left[fact] <= indexes for fact, indexes in alternative.items())


def _narrowed(alternative: Sets, left: Sets) -> Sets | None:
    found = dict(left)
    for fact, indexes in alternative.items():
        found[fact] = found[fact] & indexes if fact in found else indexes
        if not found[fact]:
            return None
    return found
