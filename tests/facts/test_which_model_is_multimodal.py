"""Clauses on multimodal models mean those that the licensor gave out, whatever others made of them."""

from __future__ import annotations

from typing import Any

import pytest
from policycheck.catalog import Catalog

from tests.answers.small import catalog, judge

HOUSE = """organisation: {name: House AG, jurisdiction: DE, mau: 1M, affiliates: []}
use: {deployment: self-hosted, distribution: service, outputs: third-parties, field_of_use: [search],
  purpose: commercial, environment: production, fine_tunes: false, trains_other_models: false}
models: [made]
"""
WITHHELD = {"fact": "territory_excluded", "value": ["EU"], "tests": "seat", "modality": "multimodal"}
NAMED = {"fact": "attribution_display", "value": "Show it", "on": ["service"], "modality": "multimodal"}
TEXT, EYES = ["text"], ["image", "text"]


def known(own: list[str] | None, *bases: list[str] | None, relation: str = "finetune") -> Catalog:
    """A model made of Acme's, under Acme's license too; each by what goes in, None where nobody says."""
    small = catalog(more=(WITHHELD, NAMED))
    (publisher,) = small.data["publishers"]

    def entry(name: str, taken: list[str] | None, **more: Any) -> dict[str, Any]:
        said = {} if taken is None else {"input": taken, "output": TEXT}
        return {"id": name, "name": name, "license": "acme-1.0", "evidence": "verified", **said, **more}

    origins = [entry(f"acme-{number}", taken) for number, taken in enumerate(bases)]
    based_on = [{"model": origin["id"], "relation": relation} for origin in origins]
    made = {"publisher": "other", "name": "Other", "jurisdiction": "US", "models": [entry("made", own)]}
    if based_on:
        made["models"][0]["based_on"] = based_on
    data = {**small.data, "publishers": [{**publisher, "models": origins}, made]}
    return Catalog(small.vocabulary, data, "b" * 64, "test")


def said(of: Catalog) -> set[str]:
    """The rules of the two clauses that weigh, with a mark where they could not be decided."""
    wanted = {"eu-multimodal-exclusion", "attribution-display"}
    findings = [each for each in judge(HOUSE, known=of).findings if each.outcome and each.rule in wanted]
    return {f"{each.rule}{'?' if each.undetermined else ''}" for each in findings}


BOTH = {"eu-multimodal-exclusion", "attribution-display"}
OPEN = {f"{rule}?" for rule in BOTH}


@pytest.mark.parametrize(
    ("own", "bases", "expected"),
    [
        (EYES, (TEXT,), set()),
        (TEXT, (EYES,), BOTH),
        (EYES, (TEXT, TEXT), set()),
        (TEXT, (TEXT, EYES), BOTH),
        (TEXT, (None,), OPEN),
        (EYES, (), BOTH),
        (TEXT, (), set()),
        (None, (), OPEN),
    ],
    ids=[
        "eyes on a text model",
        "text of a model with eyes",
        "eyes on two text models",
        "text of a text model and one with eyes",
        "text of a model of which nobody says",
        "with eyes, of nothing",
        "text, of nothing",
        "of which nobody says, of nothing",
    ],
)
def test_the_licensors_own_model_says_whether_a_clause_on_multimodal_models_is_meant(
    own: list[str] | None, bases: tuple[list[str] | None, ...], expected: set[str]
) -> None:
    """Llama's use policy withholds models *included in* a version; NVIDIA names models shared under its agreement."""
    assert said(known(own, *bases)) == expected


def test_a_teacher_is_not_what_a_model_with_its_own_weights_was_made_of() -> None:
    """A student under the same license counts by itself."""
    small = known(EYES, TEXT, relation="distillation")
    assert "eu-multimodal-exclusion" in said(small)
