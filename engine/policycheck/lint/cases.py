"""Cases that are not judged, and are looked at to find out what rules could say of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policycheck.entries import Model
from policycheck.facts import Case, Kept, Memory
from policycheck.judge import Judge
from policycheck.license import Evidence, License
from policycheck.matching import Party


def case_of(judge: Judge, use: str, party: Party, license: License | None = None, *, multimodal: bool = False) -> Case:
    """A use by a licensee, with a model of which nothing counts but whether it is multimodal."""
    made = ("text", "image") if multimodal else ("text",)
    return Case(
        policy=judge.policy,
        catalog=judge.catalog,
        today=judge.today,
        use_name=use,
        use=judge.policy.uses[use],
        party=party.part,
        group=party.group,
        model=Model(
            id="any", name="any", publisher=None, license=None, evidence=Evidence.verified, input=made, output=("text",)
        ),
        multimodal=multimodal,
        publisher=None,
        license=license,
    )


def cases_of_every_license(judge: Judge) -> Iterator[Case]:
    """Each use and licensee of a policy under each license of the catalog, and under one that nobody knows."""
    licenses = [None, *(judge.catalog.license(name) for name in judge.catalog.licenses)]
    for use in judge.policy.uses:
        for party in judge.parties(use):
            of_use = Kept()
            for license in licenses:
                plain = case_of(judge, use, party, license)
                yield replace(plain, memory=Memory(of_use=of_use))
                if plain.clauses("territory_excluded"):
                    # The one kind of clause that may mean multimodal models only.
                    yield case_of(judge, use, party, license, multimodal=True)


def cases_of_no_license(judge: Judge) -> Iterator[Case]:
    """Each use and licensee of a policy under a license that nobody knows."""
    for use in judge.policy.uses:
        for party in judge.parties(use):
            yield case_of(judge, use, party)


def cases_of_other_entities(judge: Judge, use: str) -> Iterator[Case]:
    """A use by each other company that the policy names, as if it were the licensee."""
    organisation = judge.policy.organisation
    own = {party.part.where for party in judge.parties(use)}
    for part in (organisation, *(organisation.parts("affiliates") or ())):
        if part.where not in own and not part.get("until"):
            yield case_of(judge, use, Party(part, organisation))
