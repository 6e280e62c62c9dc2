"""Facts against rules: what no rule reads, what rules ask for and is left out, and cases of which no rule speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policycheck.documents import Where, dotted
from policycheck.facts import Case
from policycheck.judge import Judge
from policycheck.lint.cases import case_of, cases_of_every_license, cases_of_no_license, cases_of_other_entities
from policycheck.lint.regions import Region, Words
from policycheck.lint.remark import Remark, listed, remark
from policycheck.lint.satisfiable import Space
from policycheck.lint.watch import watched
from policycheck.numbers import Money
from policycheck.packs import BASELINE
from policycheck.policy import Part, Policy
from policycheck.rules import Rule, Value
from policycheck.schema import schema
from policycheck.variation import path_of
from policycheck.verdict import Verdict
from policycheck.vocabulary import Vocabulary

# Read by people, by other commands, or to find out who is judged; no rule is meant to turn on them.
_NO_FACTS = {
    "name", "note", "terms", "workload", "volume", "arena", "licensee", "client", "provider", "group", "affiliates",
    "affiliates_complete", "relationship",
}  # fmt: skip


def check_missing(verdicts: Iterable[Verdict], policy: Policy, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Keys that rules ask for and the file leaves out, each with the rules that hang on it."""
    whole = schema("org", vocabulary)
    asking: dict[str, dict[str, None]] = {}
    for finding in (finding for verdict in verdicts for finding in verdict.findings if finding.undetermined):
        for key in finding.missing:
            if not key.startswith(("license", "model.", "publisher.")):
                asking.setdefault(key, {})[finding.rule] = None
    for key, found in sorted(asking.items()):
        rules = tuple(sorted(found))
        where = path_of(key.partition(" for ")[0], policy.document.data)
        hang = f"{listed(list(rules), 3)} hang{'s' if len(rules) == 1 else ''} on it"
        message = f"`{key}` is left out, and {hang}"
        yield remark("fact-missing", "note", (policy.document, where), message, _meaning(where, whole), rules=rules)


def _meaning(where: Where, whole: Mapping[str, Any]) -> str:
    """What a key asks for, in the words of the schema."""
    node: Any = whole
    for part in where:
        node = _below(node, part, whole)
    said = (node or {}).get("description", "")
    node = _resolved(node, whole)
    words = ["true", "false"] if node.get("type") == "boolean" else node.get("enum", [])
    said = said or node.get("description", "")
    listing = f" ({', '.join(words)})" if 0 < len(words) < 8 else ""
    return f"write it: {said[0].lower()}{said[1:].rstrip('.')}{listing}" if said else "write it"


def _below(node: Any, part: str | int, whole: Mapping[str, Any]) -> Any:
    for each in (node := _resolved(node, whole), *(_resolved(option, whole) for option in node.get("anyOf", ()))):
        if isinstance(part, int) and "items" in each:
            return each["items"]
        if part in each.get("properties", {}):
            return each["properties"][part]
        if isinstance(each.get("additionalProperties"), dict):
            return each["additionalProperties"]
    return {}


def _resolved(node: Any, whole: Mapping[str, Any]) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    return node if isinstance(node, dict) else {}


def check_unread(judge: Judge) -> Iterator[Remark]:
    """Keys of organisation and uses that no rule in force reads, whatever the license in the catalog."""
    mentioned = {name for rule in judge.policy.rules for name in rule.mentions}
    read = _read(judge, judge.tiers.reads | mentioned, cases_of_every_license)
    # What is read of one affiliate is of use in all of them.
    useful = {_unnumbered(where) for where in read}
    unread: dict[Where, dict[str, Where]] = {}
    for where in _keys(judge.policy):
        if _unnumbered(where) not in useful:
            unread.setdefault(_unnumbered(where[:-1]), {}).setdefault(str(where[-1]), where)
    packs = dict(_read_by_packs(judge)) if unread else {}
    for home, keys in unread.items():
        message = f"no rule in force reads {listed(list(keys), 9)} of `{dotted(home)}`"
        way = f"{'they move' if len(keys) > 1 else 'it moves'} no verdict; {_readers(keys, packs)}"
        place = (judge.policy.document, next(iter(keys.values())))
        yield remark("fact-nobody-reads", "note", place, message, way, key=True)


def _unnumbered(where: Where) -> Where:
    return tuple(part for part in where if isinstance(part, str))


def _readers(keys: Mapping[str, Where], packs: Mapping[str, set[Where]]) -> str:
    """Which packs would read some of these keys."""
    said = []
    for key, where in keys.items():
        names = [name for name, read in packs.items() if where in read]
        if names:
            said.append(f"{listed(names)} read{'s' if len(names) == 1 else ''} `{key}`")
    if not said:
        return "keep what people or other commands need"
    return f"packs that ship and may be added under `extends`: {', '.join(said)}"


def _read(judge: Judge, names: Iterable[str], cases: Callable[[Judge], Iterable[Case]]) -> set[Where]:
    """The keys of the policy that are read where the facts called `names` are worked out in some cases."""
    read: set[Where] = set()
    organisation = watched(judge.policy.organisation, read)
    uses = {name: watched(part, read) for name, part in judge.policy.uses.items()}
    policy = replace(judge.policy, organisation=organisation, uses=uses)
    wanted = sorted(names)
    for case in cases(Judge(policy, judge.catalog, judge.today, judge.tiers)):
        for name in wanted:
            case.fact(name)
    return read


def _read_by_packs(judge: Judge) -> Iterator[tuple[str, set[Where]]]:
    """What each shipped pack that is not in force would read."""
    for name, pack in sorted(judge.catalog.data["packs"].items()):
        if name not in (*judge.policy.packs, BASELINE):
            whens = [when for rule in pack["rules"] for when in (rule["when"], *rule["when"].get("any", ()))]
            yield name, _read(judge, {fact for when in whens for fact in when if fact != "any"}, cases_of_no_license)


def _keys(policy: Policy) -> Iterator[Where]:
    parts: list[Part] = [policy.organisation, *policy.uses.values()]
    while parts:
        part = parts.pop(0)
        for key, value in part.data.items():
            if key not in _NO_FACTS:
                yield (*part.where, key)
            if isinstance(value, dict) and key in ("group", "client", "provider"):
                parts.append(Part(part.document, (*part.where, key), value))
        parts += part.parts("affiliates") or ()


def check_cells(judge: Judge, space: Space) -> Iterator[Remark]:
    """Uses, and licensees of another sector or seat, of which no rule that the house chose or wrote can ever speak."""
    house = [rule for rule in judge.policy.rules if rule.pack != BASELINE]
    if not house:
        return
    silent: dict[str, list[tuple[Case, Mapping[str, Value]]]] = {}
    own = {use: case_of(judge, use, next(iter(judge.parties(use)))) for use in judge.policy.uses}
    for use, case in own.items():
        cases = [case, *cases_of_other_entities(judge, use)]
        told = [(each, _told(each, house)) for each in cases]
        silent[use] = [(each, facts) for each, facts in told if not _spoken_of(facts, house, space)]
    for use, cells in silent.items():
        part = judge.policy.uses[use]
        place = (part.document, part.where)
        if any(case is own[use] for case, _ in cells):
            message = f"no rule of the house can apply to `{use}`, whatever the model"
            way = "write a rule for it, or extend a pack that speaks of such uses"
            yield remark("use-without-rule", "note", place, message, way, key=True, witness=_shown(cells[0][1], use))
            continue
        for case, facts in _distinct(cells):
            sector, seat = case.party.get("sector"), case.party.get("jurisdiction")
            who = f"{case.party.get('name')} ({sector or 'sector not stated'}, {seat or 'seat not stated'})"
            message = f"no rule of the house speaks of `{use}` for {who}"
            way = "write a rule for it if that company is to use the model as well"
            yield remark("cell-without-rule", "note", place, message, way, key=True, witness=_shown(facts, use))


def _told(case: Case, rules: Sequence[Rule]) -> Mapping[str, Value]:
    """The facts of organisation and use that the rules read and that are known in a case."""
    names = {fact for rule in rules for fact in rule.reads if fact.startswith(("organisation.", "use."))}
    names |= {"organisation.sector", "organisation.jurisdiction"}
    values = {name: case.fact(name).value for name in sorted(names)}
    return {name: value for name, value in values.items() if value is not None}


def _spoken_of(facts: Mapping[str, Value], rules: Sequence[Rule], space: Space) -> bool:
    box = {name: _exactly(value) for name, value in facts.items()}
    return any(space.fires(rule, within=box) is not None for rule in rules)


def _exactly(value: Value) -> Region:
    """The region that holds one value."""
    if isinstance(value, Money):
        return Region(words=Words(frozenset({value.currency})), low=value.amount, high=value.amount)
    if isinstance(value, int):
        return Region(low=value, high=value)
    if isinstance(value, str):
        return Region(words=Words(frozenset({value})))
    return Region(words=Words(value), hits=tuple(Words(frozenset({word})) for word in value))


def _shown(facts: Mapping[str, Value], use: str) -> dict[str, Any]:
    return {"use.name": use, **facts}


def _distinct(cells: Sequence[tuple[Case, Mapping[str, Value]]]) -> list[tuple[Case, Mapping[str, Value]]]:
    """One cell for each sector and seat."""
    found: dict[tuple[Any, Any], tuple[Case, Mapping[str, Value]]] = {}
    for case, facts in cells:
        found.setdefault((case.party.get("sector"), case.party.get("jurisdiction")), (case, facts))
    return list(found.values())
