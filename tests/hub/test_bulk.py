"""Many models are judged as one is: the same verdict for the same reasons, in memory that does not grow."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.documents import parse, read_file
from policycheck.evaluate import evaluate
from policycheck.hub.bulk import Bulk, all_refs
from policycheck.hub.line import Gist, gist_of
from policycheck.hub.overlaid import Overlaid
from policycheck.policy import Policy, read_policy
from policycheck.schema import schema
from policycheck.subjects import ref_named

from tests.cli.calling import BANK, EXAMPLES, POLICY, ROOT, call, command, environment
from tests.hub.test_import import imported

TODAY = date(2026, 11, 25)
POLICIES = [*EXAMPLES, *sorted((ROOT / "fixtures" / "policies").glob("*.yaml"))[::4]]
RULES = """rules:
  - {id: by-name, outcome: block, when: {model.id: org/pinned}, message: "No {model.id}."}
  - {id: no-merges, outcome: block, when: {model.relation: merge}, message: "{model.id} is merged in."}
"""
WAIVED = """waivers:
  - {rule: by-name, model: org/pinned, reason: R, approved_by: B, approved_on: 2026-10-01, expires: 2027-01-01}
  - {rule: no-merges, model: org/merged, reason: R, approved_by: B, approved_on: 2026-10-01, expires: 2027-01-01}
"""
LLAMA, QWEN = "meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B"


def made(name: str, license: str | None = "apache-2.0", *bases: str, relation: str | None = None, **more: Any) -> Any:
    """A record of the Hub's API."""
    card = {"license": license, "base_model": list(bases), "base_model_relation": relation, **more}
    return {"id": f"org/{name}", "sha": "a" * 40, "cardData": {key: value for key, value in card.items() if value}}


RECORDS = [
    *(made(name) for name in ("plain", "same", "pinned")),
    made("none", None),
    made("odd", "other", license_name="my-own"),
    made("nc", "cc-by-nc-4.0"),
    made("drift", "mit", LLAMA, relation="finetune"),
    made("child", "mit", "org/drift"),
    made("merged", "mit", LLAMA, QWEN),
    made("pure", "mit", QWEN, relation="quantized"),
    made("lost", "mit", "no/such"),
    made("fixed", "cc-by-nd-4.0"),
    made("quant", "mit", "org/fixed", relation="quantized"),
    made("distil", "mit", "org/fixed", relation="distilled"),
    made("taught", "mit", LLAMA, relation="distilled"),
    made("hen", "mit", "org/egg"),
    made("egg", "mit", "org/hen"),
    made("own", "mit", "org/own"),
]


def policy_of(path: Path, catalog: Overlaid, more: str = "") -> Policy:
    return read_policy(parse(path.read_bytes() + more.encode(), path.as_posix()), catalog, TODAY)


def compared(policy: Policy, catalog: Overlaid) -> None:
    """Every verdict in bulk is that of a whole report, and nothing is missing."""
    refs = list(all_refs(catalog))
    whole = evaluate(policy, catalog, today=TODAY, models=refs)
    wanted = {(verdict.use, verdict.model): gist_of(verdict) for verdict in whole.verdicts}
    bulk = Bulk(policy, catalog, TODAY)
    found = {(line.use, line.model): line.gist for line in bulk.lines(refs)}
    assert found.keys() == wanted.keys()
    names = list(Gist.__slots__)
    differing = [
        (key, name, getattr(found[key], name), getattr(wanted[key], name))
        for key in found
        for name in names
        if getattr(found[key], name) != getattr(wanted[key], name)
    ]
    assert not differing
    assert bulk.unmatched() == list(whole.unmatched)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Overlaid:
    return imported(tmp_path_factory.mktemp("hub"), *RECORDS)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_line_says_what_the_whole_report_says(path: Path, catalog: Overlaid) -> None:
    """For every example, over the catalog and an overlay."""
    compared(policy_of(path, catalog), catalog)


@pytest.mark.parametrize("more", ["", RULES, RULES + WAIVED], ids=["bare", "rules that name models", "answers"])
def test_a_rule_or_an_answer_for_one_model_is_not_shared_with_another(
    more: str, catalog: Overlaid, tmp_path: Path
) -> None:
    """Models that differ in their names only are judged once, unless a name counts."""
    (tmp_path / "org.yaml").write_text(POLICY, encoding="utf-8")
    compared(policy_of(tmp_path / "org.yaml", catalog, more), catalog)


def rules_of(name: str, catalog: Overlaid, tmp_path: Path) -> tuple[str, dict[str, str]]:
    """The verdict of a model for a policy that has nothing against a permissive license, and what weighs."""
    (tmp_path / "org.yaml").write_text(POLICY, encoding="utf-8")
    policy = policy_of(tmp_path / "org.yaml", catalog)
    (verdict,) = evaluate(policy, catalog, today=TODAY, models=[ref_named(name, policy, catalog)]).verdicts
    return verdict.verdict, {f.rule: f.grounds.message for f in verdict.findings if f.outcome}


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("plain", set()),
        ("none", {"license-unknown"}),
        ("odd", {"license-unknown", "files-disagree"}),
        ("pure", set()),
        ("lost", {"license-unknown"}),
        ("quant", {"ancestor-not-to-be-changed", "license-drift"}),
        ("hen", set()),
        ("own", set()),
    ],
)
def test_what_weighs_on_a_model_is_what_is_known_of_it_and_of_its_ancestors(
    name: str, rules: set[str], catalog: Overlaid, tmp_path: Path
) -> None:
    """Circles end, and an unknown ancestor is no pass."""
    verdict, found = rules_of(f"org/{name}", catalog, tmp_path)
    assert rules <= set(found)
    assert (verdict == "allow") == (not rules), found


def test_a_freer_license_than_that_of_an_ancestor_is_a_finding_that_names_it(catalog: Overlaid, tmp_path: Path) -> None:
    """For a model of an overlay, for its child, and for one of the catalog."""
    for name in ("org/drift", "org/child", "deepseek-r1-distill-llama-8b"):
        _, found = rules_of(name, catalog, tmp_path)
        assert "`llama-3.1-8b` stands under `llama-3.1-community`" in found["license-drift"]


def test_a_student_is_no_changed_copy_of_its_teacher(catalog: Overlaid, tmp_path: Path) -> None:
    _, found = rules_of("org/distil", catalog, tmp_path)
    assert "ancestor-not-to-be-changed" not in found


def test_a_card_that_calls_a_model_distilled_does_not_show_that_no_weights_are_inside(
    catalog: Overlaid, tmp_path: Path
) -> None:
    """Whether this is a student of Llama 3.1 only its card says, and a large house is asked."""
    (tmp_path / "org.yaml").write_text(POLICY.replace("mau: 1M", "mau: 900M"), encoding="utf-8")
    policy = policy_of(tmp_path / "org.yaml", catalog)
    (verdict,) = evaluate(policy, catalog, today=TODAY, models=[ref_named("org/taught", policy, catalog)]).verdicts
    question = next(finding for finding in verdict.findings if finding.rule == "student-question")
    assert verdict.range["strictest"] == "block"
    assert "Only a card says" in question.message
    drift = next(finding for finding in verdict.findings if finding.rule == "license-drift")
    assert "by its card it was distilled from `llama-3.1-8b`" in drift.message
    assert "which still binds it" not in drift.message


def test_what_is_inside_with_its_own_weights_counts_and_is_no_drift(catalog: Overlaid, tmp_path: Path) -> None:
    """Lumina says Apache-2.0 and has Gemma inside."""
    model = catalog.resolve_model("Alpha-VLLM/Lumina-Image-2.0")
    assert model is not None
    assert [base.relation for base in model.based_on] == ["component"]
    _, found = rules_of(model.id, catalog, tmp_path)
    assert "license-drift" not in found
    assert "pass-on-restrictions" in found or "field-of-use-barred" in found or found


@pytest.mark.parametrize(("depth", "allowed"), [(50, True), (99, True), (150, False), (3000, False)])
def test_a_long_line_of_ancestors_is_followed_and_one_too_long_ends_in_the_unknown(
    depth: int, allowed: bool, tmp_path: Path
) -> None:
    """Fifty are nothing; of three thousand nobody knows the first, and the program stands."""
    line = [made(f"m{n}", "mit", f"org/m{n + 1}", relation="finetune") for n in range(depth)]
    catalog = imported(tmp_path, *line, made(f"m{depth}", "mit"))
    verdict, found = rules_of("org/m0", catalog, tmp_path)
    assert (verdict == "allow") == allowed, found


def test_the_license_at_the_far_end_of_a_line_counts(tmp_path: Path) -> None:
    line = [made(f"m{n}", "mit", f"org/m{n + 1}", relation="finetune") for n in range(50)]
    verdict, found = rules_of("org/m0", imported(tmp_path, *line, made("m50", "cc-by-nc-4.0")), tmp_path)
    assert verdict == "block"
    assert "use-not-granted" in found


def laid(folder: Path, records: Any = RECORDS) -> list[Path | str]:
    """The options for an overlay of these records."""
    imported(folder, *records)
    return ["--catalog", folder / "hub.overlay"]


def test_each_line_is_as_its_schema_says_and_the_last_one_counts_them(tmp_path: Path) -> None:
    done = call("evaluate", BANK, *laid(tmp_path), "--every-model", "--format", "jsonl", "--today", "2026-11-25")
    lines = [json.loads(line) for line in done.out.splitlines()]
    checker = Draft202012Validator(schema("lines"))
    assert not [error for line in lines for error in checker.iter_errors(line)]
    assert [lines[0]["kind"], lines[-1]["kind"]] == ["run", "summary"]
    verdicts = [line["verdict"] for line in lines[1:-1]]
    assert all(lines[-1][word] == verdicts.count(word) for word in ("allow", "conditional", "block"))
    assert done.code == 1


def test_the_counts_fit_a_terminal_and_name_every_use(tmp_path: Path) -> None:
    done = call("evaluate", BANK, *laid(tmp_path), "--every-model", "--format", "counts", "--today", "2026-11-25")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    for use in read_file(BANK).data["uses"]:
        assert use[:20] in done.out


def test_too_many_models_to_show_in_full_are_refused_with_a_way_out(tmp_path: Path) -> None:
    options = laid(tmp_path, [made(f"m{n}") for n in range(20_001)])
    done = call("evaluate", BANK, *options, "--every-model")
    assert (done.code, done.out) == (2, "")
    assert "--format counts" in done.err


def test_an_output_that_fails_midway_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("old", encoding="utf-8")
    done = call(
        "evaluate", BANK, *laid(tmp_path), "--use", "nope", "--format", "jsonl", "--output", tmp_path / "out.jsonl"
    )
    assert done.code == 2
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "old"
    assert not list(tmp_path.glob(".out*"))


def peak(*arguments: str | Path) -> int:
    """Peak memory of a process in KB."""
    resource = pytest.importorskip("resource")
    before = "import resource, sys; from policycheck_cli.main import main\n"
    code = before + "try: main()\nfinally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    run = [sys.executable, "-c", code, *map(str, arguments)]
    assert resource
    done = subprocess.run(run, capture_output=True, text=True, check=False, env=environment({}))
    assert done.returncode in (0, 1, 4), done.stderr
    return int(done.stderr.split()[-1])


def test_memory_does_not_grow_with_the_models(tmp_path: Path) -> None:
    """Ten times as many rows: the caches are bounded, and what is kept of a model is a count. bench/hub.py has more."""
    peaks = []
    for size in (3_000, 30_000):
        file, overlay = tmp_path / f"{size}.jsonl", tmp_path / f"{size}.overlay"
        bases = (LLAMA, QWEN, "no/such", None)
        rows = (made(f"m{n}", ("mit", "other", "llama3.1")[n % 3], *filter(None, [bases[n % 4]])) for n in range(size))
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        read = peak("catalog", "import", file, "--output", overlay)
        peaks.append((read, peak("evaluate", BANK, "--catalog", overlay, "--every-model", "--format", "counts")))
    (small_read, small), (large_read, large) = peaks
    assert large_read < small_read * 1.25
    assert large < small * 1.25


def test_a_reader_that_goes_away_ends_it_without_a_verdict(tmp_path: Path) -> None:
    run = command("evaluate", BANK, *laid(tmp_path), "--every-model", "--format", "jsonl")
    process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment({}))
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait() in (1, 3)
    assert shipped


def test_models_that_say_the_same_are_judged_once(catalog: Overlaid, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shipped packs read of a model is told by what it has in common with others."""
    text = POLICY + "extends: [eu-gdpr, us-defence, financial-services, public-sector, strict-evidence]\n"
    policy = read_policy(parse(text.encode(), "org.yaml"), catalog, TODAY)
    bulk = Bulk(policy, catalog, TODAY)
    judged: list[str] = []
    whole = bulk.judge.verdict
    monkeypatch.setattr(
        bulk.judge, "verdict", lambda use, subject: judged.append(subject.model.id) or whole(use, subject)
    )
    names = [f"org/{name}" for name in ("plain", "same")]
    assert len(list(bulk.lines([ref_named(name, policy, catalog) for name in names]))) == 2
    assert judged == names[:1]
