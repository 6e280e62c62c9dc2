"""The whole examination of a catalog, and what was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from policycheck.documents import Document
from policycheck.upkeep import dates, facts, words
from policycheck.upkeep.remark import Remark
from policycheck.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What an examination found, and how much it looked at."""

    today: date
    max_fact_age: timedelta | None
    counts: Mapping[str, int]
    texts: Mapping[str, int]
    """Texts at hand: how many are the same as those that were read, differ, or are not at hand."""
    remarks: tuple[Remark, ...]

    @property
    def faults(self) -> tuple[Remark, ...]:
        """What is to be mended."""
        return tuple(each for each in self.remarks if each.severity == "fault")

    def as_json(self) -> dict[str, Any]:
        """The examination as `catalog check --format json` has it."""
        age = self.max_fact_age
        return {
            "checked_on": self.today.isoformat(),
            "max_fact_age_days": None if age is None else age.days,
            "counts": dict(self.counts),
            "texts": dict(self.texts),
            "findings": [each.as_json() for each in self.remarks],
        }


def examine(
    documents: Mapping[str, list[Document]],
    *,
    today: date,
    looking_back: bool = False,
    max_fact_age: timedelta | None = None,
    texts: Mapping[str, int] | None = None,
    of_texts: Sequence[Remark] = (),
) -> Examined:
    """Everything there is to say of a catalog, whose `documents` by kind passed their schemas.

    `looking_back` says that `today` was chosen, and need not be the day on which this runs.
    `of_texts` is what a comparison with the texts at hand found, and `texts` what it counted.
    """
    licenses, publishers = documents["license"], documents["models"]
    hosts, packs, (vocabulary,) = documents["hosts"], documents["pack"], documents["vocabulary"]
    remarks = [
        *facts.whole(licenses, publishers, hosts),
        *facts.left_out(licenses, Vocabulary(vocabulary.data)),
        *dates.of_reading([*licenses, *publishers, *hosts], today, looking_back=looking_back),
        *dates.of_laws(packs),
        *dates.of_models(publishers),
        *dates.of_versions(licenses),
        *words.explained(vocabulary),
        *words.used(documents),
        *of_texts,
        *facts.old(licenses, publishers, hosts, today, max_fact_age),
    ]
    counts = {
        "licenses": len(licenses),
        "facts": sum(len(each.data["facts"]) for each in licenses),
        "models": sum(len(each.data["models"]) for each in publishers),
        "hosts": sum(len(each.data["hosts"]) for each in hosts),
        "rules": sum(len(each.data["rules"]) for each in packs),
        "words": sum(len(each) for each in vocabulary.data["words"].values()),
    }
    return Examined(
        today=today, max_fact_age=max_fact_age, counts=counts, texts=dict(texts or {}), remarks=tuple(remarks)
    )
