"""Where: the licensee's seat, or every place of use, against the places a license leaves out."""

from __future__ import annotations

from policycheck.facts.affiliates import belongs
from policycheck.facts.case import NO, Case, Fact, Source, derives, sourced, unknown
from policycheck.license import Clause

# Keys of a use that name a place where the model or its results are used.
_PLACES = ("use.hosting_region", "use.operated_from", "use.serves_users_in")


def _clauses(case: Case, tests: str, *, multimodal: bool | None = None) -> tuple[Clause, ...]:
    return tuple(
        clause
        for clause in case.clauses("territory_excluded")
        if clause.more.get("tests") == tests and (multimodal is None or ("modality" in clause.more) == multimodal)
    )


def _reaching(case: Case, tests: str) -> tuple[Clause, ...]:
    """The clauses but for those that speak of multimodal models only, where this is none."""
    return _clauses(case, tests, multimodal=False if case.multimodal is False else None)


@derives("license.seat_excluded", "license.seat_excluded_multimodal")
def seat_excluded(case: Case, name: str) -> Fact:
    """Whether the licensee's principal place of business lies in an excluded territory."""
    if case.unread("territory_excluded"):
        return unknown(*case.unread("territory_excluded"))
    multimodal = name.endswith("multimodal")
    clauses = _clauses(case, "seat", multimodal=multimodal)
    if not clauses:
        return NO
    if multimodal and case.multimodal is False:
        return NO
    unsaid = ("model.multimodal",) if multimodal and case.multimodal is None else ()
    territory = case.catalog.vocabulary.countries(place for clause in clauses for place in clause.value)
    figures = {"territory": case.catalog.vocabulary.said_places(territory)}
    seat = case.fact("organisation.jurisdiction")
    if seat.value is not None and seat.value not in territory:
        return Fact(value="no", sources=seat.sources)
    if seat.value is None or unsaid:
        return unknown(*seat.missing, *unsaid, clauses=clauses, **figures)
    return Fact(value="yes", clauses=clauses, sources=seat.sources, figures={**figures, "place": str(seat.value)})


@derives("license.affiliate_seat")
def affiliate_seat(case: Case, name: str) -> Fact:
    """Whether a group company that gets the model or its use is seated where the license gives no rights.

    Each company accepts for itself, unless the group is one licensee; one that only uses what the licensee runs may
    need no rights, so this is a question.
    """
    clauses = _reaching(case, "seat")
    acts = case.has_acts()
    one = any(clause.value == "same-licensee" for clause in case.clauses("affiliates_are"))
    if not clauses or one or "affiliates" not in (("affiliates",) if acts is None else acts):
        return NO
    territory = case.catalog.vocabulary.countries(place for clause in clauses for place in clause.value)
    said = case.catalog.vocabulary.said_places(territory)
    seated, missing, sources = _seated(case, territory)
    if acts is None and (seated or missing):
        missing = [case.key("distribution")]
    if missing:
        return unknown(*missing, clauses=clauses, territory=said)
    if not seated:
        return Fact(value="no", sources=sources)
    figures = {"company": " and ".join(seated), "territory": said}
    return Fact(value="open", clauses=clauses, sources=sources, figures=figures)


def _seated(case: Case, territory: frozenset[str]) -> tuple[list[str], list[str], tuple[Source, ...]]:
    """Other companies of the group with a seat where a use reaches into a territory, the keys that would tell, sources.

    Only those that belong to the group today can get anything as a company of it.
    """
    served, affiliates = case.fact("use.serves_users_in"), case.group.parts("affiliates")
    assert served.value is None or isinstance(served.value, frozenset)
    reached = territory if served.value is None else territory & served.value
    if not reached:
        return [], [], served.sources
    companies, missing = [], [] if affiliates is not None else [case.group.key("affiliates")]
    sources = list(served.sources)
    for part in (case.group, *(affiliates or ())):
        seat = part.get("jurisdiction")
        if part.where == case.party.where or not belongs(part, case.today):
            continue
        if seat is None:
            missing.append(part.key("jurisdiction"))
            continue
        sources.append(sourced(part, "jurisdiction"))
        if case.catalog.vocabulary.country(seat) in reached:
            companies.append(f"{part.get('name')} ({seat})")
    return companies, [*(served.missing if companies or missing else ()), *missing], tuple(sources)


@derives("license.territory_entered")
def territory_entered(case: Case, name: str) -> Fact:
    """Whether the model is hosted, operated, served or shown in an excluded territory."""
    if case.unread("territory_excluded"):
        return unknown(*case.unread("territory_excluded"))
    clauses = _reaching(case, "any-place")
    if not clauses:
        return NO
    vocabulary = case.catalog.vocabulary
    territory = vocabulary.countries(place for clause in clauses for place in clause.value)
    figures = {"territory": vocabulary.said_places(territory)}
    limited = case.multimodal is None and any("modality" in clause.more for clause in clauses)
    unsaid = ("model.multimodal",) if limited else ()
    hits: list[str] = []
    missing: list[str] = []
    sources: list[Source] = []
    for place in _PLACES:
        fact = case.fact(place)
        if fact.value is None:
            missing += fact.missing
            continue
        sources += fact.sources
        assert isinstance(fact.value, frozenset)
        if fact.value & territory:
            hits.append(f"{place.partition('.')[2]}: {vocabulary.shown_places(fact.value & territory)}")
    if any(clause.more.get("outputs") for clause in clauses):
        hit, keys = _outputs(case, territory)
        sources += [sourced(case.use, key) for key in ("outputs", "not_served") if case.use.get(key) is not None]
        hits += hit
        missing += keys
    if hits and not unsaid:
        return Fact(value="yes", clauses=clauses, sources=tuple(sources), figures={**figures, "place": "; ".join(hits)})
    if missing or hits:
        return unknown(*missing, *unsaid, clauses=clauses, **figures)
    return Fact(value="no", sources=tuple(sources))


def _outputs(case: Case, territory: frozenset[str]) -> tuple[list[str], list[str]]:
    outputs = case.use.get("outputs")
    if outputs is None:
        return [], [case.key("outputs")]
    fenced = case.catalog.vocabulary.countries(case.use.get("not_served") or ())
    if outputs == "public" and territory - fenced:
        return [f"outputs are public in {case.catalog.vocabulary.said_places(territory - fenced)}"], []
    return [], []


@derives("license.territory_unfenced")
def territory_unfenced(case: Case, name: str) -> Fact:
    """Whether excluded places are only fenced off: the fence is a duty to be shown."""
    clauses = _clauses(case, "any-place")
    fenced = case.use.get("not_served")
    if not clauses or not fenced:
        return NO
    territory = case.catalog.vocabulary.countries(place for clause in clauses for place in clause.value)
    behind = territory & case.catalog.vocabulary.countries(fenced)
    shown = case.catalog.vocabulary.said_places(behind)
    return Fact(value="yes" if behind else "no", clauses=clauses, figures={"territory": shown, "place": shown})


@derives("license.end_users_free_of_caps")
def end_users_free_of_caps(case: Case, name: str) -> Fact:
    """Whether the text frees from its caps whoever got the model inside a product for end users."""
    clauses = tuple(clause for clause in case.clauses("end_users_free") if "caps" in clause.value)
    return Fact(value="yes", clauses=clauses) if clauses else NO


@derives("license.end_users_exempt")
def end_users_exempt(case: Case, name: str) -> Fact:
    """Whether the clause itself leaves out end users of a product with the model inside."""
    clauses = tuple(clause for clause in case.clauses("territory_excluded") if clause.more.get("end_users_exempt"))
    return Fact(value="yes", clauses=clauses) if clauses else NO
