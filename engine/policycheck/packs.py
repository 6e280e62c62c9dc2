"""Which rules are in force: baseline, the packs that are extended, and the organisation's own."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from policycheck.catalog import Catalog
from policycheck.documents import Document, read_file
from policycheck.errors import DocumentError, Problem
from policycheck.named import by_id
from policycheck.rules import Rule, rules_from
from policycheck.schema import problems, refused
from policycheck.sound import sound

BASELINE = "baseline"


def rules_in_force(policy: Document, catalog: Catalog) -> tuple[list[str], list[Rule], list[Problem]]:
    """Names of the packs in force, all rules, and what is wrong with them."""
    names: list[str] = []
    rules: dict[str, Rule] = {}
    sources: dict[str, Any] = {}
    shipped: set[str] = set()
    wrong: list[Problem] = []
    extended: list[Any] = policy.data.get("extends", [])
    wanted: list[tuple[int | None, str]] = [] if BASELINE in policy.data.get("without", ()) else [(None, BASELINE)]
    wanted += [(index, name) for index, name in enumerate(extended) if name not in (BASELINE, "")]
    for index, name in wanted:
        try:
            document = _pack(name, policy, catalog)
        except DocumentError as error:
            wrong += error.problems
            continue
        if document is None:
            meant = catalog.vocabulary.suggestion(name, catalog.data["packs"])
            end = f"; did you mean `{meant}`?" if meant else f"; shipped are {_listed(catalog)}, or give a path"
            wrong.append(policy.problem(("extends", index or 0), f"no pack `{name}`{end}", suggestion=meant))
            continue
        names.append(document.data["pack"])
        found, bad = rules_from(document, "rules", document.data["pack"], catalog.vocabulary)
        wrong += bad
        for number, rule in enumerate(found):
            source = document.data["rules"][number]
            if rule.id in rules and sources[rule.id] != source:
                wrong.append(_taken(document, number, rules[rule.id]))
            rules.setdefault(rule.id, rule)
            sources.setdefault(rule.id, source)
        if name in catalog.data["packs"]:
            shipped.update(rule.id for rule in found)
        elif catalog.data["packs"].get(document.data["pack"], document.data) != document.data:
            message = f"`{document.data['pack']}` is the name of a shipped pack; choose another"
            wrong.append(document.problem(("pack",), message))
    own, bad = rules_from(policy, "rules", "own", catalog.vocabulary)
    wrong += bad
    for rule in own:
        if rule.id in rules:
            wrong.append(_taken(policy, int(rule.where[1]), rules[rule.id]))
        rules.setdefault(rule.id, rule)
    wrong += _overrides(rules, shipped, policy, catalog)
    wrong += _cycles(rules)
    return names, [by_id(rule, catalog) for rule in rules.values()], wrong


def _listed(catalog: Catalog) -> str:
    return ", ".join(f"`{name}`" for name in sorted(catalog.data["packs"]))


def _pack(name: str, policy: Document, catalog: Catalog) -> Document | None:
    if name in catalog.data["packs"]:
        return Document(f"{name}.yaml", catalog.data["packs"][name], {}, {})
    if "/" not in name and "\\" not in name and not name.endswith((".yaml", ".yml")):
        return None
    if leads_out(name):
        where = ("extends", policy.data["extends"].index(name))
        raise DocumentError(
            [policy.problem(where, f"`{name}` leads out of this folder; put the pack beside this file")]
        )
    folder = Path(policy.file).parent
    shown = (folder / name).as_posix()
    document = read_file((policy.folder or folder) / name, shown=shown)
    if wrong := problems(document, "pack", catalog.vocabulary):
        rest = sound(document, refused(document, "pack", catalog.vocabulary))
        if rest is not None:
            wrong += rules_from(rest, "rules", name, catalog.vocabulary)[1]
        raise DocumentError(wrong)
    return document


def leads_out(name: str) -> bool:
    """Whether the path of a pack leads out of the policy's folder, on any system: a policy moves between them."""
    return any(path.anchor or ".." in path.parts for path in (PurePosixPath(name), PureWindowsPath(name)))


def _taken(document: Document, number: int, first: Rule) -> Problem:
    home = "this file" if first.pack == "own" else f"the pack `{first.pack}`"
    return document.problem(
        ("rules", number, "id"), f"the rule id `{first.id}` is in force already, from {home}; choose another id"
    )


def _overrides(rules: dict[str, Rule], shipped: set[str], policy: Document, catalog: Catalog) -> list[Problem]:
    """Rules of the house that take away what is not theirs, or nothing; who wrote a rule may write its exception."""
    wrong: list[Problem] = []
    written = {data.get("id") for data in policy.data.get("rules", ())}  # Those that the schema refuses, too.
    for rule in rules.values():
        if rule.id in shipped or rule.document is None:
            continue
        for index, target in enumerate(rule.overrides):
            where = (*rule.where, "overrides", index)
            found = rules.get(target)
            if found is None and target not in written:
                meant = catalog.vocabulary.suggestion(target, rules)
                end = f"; did you mean `{meant}`?" if meant else ""
                message = f"no rule in force is called `{target}`{end}"
                wrong.append(rule.document.problem(where, message, suggestion=meant))
            elif found is not None and found.basis != "house" and target in shipped:
                message = f"`{target}` rests on the {found.basis}; a rule of the house can't take it away"
                wrong.append(rule.document.problem(where, message))
    return wrong


def _cycles(rules: dict[str, Rule]) -> list[Problem]:
    wrong: list[Problem] = []
    for rule in rules.values():
        seen, todo = set[str](), list(rule.overrides)
        while todo:
            name = todo.pop()
            if name == rule.id and rule.document is not None:
                message = f"`{rule.id}` takes itself away, through `overrides` in a circle"
                wrong.append(rule.document.problem((*rule.where, "overrides"), message))
                break
            if name in rules and name not in seen:
                seen.add(name)
                todo += rules[name].overrides
    return wrong
