"""JSON reports of earlier days, read and judged again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from policycheck.advice import shown
from policycheck.catalog import Catalog, folded
from policycheck.comparison import Comparison, compare
from policycheck.differences import relied_on_by_both
from policycheck.documents import read_bytes
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.evaluate import evaluate
from policycheck.policy import ModelRef, Policy
from policycheck.subjects import ref_named

# What is read of a report; one of an earlier release may lack whatever else there is today.
_NEEDED: Final = {
    "type": "object",
    "required": ["report_version", "tool", "evaluated_on", "policy", "catalog", "verdicts"],
    "properties": {
        "report_version": {"const": 1},
        "tool": {"type": "object", "required": ["version"]},
        "evaluated_on": {"type": "string"},
        "policy": {
            "type": "object",
            "required": ["path", "sha256"],
            "properties": {"path": {"type": "string"}, "sha256": {"type": "string"}},
        },
        "catalog": {"type": "object", "required": ["sha256"]},
        "verdicts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["use", "model", "requested", "verdict", "findings"],
                "properties": {
                    "use": {"type": "string"},
                    "model": {"type": "string"},
                    "requested": {"type": "string"},
                    "verdict": {"enum": ["allow", "conditional", "block"]},
                    "relied_on": {"type": "array", "items": {"type": "object", "required": ["fact", "value"]}},
                    "findings": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["rule", "outcome"],
                            "properties": {
                                "rule": {"type": "string"},
                                "outcome": {"enum": ["note", "conditional", "block"]},
                                "citations": {
                                    "type": "array",
                                    "items": {"type": "object", "required": ["license", "document"]},
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class OldReport:
    """A report that was read."""

    file: str
    data: Mapping[str, Any]

    @property
    def policy_path(self) -> str:
        """The policy that it judged: as the report names it, or beside the report. Raises UsageError."""
        named = str(self.data["policy"]["path"])
        for path in (Path(named), Path(self.file).parent / Path(named).name):
            if path.is_file():
                return path.as_posix()
        raise UsageError(f"the report judged `{shown(named)}`, which is not here; name today's policy with --policy")


def read_report(path: str, raw: bytes | None = None) -> OldReport:
    """The JSON report at `path`, or in `raw` where it was read already; raises DocumentError where it is none."""
    raw = _bytes(path) if raw is None else raw
    if not raw.strip():
        raise _wrong(path, 0, 0, "the file is empty; a report comes from `evaluate --format json`")
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _wrong(path, 0, 0, "the file is not UTF-8; save the report as `--output` writes it") from None
    except json.JSONDecodeError as error:
        message = f"this is no JSON ({error.msg.lower()}); a report comes from `evaluate --format json`"
        raise _wrong(path, error.lineno, error.colno, message) from None
    except RecursionError:
        raise _wrong(path, 0, 0, "this is nested too deeply for a report") from None
    _check(path, data)
    return OldReport(path, data)


def _bytes(path: str) -> bytes:
    try:
        return read_bytes(Path(path), path, "a JSON report")
    except DocumentError as error:
        if "MB" in error.problems[0].message:  # A report on a large catalog may be larger than any policy.
            return Path(path).read_bytes()
        raise


def _wrong(path: str, line: int, column: int, message: str) -> DocumentError:
    return DocumentError([Problem(file=path, line=line, column=column, message=message)])


def _check(path: str, data: Any) -> None:
    from jsonschema import Draft202012Validator

    error = next(iter(sorted(Draft202012Validator(_NEEDED).iter_errors(data), key=lambda each: str(each.path))), None)
    if error is not None:
        end = "write one with `policycheck evaluate ORG.yaml --format json --output REPORT.json`"
        place = error.json_path.removeprefix("$").removeprefix(".")
        raise _wrong(path, 1, 1, f"this is no report that can be read here: {_said(error, place)}; {end}")


def _said(error: Any, place: str) -> str:
    """What a part of a file lacks to be a report, in words."""
    where = f"`{place}`" if place else "the file"
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"`{place}.{missing}` is missing".replace("`.", "`")
    if error.validator in ("enum", "const"):
        known = error.validator_value if error.validator == "enum" else [error.validator_value]
        return f"{where} is `{shown(error.instance)}`; known are {', '.join(f'`{word}`' for word in known)}"
    words = {"object": "a mapping", "array": "a list", "string": "a text"}
    return f"{where} should be {words[error.validator_value]}"


def again(
    old: OldReport,
    policy: Policy,
    catalog: Catalog,
    *,
    today: date,
    engine: str | None = None,
    models: Sequence[str] = (),
    uses: Sequence[str] = (),
    described: Sequence[ModelRef] = (),
) -> Comparison:
    """The old report held against the same uses and models judged by today's policy and catalog.

    `models` and `uses` narrow what is compared; a model of the report that is in `described` is judged by its own
    files. Raises UsageError where nothing is left, and for files of a model that the report did not judge.
    """
    wanted = [dict(verdict) for verdict in old.data["verdicts"] if _meant(verdict, models, uses)]
    if not wanted and (models or uses):
        raise UsageError("the report holds no verdict of the uses and models that are named")
    named = list(dict.fromkeys(verdict["use"] for verdict in wanted if verdict["use"] in policy.uses))
    files = _files(wanted, described)
    requested = dict.fromkeys(verdict["requested"] for verdict in wanted)
    refs = [files.get(name) or ref_named(name, policy, catalog) for name in requested]
    report = evaluate(policy, catalog, today=today, engine=engine, models=refs if named else [], uses=named or None)
    judged = report.as_json()
    pairs = {(verdict["use"], verdict["requested"]): verdict["model"] for verdict in wanted}
    kept = [
        {**verdict, "model": pairs[verdict["use"], verdict["requested"]]}
        for verdict in judged["verdicts"]
        if (verdict["use"], verdict["requested"]) in pairs
    ]
    before, after = {**old.data, "verdicts": wanted}, {**judged, "verdicts": kept}
    relied_on_by_both(before, after, None, policy)
    return compare(before, after)


def _files(wanted: Sequence[Mapping[str, Any]], described: Sequence[ModelRef]) -> dict[str, ModelRef]:
    """What a report calls each model whose files are here: by the folder that it judged, or else by the model's id."""
    found: dict[str, ModelRef] = {}
    for ref in described:
        assert ref.described is not None
        names = [verdict["requested"] for verdict in wanted]
        if ref.name not in names:
            names = [verdict["requested"] for verdict in wanted if verdict["model"] == ref.described.id]
            if not names:
                raise UsageError(f"the report judged no model `{shown(ref.described.id)}` as in `{shown(ref.name)}`")
            ref = replace(ref, name=names[0])
        found[ref.name] = ref
    return found


def _meant(verdict: Mapping[str, Any], models: Sequence[str], uses: Sequence[str]) -> bool:
    names = {folded(verdict["model"]), folded(verdict["requested"])}
    return (not uses or verdict["use"] in uses) and (not models or any(folded(name) in names for name in models))
