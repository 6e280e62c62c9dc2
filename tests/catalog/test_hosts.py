"""Hosts: what the catalog knows of a provider stands in for what the policy leaves out, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from policycheck import shipped
from policycheck.hosts import hosts_of
from policycheck.license import Evidence

from tests.cli.calling import TODAY, call

POLICY = """
policy_version: 1
organisation: {name: House AG, jurisdiction: DE, mau: 1M, affiliates: []}
uses:
  drafts: {deployment: hosted-api, provider: {%s}, distribution: internal, outputs: internal, field_of_use: [search],
    fine_tunes: false, trains_other_models: false, oversight: human-review, discloses_ai: true, safeguards: []}
models: [mistral-7b-v0.3]
%s
rules:
  - {id: seat-in-china, outcome: block, when: {use.provider_jurisdiction: CN}, message: No.}
  - {id: parent-in-china, outcome: block, when: {use.provider_parent_jurisdiction: CN}, message: No.}
"""


def _judged(tmp_path: Path, provider: str, more: str = "") -> dict[str, Any]:
    path = tmp_path / "org.yaml"
    path.write_text(POLICY % (provider, more), encoding="utf-8")
    done = call("evaluate", path, *TODAY, "--format", "json")
    assert done.code in (0, 1), done.err
    verdict: dict[str, Any] = json.loads(done.out)["verdicts"][0]
    return verdict


def _finding(verdict: dict[str, Any], rule: str) -> dict[str, Any] | None:
    return next((finding for finding in verdict["findings"] if finding["rule"] == rule), None)


def test_a_seat_that_the_policy_leaves_out_is_the_catalogs_and_says_where_it_is_written(tmp_path: Path) -> None:
    """The report relies on it as on any fact, with the host's own page as its place."""
    verdict = _judged(tmp_path, "name: DeepSeek API, authorised: true")
    assert (_finding(verdict, "seat-in-china") or {})["outcome"] == "block"
    (source,) = [each for each in verdict["relied_on"] if each["fact"].endswith("provider.jurisdiction")]
    assert (source["value"], source["assumed"]) == ("CN", False)
    assert source["from"].startswith("catalog, host deepseek (stated, read 2026-11-26): https://")


def test_a_service_of_companies_with_different_seats_has_no_seat_until_one_is_named(tmp_path: Path) -> None:
    """Alibaba Cloud contracts through Singapore, the United States or Hangzhou."""
    by_service = _finding(_judged(tmp_path, "name: Alibaba Model Studio, authorised: true"), "seat-in-china")
    assert by_service is not None
    assert by_service["missing"] == ["uses.drafts.provider.jurisdiction"]
    named = _judged(tmp_path, "name: Alibaba Cloud (Singapore) Private Limited, authorised: true")
    assert _finding(named, "seat-in-china") is None


@pytest.mark.parametrize(("least", "known"), [("stated", False), ("reported", True)])
def test_a_seat_shown_more_weakly_than_the_policy_asks_is_unknown(tmp_path: Path, least: str, known: bool) -> None:
    """An allow may not rest on hearsay unless the policy says so."""
    verdict = _judged(tmp_path, "name: Groq, authorised: true", f"settings: {{minimum_evidence: {least}}}")
    assert (_finding(verdict, "seat-in-china") is None) is known


def test_another_seat_than_the_catalogs_is_a_notice_and_the_policys_word_counts(tmp_path: Path) -> None:
    """It moves nothing: who signs the contract knows with whom."""
    verdict = _judged(tmp_path, "name: Mistral, jurisdiction: CN, parent_jurisdiction: FR, authorised: true")
    assert (_finding(verdict, "seat-in-china") or {})["outcome"] == "block"
    notice = _finding(verdict, "provider-seat-differs")
    assert notice is not None
    assert (notice["outcome"], notice["kind"]) == ("note", "notice")
    assert "jurisdiction CN; the catalog knows FR (https://mistral.ai/terms)" in notice["message"]


def test_the_same_seat_as_the_catalogs_is_no_notice(tmp_path: Path) -> None:
    """One of several companies' seats suffices."""
    verdict = _judged(tmp_path, "name: AWS Bedrock, jurisdiction: LU, parent_jurisdiction: US, authorised: true")
    assert _finding(verdict, "provider-seat-differs") is None


def test_a_host_of_the_catalog_is_never_authorised_by_it(tmp_path: Path) -> None:
    """The licensor's leave is for the policy to state."""
    path = tmp_path / "org.yaml"
    path.write_text(POLICY % ("name: Nebius", ""), encoding="utf-8")
    done = call("evaluate", path, *TODAY, "--model", "chameleon", "--format", "json")
    missing = {key for finding in json.loads(done.out)["verdicts"][0]["findings"] for key in finding["missing"]}
    assert "uses.drafts.provider.authorised" in missing


def test_every_host_has_a_name_a_seat_a_source_and_a_day_where_it_was_read() -> None:
    """What was read by nobody is hearsay."""
    for host in hosts_of(shipped.catalog()).all:
        assert host.name
        assert host.jurisdiction
        assert host.source
        assert host.read_on or host.evidence is Evidence.reported, host.id
        assert host.parent_evidence <= host.evidence, host.id


def test_hosts_are_listed_and_shown() -> None:
    """By id, legal name or service; a service of several companies shows each."""
    rows = json.loads(call("catalog", "list", "hosts", "--format", "json").out)
    assert {"id": "nebius", "jurisdiction": "NL"}.items() <= next(r for r in rows if r["id"] == "nebius").items()
    one = json.loads(call("catalog", "show", "IONOS SE", "--format", "json").out)
    assert (one["kind"], one["id"], one["jurisdiction"]) == ("host", "ionos", "DE")
    several = json.loads(call("catalog", "show", "vertex ai", "--format", "json").out)
    assert [host["id"] for host in several] == ["google-llc", "google-cloud-emea"]
    assert "name: Nebius B.V." in call("catalog", "show", "nebius").out
