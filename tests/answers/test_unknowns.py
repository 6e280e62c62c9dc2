"""What nobody knows: a missing fact, license texts taken out, a publisher without a seat."""

from __future__ import annotations

import pytest
from policycheck.catalog import Catalog

from tests.answers.small import BIG, SEATED, SMALL, catalog, found, judge


@pytest.mark.parametrize(("unknown", "verdict"), [("conditional", "conditional"), ("block", "block")])
def test_a_missing_fact_weighs_what_the_house_sets(unknown: str, verdict: str) -> None:
    """Never an allow, and never stricter than the rule itself."""
    judged = judge(BIG.replace("mau: 200M, ", "") + f"settings: {{unknown: {unknown}}}\n")
    finding = found(judged, "mau-over-cap")
    assert judged.verdict == verdict
    assert finding.undetermined
    assert "organisation.mau" in finding.missing
    assert judged.range == {"mildest": "allow", "strictest": "block"}


def test_a_missing_fact_of_a_mild_rule_stays_mild() -> None:
    """`settings.unknown: block` makes no duty a ban."""
    judged = judge(SMALL.replace("distribution: service, ", "") + "settings: {unknown: block}\n")
    assert found(judged, "attribution-display").undetermined
    assert found(judged, "attribution-display").outcome.name == "conditional"


def test_without_the_baseline_nothing_is_allowed() -> None:
    """Whoever takes the license texts out has not read them."""
    judged = judge(SEATED + "without: [baseline]\n")
    assert judged.findings == ()
    assert judged.verdict == "conditional"
    assert judged.range == {"mildest": "conditional", "strictest": "conditional"}


SEAT = """rules:
  - {id: seat-review, outcome: conditional, kind: review, message: "Seated in {publisher.jurisdiction}.",
    when: {publisher.jurisdiction: {in: [CN]}}}
"""
HOUSED = SMALL.replace("service", "internal") + SEAT


def homeless() -> Catalog:
    """A catalog that has no seat of the publisher."""
    known = catalog()
    del known.data["publishers"][0]["jurisdiction"]
    return known


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("", "conditional"),
        ("fulfilled:\n  - {rule: seat-review, model: acme-one, done_by: X, done_on: 2026-11-01}\n", "allow"),
        (
            "waivers:\n  - {rule: seat-review, model: acme-one, reason: R, approved_by: X, approved_on: 2026-11-01,"
            " expires: 2027-01-01}\n",
            "allow",
        ),
    ],
    ids=["unanswered", "found out", "waived"],
)
def test_a_seat_that_the_catalog_lacks_is_a_review_that_can_be_done(answer: str, verdict: str) -> None:
    """No key of the policy could say it, so that the verdict would be conditional for ever."""
    judged = judge(HOUSED + answer, known=homeless())
    assert judged.verdict == verdict
    finding = found(judged, "seat-review")
    assert (finding.kind, finding.undetermined, finding.missing) == ("review", True, ("publisher.jurisdiction",))
    assert "fulfilled:" in (
        judge(HOUSED, known=homeless()).record(found(judge(HOUSED, known=homeless()), "seat-review")) or ""
    )


@pytest.mark.parametrize(
    ("seat", "verdict", "kind"),
    [
        ("jurisdiction: US", "allow", None),
        ("jurisdiction: CN", "conditional", "review"),
        ("kind: company", "conditional", "missing-fact"),
    ],
    ids=["elsewhere", "seated there", "left out"],
)
def test_a_model_of_ones_own_has_the_seat_of_who_changed_it(seat: str, verdict: str, kind: str | None) -> None:
    """It comes from nowhere else."""
    own = HOUSED.replace("[acme-one]", "[{id: house-one, license: acme-1.0, changed_by: House Labs AG, based_on: []}]")
    policy = own.replace(
        "affiliates: []", f"affiliates: [{{name: House Labs AG, relationship: sister, mau: 1, {seat}}}]"
    )
    judged = judge(policy)
    kinds = [finding.kind for finding in judged.findings if finding.rule == "seat-review"]
    assert (judged.verdict, kinds) == (verdict, [kind] if kind else [])


@pytest.mark.parametrize("model", ["nobodys-model", "{id: own-one, license: nobodys-license, based_on: []}"])
@pytest.mark.parametrize(("unknown", "verdict"), [("conditional", "conditional"), ("block", "block")])
def test_a_model_or_license_that_nobody_knows_weighs_what_the_house_sets(
    model: str, unknown: str, verdict: str
) -> None:
    """It may hold any ban, and so weighs as a ban about which a fact is missing."""
    judged = judge(SMALL.replace("[acme-one]", f"[{model}]") + f"settings: {{unknown: {unknown}}}\n")
    assert (judged.verdict, judged.findings[0].kind) == (verdict, "missing-fact")
    assert judged.range == {"mildest": "allow", "strictest": "block"}
    assert "block" in {finding.rule_outcome.name for finding in judged.findings}
