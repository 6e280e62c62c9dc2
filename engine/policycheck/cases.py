"""Cases of a policy: files that say which verdict their author expects, read and checked whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policycheck.catalog import Catalog
from policycheck.documents import Document, Mark, Where, read_file
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.near import near_models
from policycheck.policy import ModelRef, Policy, read_policy
from policycheck.schema import problems
from policycheck.subjects import ref_named
from policycheck.variation import path_of, rehomed, with_mapping
from policycheck.vocabulary import suggestion

UNKNOWN_MODEL = "model-unknown"
# The finding that names the choice between alternative licenses; no pack has a rule for it.
_ALWAYS = frozenset({"license-choice"})
_OTHERS = {"policy_version": "a policy", "pack": "a pack of rules", "answers": "answers for a starter policy"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the author of a case expects; lists that were left out expect nothing."""

    verdict: str
    rules: tuple[str, ...] = ()
    not_rules: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCase:
    """A policy, a model, a use and a day, and the verdict that is expected of them."""

    document: Document
    """The file it stands in."""
    where: Where
    name: str
    why: str | None
    policy: Policy
    model: ModelRef
    use: str
    today: date
    expected: Expected

    @property
    def written(self) -> Mapping[str, Any]:
        """The case as its file has it."""
        found: Mapping[str, Any] = self.document.data[self.where[0]][self.where[1]]
        return found


def case_files(paths: Iterable[Path]) -> tuple[list[Document], dict[str, str]]:
    """The case files at `paths` and in the folders among them, and what other documents there are passed over.

    Raises DocumentError for a file that can't be read, and UsageError where there is no case file at all.
    """
    found: list[Document] = []
    others: dict[str, str] = {}
    wrong: list[Problem] = []
    for path in dict.fromkeys(each for given in paths for each in _below(given)):
        try:
            document = read_file(path)
        except DocumentError as error:
            wrong += error.problems
            continue
        keys = document.data if isinstance(document.data, dict) else {}
        other = next((what for key, what in _OTHERS.items() if key in keys and "cases" not in keys), None)
        if other:
            others[document.file] = other
        else:
            found.append(document)
    if wrong:
        raise DocumentError(wrong)
    if not found:
        raise UsageError(f"no case file is at {', '.join(f'`{path}`' for path in paths)}; it is YAML with `cases:`")
    return found, others


def _below(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given]
    inside = (path for ending in ("yaml", "yml") for path in given.rglob(f"*.{ending}") if path.is_file())
    return sorted(path for path in inside if not any(part[0] == "." for part in path.relative_to(given).parts))


def read_cases(files: Iterable[Document], catalog: Catalog, today: date) -> list[PolicyCase]:
    """Every case of the files, in order; raises DocumentError with all problems of all files.

    `today` is the day of the cases that name none.
    """
    found: list[PolicyCase] = []
    wrong: list[Problem] = []
    for document in files:
        bad = problems(document, "case", catalog.vocabulary)
        file = CaseFile(document, catalog, today)
        wrong += bad or file.same_name_twice()
        for index in range(len(document.data["cases"]) if not bad else 0):
            try:
                found.append(file.case(index))
            except DocumentError as error:
                wrong += error.problems
    if wrong:
        raise DocumentError(wrong)
    return found


class CaseFile:
    """A case file that passed its schema, and the policies its cases begin with."""

    def __init__(self, document: Document, catalog: Catalog, today: date) -> None:
        self.document, self.catalog, self.today = document, catalog, today
        self.top = document.data
        self.inline = _marks_of_policies(document)
        self.files: dict[str, Document] = {}

    def same_name_twice(self) -> list[Problem]:
        """Problems of cases that have the name of one above."""
        first: dict[str, int] = {}
        found = []
        for index, each in enumerate(self.top["cases"]):
            where = ("cases", index, "case")
            if each["case"] in first:
                message = f"a case called `{each['case']}` stands in line {first[each['case']]} already"
                found.append(self.document.problem(where, message))
            first.setdefault(each["case"], self.document.mark(where)[0])
        return found

    def case(self, index: int) -> PolicyCase:
        """The case of that number, from 0; raises DocumentError with every problem of it."""
        where: Where = ("cases", index)
        data = self.top["cases"][index]
        today = date.fromisoformat(self._given(where, "today", self.today.isoformat())[0])
        policy = self._policy(where, data, today)
        use = self._use(where, policy)
        expected = Expected(
            verdict=data["verdict"],
            rules=tuple(data.get("rules", ())),
            not_rules=tuple(data.get("not_rules", ())),
            cites=tuple(str(section) for section in data.get("cites", ())),
        )
        wrong = [*self._unknown_rules(where, policy, expected)]
        model = self._model(where, policy, expected)
        if wrong or isinstance(use, Problem) or isinstance(model, Problem):
            raise DocumentError([*wrong, *(each for each in (use, model) if isinstance(each, Problem))])
        return PolicyCase(
            document=self.document,
            where=where,
            name=data["case"],
            why=data.get("why"),
            policy=policy,
            model=model,
            use=use,
            today=today,
            expected=expected,
        )

    def _given(self, where: Where, key: str, default: Any = None) -> tuple[Any, Where]:
        """The value of `key` in the case, else at the top of the file, and where it stands."""
        data = self.top["cases"][where[1]]
        if key in data:
            return data[key], (*where, key)
        return self.top.get(key, default), (key,)

    def _policy(self, where: Where, data: Any, today: date) -> Policy:
        base = self._base(where)
        homes = [at for at, there in ((("set",), self.top), ((*where, "set"), data)) if "set" in there]
        changed, wrong = base, list[Problem]()
        for at in homes:
            changed, bad = with_mapping(changed, self.document, at)
            wrong += [*bad, *self._other_uses(where, base, at)]
        try:
            policy = read_policy(changed, self.catalog, today)
        except DocumentError as error:
            if homes:
                read_policy(base, self.catalog, today)
            told = rehomed(error.problems, base, self.document, homes) if homes else error.problems
            raise DocumentError([*wrong, *told]) from None
        if wrong:
            raise DocumentError(wrong)
        return policy

    def _other_uses(self, where: Where, base: Document, at: Where) -> Iterator[Problem]:
        """Keys that are set in a use which the policy lacks and the case does not judge: it would judge another."""
        part = self.top["set"] if at == ("set",) else self.top["cases"][where[1]]["set"]
        if not isinstance(base.data, dict):
            return
        there = [*base.data.get("uses", ("default",)), self._given(where, "use")[0]]
        for key in part:
            path = path_of(key, base.data)
            if path[:1] == ("uses",) and len(path) > 1 and path[1] not in there:
                meant = suggestion(str(path[1]), [use for use in there if use])
                end = f"; did you mean `{meant}`?" if meant else ""
                yield self.document.problem((*at, key), f"the policy has no use called `{path[1]}`{end}", key=True)

    def _base(self, where: Where) -> Document:
        """The policy that a case begins with, before anything is set."""
        given, at = self._given(where, "policy")
        if given is None:
            raise self._bad(where, "`policy` is missing: its path, here or at the top of the file")
        if isinstance(given, dict):
            data = {"policy_version": 1, **given}
            return Document(self.document.file, data, *self.inline[at])
        if given not in self.files:
            self.files[given] = self._read(given, at)
        return self.files[given]

    def _read(self, given: str, at: Where) -> Document:
        path = Path(self.document.file).parent / given
        try:
            return read_file(path)
        except DocumentError as error:
            whole = next((problem for problem in error.problems if not problem.line), None)
            if whole is None:
                raise
            near = suggestion(path.name, [each.name for each in path.parent.glob("*.y*ml")])
            end = f"; did you mean `{(Path(given).parent / near).as_posix()}`?" if near else ""
            raise self._bad(at, f"`{given}`, as seen from this file: {whole.message}{end}") from None

    def _use(self, where: Where, policy: Policy) -> str | Problem:
        given, at = self._given(where, "use")
        listed = ", ".join(f"`{use}`" for use in policy.uses)
        if given in policy.uses:
            return str(given)
        if given is not None:
            meant = suggestion(given, policy.uses)
            end = f"; did you mean `{meant}`?" if meant else f"; it has {listed}"
            return self.document.problem(at, f"the policy has no use called `{given}`{end}", suggestion=meant)
        if len(policy.uses) > 1:
            return self.document.problem(where, f"`use` is missing: the policy has {listed}")
        return next(iter(policy.uses))

    def _model(self, where: Where, policy: Policy, expected: Expected) -> ModelRef | Problem:
        given, at = self._given(where, "model")
        if given is None:
            return self.document.problem(where, "`model` is missing: its name, here or at the top of the file")
        ref = ref_named(given, policy, self.catalog)
        if ref.own or self.catalog.resolve_model(ref.name) or UNKNOWN_MODEL in expected.rules:
            return ref
        near = near_models(given, self.catalog)
        end = f"did you mean `{near[0]}`?" if near else f"if that is meant, expect the rule `{UNKNOWN_MODEL}`"
        message = f"neither the catalog nor the policy knows the model `{given}`; {end}"
        return self.document.problem(at, message, suggestion=near[0] if near else None)

    def _unknown_rules(self, where: Where, policy: Policy, expected: Expected) -> Iterator[Problem]:
        known = {rule.id for rule in policy.rules} | _ALWAYS
        for key, names in (("rules", expected.rules), ("not_rules", expected.not_rules)):
            for index, name in enumerate(names):
                if name in known:
                    continue
                pack = next((p for p, d in self.catalog.data["packs"].items() if _has(d, name)), None)
                meant = None if pack else suggestion(name, known)
                end = f"; it belongs to the pack `{pack}`, which the policy does not extend" if pack else ""
                end = f"; did you mean `{meant}`?" if meant else end
                message = f"no rule in force is called `{name}`{end}"
                yield self.document.problem((*where, key, index), message, suggestion=meant)
        for index, name in enumerate(expected.rules):
            if name in expected.not_rules:
                yield self.document.problem((*where, "rules", index), f"`{name}` stands under `not_rules` as well")

    def _bad(self, where: Where, message: str) -> DocumentError:
        return DocumentError([self.document.problem(where, message)])


def _has(pack: Any, rule: str) -> bool:
    return any(each["id"] == rule for each in pack["rules"])


def _marks_of_policies(document: Document) -> dict[Where, tuple[dict[Where, Mark], dict[Where, Mark]]]:
    """For each policy written out in the file, the places of its parts as paths of their own."""
    found: dict[Where, tuple[dict[Where, Mark], dict[Where, Mark]]] = {}
    for number, marks in enumerate((document.values, document.keys)):
        for where, mark in marks.items():
            at = next((depth for depth in (1, 3) if where[depth - 1 : depth] == ("policy",)), None)
            if at is not None:
                found.setdefault(where[:at], ({}, {}))[number][where[at:]] = mark
    return found
