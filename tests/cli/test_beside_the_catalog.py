"""`--catalog` and `--model-dir` mean on every command what they mean on `evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped

from tests.cli.calling import POLICY, TODAY, Done, call
from tests.detect.made import TEXTS, build
from tests.hub.test_import import imported

HEAD = POLICY.partition("\nmodels:")[0] + "\n"
CAPPED = HEAD.replace("mau: 1M", "mau: 650M")
JUDGES = ("evaluate", "explain", "diff", "recheck", "headroom", "lint")


def laid(folder: Path, license: str, *names: str) -> list[str | Path]:
    """The option for an overlay of models with this license tag."""
    imported(folder, *({"id": f"org/{name}", "sha": "a" * 40, "cardData": {"license": license}} for name in names))
    return ["--catalog", folder / "hub.overlay"]


def written(folder: Path, text: str, name: str = "org.yaml") -> Path:
    """A policy in a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def as_json(done: Done) -> Any:
    """What a command printed."""
    return json.loads(done.out)


def test_explain_gives_the_verdict_that_evaluate_gives_with_the_same_overlay(tmp_path: Path) -> None:
    """And changes that hold; without the overlay nobody knows the model."""
    policy, overlay = written(tmp_path, CAPPED), laid(tmp_path, "cc-by-nc-4.0", "m")
    asked = (policy, "--model", "org/m", "--format", "json", *TODAY)
    explained = as_json(call("explain", *asked, *overlay))
    (judged,) = as_json(call("evaluate", *asked, *overlay))["verdicts"]
    assert {key: explained[key] for key in judged} == judged
    assert (explained["verdict"], explained["license"]) == ("block", "cc-by-nc-4.0")
    for change in explained["changes"]:
        sets = [word for each in change["set"] for word in ("--set", f"{each['key']}={each['to']}")]
        (again,) = as_json(call("evaluate", *asked, *overlay, *sets))["verdicts"]
        assert again["verdict"] == change["verdict"]
    assert as_json(call("explain", *asked))["license"] is None


def test_a_document_to_be_signed_rests_on_the_overlay_too(tmp_path: Path) -> None:
    policy, overlay = written(tmp_path, CAPPED), laid(tmp_path, "cc-by-nc-4.0", "m")
    asked = ("explain", policy, "--as", "document", "--model", "org/m", *TODAY)
    blocked = ["org/m" in call(*asked, *more).out.partition("## What needs")[0] for more in ((), overlay)]
    assert blocked == [False, True]


def test_diff_judges_both_sides_with_the_overlay(tmp_path: Path) -> None:
    """A policy that names no model is judged over the catalog and the overlay, as `evaluate` does."""
    old, new = written(tmp_path, HEAD, "old.yaml"), written(tmp_path, HEAD.replace("1M", "1.1M"), "new.yaml")
    overlay = laid(tmp_path, "mit", "m", "n")
    found = as_json(call("diff", old, new, *overlay, *TODAY, "--format", "json"))
    assert sum(found["summary"].values()) == len(shipped.catalog().models) + 2
    rule = "rules:\n  - {id: no-m, outcome: block, when: {model.id: org/m}, message: No.}\n"
    done = call("diff", old, written(tmp_path, HEAD + rule, "new.yaml"), *overlay, *TODAY, "--format", "json")
    (change,) = as_json(done)["changes"]
    assert (change["model"], change["before"], change["after"]) == ("org/m", "allow", "block")


def test_recheck_holds_a_report_against_another_overlay(tmp_path: Path) -> None:
    """A publisher that switched the license is the reason that is named."""
    policy, report = written(tmp_path, HEAD), tmp_path / "report.json"
    overlay = laid(tmp_path, "mit", "m")
    call("evaluate", policy, "--model", "org/m", *overlay, *TODAY, "--format", "json", "--output", report)
    asked = ("recheck", report, *overlay, *TODAY, "--format", "json")
    assert as_json(call(*asked))["summary"]["same"] == 1
    laid(tmp_path, "cc-by-nc-4.0", "m")
    (change,) = as_json(call(*asked))["changes"]
    assert (change["before"], change["after"], change["direction"]) == ("allow", "block", "stricter")
    assert {"what": "the license", "before": "mit", "after": "cc-by-nc-4.0"} in change["why"]


def test_recheck_says_where_a_report_rested_on_what_is_not_at_hand(tmp_path: Path) -> None:
    """Else the reader takes the missing overlay for a change of the world."""
    policy, report = written(tmp_path, HEAD), tmp_path / "report.json"
    overlay = laid(tmp_path, "mit", "m")
    call("evaluate", policy, "--model", "org/m", *overlay, *TODAY, "--format", "json", "--output", report)
    done = call("recheck", report, *TODAY, "--fail-on", "stricter")
    assert done.code == 1
    assert "`org/m` is known no more; if the report rested on an overlay or a folder, name it here too" in done.err
    assert done.err.count("\n") == 1
    assert call("recheck", report, *overlay, *TODAY).err == ""


def folder_of(place: Path, text: str) -> Path:
    """A downloaded model with this license text and no card."""
    return build({"LICENSE": text, "config.json": "{}"}, place)


def test_recheck_and_diff_judge_a_folder_by_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the folder's name in the report, or by the model in it where the folder was moved."""
    monkeypatch.chdir(tmp_path)
    policy, report = written(tmp_path, HEAD), tmp_path / "report.json"
    folder_of(tmp_path / "here" / "my-model", TEXTS["apache"])
    call("evaluate", policy, "--model-dir", "here/my-model", *TODAY, "--format", "json", "--output", report)
    asked = ("recheck", report, *TODAY, "--format", "json")
    assert as_json(call(*asked, "--model-dir", "here/my-model"))["summary"]["same"] == 1
    (tmp_path / "here").rename(tmp_path / "there")
    assert as_json(call(*asked, "--model-dir", "there/my-model"))["summary"]["same"] == 1
    other = folder_of(tmp_path / "other", TEXTS["apache"])
    done = call(*asked, "--model-dir", other)
    assert (done.code, done.out) == (2, "")
    assert "the report judged no model `other`" in done.err
    stricter = written(tmp_path, HEAD.replace("[search]", "[weapons]"), "new.yaml")
    done = call("diff", policy, stricter, "--model-dir", "there/my-model", *TODAY, "--format", "json")
    assert [each["model"] for each in as_json(done)["changes"]] in ([], ["my-model"])
    assert sum(as_json(done)["summary"].values()) == 1


def test_headroom_looks_at_the_caps_of_models_beside_the_catalog(tmp_path: Path) -> None:
    policy, overlay = written(tmp_path, CAPPED), laid(tmp_path, "llama3.1", "m")
    found = as_json(call("headroom", policy, "--model", "org/m", *overlay, *TODAY, "--format", "json"))
    (cap,) = found["caps"]
    assert (cap["license"], cap["models"], cap["state"]) == ("llama-3.1-community", ["org/m"], "within")
    place = folder_of(tmp_path / "model", TEXTS["apache"])
    found = as_json(call("headroom", policy, "--model-dir", place, *TODAY, "--format", "json"))
    assert (found["models"], found["unread"]) == (["model"], [])


def test_lint_knows_the_models_of_the_overlay(tmp_path: Path) -> None:
    """A model that an overlay has is no slip, and a waiver for it meets what it waives."""
    policy = written(tmp_path, HEAD + "models: [org/m]\n")
    said = "the catalog knows no model `org/m`"
    assert said in " ".join(call("lint", policy, *TODAY).out.split())
    assert said not in " ".join(call("lint", policy, *laid(tmp_path, "mit", "m"), *TODAY).out.split())


@pytest.mark.parametrize("verb", JUDGES)
def test_what_is_wrong_anywhere_is_said_at_once(verb: str, tmp_path: Path) -> None:
    """The policy, the overlay and the folder: nobody mends one to hear of the next."""
    policy = written(tmp_path, HEAD.replace("organisation:", "organization:"))
    report = tmp_path / "report.json"
    call(
        "evaluate", written(tmp_path, HEAD, "good.yaml"), "--model", "olmo-3.1", "--format", "json", "--output", report
    )
    named = {"diff": ("diff", policy, policy), "recheck": ("recheck", report, "--policy", policy)}
    start = named.get(verb, (verb, policy))
    folder = () if verb == "lint" else ("--model-dir", tmp_path / "no-folder")
    done = call(*start, "--catalog", tmp_path / "no.overlay", *folder)
    assert (done.code, done.out) == (2, "")
    assert "did you mean `organisation`?" in done.err
    assert "no.overlay: there is no such file; write one with `policycheck catalog import`" in done.err
    assert verb == "lint" or "no-folder" in done.err
    assert done.err.splitlines()[-1].endswith("nothing was evaluated.")


@pytest.mark.parametrize("verb", ["evaluate", "diff", "headroom", "lint"])
def test_too_many_models_are_refused_with_a_way_out(verb: str, tmp_path: Path) -> None:
    """Before any is judged."""
    policy, overlay = written(tmp_path, HEAD), laid(tmp_path, "mit", *(f"m{number}" for number in range(20_001)))
    done = call(verb, policy, *([policy] if verb == "diff" else []), *overlay)
    assert (done.code, done.out) == (2, "")
    assert "--format counts" in done.err
    assert "--model" in done.err


def test_an_engine_that_is_not_installed_is_said_before_anything_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policycheck.engines.engine_names", lambda: ("durable-rules",))
    done = call("evaluate", "-", "--engine", "clips", stdin=POLICY)
    assert (done.code, done.out) == (2, "")
    assert "`pip install clipspy` brings it" in done.err
