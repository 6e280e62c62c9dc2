"""Whether every word of the vocabulary is explained by a sentence, and used somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from policycheck.checks import LISTS
from policycheck.documents import Document
from policycheck.schema import schema
from policycheck.upkeep.remark import Remark, remark
from policycheck.vocabulary import Vocabulary

# A user may write any word of a list that one of these schemas offers.
_OFFERED: Final = ("org", "answers", "case", "pack")
_FILED: Final = {"license": "license", "models": "models", "hosts": "hosts"}


def explained(document: Document) -> Iterator[Remark]:
    """Words whose explanation is no sentence."""
    data = document.data
    for name, words in data["words"].items():
        for word, sentence in words.items():
            yield from _sentence(document, ("words", name, word), word, sentence)
    for duty, sentence in data["duties"].items():
        yield from _sentence(document, ("duties", duty), duty, sentence)
    for kind in ("facts", "clauses"):
        for name, spec in data[kind].items():
            yield from _sentence(document, (kind, name), name, spec.get("means", ""))


def _sentence(document: Document, where: tuple[str, ...], word: str, sentence: str) -> Iterator[Remark]:
    if not sentence.strip().endswith("."):
        yield remark(document, where, "word-unexplained", f"`{word}` is explained by no sentence that ends with a dot")


def used(documents: Mapping[str, list[Document]]) -> Iterator[Remark]:
    """Words that no document uses and no schema or fact offers to those who write policies and rules."""
    (document,) = documents["vocabulary"]
    vocabulary = Vocabulary(document.data)
    offered = {name for kind in _OFFERED for name in _lists(schema(kind))}
    found = _in_files(documents, vocabulary)
    filed = {name for kind in _FILED.values() for name in _lists(schema(kind))} | _of_clauses(vocabulary)
    derived = {fact.words for fact in vocabulary.facts.values() if fact.words} - filed
    for name, words in document.data["words"].items():
        if name in offered or name in derived:
            continue
        for word in words:
            if (name, word) not in found:
                message = f"`{word}` of `{name}` is used by no license, model, host or pack"
                yield remark(document, ("words", name, word), "word-unused", message)
    stated = {fact["fact"] for each in documents["license"] for fact in each.data["facts"]}
    for kind in ("duties", "clauses"):
        for name in document.data[kind]:
            if name not in stated:
                yield remark(document, (kind, name), "word-unused", f"no license states `{name}`")


def _of_clauses(vocabulary: Vocabulary) -> set[str]:
    """The lists of words from which clauses of a license take their value."""
    specs = vocabulary.clauses.values()
    return {str(spec["words"]) for spec in specs if "words" in spec} | set(LISTS.values())


def _lists(node: Any) -> Iterator[str]:
    """The lists of words that a schema refers to."""
    if isinstance(node, dict):
        if "x-words" in node:
            yield node["x-words"]
        for child in node.values():
            yield from _lists(child)
    elif isinstance(node, list):
        for child in node:
            yield from _lists(child)


def _in_files(documents: Mapping[str, list[Document]], vocabulary: Vocabulary) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for kind, name in _FILED.items():
        root = schema(name)
        for document in documents[kind]:
            found.update(_walk(document.data, root, root))
    for document in documents["license"]:
        for fact in document.data["facts"]:
            spec = vocabulary.clauses[fact["fact"]]
            listed = spec.get("words") or LISTS.get(spec.get("form", ""))
            values = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
            found.update((str(listed), _word(value)) for value in values if listed)
    for document in documents["pack"]:
        for rule in document.data["rules"]:
            found.update(_in_rule(rule["when"], vocabulary))
    return found


def _walk(data: Any, node: Any, root: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The words in a document, each with the list that its schema takes it from."""
    if "$ref" in node:
        node = {**root["$defs"][node["$ref"].removeprefix("#/$defs/")], **node}
    if "x-words" in node and not isinstance(data, dict | list):
        yield node["x-words"], _word(data)
    for option in node.get("anyOf", ()):
        yield from _walk(data, option, root)
    if isinstance(data, dict):
        more = node.get("additionalProperties")
        for key, value in data.items():
            inner = node.get("properties", {}).get(key, more)
            yield from _walk(value, inner, root) if isinstance(inner, dict) else ()
    elif isinstance(data, list) and isinstance(node.get("items"), dict):
        for value in data:
            yield from _walk(value, node["items"], root)


def _in_rule(when: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for name, test in when.items():
        if name == "any":
            for group in test:
                yield from _in_rule(group, vocabulary)
            continue
        listed = vocabulary.facts[name].words
        for value in _flat(test) if listed else ():
            yield str(listed), _word(value)


def _flat(test: Any) -> Iterable[Any]:
    values = test.values() if isinstance(test, dict) else [test]
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
