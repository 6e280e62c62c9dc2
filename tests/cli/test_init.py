"""A lawyer begins a policy: by template, by answers, by questions, and goes on with one."""

from __future__ import annotations

import copy
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from policycheck import shipped
from policycheck.claims import claims
from policycheck.documents import Where, parse, read_file
from policycheck.errors import DocumentError, UsageError
from policycheck.evaluate import evaluate
from policycheck.policy import Policy, load, read_policy
from policycheck.questions import answered, next_questions, question_for
from policycheck.schema import schema

from tests.cli.calling import EXAMPLES, ROOT, TODAY, call, command, environment
from tests.documents.update import TODAY as DAY

TEMPLATES = sorted((ROOT / "policies" / "templates").glob("*.yaml"))
NAMES = [path.stem for path in TEMPLATES]
CATALOG = shipped.catalog()
SMALL = """# Ours.
policy_version: 1
organisation:
  name: Nordwind Bank AG
models: [olmo-3.1]   # one
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the author stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- Templates --------------------------------------------------------------------------------------------------------


def test_there_is_a_template_for_each_word() -> None:
    """The vocabulary names them, and `--template` takes its words."""
    assert set(NAMES) == set(CATALOG.vocabulary.words("templates"))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_written_with_its_schema_and_evaluates(name: str, folder: Path) -> None:
    """Every command works on it as it is; nothing in it is allowed before its author has stated a fact."""
    done = call("init", "--template", name)
    assert (done.code, done.out) == (0, "")
    assert files(folder) == ["org.schema.json", "org.yaml"]
    assert (folder / "org.yaml").read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=./org.schema")
    assert call("validate", "org.yaml").code == 0
    policy = load(Path("org.yaml"), CATALOG, DAY)
    assert {verdict.verdict for verdict in evaluate(policy, CATALOG, today=DAY).verdicts} <= {"conditional", "block"}
    assert call("explain", "org.yaml", "--model", "llama-4", *TODAY).code in (0, 1)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_line_that_a_template_comments_out_is_right_as_it_stands(path: Path) -> None:
    """An author takes the `# ` away, from one line or from all."""
    key = r"^( *)# (?=(?:  +(?:- )?)?[a-z_]+:(?: |$))"
    head, modeline, rest = path.read_text("utf-8").partition("schema.json\n")
    text = head + modeline + re.sub(key, r"\1", rest, flags=re.M)
    if "\n    provider:" in text:  # A host belongs to hosted use, and the example value is for one's own machines.
        text = text.replace("deployment: self-hosted", "deployment: hosted-api")
    policy = read_policy(parse(text.encode(), "org.yaml"), CATALOG, DAY)
    assert len(next(iter(policy.uses.values())).data) > 15
    assert len(policy.organisation.data) > 8


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_states_no_fact_that_could_make_a_verdict_milder(path: Path) -> None:
    """What a template says must hold for whoever takes it; all else would be a fact that nobody checked."""
    data = read_file(path).data
    assert set(data["organisation"]) <= {"name", "kind", "sector"}
    (use,) = data["uses"].values()
    assert use == {"purpose": "research" if path.stem == "research-institute" else "commercial"}
    assert "models" not in data


@pytest.mark.parametrize(
    ("wrong", "meant"), [("bnk", "bank"), ("startup", "start-up"), ("public_sector", "public-sector")]
)
def test_a_template_that_is_misspelt_gets_the_right_name(wrong: str, meant: str, folder: Path) -> None:
    """And nothing is written."""
    done = call("init", "--template", wrong)
    assert done.code == 2
    assert f"did you mean `{meant}`?" in done.err
    assert files(folder) == []


# --- Files that are there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--template", "bank"), ("--answers", "answers.yaml"), ()], ids=str)
def test_a_file_that_is_there_is_never_overwritten_without_force(arguments: tuple[str, ...], folder: Path) -> None:
    """Not even after all questions were answered: it is said first."""
    (folder / "org.yaml").write_text(SMALL, encoding="utf-8")
    (folder / "answers.yaml").write_text("template: bank\nanswers: {organisation.name: N}\n", encoding="utf-8")
    done = call("init", *arguments, stdin="bank\nN\n")
    assert done.code == 2
    assert "`org.yaml` is there already" in done.err
    assert (folder / "org.yaml").read_text(encoding="utf-8") == SMALL
    assert call("init", *arguments, "--force", stdin="bank\nN\n").code == 0
    assert (folder / "org.yaml").read_text(encoding="utf-8") != SMALL


def test_a_schema_that_is_there_stays(folder: Path) -> None:
    """It may be the author's own."""
    (folder / "org.schema.json").write_text("{}", encoding="utf-8")
    done = call("init", "--template", "bank")
    assert done.code == 0
    assert "policycheck schema org > org.schema.json` renews it" in done.err
    assert (folder / "org.schema.json").read_text(encoding="utf-8") == "{}"


def test_a_folder_that_is_not_there_ends_with_3_and_writes_nothing(folder: Path) -> None:
    """No half of a file, no schema alone."""
    done = call("init", "--template", "bank", "--output", "nowhere/org.yaml")
    assert done.code == 3
    assert files(folder) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--ask", "org.yaml", "--template", "bank"), "leave out --template"),
        (("--ask", "nowhere.yaml"), "there is no such file"),
        (("--ask", "-"), "no such file"),
        (("--answers", "nowhere.yaml", "--output", "new.yaml"), "there is no such file"),
        (("--ask", "org.yaml", "--use", "nowhere"), "no use called `nowhere`"),
    ],
    ids=str,
)
def test_wrong_usage_ends_with_2_and_writes_nothing(arguments: tuple[str, ...], said: str, folder: Path) -> None:
    """Standard output stays empty."""
    (folder / "org.yaml").write_text(SMALL, encoding="utf-8")
    done = call("init", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert files(folder) == ["org.yaml"]


# --- Answers from a file ----------------------------------------------------------------------------------------------


def test_answers_take_the_place_of_the_lines_that_are_commented_out(folder: Path) -> None:
    """All remarks of the template stay."""
    (folder / "answers.yaml").write_text(
        "template: bank\nuse: chat\nanswers:\n"
        "  organisation.name: 'Nordwind: Bank'\n  organisation.jurisdiction: 'NO'\n"
        "  organisation.affiliates: [{name: P, relationship: parent, mau: 640M}]\n"
        "  uses.chat.hosting_region: [NO, SE]\n  settings.unknown: block\n",
        encoding="utf-8",
    )
    assert call("init", "--answers", "answers.yaml").code == 0
    written, template = (path.read_text("utf-8").splitlines() for path in (Path("org.yaml"), TEMPLATES[0]))
    assert [line for line in written if line not in template] == [
        '  name: "Nordwind: Bank"',
        "  jurisdiction: NO",
        "  affiliates:",
        "    - name: P",
        "      relationship: parent",
        "      mau: 640M",
        "  chat:",
        "    hosting_region: [NO, SE]",
        "  unknown: block",
    ]


def test_answers_and_option_must_name_the_same_template(folder: Path) -> None:
    """One of them would be passed over."""
    (folder / "a.yaml").write_text("template: bank\nanswers: {organisation.name: N}\n", encoding="utf-8")
    done = call("init", "--answers", "a.yaml", "--template", "start-up")
    assert done.code == 2
    assert "a.yaml:1:11: this file is for the template `bank`" in done.err


# --- Questions --------------------------------------------------------------------------------------------------------


def test_questions_write_a_policy_from_an_empty_folder(folder: Path) -> None:
    """Numbers, words, second tries, Enter for what is not known, and `q` at the end."""
    said = [
        "3",
        "Ridgeline Systems LLC",
        "Manual Search",
        "manuals",
        "?",
        "military, 7",
        "",
        "olmo3, x",
        "olmo-3.1",
        "q",
    ]
    done = call("init", *TODAY, stdin="\n".join(said))
    assert (done.code, done.out) == (0, "")
    data = read_file(Path("org.yaml")).data
    assert data["organisation"] == {"name": "Ridgeline Systems LLC", "kind": "company", "sector": "defence"}
    assert data["uses"] == {"manuals": {"purpose": "commercial", "field_of_use": ["military", "search"]}}
    assert data["models"] == ["olmo-3.1"]
    assert "an identifier of small letters" in done.err
    assert "No model of the catalog is called" in done.err


@pytest.mark.parametrize("stdin", ["", "q\n", "bank\n", "bank\nq\n", "bank\n\n\n"], ids=repr)
def test_ended_before_there_is_a_name_nothing_is_written(stdin: str, folder: Path) -> None:
    """A policy of nobody is none."""
    done = call("init", stdin=stdin)
    assert done.code == 2
    assert "ended before there was a policy to write" in done.err
    assert files(folder) == []


def test_every_question_fits_into_80_columns(folder: Path) -> None:
    """In a terminal as narrow as they come."""
    (folder / "org.yaml").write_text(SMALL, encoding="utf-8")
    done = call("init", "--ask", "org.yaml", *TODAY, stdin="?\n" + "\n" * 40)
    assert max(len(line) for line in done.err.splitlines()) <= 80


def test_asking_stops_when_no_answer_can_change_a_verdict(folder: Path) -> None:
    """Answers to what is asked settle every verdict, with fewer questions than there are keys."""
    (folder / "org.yaml").write_text(SMALL.replace("[olmo-3.1]", "[olmo-3.1, qwen3-8b]"), encoding="utf-8")
    done = call("init", "--ask", "org.yaml", *TODAY, stdin="internal\nno\nnone\n" + "no\n" * 5 + "self-hosted\n" * 2)
    assert done.code == 0
    assert "Nothing that is left out can change a verdict any more." in done.err
    policy = load(Path("org.yaml"), CATALOG, DAY)
    report = evaluate(policy, CATALOG, today=DAY)
    assert report.ask == []
    assert all(verdict.range["mildest"] == verdict.range["strictest"] for verdict in report.verdicts)


def test_answers_are_written_with_all_remarks_kept(folder: Path) -> None:
    """Into the file that was named, or into a copy."""
    (folder / "org.yaml").write_text(SMALL, encoding="utf-8")
    assert call("init", "--ask", "org.yaml", "--output", "copy.yaml", *TODAY, stdin="internal\n").code == 0
    assert (folder / "org.yaml").read_text(encoding="utf-8") == SMALL
    assert (folder / "copy.yaml").read_text(
        encoding="utf-8"
    ) == SMALL + "uses:\n  default:\n    distribution: internal\n"
    assert call("init", "--ask", "org.yaml", *TODAY, stdin="internal\n").code == 0
    assert (folder / "org.yaml").read_text("utf-8") == (folder / "copy.yaml").read_text("utf-8")
    assert files(folder) == ["copy.yaml", "org.yaml"]


def test_a_bad_answer_is_asked_for_again_and_written_nowhere(folder: Path) -> None:
    """With the right word, as everywhere."""
    (folder / "org.yaml").write_text(SMALL, encoding="utf-8")
    done = call("init", "--ask", "org.yaml", *TODAY, stdin="intrnal\n[x\n: :\n\x1b[2J\n9\n\nq\n")
    assert done.code == 0
    assert "did you mean `internal`?" in done.err
    assert "\x1b" not in done.err
    assert (folder / "org.yaml").read_text(encoding="utf-8") == SMALL


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(folder: Path) -> None:
    """An editor stands open beside the terminal."""
    path = folder / "org.yaml"
    path.write_text(SMALL, encoding="utf-8")
    words = command("init", "--ask", str(path), *TODAY)
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment({})
    ) as process:
        assert process.stderr is not None
        while b"   > " not in process.stderr.peek(1):  # type: ignore[attr-defined]  # a BufferedReader
            process.stderr.readline()
        path.write_text(SMALL + "# mine\n", encoding="utf-8")
        _, err = process.communicate(b"internal\nq\n")
    assert process.returncode == 3
    assert b"changed by somebody else" in err
    assert path.read_text(encoding="utf-8") == SMALL + "# mine\n"


def test_a_name_that_no_catalog_has_is_no_competitor(folder: Path) -> None:
    """It would be compared with none, and so count as harmless."""
    text = SMALL.replace("models: [olmo-3.1]", "models: [hunyuan-a13b-instruct]")
    question = question_for("organisation.competes_with", parse(text.encode(), "org.yaml"), CATALOG)
    with pytest.raises(UsageError, match="no publisher of the catalog is called `Meta Platfroms`"):
        answered(parse(text.encode(), "org.yaml"), question, CATALOG, DAY, "Meta Platfroms")


def _own_keys() -> list[str]:
    whole = schema("org", CATALOG.vocabulary)["$defs"]
    left_out = {"name", "note", "group", "client", "licensee", "provider", "volume", "arena", "workload"}
    keys = [f"organisation.{key}" for key in whole["organisation"]["properties"] if key not in left_out]
    return keys + [f"uses.chat.{key}" for key in whole["use"]["properties"] if key not in left_out]


@pytest.mark.parametrize("key", _own_keys())
def test_every_key_has_a_question_with_a_reason_and_a_form(key: str) -> None:
    """In words for a lawyer; a key that is new must get its own."""
    question = question_for(key, parse(SMALL.encode(), "org.yaml"), CATALOG)
    assert question.asks.endswith(("?", ")"))
    assert "`organisation" not in question.asks
    assert question.why.endswith(".")
    assert question.form != "text" or not question.words


def test_every_missing_key_of_the_whole_catalog_can_be_asked_for() -> None:
    """Whatever a license reads: an open question in the report is one that `--ask` can put."""
    policy = read_policy(parse(SMALL.split("models")[0].encode(), "org.yaml"), CATALOG, DAY)
    report = evaluate(policy, CATALOG, today=DAY)
    asked = list(next_questions(report))
    assert len(asked) == len(report.ask) > 15
    assert all(question.why for question in asked)
    assert [question.verdicts for question in asked] == sorted((q.verdicts for q in asked), reverse=True)


def _without(path: Path, where: Where) -> Policy | None:
    """The example without one key; None where it is no policy then."""
    document = read_file(path)
    data = copy.deepcopy(document.data)
    inner = data
    for part in where[:-1]:
        inner = inner[part]
    del inner[where[-1]]
    try:
        return read_policy(replace(document, data=data), CATALOG, DAY)
    except DocumentError:
        return None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_where_nothing_is_asked_any_more_no_answer_changes_a_verdict(path: Path) -> None:
    """Each key of each example is taken out in turn: a verdict that is settled without it is the one it gets with it.

    Where it is not, the key is one that can be claimed, and that is asked for at the end. Left aside are the places of
    users, for which those of an internal use stand in, and the review of a host's terms, which comes as soon as a
    clause may have been set aside.
    """
    full = {(v.use, v.model): v.verdict for v in evaluate(load(path, CATALOG, DAY), CATALOG, today=DAY).verdicts}
    for where in [w for w in read_file(path).values if w[:1] in (("uses",), ("organisation",)) and len(w) in (2, 3)]:
        policy = _without(path, where)
        if policy is None or where[-1] == "serves_users_in":
            continue
        report = evaluate(policy, CATALOG, today=DAY)
        moved = [
            verdict
            for verdict in report.verdicts
            if full.get((verdict.use, verdict.model), verdict.verdict) != verdict.verdict
            and verdict.range["mildest"] == verdict.range["strictest"]
            and not any(finding.rule == "provider-terms" and finding.outcome for finding in verdict.findings)
        ]
        claimed = {question.key for question in claims(report)} if moved else set()
        assert not moved or ".".join(map(str, where)) in claimed, (where, moved[0].use, moved[0].model)
