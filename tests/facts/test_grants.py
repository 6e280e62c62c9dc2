"""What a grant covers and what is planned are said in plain words, with what decides."""

from __future__ import annotations

import pytest

from tests.answers.small import SMALL, catalog, found, judge


def said(grant: str, kind: str, planned: str, rule: str = "use-not-granted") -> str:
    """The message where a use is outside the grant, or may be."""
    policy = SMALL.replace("name: House AG", f"name: House AG, kind: {kind}").replace("service", "internal")
    policy = policy.replace("purpose: commercial, environment: production", planned)
    return found(judge(policy, known=catalog(more=[{"fact": "grant", "value": grant}])), rule).message


@pytest.mark.parametrize(
    ("grant", "kind", "planned", "words"),
    [
        ("research-strict", "university", "purpose: research, commercial_link: true, environment: non-production",
         ("without any link with a business", "by a university", "to be exploited by a business")),
        ("research-strict", "company", "purpose: research, commercial_link: false, environment: non-production",
         ("by a company", "no business behind it")),
        ("non-production", "company", "purpose: evaluation, environment: production",
         ("outside production", "evaluation use in production, by a company")),
    ],
)  # fmt: skip
def test_the_grant_and_the_plan_are_said_with_what_decides(
    grant: str, kind: str, planned: str, words: tuple[str, ...]
) -> None:
    """A word of the vocabulary, as research-strict, tells a lawyer nothing."""
    message = said(grant, kind, planned)
    assert [each for each in words if each not in message] == []
    assert "research-strict" not in message
