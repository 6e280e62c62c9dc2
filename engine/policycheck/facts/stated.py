"""Facts that the policy or the catalog states, taken over as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from policycheck.drift import drift
from policycheck.entries import Model
from policycheck.facts.case import NO, Case, Fact, Source, derives, sourced, unknown
from policycheck.facts.taken import shown, taken
from policycheck.lazily import Lazily
from policycheck.near import near_models
from policycheck.rules import Value
from policycheck.students import DISTILLED, TEACHER
from policycheck.vocabulary import WORLDWIDE

_DEFAULTS = {"purpose": "commercial", "environment": "production"}


@derives(
    "organisation.name",
    "organisation.kind",
    "organisation.sector",
    "organisation.jurisdiction",
    "organisation.operates_in",
    "organisation.mau",
    "organisation.dau",
    "organisation.annual_revenue",
    "organisation.monthly_revenue",
    "organisation.businesses",
    "organisation.competes_with",
)
def organisation_fact(case: Case, name: str) -> Fact:
    """What the policy says of the licensee."""
    found = taken(case, case.party, name.partition(".")[2], name)
    if name == "organisation.competes_with" and isinstance(found.value, frozenset):
        ids = frozenset(case.catalog.resolve_publisher(each) or each for each in found.value)
        return replace(found, value=ids)
    return found


@derives("organisation.parent_jurisdictions")
def parent_jurisdictions(case: Case, name: str) -> Fact:
    """Seats of parents; unknown where affiliates are left out or one parent has no seat.

    For a subsidiary that is the licensee the organisation is a parent too; a parent is none of its own.
    """
    affiliates = case.group.parts("affiliates")
    if affiliates is None:
        return unknown(case.group.key("affiliates"))
    parents = [part for part in affiliates if part.get("relationship") == "parent" and part.where != case.party.where]
    if case.party.get("relationship") == "subsidiary":
        parents = [case.group, *parents]
    if not parents and case.group.get("affiliates_complete") is False:
        return unknown(case.group.key("affiliates_complete"))
    missing = [part.key("jurisdiction") for part in parents if part.get("jurisdiction") is None]
    if missing:
        return unknown(*missing)
    return Fact(value=frozenset(str(part.get("jurisdiction")) for part in parents))


@derives(
    "use.field_of_use",
    "use.oversight",
    "use.commercial_link",
    "use.deployment",
    "use.hosting_region",
    "use.operated_from",
    "use.data_residency",
    "use.accessed_from",
    "use.personal_data",
    "use.data_classes",
    "use.distribution",
    "use.outputs",
    "use.monthly_visits",
    "use.annual_revenue",
    "use.safeguards",
    "use.discloses_ai",
    "use.runs_publisher_code",
    "use.fine_tunes",
    "use.handed_on_under",
    "use.workload",
    "use.arena",
)
def use_fact(case: Case, name: str) -> Fact:
    """What the policy says of the use."""
    return taken(case, case.use, name.partition(".")[2], name)


@derives("use.purpose", "use.environment")
def strict_default(case: Case, name: str) -> Fact:
    """What is left out is taken as the strictest word, and said to be assumed."""
    key = name.partition(".")[2]
    if case.use.get(key) is None:
        return Fact(value=_DEFAULTS[key], sources=(Source(case.key(key), _DEFAULTS[key], None, True),))
    return taken(case, case.use, key, name)


@derives("use.name")
def use_name(case: Case, name: str) -> Fact:
    """The use's key."""
    return Fact(value=case.use_name)


@derives("use.mau", "use.monthly_revenue")
def product_count(case: Case, name: str) -> Fact:
    """The product's count; the licensee's own stands in, since it can't be smaller."""
    key = name.partition(".")[2]
    if case.use.get(key) is not None:
        return taken(case, case.use, key, name)
    if case.party.get(key) is None:
        return unknown(case.key(key))
    own = taken(case, case.party, key, name)
    source = own.sources[0]
    return Fact(value=own.value, sources=(Source(case.key(key), source.value, source.place, True),))


@derives("use.serves_users_in")
def serves_users_in(case: Case, name: str) -> Fact:
    """Where its users are: fenced places taken out; the licensee's own countries where nobody else uses it."""
    served = case.use.get("serves_users_in")
    vocabulary = case.catalog.vocabulary
    if served is not None:
        countries = vocabulary.countries(served)
        if WORLDWIDE in served:
            countries -= vocabulary.countries(case.use.get("not_served") or ())
        return Fact(value=countries, sources=(sourced(case.use, "serves_users_in"),), shown=shown(served))
    acts = case.has_acts()
    own = case.party.get("operates_in")
    if acts is not None and acts <= {"internal", "affiliates"} and own is not None:
        source = Source(case.key("serves_users_in"), ", ".join(own), case.party.place("operates_in"), True)
        return Fact(value=vocabulary.countries(own), sources=(source,), shown=shown(own))
    return unknown(case.key("serves_users_in"))


@derives("use.trains_other_models")
def trains_other_models(case: Case, name: str) -> Fact:
    """Whether outputs train another model, whatever its kind."""
    value = case.use.get("trains_other_models")
    if value is None:
        return unknown(case.key("trains_other_models"))
    return Fact(value="no" if value is False else "yes", sources=(sourced(case.use, "trains_other_models"),))


@derives("use.hosted_by_another", "use.came_inside_product")
def exception_claimed(case: Case, name: str) -> Fact:
    """An exception for those who host nothing themselves; it has to be claimed."""
    deployment = case.use.get("deployment")
    meant = ("hosted-api", "third-party-product") if name.endswith("another") else ("third-party-product",)
    sources = (sourced(case.use, "deployment"),) if deployment is not None else ()
    return Fact(value="yes" if deployment in meant else "no", sources=sources)


@derives("use.hosts_outside_residency", "use.accessed_outside_residency")
def outside_residency(case: Case, name: str) -> Fact:
    """Whether inference or access leaves the places where the data must stay; no such demand, no such breach."""
    if not case.use.get("data_residency"):
        return NO
    inner = case.fact("use.hosting_region" if "hosts" in name else "use.accessed_from")
    home = case.fact("use.data_residency").value
    if inner.value is None:
        return unknown(*inner.missing)
    assert isinstance(inner.value, frozenset)
    assert isinstance(home, frozenset)
    outside = sorted(inner.value - home)
    sources = (*inner.sources, *case.fact("use.data_residency").sources)
    return Fact(value="yes" if outside else "no", sources=sources)


_YES_NO = {True: "yes", False: "no"}
OF_MODEL: Mapping[str, Callable[[Model], Value | None]] = {
    "model.id": lambda model: model.id,
    "model.family": lambda model: model.family or model.id,
    "model.input": lambda model: None if model.input is None else frozenset(model.input),
    "model.output": lambda model: None if model.output is None else frozenset(model.output),
    "model.multimodal": lambda model: None if model.multimodal is None else _YES_NO[model.multimodal],
    "model.released": lambda model: model.released,
    "model.evidence": lambda model: model.evidence.name,
    "model.training_data": lambda model: model.training_data,
    "model.components_differ": lambda model: _YES_NO[bool(model.components)],
    "model.derived": lambda model: _YES_NO[any(b.relation != DISTILLED or b.by_card for b in model.based_on)],
    "model.files_disagree": lambda model: _YES_NO["disagreement" in model.found],
    "model.text_changed": lambda model: _YES_NO["changes" in model.found],
    "model.stated_by_hub": lambda model: _YES_NO["stated" in model.found],
}


@derives(*OF_MODEL)
def model_fact(case: Case, name: str) -> Fact:
    """What the catalog says of the model."""
    value = OF_MODEL[name](case.model)
    if value == "no":
        return NO
    return unknown(name) if value is None else Fact(value=value, figures=case.model.found)


@derives("model.known")
def known(case: Case, name: str) -> Fact:
    """Whether the catalog has it; what was probably meant is looked for when it is said only."""
    if case.model.known:
        return Fact(value="yes")
    return Fact(value="no", figures=Lazily({"near": case.model.id}, lambda asked: _close(asked, case)))


def _close(name: str, case: Case) -> str:
    """A sentence on models whose names are close; nothing where there are none."""
    near = [f"`{found}`" for found in near_models(name, case.catalog)]
    return f"Close by name, and perhaps under another license: {', '.join(near)}." if near else ""


@derives("model.lineage_unstated")
def lineage_unstated(case: Case, fact: str) -> Fact:
    """What the policy leaves out of what a model is made from that it describes and no catalog has.

    Who changed one changed something; where nobody did, it may well be made from none.
    """
    name = case.model.id
    own = (ref for ref in case.policy.models or () if ref.own and ref.name == name)
    known = not case.model.known or case.catalog.identifier(name) is not None
    if known or all(ref.based_on is not None for ref in own):
        return Fact(value="none")
    return Fact(value="unsaid" if case.model.changed_by is None else "changed")


@derives("model.license_drift")
def license_drift(case: Case, name: str) -> Fact:
    """Whether it claims a freer license than a model it is made from: by its own files, or by what is known of both."""
    if case.component == TEACHER:
        return NO  # What is inside the teacher is not inside its student, and each license is judged for itself.
    if not (case.model.found or case.model.based_on):
        return NO
    said = case.model.found.get("drift") or "; ".join(drift(case.model, case.catalog))
    return Fact(value="yes", figures={"drift": said}) if said else NO


@derives("model.relation")
def relation(case: Case, name: str) -> Fact:
    """How the model that is judged comes from this one."""
    return unknown(name) if case.relation is None else Fact(value=case.relation)


@derives("model.claims_differ")
def claims_differ(case: Case, name: str) -> Fact:
    """Whether others say another license of the model."""
    others = case.catalog.other_claims(case.model) if case.model.claims else ()
    counting = "Nobody has found out which license the publisher itself gave; none of them counts here."
    if case.license is not None:
        counting = f"What the publisher states, or else the better evidence, counts here: `{case.license.name}`."
    said = "; ".join(f"{claim.license} ({claim.by}, {claim.evidence.name})" for claim in others)
    return Fact(value="yes", figures={"claims": said, "counting": counting}) if others else NO


@derives("model.license_switched")
def license_switched(case: Case, name: str) -> Fact:
    """Whether the publisher has given out the same weights under another license before."""
    model = case.model
    if not model.earlier:
        return NO
    names = [f"{each.license or 'a license that nobody has read'} until {each.until}" for each in model.earlier]
    chosen = f"the one in force until {model.obtained}" if model.obtained else "today's"
    figures = {"switched": f"{', '.join(names)}; this verdict takes {chosen}"}
    return Fact(value="yes", figures=figures)


@derives("publisher.id", "publisher.name", "publisher.jurisdiction")
def publisher_fact(case: Case, name: str) -> Fact:
    """What the catalog says of the publisher; a model of one's own is published by who changed it."""
    key = name.partition(".")[2]
    if case.publisher is None and case.model.changed_by is not None:
        return _changed_by(case, case.model.changed_by, key)
    value = getattr(case.publisher, key, None) if case.publisher else None
    return unknown(name) if value is None else Fact(value=value)


def _changed_by(case: Case, who: str, key: str) -> Fact:
    """What is known of who made a model that only the policy knows: a company of the policy, or of the catalog."""
    part = next((each for each in case.policy.companies if each.get("name") == who), None)
    publisher = case.catalog.publishers.get(case.catalog.resolve_publisher(who) or "")
    if key != "jurisdiction":
        return Fact(value=getattr(publisher, key) if publisher else who)
    if part is not None:
        return taken(case, part, "jurisdiction", "publisher.jurisdiction")
    seat = publisher.jurisdiction if publisher else None
    return unknown("publisher.jurisdiction") if seat is None else Fact(value=seat)
