"""A folder is judged by its own files: no verdict is milder than what they show."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policycheck.detect.identify import identify
from policycheck.detect.subject import ref_of
from policycheck.documents import parse, read_file
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy

from tests.cli.calling import POLICY, TODAY, call
from tests.detect.made import build, catalog, library
from tests.detect.test_folders import CASES, hub_cache

CLEAN = (
    "tag-and-text-agree",
    "tag-alone",
    "text-alone",
    "no-front-matter",
    "license-list-of-one",
    "anchors-and-tags",
    "card-frees-business",
)


def verdict_of(place: Path, more: str = "") -> Any:
    """The verdict over a folder, for a policy that has nothing against a permissive license."""
    policy = read_policy(parse((POLICY + more).encode(), "org.yaml"), catalog(), date(2026, 11, 25))
    ref = ref_of(identify(place, catalog(), library()), catalog())
    (verdict,) = evaluate(policy, catalog(), today=date(2026, 11, 25), models=[ref]).verdicts
    return verdict


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_only_a_folder_without_any_doubt_is_allowed(case: Path, tmp_path: Path) -> None:
    """A known permissive text or tag, and nothing that speaks against it."""
    verdict = verdict_of(build(read_file(case).data["files"], tmp_path / "model"))
    assert (verdict.verdict == "allow") == (case.stem in CLEAN), [f.rule for f in verdict.findings if f.outcome]


@pytest.mark.parametrize(
    ("stem", "rule"),
    [
        ("card-contradicts-text", "files-disagree"),
        ("card-contradicts-itself", "files-disagree"),
        ("card-restricts-use", "files-disagree"),
        ("card-restricts-use-in-a-translation", "files-disagree"),
        ("config-names-a-model", "files-disagree"),
        ("license-list", "files-disagree"),
        ("lowered-cap", "license-text-changed"),
        ("rider-in-front", "license-text-changed"),
        ("lowered-cap", "license-unknown"),
        ("drift", "license-drift"),
        ("unknown-base", "license-unknown"),
        ("base-twice", "license-unknown"),
        ("nothing", "license-unknown"),
    ],
)
def test_the_report_says_what_is_wrong_with_the_files(stem: str, rule: str, tmp_path: Path) -> None:
    case = next(path for path in CASES if path.stem == stem)
    verdict = verdict_of(build(read_file(case).data["files"], tmp_path / "model"))
    found = [finding for finding in verdict.findings if finding.rule == rule]
    assert len(found) >= 1
    assert all(finding.outcome.name == "conditional" for finding in found)


def evaluated(place: Path, *more: str, policy: str = POLICY) -> Any:
    """The JSON verdict of the command."""
    done = call("evaluate", "-", *TODAY, "--model-dir", place, "--format", "json", *more, stdin=policy)
    return done.code, json.loads(done.out)["verdicts"]


def test_a_fine_tune_whose_card_says_apache_is_still_capped_by_its_base(tmp_path: Path) -> None:
    """The finding names the ancestor's clause."""
    case = next(path for path in CASES if path.stem == "drift")
    place = build(read_file(case).data["files"], tmp_path / "my-tune")
    code, (verdict,) = evaluated(place, "--set", "organisation.mau=800M")
    assert (code, verdict["model"], verdict["verdict"]) == (1, "my-tune", "block")
    (cap,) = [finding for finding in verdict["findings"] if finding["rule"] == "mau-over-cap"]
    assert cap["license"] == "llama-3.1-community"
    assert {"model": "llama-3.1-8b", "relation": "finetune", "of": "my-tune"} in verdict["lineage"]


def test_a_snapshot_in_the_hubs_cache_is_judged_as_the_model_that_it_is(tmp_path: Path) -> None:
    _, (verdict,) = evaluated(hub_cache(tmp_path))
    assert verdict["model"] == "llama-3.1-8b"
    assert verdict["license"] == "llama-3.1-community"


def test_the_catalog_counts_where_the_files_of_a_known_model_say_something_freer(tmp_path: Path) -> None:
    """A re-tagged copy in a cache does not shake its license off."""
    snapshot = hub_cache(tmp_path)
    (snapshot.parents[1] / "blobs" / "aaa").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    code, (verdict,) = evaluated(snapshot, "--set", "organisation.mau=800M")
    assert (code, verdict["verdict"]) == (1, "block")
    assert {"files-disagree", "mau-over-cap"} <= {finding["rule"] for finding in verdict["findings"]}


def test_several_folders_are_judged_beside_named_models(tmp_path: Path) -> None:
    one = build({"LICENSE": {"text": "apache"}}, tmp_path / "one")
    two = build({"README.md": "---\nlicense: mit\n---\n"}, tmp_path / "two")
    _, verdicts = evaluated(one, "--model-dir", str(two), "--model", "house-model")
    assert [verdict["model"] for verdict in verdicts] == ["house-model", "one", "two"]
    assert [verdict["verdict"] for verdict in verdicts] == ["allow"] * 3


def test_a_folder_that_can_not_be_read_stops_everything(tmp_path: Path) -> None:
    """Nothing is judged, and every unreadable folder is named."""
    done = call("evaluate", "-", "--model-dir", tmp_path / "a", "--model-dir", tmp_path / "b", stdin=POLICY)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("no such file or folder") == 2


def test_a_text_that_was_read_weighs_more_than_a_tag(tmp_path: Path) -> None:
    """`minimum_evidence: verified` takes no tag for a license."""
    strict = "settings: {minimum_evidence: verified}\n"
    tag = build({"README.md": "---\nlicense: apache-2.0\n---\n"}, tmp_path / "tag")
    text = build({"LICENSE": {"text": "apache"}}, tmp_path / "text")
    assert verdict_of(tag, strict).verdict == "conditional"
    assert verdict_of(text, strict).verdict == "allow"


def test_explain_takes_a_folder_too(tmp_path: Path) -> None:
    place = build({"LICENSE": {"text": "apache"}}, tmp_path / "one")
    done = call("explain", "-", *TODAY, "--model-dir", place, "--format", "json", stdin=POLICY)
    assert json.loads(done.out)["license"] == "apache-2.0"
    both = call("explain", "-", *TODAY, "--model-dir", place, "--model", "olmo-3.1", "--format", "json", stdin=POLICY)
    assert [each["license"] for each in json.loads(both.out)] == ["apache-2.0", "apache-2.0"]
