"""The JSON report is what its shipped JSON Schema says, and nothing besides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.documents import Document, parse
from policycheck.evaluate import evaluate
from policycheck.policy import ModelRef, load, read_policy
from policycheck.report import Report
from policycheck.schema import schema

from tests.cli.calling import call

TODAY = date(2026, 11, 25)
EXAMPLES = sorted((Path(__file__).parents[2] / "policies" / "examples").glob("*.yaml"))
_ANSWERED = b"""
policy_version: 1
organisation: {name: Nordwind Bank AG, jurisdiction: DE, mau: 12M, affiliates: []}
uses:
  chat: {deployment: self-hosted, distribution: service, outputs: third-parties, field_of_use: [search]}
models:
  - llama-4-maverick
  - glm-4.7
  - nobody-knows-this
  - {id: own, based_on: [{model: llama-3.1-8b-instruct, relation: finetune}], license: llama-3.1-community}
rules:
  - {id: house-rule, outcome: block, kind: review, when: {use.deployment: self-hosted}, message: "No."}
fulfilled:
  - {rule: attribution-display, license: llama-4-community, done_by: a@b.example, done_on: 2026-09-01, note: Seen.}
waivers:
  - {rule: house-rule, models: [glm-4.7], reason: R, approved_by: B, approved_on: 2026-10-01, expires: 2026-12-01}
  - {rule: eu-multimodal-exclusion, license: llama-4-community, uses: [chat], reason: R, approved_by: B,
     approved_on: 2026-10-01, expires: 2026-12-01}
agreements:
  - {licensor: Meta Platforms, covers: [eu-multimodal-exclusion], models: [llama-4-maverick], reference: MSA-1,
     from: 2026-01-01, expires: 2026-11-30, covers_affiliates: true}
"""


def whole_schema() -> dict[str, Any]:
    """The schema of the report, with every word of the vocabulary."""
    return schema("report", shipped.catalog().vocabulary)


def errors(report: Report) -> list[str]:
    """What the schema refuses in a report."""
    data = json.loads(json.dumps(report.as_json()))
    return [
        f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(whole_schema()).iter_errors(data)
    ]


def answered() -> Document:
    """A policy that answers findings in every way."""
    return parse(_ANSWERED, "answered.yaml")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_report_on_an_example_is_valid(path: Path) -> None:
    """The examples are what a reader tries first."""
    catalog = shipped.catalog()
    assert errors(evaluate(load(path, catalog, TODAY), catalog, today=TODAY)) == []


@pytest.mark.parametrize(
    "model",
    ["llama-4", "olmo-3.1", "nobody-knows-this", "flux-1-dev", "gemma-3-27b-it", "stable-diffusion-xl-base-1.0"],
)
def test_the_report_on_one_model_is_valid(model: str) -> None:
    """A family name, an unknown model, and licenses of other kinds than the examples'."""
    catalog = shipped.catalog()
    policy = read_policy(parse(b"policy_version: 1\norganisation: {name: N}\n", "org.yaml"), catalog, TODAY)
    assert errors(evaluate(policy, catalog, today=TODAY, models=[ModelRef(name=model, where=())])) == []


def test_a_report_with_every_kind_of_answer_is_valid() -> None:
    """Answers carry the policy's own keys into the report."""
    catalog = shipped.catalog()
    report = evaluate(read_policy(answered(), catalog, TODAY), catalog, today=TODAY)
    assert errors(report) == []
    found = [finding for verdict in report.as_json()["verdicts"] for finding in verdict["findings"]]
    for kind in ("waiver", "agreement", "fulfilled"):
        assert any(finding[kind] for finding in found), kind


def test_a_report_on_no_model_is_valid() -> None:
    """Nothing was judged; the report still says so in the same form."""
    catalog = shipped.catalog()
    policy = read_policy(
        parse(b"policy_version: 1\norganisation: {name: N}\nmodels: []\nwithout: [baseline]\n", "o.yaml"),
        catalog,
        TODAY,
    )
    assert errors(evaluate(policy, catalog, today=TODAY)) == []


def test_an_unknown_key_is_refused() -> None:
    """A schema that takes anything tells nobody anything."""
    catalog = shipped.catalog()
    data = evaluate(read_policy(answered(), catalog, TODAY), catalog, today=TODAY).as_json()
    for place in (data, data["tool"], data["verdicts"][0], data["verdicts"][0]["findings"][0], data["summary"]):
        place["surprise"] = 1
    assert len(list(Draft202012Validator(whole_schema()).iter_errors(data))) == 5


def parts(node: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every part of a schema that describes an object, with its path."""
    if isinstance(node, dict):
        if "properties" in node:
            yield path, node
        for key, child in node.items():
            yield from parts(child, f"{path}/{key}")


@pytest.mark.parametrize("name", ["report", "explain", "diff", "validate", "resolve", "identify"])
def test_each_property_has_a_description_and_each_object_is_closed(name: str) -> None:
    """Lawyers read the schema too."""
    found = schema(name, shipped.catalog().vocabulary)
    Draft202012Validator.check_schema(found)
    for path, node in parts(found):
        assert node.get("additionalProperties") is False, path
        for key, child in node["properties"].items():
            target = found["$defs"][child["$ref"].rpartition("/")[2]] if "$ref" in child else child
            said = child.get("description") or target.get("description")
            assert str(said).endswith("."), f"{path}/{key}"


def test_the_keys_of_an_answer_are_those_of_the_policy() -> None:
    """A key that `org.yaml` takes and the report's schema does not would make a valid report invalid."""
    catalog = shipped.catalog()
    org, report = schema("org", catalog.vocabulary), whole_schema()
    sections = {
        "waivers": "waiver",
        "fulfilled": "fulfilment",
        "determinations": "determination",
        "agreements": "agreement",
    }
    for section, name in sections.items():
        own = set(report["$defs"][name]["properties"]) - {"from_file", "ends_soon", "lifts", "said"}
        assert own == set(org["properties"][section]["items"]["properties"]), section


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("validate", ["validate", "fixtures/documents/bad/alias.yaml", "policies/examples/bank.yaml"]),
        ("resolve", ["catalog", "resolve", "MIT OR Apache-2.0"]),
        ("resolve", ["catalog", "resolve", "nobodys-license"]),
        ("show", ["catalog", "show", "llama-4-community"]),
        ("show", ["catalog", "show", "llama-4-maverick"]),
        ("show", ["catalog", "show", "meta"]),
        ("show", ["catalog", "show", "aws", "--kind", "host"]),
        ("identify", ["catalog", "identify", "LICENSE"]),
    ],
)
def test_what_a_command_prints_is_what_its_schema_says(name: str, said: list[str]) -> None:
    """Each JSON output has its schema, under the name of its command."""
    printed = json.loads(call(*said, "--format", "json").out)
    found = json.loads(call("schema", name).out)
    errors = [f"{e.json_path}: {e.message[:200]}" for e in Draft202012Validator(found).iter_errors(printed)]
    assert errors == []
