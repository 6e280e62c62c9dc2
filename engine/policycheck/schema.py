"""JSON Schemas of every document, and their failures said in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from policycheck import outputs
from policycheck.advice import (
    COUNTRY,
    PLACE,
    advice,
    currency_hint,
    date_hint,
    hint,
    month_hint,
    odd_characters,
    rate_hint,
    share_hint,
    shown,
    span_hint,
)
from policycheck.documents import MOST_PROBLEMS, Document, Where
from policycheck.errors import Problem
from policycheck.vocabulary import Vocabulary

_TYPES = {
    "object": "a mapping (`key: value`)",
    "array": "a list",
    "string": "a word or text",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
}
_NOUNS = {
    "countries": "country",
    "places": "country or group",
    "fields_of_use": "field of use",
    "data_classes": "data class",
    "businesses": "business",
    "bases": "basis",
    "law_statuses": "status of a law",
    "unknowns": "outcome",
    "unmatched": "word",
}
_PLACES = {
    "countries": COUNTRY,
    "places": PLACE,
    "places_or_worldwide": f"{COUNTRY}, a group, as `EU`, or `worldwide`",
}


@cache
def _raw(name: str) -> str:
    return Path(__file__).with_name("schemas").joinpath(f"{name}.json").read_text(encoding="utf-8")


def schema(name: str, vocabulary: Vocabulary | None = None, *, hover: bool = False) -> dict[str, Any]:
    """The JSON Schema (2020-12) schemas/NAME.json, with all words; `hover` adds their sentences."""
    found: dict[str, Any] = outputs.whole(json.loads(_raw(name)), lambda: json.loads(_raw("report")))
    if vocabulary is not None:
        _fill(found, vocabulary, hover)
    return found


def _fill(node: Any, vocabulary: Vocabulary, hover: bool) -> None:
    if isinstance(node, dict) and "x-words" in node:
        words = vocabulary.words(node["x-words"])
        node |= {"enum": list(words)} | ({"enumDescriptions": list(words.values())} if hover else {})
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _fill(child, vocabulary, hover)


def problems(document: Document, name: str, vocabulary: Vocabulary | None) -> list[Problem]:
    """Everything in `document` that the schema called `name` refuses, in the words of its descriptions."""
    if _valid(document, name, vocabulary):
        return []
    validator = _validator(name, vocabulary)
    found: dict[tuple[int, int, str], Problem] = {}
    speaker = _Speaker(document, vocabulary, validator.schema)
    for problem in (each for error in validator.iter_errors(document.data) for each in speaker.say(error)):
        found.setdefault((problem.line, problem.column, problem.path), problem)
        if len(found) == MOST_PROBLEMS:
            break
    return sorted(found.values())


def _validator(name: str, vocabulary: Vocabulary | None) -> Any:
    """The validator that says where and why a document is wrong."""
    # jsonschema takes most of a start-up's time; whose documents are all in order does not pay for it.
    from jsonschema import Draft202012Validator

    made = vocabulary.memory if vocabulary is not None else {}
    if name not in made:
        # `$` of a JSON Schema is the end of the text; Python's also stands before a line break at the end.
        rules = json.loads(json.dumps(schema(name, vocabulary)).replace('$"', '\\\\Z"'))
        made[name] = Draft202012Validator(rules, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return made[name]


_BORNE = ("required", "uniqueItems", "minItems")


def refused(document: Document, name: str, vocabulary: Vocabulary) -> Iterator[tuple[Where, Any]]:
    """Each part that the schema called `name` refuses as it is, and what may stand there to check the rest; None: none.

    A mapping that lacks a key is not one of them, unless it is a rule, nor a list in which something stands twice.
    """
    for error in _validator(name, vocabulary).iter_errors(document.data):
        where: Where = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            yield from (
                ((*where, key), None) for key in error.instance if key not in error.schema.get("properties", {})
            )
        elif (error.validator not in _BORNE and "propertyNames" not in error.schema_path) or where[:1] == ("rules",):
            yield where, {} if error.validator == "type" and error.validator_value == "object" else None


def _valid(document: Document, name: str, vocabulary: Vocabulary | None) -> bool:
    """Whether the compiled validator, which knows no words, finds nothing wrong; False where none is installed."""
    try:
        import jsonschema_rs
    except ImportError:
        return False
    made = vocabulary.memory if vocabulary is not None else {}
    compiled = f"{name}, compiled"
    if compiled not in made:
        made[compiled] = jsonschema_rs.validator_for(schema(name, vocabulary), validate_formats=True)
    return bool(made[compiled].is_valid(document.data))


class _Speaker:
    """Says what jsonschema found, where it stands and what to write instead."""

    def __init__(self, document: Document, vocabulary: Vocabulary | None, root: Mapping[str, Any]) -> None:
        self.document = document
        self.vocabulary = vocabulary or Vocabulary({})
        self.root = root

    def say(self, error: Any) -> Iterator[Problem]:
        where: Where = tuple(error.absolute_path)
        if "propertyNames" in list(error.schema_path)[-2:-1]:
            expects, key = error.schema.get("x-expects") or self._words(error.schema), str(error.instance)
            message = f"`{shown(key)}`{odd_characters(key)} can't be a key here; expected {expects}"
            yield self.document.problem((*where, key), message, key=True)
            return
        yield from getattr(self, f"_{error.validator}", self._plain)(error, where)

    def _resolved(self, node: Any) -> Mapping[str, Any]:
        """A part of the schema, the one that it refers to merged in."""
        node = node if isinstance(node, dict) else {}
        name = node.get("$ref", "").removeprefix("#/$defs/")
        return {**self.root["$defs"][name], **node} if name else node

    def _plain(self, error: Any, where: Where) -> Iterator[Problem]:
        value, schema = error.instance, error.schema
        expects = schema.get("x-expects") or self._words(schema)
        said = ""
        if "whole number" in expects or "sum of money" in expects:
            said = hint(value, money="sum of money" in expects)
        elif re.search(r"\ba day\b", expects):
            said = date_hint(value)
        elif where[-1:] == ("any",) and "any" in where[:-1]:
            said = "`any` can't stand inside `any`"
        elif "a month," in expects:
            said = month_hint(value)
        elif expects.startswith("a share"):
            said = share_hint(value)
        elif expects.startswith("a currency"):
            said = currency_hint(value, self.vocabulary.data.get("currencies", {}))
        elif expects.startswith("a number above zero"):
            said = rate_hint(value)
        elif expects.startswith("a length of time"):
            said = span_hint(value)
        if not {"x-expects", "enum"} & schema.keys():
            said = said or advice(schema.get("type") or schema.get("const"), value)
        said = said or self._shape(schema, value)
        odd = odd_characters(str(value)) if error.validator in ("pattern", "anyOf") else ""
        yield self.document.problem(where, f"expected {expects}, found `{shown(value)}`{odd}{said and f'; {said}'}")

    def _shape(self, schema: Any, value: Any) -> str:
        """What to write instead of a list where one thing is meant, or of something else where a mapping is."""
        found = self._resolved(schema)
        if isinstance(value, list) and value and found.get("type") == "object":
            return "its keys begin without `- `" if all(isinstance(each, dict) for each in value) else ""
        if isinstance(value, list) and value and not self._takes(schema, "array"):
            return "write it alone, not in a list" if len(value) == 1 else "one of them may stand here, not a list"
        keys = found.get("required") or [key for key in found.get("properties", {}) if key != "note"]
        if isinstance(value, dict) or found.get("type") != "object" or not keys:
            return ""
        if found.get("required"):
            return f"write `{{{', '.join(f'{key}: …' for key in keys)}}}`"
        return f"its keys may be {self._some(keys)}"

    _type = _pattern = _format = _minimum = _maximum = _const = _plain

    def _words(self, schema: Mapping[str, Any]) -> str:
        """What a part of a schema accepts, in words."""
        if schema.get("x-words") in _PLACES:
            return _PLACES[schema["x-words"]]
        if words := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
            return f"{'one of ' if len(words) > 1 else ''}{self._some(words)}"
        if "anyOf" in schema:
            each = [self._resolved(part) for part in schema["anyOf"]]
            return " or ".join(part.get("x-expects") or self._words(part) for part in each)
        types = schema.get("type", "something else")
        several = [] if isinstance(types, str) else [{"string": "a word"}.get(each, _TYPES[each]) for each in types]
        said = " or ".join(filter(None, (", ".join(several[:-1]), *several[-1:]))) or _TYPES.get(types, types)
        if "maximum" in schema:
            said += f" from {schema['minimum']} to {schema['maximum']}"
        return f"{said} of the form `{schema['pattern']}`" if "pattern" in schema else said

    def _takes(self, schema: Any, kind: str) -> bool:
        found = self._resolved(schema)
        return kind in found.get("type", ()) or any(self._takes(each, kind) for each in found.get("anyOf", ()))

    def _anyOf(self, error: Any, where: Where) -> Iterator[Problem]:
        kind = "object" if isinstance(error.instance, dict) else "array" if isinstance(error.instance, list) else ""
        fits = [i for i, each in enumerate(error.validator_value) if kind and self._takes(each, kind)]
        inner = [e for e in error.context if fits and e.schema_path[0] == fits[0]]
        words = [e for e in error.context if e.validator == "enum" and not e.relative_path]
        if inner or not words or not isinstance(error.instance, str):
            yield from (each for e in inner for each in self.say(e)) if inner else self._plain(error, where)
        else:
            yield from self.say(words[0])

    def _enum(self, error: Any, where: Where) -> Iterator[Problem]:
        word, known, lists = error.instance, error.validator_value, error.schema.get("x-words", "")
        if not isinstance(word, str):
            return
        meant = self.vocabulary.suggestion(word, known)
        noun = _NOUNS.get(lists.removesuffix("_or_worldwide")) or lists.replace("_", " ").removesuffix("s") or "word"
        end = f"; known are {self._some(known)}"
        if lists in _PLACES:
            end = "; a group of countries can't stand here" if word in self.vocabulary.data["groups"] else ""
            end += f"; expected {_PLACES[lists]}"
        end = f"; did you mean `{meant}`?" if meant else end
        message = f"unknown {noun} `{shown(word)}`{odd_characters(word)}{end}"
        yield self.document.problem(where, message, suggestion=meant)

    def _additionalProperties(self, error: Any, where: Where) -> Iterator[Problem]:
        known = list(error.schema.get("properties", {}))
        patterns = list(error.schema.get("patternProperties", {}))
        for key in error.instance:
            if key in known or any(re.search(pattern, key) for pattern in patterns):
                continue
            homes = list(dict.fromkeys(self._homes(key, self.root, "")))[:3]
            fact = f"{where[-1] if where else ''}.{key}"
            meant = self.vocabulary.suggestion(key, known) if not homes else None
            end = f"; known here are {self._some(known)}"
            end = f"; it belongs to {' or '.join(homes)}" if homes else end
            end = f"; write the fact as one key, `{fact}`" if fact in self.vocabulary.data.get("facts", ()) else end
            end = f"; did you mean `{meant}`?" if meant else end
            message = f"unknown key `{shown(key)}`{odd_characters(key)}{end}"
            yield self.document.problem((*where, key), message, suggestion=meant, key=True)

    def _homes(self, key: str, node: Any, path: str) -> Iterator[str]:
        """The mappings of the schema, as far as three keys deep, in which `key` may stand."""
        found = self._resolved(node)
        if key in found.get("properties", {}):
            yield f"`{path}`" if path else "the top of the file"
        if found and path.count(".") < 2:
            for name, child in found.get("properties", {}).items():
                yield from self._homes(key, child, f"{path}.{name}".lstrip("."))
            yield from self._homes(key, found.get("additionalProperties"), f"{path}.…") if path else ()
            yield from self._homes(key, found.get("items"), path)

    def _required(self, error: Any, where: Where) -> Iterator[Problem]:
        for key in error.validator_value:
            if key not in error.instance:
                means = self._resolved(error.schema.get("properties", {}).get(key)).get("description", "").rstrip(".")
                message = f"`{key}` is missing{f': {means[0].lower()}{means[1:]}' if means else ''}"
                yield self.document.problem((*where, key), message)

    def _some(self, words: Iterable[Any], most: int = 64) -> str:
        listed = [f"`{word}`" for word in words]
        return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")

    def _uniqueItems(self, error: Any, where: Where) -> Iterator[Problem]:
        seen: set[str] = set()
        for index, item in enumerate(error.instance):
            if (text := json.dumps(item, sort_keys=True)) in seen:
                yield self.document.problem((*where, index), f"`{shown(item)}` stands in this list twice")
            seen.add(text)

    def _minItems(self, error: Any, where: Where) -> Iterator[Problem]:
        yield self.document.problem(where, "this list is empty; name at least one, or leave the key out")

    def _minProperties(self, error: Any, where: Where) -> Iterator[Problem]:
        yield self.document.problem(where, "this mapping is empty; write at least one key, or leave it out")

    def _maxLength(self, error: Any, where: Where) -> Iterator[Problem]:
        yield self.document.problem(where, f"this text is longer than {error.validator_value} characters")
