"""Rules against each other: which can never apply, always do, are covered by others, contradict, or take nothing away.

What is reported stands in a file of the house; shipped packs count as what a rule of the house is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import combinations

from policycheck.documents import Document, Where
from policycheck.finding import Outcome
from policycheck.lint.remark import Remark, listed, remark
from policycheck.lint.satisfiable import Group, Space, reads
from policycheck.numbers import Money
from policycheck.rules import Rule


def check_rules(rules: Sequence[Rule], space: Space, today: date) -> Iterator[Remark]:
    """What is odd about the rules of the house among `rules`."""
    yield from _ended([rule for rule in rules if of_house(rule)], today)
    rules = _of_one_currency(rules)
    house = [rule for rule in rules if of_house(rule)]
    weighing = [rule for rule in rules if rule.law is None or rule.law.in_force(today)]
    dead = {rule.id for rule in weighing if space.fires(rule) is None}
    for rule in house:
        yield from _never(rule, space)
    alive = [rule for rule in weighing if rule.id not in dead]
    always = [rule for rule in alive if of_house(rule) and space.escapes([()], [rule], known=True) is None]
    yield from (_always(rule) for rule in always)
    yield from _exceptions([rule for rule in alive if of_house(rule)], {rule.id: rule for rule in alive}, space)
    contradictions = list(_contradictions(alive, space, {rule.id for rule in always}))
    yield from contradictions
    yield from _covered(alive, space, {frozenset(each.rules) for each in contradictions})


def of_house(rule: Rule) -> bool:
    """Whether a rule stands in a file of the house, and not in a shipped pack."""
    return rule.document is not None and bool(rule.document.values)


def place_of(rule: Rule, *inner: str | int) -> tuple[Document, Where]:
    """Where a rule of the house stands."""
    assert rule.document is not None
    return rule.document, (*rule.where, *(inner or ("id",)))


def _of_one_currency(rules: Sequence[Rule]) -> list[Rule]:
    """The rules without those on a sum that is compared in several currencies: the rates say how these go together."""
    currencies: dict[str, set[str]] = {}
    for test in (test for rule in rules for group in rule.groups for test in group):
        if isinstance(test.value, Money):
            currencies.setdefault(test.fact, set()).add(test.value.currency)
    mixed = {fact for fact, found in currencies.items() if len(found) > 1}
    return [rule for rule in rules if mixed.isdisjoint(rule.reads)]


def _weight(rule: Rule) -> Outcome:
    outcome = Outcome[rule.outcome]
    return min(outcome, Outcome.conditional) if rule.kind in ("question", "missing-fact") else outcome


def _ended(house: Sequence[Rule], today: date) -> Iterator[Remark]:
    for rule in house:
        if rule.law is None:
            continue
        if rule.law.status == "repealed" or (rule.law.until or "9999") < today.isoformat():
            when = "was repealed" if rule.law.status == "repealed" else f"was in force until {rule.law.until}"
            message = f"the law behind `{rule.id}` {when}; the rule makes no finding any more"
            yield remark("expired", "warning", place_of(rule), message, "take the rule out", rules=(rule.id,))


def _never(rule: Rule, space: Space) -> Iterator[Remark]:
    barren = [(number, fact) for number, group in enumerate(rule.groups) if (fact := space.barren(group))]
    whole = len(barren) == len(rule.groups)
    for number, fact in barren[:1] if whole else barren:
        said = f"`{rule.id}` can never apply" if whole else f"alternative {number + 1} of `any` can never hold"
        tests = sum(test.fact == fact for test in rule.groups[number])
        passes = f"passes its {tests} tests together" if tests > 1 else "passes its test"
        message = f"{said}: no value of `{fact}` {passes}"
        if whole and len(barren) > 1:
            message += ", and so in every alternative of `any`"
        if whole and rule.outcome != "note":
            message += f"; where `{fact}` is left out, the rule still makes verdicts conditional"
        way = f"change what `{fact}` must be, or take {'the rule' if whole else 'the alternative'} out"
        place = place_of(rule, "when") if whole else place_of(rule, "when", "any", number)
        yield remark("never-fires", "error" if whole else "warning", place, message, way, rules=(rule.id,))


def _always(rule: Rule) -> Remark:
    so = "so everything is blocked" if rule.outcome == "block" else f"so everything is {rule.outcome} at least"
    so = "so it says nothing about a case" if rule.outcome == "note" else so
    message = f"`{rule.id}` applies in every case in which its facts are known, {so}"
    way = "narrow its tests; one rule for all cases needs none of these facts"
    return remark("always-fires", "warning", place_of(rule, "when"), message, way, rules=(rule.id,), witness={})


def _exceptions(house: Sequence[Rule], rules: dict[str, Rule], space: Space) -> Iterator[Remark]:
    for rule in house:
        for index, name in enumerate(rule.overrides):
            target = rules.get(name)
            if target is None:
                continue
            place, both = place_of(rule, "overrides", index), (rule.id, name)
            witness = space.both(rule, target)
            if witness is None:
                message = f"`{rule.id}` never takes `{name}` away: the two never apply in the same case"
                way = f"change the tests of one of them, or take `{name}` out of `overrides`"
                yield remark("no-effect", "warning", place, message, way, rules=both)
            elif space.covered(target, [rule]):
                message = f"`{rule.id}` takes `{name}` away in every case in which that applies; it never weighs"
                way = f"narrow the tests of `{rule.id}`, or take `{name}` out if that is meant"
                yield remark("no-effect", "warning", place, message, way, rules=both, witness=witness)


def _contradictions(rules: Sequence[Rule], space: Space, always: set[str]) -> Iterator[Remark]:
    house = [rule for rule in rules if of_house(rule)]
    for one, other in combinations(house, 2):
        if _weight(one) != _weight(other) and not _related(one, other) and not {one.id, other.id} & always:
            yield from _two_outcomes(one, other, space)
    taken = _taken(rules, space)
    blocks = [rule for rule in rules if _weight(rule) is Outcome.block and rule.id not in taken | always]
    found = set[frozenset[str]]()
    for one, other in combinations(blocks, 2):
        if of_house(one) or of_house(other):
            for each in _no_way_out(one, other, space):
                found.add(frozenset(each.rules))
                yield each
    yield from _nothing_left(blocks, space, found)


def _taken(rules: Sequence[Rule], space: Space) -> set[str]:
    """Rules that an exception takes away in some case."""
    found = {rule.id: rule for rule in rules}
    pairs = ((rule, found[name]) for rule in rules for name in rule.overrides if name in found)
    return {target.id for rule, target in pairs if space.both(rule, target) is not None}


def _related(one: Rule, other: Rule) -> bool:
    return one.id in other.overrides or other.id in one.overrides


def _two_outcomes(one: Rule, other: Rule, space: Space) -> Iterator[Remark]:
    if space.covered(one, [other]) and space.covered(other, [one]):
        milder, stricter = sorted((one, other), key=_weight)
        message = (
            f"`{milder.id}` says {milder.outcome} in exactly the cases in which `{stricter.id}` says "
            f"{stricter.outcome}; the stricter counts"
        )
        way = "keep one of them; an exception names the rule that it takes away under `overrides`"
        place, names = place_of(milder, "outcome"), (milder.id, stricter.id)
        yield remark("contradicts", "error", place, message, way, rules=names, witness=space.both(one, other))


def _no_way_out(one: Rule, other: Rule, space: Space) -> Iterator[Remark]:
    """Two rules that block whatever one fact is, and agree in all else."""
    for left in one.groups:
        for right in other.groups:
            for fact in sorted({test.fact for test in left} & {test.fact for test in right}):
                rest = _without(left, fact)
                if set(rest) == set(_without(right, fact)) and _between_them(rest, one, other, space):
                    yield _blocked_whatever(one, other, fact, rest, space)
                    return


def _without(group: Group, fact: str) -> Group:
    return tuple(test for test in group if test.fact != fact)


def _between_them(rest: Group, one: Rule, other: Rule, space: Space) -> bool:
    alone = any(space.escapes([rest], [rule], known=True) is None for rule in (one, other))
    return not alone and space.escapes([rest], [one, other], known=True) is None


def _blocked_whatever(one: Rule, other: Rule, fact: str, rest: Group, space: Space) -> Remark:
    late = other if of_house(other) else one
    early = one if late is other else other
    cases = "every case" if not rest else "every case in which their other tests hold"
    message = f"`{late.id}` and `{early.id}` between them block {cases}, whatever `{fact}` is"
    way = f"leave a value of `{fact}` to both, or write one rule that says so"
    box = space.together(rest)
    witness = None if box is None else space.witness(box)
    return remark(
        "contradicts", "warning", place_of(late, "when"), message, way, rules=(late.id, early.id), witness=witness
    )


def _nothing_left(blocks: Sequence[Rule], space: Space, found: set[frozenset[str]]) -> Iterator[Remark]:
    """Rules that together block every case, none of them being in excess."""
    if space.escapes([()], blocks, known=True) is not None:
        return
    needed = _needed(list(blocks), lambda fewer: space.escapes([()], fewer, known=True) is None)
    house = [rule for rule in needed if of_house(rule)]
    if house and frozenset(rule.id for rule in needed) not in found:
        names = tuple(rule.id for rule in (house[-1], *(rule for rule in needed if rule is not house[-1])))
        message = f"{listed(list(names), 9)} together block every case; nothing can be allowed"
        way = "read them side by side, and leave a case to what you want to allow"
        yield remark("contradicts", "warning", place_of(house[-1], "when"), message, way, rules=names, witness={})


def _needed(rules: list[Rule], enough: Callable[[list[Rule]], bool]) -> list[Rule]:
    """Those of `rules` that suffice together, without one that could be left out."""
    for rule in list(rules):
        fewer = [each for each in rules if each is not rule]
        if enough(fewer):
            rules = fewer
    return rules


def _covered(rules: Sequence[Rule], space: Space, contradicting: set[frozenset[str]]) -> Iterator[Remark]:
    """Rules of the house that move no verdict; read from the end, so that of two equal ones the first stays."""
    taken = _taken(rules, space)
    gone = set[str]()
    for rule in reversed([rule for rule in rules if of_house(rule)]):
        if rule.overrides or not _weight(rule):
            continue
        beside = [
            other
            for other in rules
            if other.id not in gone | taken | {rule.id}
            and other.kind != "question"
            and _weight(other) >= _weight(rule)
            and frozenset({rule.id, other.id}) not in contradicting
            and any(reads(theirs) <= reads(ours) for theirs in other.groups for ours in rule.groups)
            and space.both(rule, other) is not None
        ]
        if not beside or not space.covered(rule, beside):
            continue
        single = [[other] for other in beside if space.covered(rule, [other])]
        covering = single[0] if single else _needed(beside, partial(space.covered, rule))
        gone.add(rule.id)
        yield _redundant(rule, covering, space)


def _redundant(rule: Rule, covering: Sequence[Rule], space: Space) -> Remark:
    names = [other.id for other in covering]
    apply = "applies" if len(names) == 1 else "or another of them applies"
    message = (
        f"`{rule.id}` moves no verdict as long as {listed(names)} stand{'s' if len(names) == 1 else ''}: wherever it "
        f"applies, {listed(names[:1])} {apply} too, and is no milder"
    )
    way = "take it out, or narrow the other; if it shall stay for its sentence, make it a note"
    witness = space.both(rule, covering[0])
    return remark("covered-by", "note", place_of(rule), message, way, rules=(rule.id, *names), witness=witness)
