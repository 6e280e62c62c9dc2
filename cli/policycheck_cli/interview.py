"""The questions of `policycheck init`, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import chain

from policycheck import shipped
from policycheck.claims import claims
from policycheck.documents import Document
from policycheck.edit import rename
from policycheck.errors import UsageError
from policycheck.evaluate import evaluate
from policycheck.policy import read_policy
from policycheck.questions import answered, next_questions, opening, question_for
from policycheck.report import Report
from policycheck.starting import first_use, template
from policycheck.subjects import ref_named

from policycheck_cli import dialogue


def from_the_start(today: date) -> Document:
    """A template, with what every new policy needs; raises UsageError where the author ends before it has a name."""
    catalog = shipped.catalog()
    try:
        which = opening("template", catalog)
        document = dialogue.ask(which, lambda text: template(which.chosen(text), catalog), number=1, needed=True)
        assert document is not None  # a question that is needed has an answer
        document = _put(document, "organisation.name", today, 2, needed=True)
    except dialogue.Ended:
        raise UsageError("ended before there was a policy to write") from None
    return _opened(document, today)


def _opened(document: Document, today: date) -> Document:
    catalog = shipped.catalog()
    try:
        use = first_use(document)
        name = opening("use-name", catalog)
        document = dialogue.ask(name, partial(_named, document, today), number=3) or document
        use = first_use(document)
        for number, key in enumerate(("field_of_use", "purpose"), 4):
            document = _put(document, f"uses.{use}.{key}", today, number)
        models = opening("models", catalog)
        return dialogue.ask(models, partial(answered, document, models, catalog, today), number=6) or document
    except dialogue.Ended:
        return document


def _put(document: Document, key: str, today: date, number: int, *, needed: bool = False) -> Document:
    question = question_for(key, document, shipped.catalog())
    accept = partial(answered, document, question, shipped.catalog(), today)
    return dialogue.ask(question, accept, number=number, needed=needed) or document


def _named(document: Document, today: date, text: str) -> Document:
    changed = rename(document, ("uses", first_use(document)), text)
    read_policy(changed, shipped.catalog(), today)
    return changed


def until_settled(
    document: Document, today: date, *, engine: str | None, models: Sequence[str], uses: Sequence[str], number: int
) -> tuple[Document, Report, bool]:
    """The document with its gaps filled, the most useful first; its report, and whether no answer can change it."""
    catalog, left = shipped.catalog(), set[str]()
    while True:
        policy = read_policy(document, catalog, today)
        refs = [ref_named(model, policy, catalog) for model in models] or None
        report = evaluate(policy, catalog, today=today, engine=engine, models=refs, uses=uses or None)
        asked = chain(next_questions(report), claims(report, engine))
        question = next((each for each in asked if each.key not in left), None)
        if question is None:
            return document, report, not left
        try:
            changed = dialogue.ask(
                question, partial(answered, document, question, catalog, today), number=(number := number + 1)
            )
        except dialogue.Ended:
            return document, report, False
        left |= {question.key} if changed is None else set()
        document = changed or document
