"""`diff` and `recheck`: which way verdicts went and why, of files, git revisions, catalogs, packs and old reports."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.schema import schema

from tests.cli.calling import EXAMPLES, ROOT, TODAY, call

POLICIES = ROOT / "fixtures" / "wording"
OLD, NEW = POLICIES / "before.yaml", POLICIES / "after.yaml"
BAD = ROOT / "fixtures" / "reports" / "bad"


def compared(*arguments: str | Path, code: int | None = 1) -> dict[str, Any]:
    """What a command prints as JSON, which its schema takes."""
    done = call(*arguments, *TODAY, "--format", "json")
    assert code is None or done.code == code, done.err
    found: dict[str, Any] = json.loads(done.out)
    validator = Draft202012Validator(schema("diff", shipped.catalog().vocabulary))
    assert [error.message for error in validator.iter_errors(found)] == []
    return found


def way(found: dict[str, Any], model: str, use: str = "chat") -> tuple[str | None, str | None, str]:
    """Before, after and direction of one verdict."""
    (change,) = [each for each in found["changes"] if (each["model"], each["use"]) == (model, use)]
    return change["before"], change["after"], change["direction"]


def test_each_verdict_goes_the_way_that_evaluate_gives_it() -> None:
    """Both sides are what `evaluate` says of the two files."""
    found = compared("diff", OLD, NEW)
    sides = []
    for path in (OLD, NEW):
        report = json.loads(call("evaluate", path, *TODAY, "--format", "json").out)
        sides.append({(each["use"], each["model"]): each["verdict"] for each in report["verdicts"]})
    for change in found["changes"]:
        key = (change["use"], change["model"])
        assert (change["before"], change["after"]) == (sides[0].get(key), sides[1].get(key))
    counted = len(found["changes"]) + found["summary"]["same"]
    assert counted == len({*sides[0], *sides[1]})
    assert sum(found["summary"].values()) == counted


def test_the_reasons_name_what_changed_in_the_file() -> None:
    """Facts, an answer that has ended, a rule that is new."""
    changes = {(each["model"], each["use"]): each for each in compared("diff", OLD, NEW)["changes"]}
    why = {each["what"]: (each["before"], each["after"]) for each in changes["llama-4-maverick", "chat"]["why"]}
    assert why["`organisation.jurisdiction`"] == ("DE", "US")
    assert why["`organisation.affiliates[0].mau`"] == ("640M", "690M")
    why = {each["what"]: (each["before"], each["after"]) for each in changes["deepseek-v4", "chat"]["why"]}
    assert why["the waiver of `publisher-jurisdiction-review`"] == ("by dpo@house.example until 2027-03-31", None)
    assert why["the rule `no-patent-grant`"][0] is None
    assert changes["deepseek-v4", "chat"]["rules_added"] == ["no-patent-grant", "publisher-jurisdiction-review"]


def test_what_nobody_had_judged_is_milder_unless_it_is_blocked() -> None:
    """A use that takes another name must not slip through a gate; one that is gone is stricter."""
    found = compared("diff", OLD, NEW)
    assert way(found, "olmo-3.1", "search-help") == (None, "allow", "milder")
    assert way(found, "llama-4-maverick", "search-help") == (None, "block", "reasons")
    back = compared("diff", NEW, OLD)
    assert way(back, "olmo-3.1", "search-help") == ("allow", None, "stricter")
    assert way(back, "llama-4-maverick", "search-help") == ("block", None, "reasons")


def test_the_other_way_round_stricter_is_milder() -> None:
    """And the rules as such, too."""
    found, back = compared("diff", OLD, NEW), compared("diff", NEW, OLD)
    for one, other in (("stricter", "milder"), ("milder", "stricter"), ("reasons", "reasons"), ("same", "same")):
        assert found["summary"][one] == back["summary"][other]
    assert (found["rules"]["relation"], back["rules"]["relation"]) == ("stricter", "milder")
    assert found["rules"]["stricter"]["facts"] == back["rules"]["milder"]["facts"] == {"license.patent_grant": "no"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_policy_does_not_differ_from_itself(path: Path) -> None:
    """Exit code 0: there is nothing to report."""
    found = compared("diff", path, path, code=0)
    assert found["changes"] == []
    assert found["rules"] == {"relation": "equivalent", "stricter": None, "milder": None}


@pytest.mark.parametrize(
    ("settings", "fail_on", "code"),
    [
        (("organisation.mau=12M",), "any", 0),
        (("organisation.jurisdiction=US",), "any", 1),
        (("organisation.jurisdiction=US",), "milder", 1),
        (("organisation.jurisdiction=US",), "stricter", 0),
        (("organisation.affiliates[0].mau=700M",), "stricter", 1),
        (("organisation.affiliates[0].mau=700M",), "milder", 0),
        (("organisation.affiliates[0].mau=700M",), "never", 0),
        (("organisation.affiliates[0].mau=641M",), "milder", 0),
    ],
)
def test_the_exit_code_is_what_fail_on_asks(tmp_path: Path, settings: tuple[str, ...], fail_on: str, code: int) -> None:
    """A gate lets a policy become stricter on its own, and stops where it becomes milder."""
    report = tmp_path / "report.json"
    assert call("evaluate", OLD, *TODAY, "--format", "json", "--output", report).code == 1
    arguments = [part for setting in settings for part in ("--set", setting)]
    asked = ("--policy", OLD, *arguments, "--fail-on", fail_on)
    assert call("recheck", report, *asked, *TODAY).code == code


def test_two_packs_are_compared_as_such() -> None:
    """By outcome over every case; the exit code follows --fail-on."""
    packs = ROOT / "policies" / "packs"
    pair = (packs / "strict-evidence.yaml", packs / "permissive-only.yaml")
    found = compared("diff", *pair)
    assert found["rules"]["relation"] == "incomparable"
    assert found["changes"] == []
    assert call("diff", *pair, "--fail-on", "milder").code == 1
    assert call("diff", pair[0], pair[0], "--fail-on", "milder").code == 0
    assert call("diff", *pair, "--fail-on", "never").code == 0


def git(folder: Path, *words: str) -> None:
    """Runs git in a folder, with nobody's own settings."""
    names = {f"GIT_{role}_{key}": "n@house.example" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose first commit holds a policy with a pack beside it; the working folder has other ones."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path / "house"
    (folder / "legal" / "packs").mkdir(parents=True)
    policy, pack = folder / "legal" / "org.yaml", folder / "legal" / "packs" / "own.yaml"
    text = OLD.read_text(encoding="utf-8").replace("extends: [eu-gdpr]", "extends: [eu-gdpr, packs/own.yaml]")
    rule = "pack: own\ntitle: T\nrules:\n  - {id: own-rule, outcome: %s, when: {use.outputs: internal}, message: M.}\n"
    policy.write_text(text, encoding="utf-8")
    pack.write_text(rule % "block", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "First")
    pack.write_text(rule % "note", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "named",
    [
        ("HEAD:legal/org.yaml", "legal/org.yaml"),
        ("--git", "HEAD", "legal/org.yaml"),
    ],
    ids=["REVISION:FILE", "--git"],
)
def test_a_git_revision_is_read_with_the_packs_that_it_had(repository: Path, named: tuple[str, ...]) -> None:
    """The pack blocked at that revision and only informs now; the policy itself is the same."""
    found = compared("diff", *named)
    assert way(found, "olmo-3.1") == ("block", "allow", "milder")
    assert found["rules"]["relation"] == "milder"


def test_a_revision_is_read_from_a_folder_below(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are those of the folder in which one stands."""
    monkeypatch.chdir(repository / "legal")
    assert compared("diff", "HEAD:org.yaml", "HEAD:org.yaml", code=0)["changes"] == []


def test_a_problem_at_a_revision_names_revision_file_line_and_column(repository: Path) -> None:
    """Nothing is evaluated."""
    policy = repository / "legal" / "org.yaml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("sector: software", "sector: sofware"), "utf-8")
    git(repository, "commit", "-qam", "Second")
    done = call("diff", "HEAD:legal/org.yaml", "HEAD~1:legal/org.yaml", *TODAY)
    assert (done.code, done.out) == (2, "")
    assert "HEAD:legal/org.yaml:6:11: unknown sector `sofware`; did you mean `software`?" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere:legal/org.yaml", "legal/org.yaml"), "`nowhere:legal/org.yaml`: git finds no such file"),
        (("HEAD:legal/none.yaml", "legal/org.yaml"), "`HEAD:legal/none.yaml`: git finds no such file"),
        (("--git", "--output=x", "legal/org.yaml"), "is no git revision"),
        (("--git", "HEAD", "legal/org.yaml", "legal/org.yaml"), "with --git name one file"),
        (("legal/org.yaml",), "name two policies"),
        (("legal/org.yaml", "legal/packs/own.yaml"), "one of the two is a rule pack"),
        (("legal/org.yaml", "--catalog-a", "legal"), "`vocabulary.yaml` is missing there"),
        (("-", "-"), "standard input can be read once only"),
        (
            ("legal/org.yaml", "HEAD:legal/org.yaml", "--use", "chta"),
            "neither of the two policies has a use called `chta`",
        ),
    ],
)
def test_what_can_not_be_compared_is_said(repository: Path, words: tuple[str, ...], said: str) -> None:
    """Exit code 2, and standard output is empty."""
    done = call("diff", *words, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_new_catalog_says_what_it_does_to_a_policy(tmp_path: Path) -> None:
    """A cap that was read anew blocks; the clause is named with both values."""
    catalog = tmp_path / "catalog"
    shutil.copytree(shipped.folder("catalog"), catalog)
    license = catalog / "licenses" / "llama-3.3-community.yaml"
    text = license.read_text(encoding="utf-8")
    assert "value: 700M" in text
    license.write_text(text.replace("value: 700M", "value: 600M"), encoding="utf-8")
    found = compared("diff", OLD, "--catalog-a", shipped.folder("catalog"), "--catalog-b", catalog)
    assert way(found, "llama-3.3-70b") == ("allow", "block", "stricter")
    (why,) = [each for each in found["changes"][0]["why"] if each["what"] == "llama-3.3-community, mau cap"]
    assert why["before"].startswith("700M (section 2")
    assert why["after"].startswith("600M (section 2")
    assert found["summary"] == {"stricter": 1, "milder": 0, "reasons": 0, "same": 3}


def test_a_catalog_with_a_mistake_is_refused_with_its_place(tmp_path: Path) -> None:
    """Every problem of it, and nothing is evaluated."""
    catalog = tmp_path / "catalog"
    shutil.copytree(shipped.folder("catalog"), catalog)
    license = catalog / "licenses" / "mit.yaml"
    license.write_text(license.read_text(encoding="utf-8").replace("tier: clean", "tier: clear"), encoding="utf-8")
    done = call("diff", OLD, "--catalog-b", catalog, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert "mit.yaml" in done.err
    assert "`clear`" in done.err


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The report on before.yaml of the day before the waiver ended there."""
    path = tmp_path / "report.json"
    call("evaluate", OLD, "--today", "2026-10-02", "--format", "json", "--output", path)
    return path


def test_a_report_rechecked_at_once_is_the_same(report: Path) -> None:
    """By the policy that it names."""
    done = call("recheck", report, "--today", "2026-10-02", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out) == {"changes": [], "summary": {"stricter": 0, "milder": 0, "reasons": 0, "same": 4}}


def test_a_report_is_held_against_another_day(report: Path) -> None:
    """The waiver has ended by then, and the reason says when."""
    done = call("recheck", report, "--today", "2027-04-01", "--format", "json")
    assert done.code == 1
    (change,) = json.loads(done.out)["changes"]
    assert (change["model"], change["before"], change["after"]) == ("deepseek-v4", "allow", "conditional")
    assert any("it ended on 2027-03-31" in (each["after"] or "") for each in change["why"])


def test_recheck_judges_what_the_report_judged_and_no_more(report: Path) -> None:
    """A use that the policy has today and the report lacks is no matter of the report."""
    found = compared("recheck", report, "--policy", NEW)
    assert {change["use"] for change in found["changes"]} == {"chat"}
    narrowed = compared("recheck", report, "--policy", NEW, "--model", "Llama-3.3-70B")
    assert [change["model"] for change in narrowed["changes"]] == ["llama-3.3-70b"]


def test_a_name_that_the_report_lacks_is_an_error_and_no_agreement(report: Path) -> None:
    """A slip of the pen must not read as `nothing differs`."""
    for words in (("--use", "chta"), ("--model", "lama-4")):
        done = call("recheck", report, *words, *TODAY)
        assert (done.code, done.out) == (2, "")
        assert "holds no verdict of the uses and models that are named" in done.err


def test_where_nothing_is_judged_that_is_said(tmp_path: Path) -> None:
    """No model, no verdict, no approval."""
    policy = tmp_path / "org.yaml"
    policy.write_text("policy_version: 1\norganisation: {name: N}\nmodels: []\n", encoding="utf-8")
    done = call("diff", policy, policy, *TODAY)
    assert done.code == 0
    assert done.out.startswith("Nothing was judged: no model is named. This is no approval.\n")


def test_a_use_that_is_gone_is_stricter(report: Path, tmp_path: Path) -> None:
    """Nobody judges it any more."""
    policy = tmp_path / "org.yaml"
    policy.write_text(OLD.read_text(encoding="utf-8").replace("  chat:", "  talk:"), encoding="utf-8")
    found = compared("recheck", report, "--policy", policy)
    assert way(found, "olmo-3.1") == ("allow", None, "stricter")


def test_a_report_of_an_earlier_release_may_lack_what_is_new(report: Path) -> None:
    """Only what is compared must be there."""
    data = json.loads(report.read_text(encoding="utf-8"))
    for verdict in data["verdicts"]:
        del verdict["relied_on"], verdict["members"]
        for finding in verdict["findings"]:
            del finding["near_misses"], finding["component"]
    report.write_text(json.dumps(data), encoding="utf-8")
    assert call("recheck", report, "--today", "2026-10-02").code == 0


@pytest.mark.parametrize("path", sorted(BAD.glob("*.json")), ids=lambda path: path.stem)
def test_what_is_no_report_is_refused_with_the_way_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact words lie beside the file."""
    monkeypatch.chdir(BAD)
    done = call("recheck", path.name, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert done.err == path.with_suffix(".txt").read_text(encoding="utf-8")
