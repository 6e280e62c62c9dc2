"""A lawyer's editor knows the keys and words: policies and cases opened in a real yaml-language-server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.calling import EXAMPLES, ROOT, call
from tests.editor.language_server import Server, command

COMMAND = command()
pytestmark = pytest.mark.skipif(
    COMMAND is None,
    reason="no yaml-language-server: npm install yaml-language-server, and its bin file in YAML_LANGUAGE_SERVER",
)
TEMPLATES = sorted((ROOT / "policies" / "templates").glob("*.yaml"))
MODELINE = "# yaml-language-server: $schema=./%s.schema.json\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `policycheck init` has written into, with the schema of cases beside it."""
    made = tmp_path_factory.mktemp("legal")
    assert call("init", "--template", "bank", "--output", made / "org.yaml").code == 0
    (made / "case.schema.json").write_text(call("schema", "case").out, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """One server for all tests, since its start takes longest."""
    assert COMMAND is not None
    running = Server(COMMAND, folder)
    yield running
    running.close()


@pytest.mark.parametrize("path", [*TEMPLATES, *EXAMPLES], ids=lambda path: path.stem)
def test_a_shipped_policy_has_no_diagnostics(path: Path, server: Server, folder: Path) -> None:
    """The editor and `validate` must not contradict each other."""
    text = path.read_text(encoding="utf-8")
    text = text if text.startswith("# yaml-language-server") else MODELINE % "org" + text
    assert server.open(folder / f"shipped-{path.name}", text) == []


def test_wrong_words_and_keys_are_marked_where_they_stand(server: Server, folder: Path) -> None:
    """Diagnostics come while the author types."""
    text = (folder / "org.yaml").read_text(encoding="utf-8")
    text = text.replace("kind: company", "kind: compny").replace("sector:", "sectr:")
    found = {each["range"]["start"]["line"] + 1: each["message"] for each in server.open(folder / "wrong.yaml", text)}
    lines = text.splitlines()
    assert "Value is not accepted" in found[lines.index("  kind: compny") + 1]
    assert "sectr is not allowed" in found[lines.index("  sectr: financial-services") + 1]
    assert len(found) == 2


def test_norway_is_no_boolean_to_the_editor(server: Server, folder: Path) -> None:
    """`jurisdiction: NO` is right, and an editor that marks it would make the author quote it."""
    text = MODELINE % "org" + "policy_version: 1\norganisation:\n  name: N\n  jurisdiction: NO\n  operates_in: [NO]\n"
    assert server.open(folder / "norway.yaml", text) == []


def test_the_words_of_a_key_are_completed_with_their_sentences(server: Server, folder: Path) -> None:
    """The closed vocabulary, without looking anything up."""
    text = MODELINE % "org" + "policy_version: 1\norganisation:\n  name: N\nuse:\n  deployment: \n"
    path = folder / "words.yaml"
    server.open(path, text)
    items = {each["label"]: each.get("documentation") for each in server.at("completion", path, 5, 14)["items"]}
    assert set(items) == {"self-hosted", "hosted-api", "on-device", "third-party-product"}
    assert "runs the weights on machines that it controls" in str(items["self-hosted"])


def test_the_keys_of_a_use_are_completed_with_their_sentences(server: Server, folder: Path) -> None:
    """What is there already is not offered again."""
    text = MODELINE % "org" + "policy_version: 1\norganisation:\n  name: N\nuse:\n  outputs: internal\n  o\n"
    path = folder / "keys.yaml"
    server.open(path, text)
    items = {each["label"]: each.get("documentation") for each in server.at("completion", path, 6, 3)["items"]}
    assert {"oversight", "operated_from"} <= set(items)
    assert "outputs" not in items
    assert "Who looks at an output" in str(items["oversight"])


def test_a_key_under_the_pointer_is_explained(server: Server, folder: Path) -> None:
    """Hover texts are the schema's descriptions, and the words with their sentences."""
    path = folder / "org.yaml"
    text = path.read_text(encoding="utf-8")
    server.open(path, text)
    line = text.splitlines().index("  kind: company")
    said = str(server.at("hover", path, line, 4)["contents"])
    assert "What kind of body it is." in said
    assert "A ministry, agency, municipality" in said


def test_cases_are_completed_too(server: Server, folder: Path) -> None:
    """The modeline of a case file names the schema of cases."""
    path = folder / "cases.yaml"
    server.open(path, MODELINE % "case" + "policy: org.yaml\ncases:\n  - case: one\n    verdict: \n")
    items = [each["label"] for each in server.at("completion", path, 4, 13)["items"]]
    assert items == ["allow", "conditional", "block"]
