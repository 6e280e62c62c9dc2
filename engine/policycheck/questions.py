"""The next best question: which missing key to ask for, in which words, and how an answer is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.documents import Document, Where, read_file
from policycheck.edit import put
from policycheck.errors import UsageError
from policycheck.near import near_models
from policycheck.policy import read_policy
from policycheck.report import Report
from policycheck.schema import schema
from policycheck.variation import path_of

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
_MOST_NUMBERED = 100
_NONE = ("none", "[]", "no", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question to the author: its words, and which answers fit."""

    key: str
    """The key that is missing, as the report names it."""
    asks: str
    why: str
    form: str
    """yes-no, word, words, word-or-words, count, amount, names, texts, text or rate."""
    words: Mapping[str, str] = field(default_factory=dict)
    """The words to choose from, each with its sentence."""
    verdicts: int = 0
    """How many verdicts the answer may settle."""

    def chosen(self, text: str) -> str:
        """The word of that number in the list that was shown, or what was written."""
        meant = self.numbered and text.isdecimal() and 0 < int(text) <= len(self.words)
        return list(self.words)[int(text) - 1] if meant else text

    @property
    def numbered(self) -> bool:
        """Whether a word may be chosen by its number; nobody chooses a country by one."""
        return 0 < len(self.words) <= _MOST_NUMBERED


def next_questions(report: Report) -> Iterator[Question]:
    """The questions that may still move a verdict of the report, the one that may settle most of them first."""
    for each in report.ask:
        yield question_for(each["key"], report.policy.document, report.catalog, verdicts=each["verdicts"])


def question_for(key: str, document: Document, catalog: Catalog, *, verdicts: int = 0) -> Question:
    """The question for a key of a policy, `organisation.mau for 2025-03` included."""
    name, _, month = key.partition(" for ")
    where = path_of(name, document.data)
    said, filled = _phrase(where, document.data)
    node = _node(where, catalog)
    filled["month"] = f" ({month})" if month else ""
    asked = _texts().get(said) or _texts().get(said.replace("affiliate.", "organisation.")) or {}
    asks = asked.get("asks") or f"`{name}`: {node.get('description', 'what is it?')}"
    fits = _PLACEHOLDER.sub(lambda found: str(filled.get(found[1], found[0])), asks)
    form, words = ("rate", {}) if said == "rate" else _form(node, catalog)
    return Question(key=key, asks=fits, why=asked.get("why", ""), form=form, words=words, verdicts=verdicts)


def opening(name: str, catalog: Catalog) -> Question:
    """A question that only a new policy raises: template, use-name or models."""
    words = catalog.vocabulary.words("templates") if name == "template" else {}
    forms = {"template": "word", "models": "texts"}
    said = _texts()[name]
    return Question(key=name, asks=said["asks"], why=said["why"], form=forms.get(name, "text"), words=words)


def answered(document: Document, question: Question, catalog: Catalog, today: date, text: str) -> Document:
    """The document with the answer in `text` written into it.

    Raises UsageError where the answer does not fit the question, and DocumentError where the policy is wrong with it.
    """
    value: Any = value_of(question, text, today)
    name, _, month = question.key.partition(" for ")
    where = path_of(name, document.data)
    _known(question, value, catalog)
    if month:
        where, value = (*where, _length(document.data, where)), {"month": month, "value": value}
    changed = put(document, where, value)
    if question.form == "rate":
        changed = put(changed, (*where[:-1], "on"), today.isoformat())
    read_policy(changed, catalog, today)
    return changed


def _known(question: Question, value: Any, catalog: Catalog) -> None:
    """Refuses a name that no catalog has where it would be compared with none, and so count as harmless."""
    publishers = question.key.endswith(("competes_with", "disputes"))
    if not publishers and question.key != "models":
        return
    if question.key == "models" and not value:
        raise UsageError("name at least one model; without this list, the whole catalog is judged")
    for each in value:
        name = each["against"] if isinstance(each, dict) else each
        if (catalog.resolve_publisher(name) if publishers else catalog.resolve_model(name)) is not None:
            continue
        near = [catalog.vocabulary.suggestion(name, catalog.publishers)] if publishers else near_models(name, catalog)
        close = ", ".join(f"`{found}`" for found in near if found)
        end = f"; close are {close}" if close else "; it can be added to the file by hand"
        raise UsageError(f"no {'publisher' if publishers else 'model'} of the catalog is called `{name}`{end}")


def value_of(question: Question, text: str, today: date) -> Any:
    """An answer as the policy writes it; raises UsageError where it does not fit the question."""
    text = text.strip()
    if question.form == "yes-no":
        if text.lower() not in _YES:
            raise UsageError(f"`{text}` is neither yes nor no")
        return _YES[text.lower()]
    if question.form in ("words", "names", "texts"):
        parts = [] if text.lower() in _NONE else [part.strip() for part in re.split(_comma(question), text)]
        chosen = list(dict.fromkeys(question.chosen(part) for part in parts if part))
        return [{_named(question): part} for part in chosen] if question.form == "names" else chosen
    if question.form == "rate":
        number, _, currency = text.partition(" ")
        asked = question.key.rpartition(".")[2]
        if currency.strip().upper() not in ("", asked):
            raise UsageError(f"`{text}` is in another currency; write how many {asked}, as 1.08")
        return number
    if question.form == "word-or-words":
        several = list(dict.fromkeys(question.chosen(part.strip()) for part in re.split("[,;]", text) if part.strip()))
        return several[0] if len(several) == 1 else several
    return int(text) if question.form == "count" and _WHOLE.fullmatch(text) else question.chosen(text)


def _comma(question: Question) -> str:
    # Company names hold commas: Kestrel Desk, Inc.
    return ";" if question.form == "names" or question.key.endswith("competes_with") else "[,;]"


def _named(question: Question) -> str:
    return "against" if question.key.endswith("disputes") else "name"


def _length(data: Any, where: Where) -> int:
    for part in where:
        data = data[part]
    return len(data)


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = read_file(shipped.folder("policies") / "questions.yaml").data["questions"]
    return found


def _phrase(where: Where, data: Any) -> tuple[str, dict[str, Any]]:
    """The name under which a key has its words, and whom or what it is about."""
    parts, filled, head = list(where), dict[str, Any](), ""
    node = data
    while len(parts) > 1:
        part = parts[0]
        node = node.get(part, {}) if isinstance(node, dict) else node[part] if isinstance(part, int) else {}
        if part == "uses":
            filled["use"], head, parts = parts[1], "use", parts[1:]
            node = node.get(parts[0], {})
        elif part in ("organisation", "client", "use"):
            head = "use" if part == "use" else "organisation"
            filled.setdefault("use", "default")
            if part != "use":
                filled["subject"] = node.get("name", "the client")
        elif part == "affiliates" and len(parts) > 2:
            head, node, parts = "affiliate", node[parts[1]], parts[1:]
            filled["subject"] = node.get("name", "the affiliate")
        elif part in ("group", "provider"):
            head = str(part)
        elif part == "exchange_rates":
            return "rate", {"currency": parts[1], "other": parts[2]}
        else:
            head = f"{head}.{part}" if head else str(part)
        parts = parts[1:]
    return f"{head}.{parts[0]}" if head else str(parts[0]), filled


def _node(where: Where, catalog: Catalog) -> Mapping[str, Any]:
    """The part of the schema that says what may stand at a path; empty where there is none."""
    if "org-words" not in catalog.vocabulary.memory:
        catalog.vocabulary.memory["org-words"] = schema("org", catalog.vocabulary)
    root = catalog.vocabulary.memory["org-words"]
    node: Mapping[str, Any] = root
    for part in where:
        options = [_resolved(each, root) for each in (node, *node.get("anyOf", ()))]
        inner: Any = next((each for each in (_inner(option, part) for option in options) if each), {})
        node = _resolved(inner, root)
    return node


def _inner(node: Mapping[str, Any], part: str | int) -> Any:
    if isinstance(part, int):
        return node.get("items")
    more = node.get("additionalProperties")
    return node.get("properties", {}).get(part) or (more if isinstance(more, dict) else None)


def _resolved(node: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    name = node.get("$ref", "").removeprefix("#/$defs/")
    return {**root["$defs"][name], **node} if name else node


def _form(node: Mapping[str, Any], catalog: Catalog) -> tuple[str, Mapping[str, str]]:
    """Which answers a part of the schema takes, and the words to choose from."""
    expects = node.get("x-expects", "")
    if node.get("type") == "boolean" or "`false`, `true` or" in expects:
        return "yes-no", {}
    if "x-words" in node:
        return "word", catalog.vocabulary.words(node["x-words"])
    if node.get("type") == "array":
        item = node.get("items", {})
        item = _resolved(item, catalog.vocabulary.memory["org-words"])
        words = catalog.vocabulary.words(item["x-words"]) if "x-words" in item else {}
        return ("names" if item.get("type") == "object" else "words" if words else "texts"), words
    for option in node.get("anyOf", ()):
        if "x-words" in option:
            return "word-or-words", catalog.vocabulary.words(option["x-words"])
    return ("amount" if "sum of money" in expects else "count" if "whole number" in expects else "text"), {}
