"""A Hub is asked when the user says so, and no silence, refusal or detour is taken for an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import POLICY, Done, spawn
from tests.hub.speaking import OLD, SHA, Spoken, cut, dripping, info, silent, speaking

pytest.importorskip("huggingface_hub")
HEAD = POLICY.partition("\nmodels:")[0] + "\n"


def asked(hub: Spoken, folder: Path, *models: str, policy: str = HEAD, **more: str) -> tuple[Done, dict[str, Any]]:
    """What `evaluate --hub` says of models, each on its line."""
    (folder / "org.yaml").write_text(policy, encoding="utf-8")
    options = [word for model in models for word in ("--model", model)]
    found = spawn(
        *("evaluate", folder / "org.yaml", "--hub", "--format", "jsonl", "--today", more.pop("today", "2026-11-25")),
        *options,
        HF_ENDPOINT=hub.endpoint,
        XDG_CACHE_HOME=str(folder / "cache"),
        HF_TOKEN="hf_not_to_be_sent",
        **more,
    )
    lines = [json.loads(line) for line in found.out.splitlines()]
    return found, {line["model"]: line for line in lines if line["kind"] == "verdict"}


def test_a_model_that_the_catalog_lacks_is_judged_by_what_the_hub_states_at_a_commit(tmp_path: Path) -> None:
    """And no token goes out."""
    with speaking({"org/m": info("org/m", "apache-2.0")}) as hub:
        _, found = asked(hub, tmp_path, "org/m", "olmo-3.1")
        line = found["org/m"]
        assert (line["verdict"], line["license"], line["evidence"]) == ("allow", "apache-2.0", "stated")
        assert (line["sha"], line["source"], line["kept_on"]) == (SHA, hub.endpoint, "2026-11-25")
        assert hub.asked == ["org/m"]
        assert hub.tokens == [None]


def test_what_it_is_made_from_is_asked_too_and_counts(tmp_path: Path) -> None:
    models = {
        "org/m": info("org/m", "mit", base_model="org/b", base_model_relation="finetune"),
        "org/b": info("org/b", "cc-by-nc-4.0"),
    }
    with speaking(models) as hub:
        _, found = asked(hub, tmp_path, "org/m")
        assert found["org/m"]["verdict"] == "block"
        assert {"use-not-granted", "license-drift"} <= set(found["org/m"]["rules"])


ANSWERS: Mapping[str, tuple[Any, str]] = {
    "nothing": (silent, "did not answer within 10 seconds"),
    "a byte now and then": (dripping, "did not answer within 10 seconds"),
    "half an answer": (cut, "can't be reached"),
    "not found": (404, "has no such model"),
    "a refusal": (401, "has no such model"),
    "forbidden": (403, "has no such model"),
    "too many questions": (429, "refuses for now"),
    "a fault": (500, "refuses for now"),
    "a teapot": (418, "refuses (418)"),
    "another name": ("/api/models/org/apache", "sends one elsewhere"),
    "another host": ("http://127.0.0.1:1/api/models/org/m", "sends one elsewhere"),
    "another model": (info("org/apache", "mit"), "answers with another model"),
    "no commit": (info("org/m", "mit", sha=None), "names no commit"),
    "an odd commit": (info("org/m", "mit", sha="main"), "an answer that can't be used"),
    "a web page": (b"<html>", "no JSON"),
    "a list": (b"[]", "an answer that can't be used"),
    "a license twice": (b'{"id":"org/m","cardData":{"license":"mit","license":"llama2"}}', "no JSON"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_answer_leaves_the_model_unknown(name: str, tmp_path: Path) -> None:
    """Never an allow, and why stands on standard error."""
    answer, why = ANSWERS[name]
    with speaking({"org/m": answer, "org/apache": info("org/apache", "apache-2.0")}) as hub:
        done, found = asked(hub, tmp_path, "org/m")
    assert found["org/m"]["verdict"] == "conditional"
    assert "model-unknown" in found["org/m"]["rules"]
    assert why in done.err
    assert "`org/m` stays unknown" in done.err


def test_a_hub_that_is_not_there_and_one_offline_leave_the_models_unknown(tmp_path: Path) -> None:
    """After three in a row the rest isn't asked."""
    with speaking({}) as hub:
        pass
    done, found = asked(hub, tmp_path, *(f"org/m{n}" for n in range(5)))
    assert {line["verdict"] for line in found.values()} == {"conditional"}
    assert done.err.count("can't be reached") == 3
    assert done.err.count("after 3 questions in a row without an answer") == 2
    done, found = asked(hub, tmp_path, "org/m", HF_HUB_OFFLINE="1")
    assert found["org/m"]["verdict"] == "conditional"
    assert "HF_HUB_OFFLINE" in done.err


def test_an_answer_is_kept_for_the_day_and_asked_for_again_on_the_next(tmp_path: Path) -> None:
    """A publisher may switch the license; an old answer is no answer of today."""
    with speaking({"org/m": info("org/m", "apache-2.0")}) as hub:
        asked(hub, tmp_path, "org/m")
        asked(hub, tmp_path, "org/m")
        assert hub.asked == ["org/m"]
        hub.models["org/m"] = info("org/m", "cc-by-nc-4.0", sha=OLD)
        _, found = asked(hub, tmp_path, "org/m", today="2026-11-26")
        assert (found["org/m"]["verdict"], found["org/m"]["sha"]) == ("block", OLD)
        hub.models["org/m"] = 500
        _, found = asked(hub, tmp_path, "org/m", today="2026-11-27")
        assert (found["org/m"]["verdict"], found["org/m"]["sha"]) == ("conditional", None)


def test_a_revision_of_the_policy_is_what_is_asked_for(tmp_path: Path) -> None:
    """A commit stays what it was; an answer of another one is none."""
    policy = f"{HEAD}models:\n  - {{id: org/m, revision: {OLD[:10]}}}\n"
    models = {"org/m": info("org/m", "mit"), f"org/m@{OLD[:10]}": info("org/m", "cc-by-nc-4.0", sha=OLD)}
    with speaking(models) as hub:
        _, found = asked(hub, tmp_path, policy=policy)
        assert (found["org/m"]["verdict"], found["org/m"]["sha"]) == ("block", OLD)
        asked(hub, tmp_path, policy=policy, today="2026-12-24")
        assert len(hub.asked) == 1
        hub.models[f"org/m@{SHA[:10]}"] = info("org/m", "mit", sha=OLD)
        done, found = asked(hub, tmp_path, policy=policy.replace(OLD[:10], SHA[:10]))
        assert "answers for another revision" in done.err
        assert found["org/m"]["verdict"] == "conditional"


def test_of_ones_own_model_nothing_but_its_base_goes_out(tmp_path: Path) -> None:
    policy = f"{HEAD}models:\n  - {{id: secret-name, license: mit, based_on: [{{model: org/b, relation: finetune}}]}}\n"
    with speaking({"org/b": info("org/b", "apache-2.0")}) as hub:
        asked(hub, tmp_path, policy=policy)
        assert hub.asked == ["org/b"]


def test_without_the_option_nothing_is_asked(tmp_path: Path) -> None:
    with speaking({"org/m": info("org/m", "mit")}) as hub:
        (tmp_path / "org.yaml").write_text(HEAD, encoding="utf-8")
        done = spawn("evaluate", tmp_path / "org.yaml", "--model", "org/m", HF_ENDPOINT=hub.endpoint)
        assert "model-unknown" in done.out
        assert not hub.asked


def test_the_kept_answers_are_an_overlay_that_judges_without_a_network(tmp_path: Path) -> None:
    cache = tmp_path / "answers.overlay"
    (tmp_path / "org.yaml").write_text(HEAD, encoding="utf-8")
    start = ("evaluate", tmp_path / "org.yaml", "--model", "org/m")
    with speaking({"org/m": info("org/m", "mit")}) as hub:
        spawn(*start, "--hub", "--hub-cache", cache, HF_ENDPOINT=hub.endpoint)
    done = spawn(*start, "--catalog", cache)
    assert "ALLOW: org/m" in done.out
    assert f"license: mit at revision {SHA[:12]}" in " ".join(done.out.split())


def test_an_explanation_asks_the_hub_as_a_verdict_does(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(HEAD, encoding="utf-8")
    with speaking({"org/m": info("org/m", "cc-by-nc-4.0")}) as hub:
        done = spawn(
            *("explain", tmp_path / "org.yaml", "--model", "org/m", "--hub", "--hub-cache", tmp_path / "kept"),
            *("--format", "json", "--today", "2026-11-25"),
            HF_ENDPOINT=hub.endpoint,
        )
        explained = json.loads(done.out)
        assert (explained["verdict"], explained["license"]) == ("block", "cc-by-nc-4.0")
        assert hub.asked == ["org/m"]


def test_a_hub_is_asked_by_name_and_its_cache_is_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "org.yaml").write_text(HEAD, encoding="utf-8")
    done = spawn("evaluate", tmp_path / "org.yaml", "--hub")
    assert (done.code, done.out) == (2, "")
    assert "name them with" in done.err
    done = spawn("evaluate", tmp_path / "org.yaml", "--hub", "--model", "a/b", "--hub-cache", tmp_path / "org.yaml")
    assert (done.code, done.out) == (2, "")
    assert (tmp_path / "org.yaml").read_text(encoding="utf-8") == HEAD
