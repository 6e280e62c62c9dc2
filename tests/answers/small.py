"""A catalog of one license and one model, so that what is said of answers hangs on no license of the world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.documents import parse, read_file
from policycheck.errors import DocumentError
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.verdict import Finding, Verdict
from policycheck.vocabulary import Vocabulary

TODAY = date(2026, 11, 25)
_STATED: list[dict[str, Any]] = [
    {"fact": "grant", "value": "any"},
    {
        "fact": "mau_cap",
        "value": "100M",
        "counts": ["licensee", "affiliates"],
        "affiliates": "undefined",
        "measured": "any-time",
        "at_limit": "within",
        "separate_license": True,
    },
    {"fact": "territory_excluded", "value": ["EU"], "tests": "seat"},
    {"fact": "attribution_display", "value": "Show it", "on": ["service"]},
    *({"fact": fact, "value": "permitted"} for fact in ("redistribution", "derivatives", "hosting")),
]


def catalog(sha256: str = "a" * 64, *, licensor: str = "acme", more: Sequence[dict[str, Any]] = ()) -> Catalog:
    """The license `acme-1.0` of Acme Inc. for the model `acme-one`; `sha256` is that of its text.

    `more` takes the place of facts of the same name, or is added.
    """
    named = {fact["fact"] for fact in more}
    facts = [*(fact for fact in _STATED if fact["fact"] not in named), *more]
    vocabulary = Vocabulary(read_file(shipped.folder("catalog") / "vocabulary.yaml").data)
    baseline = read_file(shipped.folder("policies") / "packs" / "baseline.yaml").data
    text = {
        "title": "T",
        "url": "https://acme.example",
        "sha256": sha256,
        "read_on": "2026-11-01",
        "evidence": "verified",
    }
    stated = {fact["fact"] for fact in facts}
    license = {
        "license": "acme-1.0",
        "name": "Acme License 1.0",
        "licensor": licensor,
        "texts": {"license": text},
        "tier": "conditional",
        "facts": [{"section": str(n), "heading": "H", "summary": "S.", **fact} for n, fact in enumerate(facts, 1)],
        "silent": sorted(set(vocabulary.clauses) - stated),
    }
    model = {"id": "acme-one", "name": "Acme One", "license": "acme-1.0", "evidence": "verified", "input": ["text"]}
    publisher = {
        "publisher": "acme",
        "name": "Acme Inc.",
        "names": ["Acme Incorporated"],
        "jurisdiction": "US",
        "models": [{**model, "output": ["text"]}, {**model, "id": "acme-two", "name": "Acme Two", "output": ["text"]}],
    }
    data = {"licenses": {license["license"]: license}, "publishers": [publisher], "packs": {"baseline": baseline}}
    return Catalog(vocabulary, data, "b" * 64, "test")


def judge(text: str, *, today: date = TODAY, known: Catalog | None = None, model: int = 0) -> Verdict:
    """The verdict on one model of a policy, written as YAML without its first line."""
    known = known or catalog()
    policy = read_policy(parse(f"policy_version: 1\n{text}".encode(), "org.yaml"), known, today)
    return evaluate(policy, known, today=today).verdicts[model]


def found(verdict: Verdict, rule: str) -> Finding:
    """The finding of a rule."""
    return next(finding for finding in verdict.findings if finding.rule == rule)


def refused(text: str) -> str:
    """What is said of a policy that is no good."""
    with pytest.raises(DocumentError) as caught:
        judge(text)
    return str(caught.value)


USE = """
use: {deployment: self-hosted, distribution: service, outputs: third-parties, field_of_use: [search],
  purpose: commercial, environment: production, fine_tunes: false, trains_other_models: false}
models: [acme-one]
"""
SMALL = "organisation: {name: House AG, jurisdiction: US, mau: 1M, affiliates: []}" + USE
"""Far below the cap and seated outside: what is left is a duty."""
BIG = "organisation: {name: House AG, jurisdiction: US, mau: 200M, affiliates: []}" + USE.replace("service", "internal")
"""Above the cap, and nothing else."""
SEATED = "organisation: {name: House AG, jurisdiction: DE, mau: 1M, affiliates: []}" + USE.replace(
    "service", "internal"
)
"""Seated where the license gives no rights, and nothing else."""
