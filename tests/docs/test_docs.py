"""README and docs say what is so: their policies are valid, their commands print what is shown."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
from policycheck import shipped
from policycheck.documents import parse
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck_cli.main import cli

from tests.docs.pages import PAGES, PARTS, ROOT, Block, changed, every_block, lay, pattern, run, steps

TODAY = date(2026, 11, 25)
SHOWN = [block for block in every_block() if block.language == "console"]
POLICIES = [block for block in every_block() if block.language == "yaml" and block.key in ("policy_version", *PARTS)]
LOOKED_UP = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", POLICIES, ids=str)
def test_a_policy_that_is_shown_is_valid_and_each_of_its_answers_meets_a_finding(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader copies it as it stands."""
    monkeypatch.chdir(ROOT)
    policy = read_policy(parse(block.policy.encode(), "org.yaml"), shipped.catalog(), TODAY)
    report = evaluate(policy, shipped.catalog(), today=TODAY)
    assert report.verdicts
    assert not report.unmatched


@pytest.mark.parametrize("block", SHOWN, ids=str)
def test_a_command_that_is_shown_prints_what_is_shown(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 80 columns, with the policy above it on the page as org.yaml. `python tests/docs/update.py` mends it."""
    lay(block, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    code = 0
    for command, shown in steps(block):
        words = shlex.split(command)
        if words == ["echo", "$?"]:
            assert shown == [str(code)]
            continue
        assert words.pop(0) == "policycheck"
        code, said = run(words)
        assert code != 3, said
        assert not shown or pattern(shown).fullmatch(said), said


@pytest.mark.parametrize("block", [block for block in every_block() if block.language == "text"], ids=str)
def test_a_question_that_is_shown_is_asked(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`init --ask` on the policy above it on the page begins with it."""
    lay(block, tmp_path)
    monkeypatch.chdir(tmp_path)
    _, said = run(["init", "--ask", "org.yaml", "--today", "2026-11-25"])
    assert block.text in said, said


def test_the_policy_that_is_walked_through_is_the_worked_one() -> None:
    """Piece by piece, up to the first change, the page shows the file that it names."""
    worked = (ROOT / "fixtures" / "policies" / "telecom-joint-ventures.yaml").read_bytes()
    first = next(block for block in SHOWN if block.page.name == "walk-through.md")
    assert parse(first.policy.encode(), "org.yaml").data == parse(worked, "org.yaml").data


def test_a_diff_changes_the_one_place_that_it_shows() -> None:
    """And fails where the policy on the page has another text, or that text twice."""
    assert changed("a: 1\nb: 2\n", " a: 1\n-b: 2\n+b: 3\n") == "a: 1\nb: 3\n"
    for policy in ("a: 1\n", "b: 2\nb: 2\n"):
        with pytest.raises(AssertionError):
            changed(policy, "-b: 2\n+b: 3\n")


def test_every_pattern_of_left_out_lines_still_refuses_another_output() -> None:
    """The test above must be able to fail."""
    assert pattern(["…", "one", "…"]).fullmatch("zero\none\ntwo\n")
    assert pattern(["one …"]).fullmatch("one and more\n")
    assert not pattern(["…", "one", "…"]).fullmatch("zero\ntwo\n")
    assert not pattern(["one"]).fullmatch("one\ntwo\n")
    assert not pattern(["one …"]).fullmatch("ones\n")


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*found, id=found[0]) for found in _commands(cli, "policycheck")]
)
def test_every_command_has_help_and_is_on_its_page_with_its_options(path: str, command: click.Command) -> None:
    """Nobody finds a command that is written nowhere."""
    assert command.help
    assert f"`{path}" in LOOKED_UP
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert all(f"`{option}" in LOOKED_UP for option in parameter.opts), parameter.opts


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*found, id=found[0]) for found in _commands(cli, "policycheck")]
)
def test_every_word_that_a_command_lets_one_choose_is_on_its_page(path: str, command: click.Command) -> None:
    """Formats, engines, verdicts and names of schemas."""
    for parameter in command.params:
        if isinstance(parameter.type, click.Choice):
            assert all(f"`{word}`" in LOOKED_UP for word in parameter.type.choices), (path, parameter.name)


def test_every_key_of_a_policy_stands_in_the_page_for_its_authors() -> None:
    """A key that no page explains is one that nobody fills in."""
    from policycheck.schema import schema

    page = (ROOT / "docs" / "writing-a-policy.md").read_text(encoding="utf-8")
    whole = schema("org", shipped.catalog().vocabulary)
    keys = {*whole["properties"], *whole["$defs"]["organisation"]["properties"], *whole["$defs"]["use"]["properties"]}
    keys |= {f"settings.{key}" for key in whole["properties"]["settings"]["properties"] if key != "note"}
    assert (
        sorted(key for key in keys if f"`{key}`" not in page and f"`{key}:`" not in page and f"\n{key}:" not in page)
        == []
    )


def test_every_field_of_the_json_report_stands_in_the_page_on_gates() -> None:
    """Those who wire a gate read the table, not the code."""
    page = (ROOT / "docs" / "building-a-gate.md").read_text(encoding="utf-8")
    policy = read_policy(parse(SHOWN_POLICY, "org.yaml"), shipped.catalog(), TODAY)
    report = evaluate(policy, shipped.catalog(), today=TODAY).as_json()
    verdict = report["verdicts"][0]
    finding = verdict["findings"][0]
    named = [*report, *report["policy"], *report["summary"], *verdict, *finding, *finding["citations"][0]]
    assert [name for name in named if f"`{name}`" not in page] == []


SHOWN_POLICY = b"policy_version: 1\norganisation: {name: Nordwind}\nmodels: [llama-4-maverick]\n"


def test_every_fact_of_a_license_stands_in_the_page_for_those_who_add_one() -> None:
    """A reader of a license text finds every word there that a file may use."""
    page = (ROOT / "docs" / "adding-a-license.md").read_text(encoding="utf-8")
    vocabulary = shipped.catalog().vocabulary.data
    words = [*vocabulary["clauses"], *vocabulary["duties"], *vocabulary["words"]["fields_of_use"]]
    without = {"general-purpose", "customer-chosen"}  # A use may be so; no license bars them.
    assert [word for word in words if word not in without and f"`{word}`" not in page] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.exists()], ids=lambda page: page.name)
def test_a_link_to_another_page_leads_somewhere(page: Path) -> None:
    """Links within the project only; no network is asked."""
    import re

    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target
