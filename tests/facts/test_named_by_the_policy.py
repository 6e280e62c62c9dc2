"""Models as a policy names them: known ones under other words, ones of its own, and ones that nobody knows."""

from __future__ import annotations

import json

import pytest
from policycheck import shipped
from policycheck.near import near_models

from tests.cli.calling import POLICY, TODAY, call

OWN = "{id: house-model, license: mit, based_on: []}"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("glm-4.8", "glm-4.7"),
        ("deepseek-ai/DeepSeek-V4", "deepseek-v4"),
        ("bartowski/Llama-3.3-70B-Instruct-GGUF", "llama-3.3-70b"),
        ("https://huggingface.co/zai-org/GLM-4.7", "glm-4.7"),
        ("llama3.3:70b-instruct-q4_K_M", "llama-3.3-70b"),
        ("qwen-3.5-coderr", "qwen-3.5-coder"),
    ],
)
def test_the_closest_name_stands_first(asked: str, meant: str) -> None:
    """Another version, an address, or the words of a repacker hide no name."""
    assert near_models(asked, shipped.catalog())[0] == meant


@pytest.mark.parametrize("asked", ["claude-opus-4.6", "", "-", "模型"])
def test_nothing_is_suggested_where_nothing_is_close(asked: str) -> None:
    """A wrong guess is worse than none."""
    assert near_models(asked, shipped.catalog()) == ()


@pytest.mark.parametrize(("asked", "said"), [("glm-4.8", "`glm-4.7`"), ("claude-opus-4.6", None)])
def test_the_report_says_which_known_models_are_close_to_an_unknown_one(asked: str, said: str | None) -> None:
    """It stays conditional: a name that is close proves no license."""
    done = call("evaluate", "-", *TODAY, "--format", "json", stdin=POLICY.replace(OWN, asked))
    (verdict,) = json.loads(done.out)["verdicts"]
    (unknown,) = [finding for finding in verdict["findings"] if finding["rule"] == "model-unknown"]
    assert verdict["verdict"] == "conditional"
    assert ("Close by name" in unknown["next_step"]) is bool(said)
    assert (said or "catalog search") in unknown["next_step"]


@pytest.mark.parametrize(
    ("model", "verdict", "license", "rules"),
    [
        ("{id: llama-4-maverick, license: mit, based_on: []}", "block", "llama-4-community", {"license-claims-differ"}),
        ("{id: meta-llama/Llama-4-Maverick-17B-128E-Instruct, license: mit}", "block", "llama-4-community", set()),
        ("{id: olmo-3.1, license: Apache-2.0}", "allow", "apache-2.0", set()),
        ("{id: house-model, license: mit, changed_by: Small AG}", "conditional", "mit", {"lineage-unknown"}),
        ("{id: house-model, license: mit}", "allow", "mit", {"lineage-unsaid"}),
        (OWN, "allow", "mit", set()),
    ],
    ids=[
        "another license",
        "by its Hub id",
        "the same license",
        "changed from what",
        "lineage left out",
        "made from none",
    ],
)
def test_what_a_policy_says_of_a_model_frees_it_from_nothing(
    model: str, verdict: str, license: str, rules: set[str]
) -> None:
    """The license that was read of a known model counts, and of a changed one what it was made from."""
    policy = POLICY.replace(OWN, model).replace("jurisdiction: US", "jurisdiction: DE")
    (found,) = json.loads(call("evaluate", "-", *TODAY, "--format", "json", stdin=policy).out)["verdicts"]
    assert (found["verdict"], found["license"]) == (verdict, license)
    assert rules <= {finding["rule"] for finding in found["findings"]}
