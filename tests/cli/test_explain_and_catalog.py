"""`explain` and `catalog`: what they print, and that each change that `explain` names really holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from policycheck import shipped
from policycheck.schema import schema

from tests.cli.calling import BANK, EXAMPLES, POLICY, ROOT, RULE, TODAY, call

_QUESTIONS = [
    (BANK, "llama-4", "support-chat"),
    (BANK, "deepseek-v4", "contract-summaries"),
    (BANK, "olmo-3.1", "support-chat"),
    (BANK, "flux-1-dev", "support-chat"),
    *((path, model, None) for path in EXAMPLES for model in ("llama-3.1-8b-instruct", "nobody-knows-this")),
]


def use_of(path: Path) -> str:
    """The first use of an example."""
    report = json.loads(call("evaluate", path, *TODAY, "--model", "olmo-3.1", "--format", "json").out)
    use: str = report["verdicts"][0]["use"]
    return use


@pytest.mark.parametrize(("path", "model", "use"), _QUESTIONS, ids=lambda each: getattr(each, "stem", each))
def test_every_change_that_explain_names_holds(path: Path, model: str, use: str | None) -> None:
    """`evaluate --set KEY=TO` gives that verdict, and it is another one."""
    asked = (path, *TODAY, "--model", model, "--use", use or use_of(path), "--format", "json")
    done = call("explain", *asked)
    explained = json.loads(done.out)
    assert done.code == (1 if explained["verdict"] == "block" else 0)
    for change in explained["changes"]:
        settings = [part for each in change["set"] for part in ("--set", f"{each['key']}={each['to']}")]
        report = json.loads(call("evaluate", *asked, "--fail-on", "never", *settings).out)
        assert report["verdicts"][0]["verdict"] == change["verdict"] != explained["verdict"], change
        assert all(set(each) == {"key", "from", "to"} for each in change["set"])


def test_explain_is_a_verdict_with_rules_and_changes() -> None:
    """The verdict is the one that `evaluate` gives, in the form that its schema has."""
    asked = (BANK, *TODAY, "--model", "llama-4", "--use", "support-chat", "--format", "json")
    explained = json.loads(call("explain", *asked).out)
    known = shipped.catalog().vocabulary
    validator = Draft202012Validator(schema("explain", known))
    assert [error.message for error in validator.iter_errors(explained)] == []
    rules, changes = explained.pop("rules"), explained.pop("changes")
    assert [explained] == json.loads(call("evaluate", *asked).out)["verdicts"]
    whole = schema("report", known)
    assert Draft202012Validator({**whole["$defs"]["verdict"], "$defs": whole["$defs"]}).is_valid(explained)
    assert changes
    assert {rule["state"] for rule in rules} <= {"fired", "undetermined", "not-fired"}
    for rule in rules:
        assert {"rule", "state", "reads"} <= set(rule)
        assert all(set(read) == {"fact", "value", "from"} for read in rule["reads"])
    weighing = {finding["rule"] for finding in explained["findings"] if finding["outcome"] != "note"}
    assert weighing <= {rule["rule"] for rule in rules if rule["state"] != "not-fired"}


def test_explain_says_in_text_what_was_read_and_what_would_help() -> None:
    """With file and line of each fact."""
    text = POLICY + RULE % "block"
    done = call("explain", "-", *TODAY, "--model", "house-model", stdin=text)
    assert done.code == 1
    assert done.out.startswith("BLOCK: house-model for drafts\n")
    assert "block house-rule: review, basis house" in done.out
    assert "- Who runs the model where: self-hosted [use.deployment; <stdin>:5:24]" in done.out
    assert "allow with a waiver of `house-rule` by your house" not in done.out  # A review is done, or waived.
    assert "allow once `house-rule` is done and recorded" in done.out
    assert "\n      --set 'fulfilled[+]={rule: house-rule, model: house-model, use: drafts, " in done.out


def test_explain_takes_each_model_and_each_use_as_evaluate_does() -> None:
    """One is an object, several are a list in the order of uses and models; without --use it is every use."""
    asked = ("explain", BANK, *TODAY, "--format", "json", "--model", "olmo-3.1", "--model", "deepseek-v4")
    done = call(*asked)
    found = json.loads(done.out)
    pairs = [(each["use"], each["model"]) for each in found]
    uses = ("support-chat", "contract-summaries")
    assert pairs == [(use, model) for use in uses for model in ("olmo-3.1", "deepseek-v4")]
    assert Draft202012Validator(schema("explain", shipped.catalog().vocabulary)).is_valid(found)
    narrowed = json.loads(call(*asked, "--use", "contract-summaries", "--use", "contract-summaries").out)
    assert narrowed == found[2:]
    assert json.loads(call(*asked[:-2], "--use", "support-chat").out) == found[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a model with --model ID"),
        (("--model", "llama-4", "--use", "chat"), "the policy has no use called `chat`"),
        (("--model", "llama-4", "--format", "html"), "--as verdict has the formats `text`, `json`"),
        (("--as", "document", "--format", "json"), "--as document has the formats `markdown`, `html`, `docx`"),
        (("--as", "document", "--format", "docx"), "name it with --output"),
        (("--as", "document", "--use", "chat"), "the policy has no use called `chat`"),
    ],
)
def test_explain_says_what_it_lacks(words: tuple[str, ...], said: str) -> None:
    """Exit code 2, and nothing on standard output."""
    done = call("explain", BANK, *words, *TODAY)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_of_two_licenses_explain_shows_the_one_that_is_chosen() -> None:
    """The first would block; the second is the one that counts."""
    policy = ROOT / "fixtures" / "wording" / "choice.yaml"
    done = call("explain", policy, *TODAY, "--model", "house-model", "--format", "json")
    found = json.loads(done.out)
    assert (done.code, found["verdict"], found["license"]) == (0, "allow", "apache-2.0")
    assert {rule["license"] for rule in found["rules"]} == {"apache-2.0"}


def test_a_rule_that_applies_under_another_license_is_not_said_to_not_apply(tmp_path: Path) -> None:
    """A student and its teacher: what is asked of the teacher is not among what does not apply."""
    policy = tmp_path / "org.yaml"
    kid = "{id: kid, license: apache-2.0, based_on: [{model: mistral-large-2407, relation: distillation}]}"
    policy.write_text(f"policy_version: 1\norganisation: {{name: House AG}}\nmodels: [{kid}]\n", encoding="utf-8")
    asked = (policy, *TODAY, "--model", "kid")
    rules = json.loads(call("explain", *asked, "--format", "json").out)["rules"]
    apply = {rule["rule"] for rule in rules if rule["state"] != "not-fired"}
    assert any(rule["rule"] in apply for rule in rules if rule["state"] == "not-fired")
    listed = re.search(r"other rules do not apply: ([a-z, -]+)\.", " ".join(call("explain", *asked).out.split()))
    assert listed is not None
    assert apply.isdisjoint(listed[1].replace("- ", "-").split(", "))


def test_an_exception_is_shown_as_a_defeated_section() -> None:
    """What would block, what takes it away, and why."""
    policy = ROOT / "fixtures" / "wording" / "bought.yaml"
    said = " ".join(call("explain", policy, *TODAY, "--model", "llama-4-maverick").out.split())
    assert (
        "the paragraph after item 5 would block (eu-multimodal-exclusion); the paragraph after item 5 takes it away "
        "(end-user-exception): The clause on the licensee's seat leaves out end users of a product" in said
    )


def test_a_rule_that_nearly_applied_weighs_once_its_key_is_changed() -> None:
    """One key away, and the change is named."""
    asked = (BANK, *TODAY, "--model", "llama-4", "--use", "support-chat", "--format", "json")
    explained = json.loads(call("explain", *asked).out)
    near = {rule["rule"]: rule["near"] for rule in explained["rules"] if rule["near"]}
    assert near["mau-over-cap"] == {
        "key": "organisation.affiliates[0].mau",
        "from": "640M",
        "to": "689_000_001",
        "bound": "at least",
    }
    for rule, change in near.items():
        setting = f"{change['key']}={change['to']}"
        report = json.loads(call("evaluate", *asked, "--fail-on", "never", "--set", setting).out)
        weighing = {each["rule"] for each in report["verdicts"][0]["findings"] if each["outcome"] != "note"}
        assert rule in weighing, setting


@pytest.mark.parametrize(
    ("what", "keys", "known"),
    [
        ("licenses", {"id", "tier", "name"}, "llama-4-community"),
        ("models", {"id", "license", "evidence", "publisher"}, "llama-4-maverick"),
        ("publishers", {"id", "jurisdiction", "name"}, "meta"),
        ("facts", {"fact", "type", "means"}, "organisation.mau"),
        ("packs", {"id", "rules", "title"}, "baseline"),
        ("rules", {"id", "pack", "outcome", "kind", "basis"}, "mau-over-cap"),
    ],
)
def test_each_list_of_the_catalog_is_printed(what: str, keys: set[str], known: str) -> None:
    """As a table of at most the terminal's width, and as JSON."""
    rows = json.loads(call("catalog", "list", what, "--format", "json").out)
    assert all(set(row) == keys for row in rows)
    assert known in [row.get("id") or row["fact"] for row in rows]
    done = call("catalog", "list", what)
    assert (done.code, done.err) == (0, "")
    assert all(len(line) <= 120 for line in done.out.splitlines())
    assert known in done.out


@pytest.mark.parametrize("name", ["llama-4-community", "mit", "Apache 2.0", "apache-2.0", "Llama 4 Community License"])
def test_a_license_is_shown(name: str) -> None:
    """By its id, its SPDX id and its names; every fact with section and source."""
    found = json.loads(call("catalog", "show", name, "--format", "json").out)
    assert found["kind"] == "license"
    assert {"id", "name", "spdx", "names", "licensor", "tier", "facts"} <= set(found)
    for fact in found["facts"]:
        assert {"fact", "value", "document", "section", "heading", "summary", "evidence", "source", "sha256"} <= set(
            fact
        )
        assert fact["summary"]
    out = call("catalog", "show", name).out
    text = " ".join(out.split())
    assert f"id: {found['id']}" in text
    assert all(" ".join(fact["summary"].split()) in text for fact in found["facts"])
    assert all(len(line) <= 80 for line in out.splitlines())


@pytest.mark.parametrize(
    "name", ["llama-4", "llama-4-maverick", "meta-llama/Llama-4-Maverick-17B-128E-Instruct", "glm-4.7"]
)
def test_a_model_is_shown(name: str) -> None:
    """A family, a member, a Hub id."""
    found = json.loads(call("catalog", "show", name, "--format", "json").out)
    keys = {"kind", "id", "names", "publisher", "license", "released", "modalities", "lineage", "evidence"}
    assert found["kind"] == "model"
    assert keys <= set(found)
    assert f"id: {found['id']}" in call("catalog", "show", name).out


@pytest.mark.parametrize("name", ["meta", "Meta Platforms", "mistral"])
def test_a_publisher_is_shown(name: str) -> None:
    """With its seat and the evidence for it, what it grants and what it publishes."""
    done = call("catalog", "show", name, "--format", "json")
    found = json.loads(done.out)
    assert found["kind"] == "publisher"
    assert all(found[key] for key in ("id", "name", "jurisdiction", "evidence", "source", "licenses"))
    assert all(set(model) == {"model", "license"} for model in found["models"])
    out = call("catalog", "show", name).out
    assert all(f"\n{model['model']} " in out for model in found["models"])
    assert found["name"] in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_who_bears_a_name_as_an_id_is_shown_and_the_others_are_named() -> None:
    """`deepseek` is a publisher and a host, and another name of a license; `--kind` chooses."""
    done = call("catalog", "show", "deepseek", "--format", "json")
    assert json.loads(done.out)["kind"] == "publisher"
    assert "the license `deepseek-model-1.0`, the publisher `deepseek` and the host `deepseek`" in done.err
    for kind in ("license", "publisher", "host"):
        done = call("catalog", "show", "deepseek", "--kind", kind, "--format", "json")
        assert (json.loads(done.out)["kind"], done.err) == (kind, "")
    assert call("catalog", "show", "deepseek", "--kind", "model").code == 1
    assert call("catalog", "show", "mit").err == ""


@pytest.mark.parametrize("what", ["licenses", "models", "publishers", "hosts"])
def test_everything_in_the_catalog_can_be_shown(what: str) -> None:
    """By the id that the list gives."""
    for row in json.loads(call("catalog", "list", what, "--format", "json").out):
        done = call("catalog", "show", row["id"], "--kind", what.removesuffix("s"))
        assert done.code == 0, row["id"]


def test_what_the_catalog_does_not_know_is_said_with_what_is_close() -> None:
    """Exit code 1: nothing was found."""
    done = call("catalog", "show", "lama-4-comunity")
    assert (done.code, done.out) == (1, "")
    assert "llama-4-community" in done.err
    done = call("catalog", "search", "lama-4-comunity")
    assert (done.code, done.out) == (1, "")


def test_the_catalog_is_searched_by_any_part_of_a_name() -> None:
    """Capitals and blanks do not matter."""
    rows = json.loads(call("catalog", "search", "Llama 4", "--format", "json").out)
    assert {"license", "model"} == {row["kind"] for row in rows}
    assert "llama-4-maverick" in [row["id"] for row in rows]
    assert "llama-4-maverick" in call("catalog", "search", "llama-4").out
    done = call("catalog", "search", "nobody-knows-this", "--format", "json")
    assert (done.code, json.loads(done.out)) == (1, [])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("llama4 maverick", "llama-4-maverick"),
        ("Llama-3_3-70b", "llama-3.3-70b"),
        ("qwen 2.5 72b", "qwen2.5-72b"),
        ("gemma3", "gemma-3"),
        ("meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b"),
    ],
)
def test_a_search_finds_what_people_type(typed: str, first: str) -> None:
    """Marks and blanks are left out at will; what begins so stands before what holds it somewhere."""
    rows = json.loads(call("catalog", "search", typed, "--format", "json").out)
    assert next(row["id"] for row in rows if row["kind"] == "model") == first


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("llama-4-maverick", "modalities: input text, image; output text"),
        (
            "deepseek-r1-distill-llama-70b",
            "lineage: model llama-3.3-70b, relation finetune; model deepseek-r1, relation distillation",
        ),
        ("bilibili-indextts2", "annual_revenue_cap: 100M CNY [verified]"),
        ("kimi-k2-modified-mit", "on weights"),
    ],
)
def test_what_is_shown_reads_as_words(name: str, line: str) -> None:
    """A clause with whom it counts and when it arises, and no brackets of a programmer."""
    out = call("catalog", "show", name).out
    assert line in " ".join(out.split())
    assert not {"{'", "['"} & {out[at : at + 2] for at in range(len(out))}


def test_the_shipped_catalog_has_no_problem() -> None:
    """Every file, at once."""
    done = call("catalog", "check")
    assert done.code == 0, done.err
    assert done.out.endswith("no problem.\n")


def test_a_rule_that_applies_under_one_of_two_licenses_is_not_among_those_that_do_not(tmp_path: Path) -> None:
    taught = "{id: house-model, based_on: [{model: mistral-large-2411, relation: distillation}], license: mit}"
    (tmp_path / "org.yaml").write_text(
        POLICY.replace("{id: house-model, license: mit, based_on: []}", taught), encoding="utf-8"
    )
    told = call("explain", tmp_path / "org.yaml", *TODAY, "--model", "house-model").out
    _, others = told.split("other rules do not apply:")
    assert "student-question: question" in told
    assert "student-question," not in others.split("\n\n")[0]
