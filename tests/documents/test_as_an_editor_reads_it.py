"""The printed schema accepts every good policy as an editor reads it: plain YAML 1.2, numbers as numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.schema import schema

ROOT = Path(__file__).parents[2]
POLICIES = sorted([*ROOT.glob("fixtures/documents/good/*.yaml"), *ROOT.glob("policies/examples/*.yaml")])
# The core schema of YAML 1.2, which editors follow.
_CORE = {
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
    "null": r"~|null|Null|NULL|",
}


class _Core(yaml.SafeLoader):
    """PyYAML with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # PyYAML's own name for it.


for _tag, _pattern in _CORE.items():
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), None)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    printed = json.loads(json.dumps(schema("org", shipped.catalog().vocabulary, hover=True)))
    return Draft202012Validator(printed, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_good_policy_gets_no_mark_in_an_editor(path: Path, validator: Draft202012Validator) -> None:
    """An exchange rate or a version is a number there, and text here."""
    data = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Core)
    assert [error.message for error in validator.iter_errors(data)] == []
