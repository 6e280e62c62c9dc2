"""Names in the tests of a house's rules that nothing bears: such a rule passes over what it means."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.catalog import Catalog
from policycheck.documents import Where
from policycheck.errors import Problem
from policycheck.policy import Policy
from policycheck.rules import Rule
from policycheck.vocabulary import suggestion

_IDS = ("license.id", "license.licensor", "model.id", "publisher.id", "organisation.competes_with")
Stranger = tuple[Rule, Where, str, str | None]


def notices(policy: Policy, catalog: Catalog) -> Iterator[Problem]:
    """Each id in a rule of the house that neither policy nor catalog know, with the one that was probably meant."""
    for rule, where, message, near in strangers(policy, catalog):
        if rule.document is not None and where[-1] in _IDS:
            end = f"; did you mean `{near}`?" if near else ""
            yield rule.document.problem(where, f"{message}{end}", suggestion=near)


def strangers(policy: Policy, catalog: Catalog) -> Iterator[Stranger]:
    """Each such name: the rule, where it stands, what is said of it, and what was probably meant."""
    rules = [rule for rule in policy.rules if rule.document is not None and rule.pack not in catalog.data["packs"]]
    known = _known(policy, catalog) if rules else {}
    for rule in rules:
        yield from _unknown(rule, known)


def _known(policy: Policy, catalog: Catalog) -> dict[str, set[str]]:
    own = {ref.name for ref in policy.models or ()}
    publishers = {*catalog.publishers, *(ref.changed_by for ref in policy.models or () if ref.changed_by)}
    entities = [policy.organisation, *(policy.organisation.parts("affiliates") or ())]
    entities += [client for use in policy.uses.values() if (client := use.part("client"))]
    return {
        "model.id": {*catalog.models, *catalog.families, *own},
        "model.family": {*catalog.models, *catalog.families, *own},
        "publisher.id": publishers,
        "license.id": set(catalog.licenses),
        "license.licensor": {*catalog.publishers, "anyone"},
        "use.name": set(policy.uses),
        "organisation.name": {str(part.get("name")) for part in entities},
        "organisation.competes_with": {
            *catalog.publishers,
            *(n for p in entities for n in p.get("competes_with") or ()),
        },
    }


def _unknown(rule: Rule, known: dict[str, set[str]]) -> Iterator[Stranger]:
    assert rule.document is not None
    when = rule.document.data[rule.where[0]][int(rule.where[1])]["when"]
    for number, group in enumerate(rule.groups):
        for test in group:
            if test.fact not in known or not isinstance(test.value, frozenset):
                continue
            shared = test.fact in when
            inner = (test.fact,) if shared else ("any", number, test.fact)
            for word in sorted(test.value - known[test.fact]) if not shared or not number else ():
                near = suggestion(word, known[test.fact])
                message = (
                    f"`{word}` is no `{test.fact}` that policy or catalog know; this test of `{rule.id}` misses it"
                )
                yield rule, (*rule.where, "when", *inner), message, near
