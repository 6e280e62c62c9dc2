"""A starter policy: a commented template, with the answers of its author written in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from policycheck import shipped
from policycheck.catalog import Catalog
from policycheck.documents import Document, Where, read_file
from policycheck.edit import put, rename
from policycheck.errors import DocumentError, Problem, UsageError
from policycheck.policy import read_policy
from policycheck.schema import problems
from policycheck.variation import path_of, rehomed, with_mapping

_NAME: Where = ("organisation", "name")


def template(name: str, catalog: Catalog, *, file: str = "org.yaml") -> Document:
    """The template called `name`, as if it stood in `file`; raises UsageError where there is none."""
    known = catalog.vocabulary.words("templates")
    if name not in known:
        meant = catalog.vocabulary.suggestion(name, known)
        end = f"; did you mean `{meant}`?" if meant else ""
        raise UsageError(f"no template is called `{name}`{end} (there are {', '.join(f'`{each}`' for each in known)})")
    return read_file(shipped.folder("policies") / "templates" / f"{name}.yaml", shown=file)


def first_use(document: Document) -> str:
    """The name of the one use of a template."""
    return str(next(iter(document.data["uses"])))


def start(answers: Document, catalog: Catalog, today: date, *, name: str | None = None) -> Document:
    """The policy that an answers file describes; `name` is a template where the file names none.

    Raises DocumentError with every problem, each at its place in the answers file.
    """
    wrong = problems(answers, "answers", catalog.vocabulary)
    if wrong:
        raise DocumentError(wrong)
    data = answers.data
    if "template" not in data and name is None:
        raise DocumentError([answers.problem((), "`template` is missing: name it here, or with --template")])
    if name is not None and data.get("template", name) != name:
        message = f"this file is for the template `{data['template']}`, and --template says `{name}`"
        raise DocumentError([answers.problem(("template",), message)])
    document = template(data.get("template", name), catalog)
    if "use" in data:
        document = rename(document, ("uses", first_use(document)), data["use"])
    wrong = list(_problems(document, answers, catalog, today))
    if wrong:
        raise DocumentError(wrong)
    for key, value in data["answers"].items():
        document = put(document, path_of(key, document.data), value)
    return document


def _problems(document: Document, answers: Document, catalog: Catalog, today: date) -> Iterator[Problem]:
    """What is wrong with the answers, each at its place in their file."""
    paths = {key: path_of(key, document.data) for key in answers.data["answers"]}
    if _NAME not in paths.values() and _NAME[:1] not in paths.values():
        yield answers.problem(("answers",), "`organisation.name` is missing: the full legal name")
    for key, where in paths.items():
        if where in document.values and _is_mapping(document.data, where):
            message = f"`{key}` holds keys of its own; write each in full, as `organisation.name`"
            yield answers.problem(("answers", key), message, key=True)
    changed, wrong = with_mapping(document, answers, ("answers",))
    yield from wrong
    try:
        read_policy(changed, catalog, today)
    except DocumentError as error:
        yield from rehomed(error.problems, document, answers, [("answers",)])


def _is_mapping(data: Any, where: Where) -> bool:
    for part in where:
        data = data[part]
    return isinstance(data, dict)
