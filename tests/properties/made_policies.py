"""Random policies out of the vocabulary, told by a seed."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from policycheck import shipped
from policycheck.documents import Document
from policycheck.judge import Judge
from policycheck.policy import ModelRef, Policy, read_policy
from policycheck.subjects import subject_of
from policycheck.tiers import Tiers
from policycheck.verdict import Verdict

TODAY = date(2026, 11, 25)
ORDER = {"allow": 0, "conditional": 1, "block": 2}
PACKS = ["eu-gdpr", "us-defence", "financial-services", "public-sector"]
# Models whose licenses differ in kind: caps, territories, RAILs, research grants, duties, plain ones, own lineage.
MODELS = [
    "llama-4-maverick",
    "meta-llama/Llama-3.1-8B-Instruct",
    "meta-llama/Llama-3.2-1B",
    "Qwen/Qwen2.5-72B-Instruct",
    "google/gemma-2-9b-it",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
    "mistralai/Mistral-Large-Instruct-2411",
    "mistralai/Mistral-7B-Instruct-v0.2",
    "tiiuae/falcon-180B",
    "tencent/HunyuanVideo",
    "moonshotai/Kimi-K2-Instruct",
    "bigscience/bloom",
    "bigcode/starcoder2-15b",
    "black-forest-labs/FLUX.1-dev",
    "stabilityai/stable-diffusion-3.5-large",
    "openai/whisper-large-v3",
    "glm-4.7",
    "yi-lightning-2",
    "databricks/dbrx-instruct",
    "nobody/knows-this",
]
COUNTRIES = ["DE", "US", "CH", "NO", "GB", "CN", "KR", "BR"]


def document_of(data: dict[str, Any]) -> Document:
    """A policy's data as a document."""
    return Document("made.yaml", data, {}, {}, json.dumps(data, sort_keys=True).encode())


def policy_of(data: dict[str, Any]) -> Policy:
    """The checked policy."""
    return read_policy(document_of(data), shipped.catalog(), TODAY)


def judge_of(policy: Policy, engine: str | None = None) -> Judge:
    """A judge for one policy."""
    catalog = shipped.catalog()
    return Judge(policy, catalog, TODAY, Tiers(policy.rules, catalog.vocabulary.facts, engine))


def verdict_of(judge: Judge, model: str, use: str = "default") -> Verdict:
    """The verdict of one model."""
    return judge.verdict(use, subject_of(ModelRef(name=model, where=()), judge.policy, judge.catalog))


class Maker:
    """Makes random policies, nearly whole ones so that many verdicts are allow."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.words = {name: list(found) for name, found in shipped.catalog().vocabulary.data["words"].items()}

    def _some(self, words: list[str], most: int = 2) -> list[str]:
        return sorted(self.random.sample(words, self.random.randint(0, min(most, len(words)))))

    def _one(self, name: str) -> str:
        return self.random.choice(self.words[name])

    def _money(self) -> dict[str, Any]:
        amount = self.random.choice([0, 500_000, 1_000_000, 9_000_000, 40_000_000, 2_000_000_000])
        return {"amount": amount, "currency": self.random.choice(["USD", "USD", "EUR"])}

    def _entity(self, name: str) -> dict[str, Any]:
        counts = [0, 900_000, 12_000_000, 99_000_000, 100_000_000, 640_000_000, 700_000_000, 700_000_001]
        return {
            "name": name,
            "kind": self._one("organisation_kinds"),
            "sector": self._one("sectors"),
            "jurisdiction": self.random.choice(COUNTRIES),
            "operates_in": self._some(COUNTRIES),
            "mau": self.random.choice(counts),
            "dau": self.random.choice(counts),
            "monthly_visits": self.random.choice(counts),
            "annual_revenue": self._money(),
            "monthly_revenue": self._money(),
            "businesses": self._some(self.words["businesses"], 1),
            "competes_with": self._some(["Meta", "LG AI Research", "Lightricks"], 1),
            "disputes": [],
        }

    def _affiliate(self, name: str) -> dict[str, Any]:
        found = {**self._entity(name), "relationship": self._one("relationships")}
        if self.random.random() < 0.6:
            found["ownership"] = self.random.choice(["10%", "50%", "51%", "100%"])
        if self.random.random() < 0.3:
            found["control"] = self.random.random() < 0.5
        if self.random.random() < 0.3:
            found["since"] = self.random.choice(["2019-05-01", "2025-09-01"])
        return found

    def use(self) -> dict[str, Any]:
        """A use with nearly every key."""
        harmless = self.random.random() < 0.6
        deployment = self.random.choice(["self-hosted", "self-hosted", "hosted-api", "third-party-product"])
        found: dict[str, Any] = {
            "field_of_use": ["customer-support"] if harmless else [self._one("fields_of_use")],
            "oversight": self._one("oversights"),
            "purpose": self._one("purposes"),
            "commercial_link": self.random.random() < 0.3,
            "environment": self._one("environments"),
            "deployment": deployment,
            "hosting_region": self._some(COUNTRIES) or ["US"],
            "operated_from": self._some(COUNTRIES) or ["US"],
            "serves_users_in": self._some(COUNTRIES) or ["US"],
            "personal_data": self.random.random() < 0.3,
            "data_classes": self._some(self.words["data_classes"], 1) if not harmless else [],
            "distribution": self.random.choice(
                ["internal", "service", "affiliates", "weights", ["service", "weights"]]
            ),
            "outputs": self._one("output_audiences"),
            "mau": self.random.choice([0, 900_000, 100_000_001]),
            "monthly_visits": 1000,
            "monthly_revenue": self._money(),
            "annual_revenue": self._money(),
            "safeguards": self._some(self.words["safeguards"]),
            "discloses_ai": self.random.random() < 0.7,
            "fine_tunes": self.random.random() < 0.3,
            "handed_on_under": "same-license",
            "trains_other_models": self.random.choice([False, False, {"kind": "llm", "released": False}]),
        }
        if deployment == "hosted-api":
            found["provider"] = {
                "name": "Host",
                "jurisdiction": "US",
                "parent_jurisdiction": "US",
                "authorised": self.random.random() < 0.5,
                "certifications": [],
            }
        return found

    def policy(self) -> dict[str, Any]:
        """A policy of one use, with the duties that arise most often fulfilled."""
        affiliates = [self._affiliate(f"Affiliate {n}") for n in range(self.random.choice([0, 0, 1, 2]))]
        organisation, use = self._entity("Made AG"), self.use()
        # A product has no more users and revenue than the company that sells it.
        use["mau"] = min(use["mau"], organisation["mau"])
        use["monthly_visits"] = min(use["monthly_visits"], organisation["monthly_visits"])
        for key in ("annual_revenue", "monthly_revenue"):
            if (
                use[key]["amount"] > organisation[key]["amount"]
                or use[key]["currency"] != organisation[key]["currency"]
            ):
                use[key] = dict(organisation[key])
        data: dict[str, Any] = {
            "policy_version": 1,
            "organisation": {**organisation, "affiliates": affiliates},
            "use": use,
            "extends": self._some(PACKS, 1),
        }
        if self.random.random() < 0.7:
            rules = [
                rule["id"]
                for rule in shipped.catalog().data["packs"]["baseline"]["rules"]
                if rule.get("kind") in ("duty", "review")
            ]
            data["fulfilled"] = [
                {"rule": rule, "models": MODELS, "done_by": "x", "done_on": "2026-01-02"} for rule in rules
            ]
        return data


FACT_ROOTS = ("organisation", "use")
# Left out, these are a remark, a default that is the strict word, or say of a company when it belonged to the group.
KEPT = {"name", "affiliates", "disputes"}


def removals(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The policy without one of its facts, for each fact: what it states of itself, of an affiliate and of the use."""
    for root in FACT_ROOTS:
        for key in data.get(root, {}):
            if root == "organisation" and key in KEPT - {"affiliates"}:
                continue
            changed = copy.deepcopy(data)
            del changed[root][key]
            yield f"{root}.{key}", changed
    for index, affiliate in enumerate(data["organisation"].get("affiliates", ())):
        for key in affiliate:
            if key not in KEPT:
                changed = copy.deepcopy(data)
                del changed["organisation"]["affiliates"][index][key]
                yield f"organisation.affiliates[{index}].{key}", changed
    for key in data["use"].get("provider", {}):
        if key != "name":
            changed = copy.deepcopy(data)
            del changed["use"]["provider"][key]
            yield f"use.provider.{key}", changed
