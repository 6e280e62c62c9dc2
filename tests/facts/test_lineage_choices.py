"""A choice of licenses at every step of a long lineage."""

from __future__ import annotations

from policycheck import shipped
from policycheck.documents import parse
from policycheck.policy import ModelRef, read_policy
from policycheck.subjects import refs_of, subject_of

from tests.answers.small import TODAY


def test_choices_along_a_lineage_do_not_multiply_without_end() -> None:
    """Forty own models, each offered under two licenses, would be 2^40 alternatives."""
    steps = [f"m-{number}" for number in range(40)]
    lines = [
        f"  - {{id: {name}, based_on: [{{model: {base}, relation: finetune}}], license: MIT OR Apache-2.0}}"
        for name, base in zip(steps, [*steps[1:], "olmo-3.1"], strict=True)
    ]
    text = "policy_version: 1\norganisation: {name: N}\nmodels:\n" + "\n".join(lines) + "\n"
    catalog = shipped.catalog()
    policy = read_policy(parse(text.encode(), "org.yaml"), catalog, TODAY)
    first: ModelRef = refs_of(policy, catalog)[0]
    subject = subject_of(first, policy, catalog)
    assert len(subject.alternatives) == 256
    assert {strand.ancestor.id for strand in subject.alternatives[0] if strand.ancestor} == {*steps[1:], "olmo-3.1"}
