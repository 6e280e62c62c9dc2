"""What is done with the model: run, host, hand on, change; and whether the license grants it."""

from __future__ import annotations

from policycheck.facts import answer
from policycheck.facts.answer import Answer, both, flag
from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.spared import inside_a_product, of_purpose
from policycheck.license import Clause

_HANDS_ON = frozenset({"product", "weights"})
_REMOTE = frozenset({"service", "model-api"})
_HOSTED = ("hosted-api", "third-party-product")


def hands_on(case: Case) -> Answer:
    """Whether somebody else gets the weights or a derivative: a group company too, unless the group is one licensee."""
    acts = case.has_acts()
    if acts is None:
        return "unknown", (case.key("distribution"),)
    if acts & _HANDS_ON:
        return "yes", ()
    if "affiliates" in acts:
        standings = [str(clause.value) for clause in case.clauses("affiliates_are")]
        if not standings or standings[0] == "third-parties":
            return "yes", ()
    return "no", ()


def _to_third_parties(case: Case) -> bool:
    """Whether group companies get the model or its use, whom the text counts among third parties."""
    named = any(clause.value == "third-parties" for clause in case.clauses("affiliates_are"))
    return named and "affiliates" in (case.has_acts() or ())


def remote(case: Case) -> Answer:
    """Whether others use the model at a distance."""
    acts = case.has_acts()
    if acts is None:
        return "unknown", (case.key("distribution"),)
    return answer.YES if acts & _REMOTE else answer.NO


def changes(case: Case) -> Answer:
    """Whether the model is a changed one: by this use, or as the policy describes it."""
    return answer.YES if case.model.changed_by is not None else flag(case, "fine_tunes")


_ALLOWED = frozenset({"permitted", "same-license"})


def _permission(case: Case, fact: str, planned: Answer) -> Fact:
    if planned[0] == "no":
        return Fact(value="yes")
    if case.unread(fact):
        return unknown(*case.unread(fact))
    clauses = case.clauses(fact)
    if not clauses:
        # The text, read whole, gives no such permission and bars nothing: for counsel.
        return Fact(value="open") if planned[0] == "yes" else unknown(*planned[1])
    words, missing = words_of(case, clauses[0])
    if words <= _ALLOWED:
        return Fact(value="yes", clauses=clauses)
    keys = (*planned[1], *(missing if words & _ALLOWED else ()))
    return unknown(*dict.fromkeys(keys), clauses=clauses) if keys else Fact(value="no", clauses=clauses)


def words_of(case: Case, clause: Clause) -> tuple[frozenset[str], tuple[str, ...]]:
    """What a clause says of the acts of this use, and the keys that would settle it where it may say more than one.

    A clause on handing on may say one thing of the model itself, another of a copy inside a product, and a third of a
    changed model, which goes before the two.
    """
    base, inside, changed = clause.value, clause.more.get("in_product"), clause.more.get("changed")
    if inside is None and changed is None:
        return frozenset({base}), ()
    acts = case.has_acts()
    bare, product = (True, True) if acts is None else (bool(acts & {"weights", "affiliates"}), "product" in acts)
    words = {word for word, meant in ((base, bare), (inside or base, product)) if meant}
    is_changed, missing = changes(case) if changed is not None and words else answer.NO
    if is_changed == "yes":
        words = {changed}
    elif is_changed == "unknown":
        words.add(changed)
    return frozenset(words), (*(() if acts is not None else (case.key("distribution"),)), *missing)


@derives("license.redistribution_granted")
def redistribution_granted(case: Case, name: str) -> Fact:
    """Whether handing the model on is granted, where the use does so: to a group company, too."""
    planned = hands_on(case)
    for clause in case.clauses("redistribution"):
        planned = both(planned, of_purpose(case, clause))
    return _permission(case, "redistribution", planned)


@derives("license.derivatives_granted")
def derivatives_granted(case: Case, name: str) -> Fact:
    """Whether changing the model is granted, where the use does so."""
    return _permission(case, "derivatives", changes(case))


@derives("license.hosting_granted")
def hosting_granted(case: Case, name: str) -> Fact:
    """Whether letting others use the model at a distance is granted, where the use does so or another hosts it."""
    acts = case.has_acts()
    clauses = case.clauses("hosting")
    first = clauses[0] if clauses else None
    meant = set(first.more.get("acts", _REMOTE)) if first else _REMOTE
    planned: Answer = (
        ("unknown", (case.key("distribution"),))
        if acts is None
        else (answer.YES if acts & meant or ("service" in meant and _to_third_parties(case)) else answer.NO)
    )
    deployed = case.use.get("deployment")
    if first is not None and first.value != "permitted":
        if deployed == "hosted-api" or (deployed == "third-party-product" and planned[0] != "no"):
            # The clause binds whoever hosts; the host's terms take its place.
            return Fact(value="no", clauses=clauses)
        if first.more.get("companies_only"):
            planned = both(planned, _is_company(case))
        planned = both(planned, of_purpose(case, first))
        if planned[0] == "no" and _left_open(case, first):
            return Fact(value="open", clauses=clauses)
        if deployed is None and planned[0] == "no":
            planned = "unknown", (case.key("deployment"),)
    return _permission(case, "hosting", planned)


def _left_open(case: Case, clause: Clause) -> bool:
    """Whether the text leaves open that its clause on hosting means what the use does, and binds its purpose."""
    acts, doubtful = case.has_acts(), set(clause.more.get("open_acts", ()))
    does = acts is not None and bool(acts & doubtful or ("service" in doubtful and _to_third_parties(case)))
    return does and of_purpose(case, clause)[0] != "no"


def _is_company(case: Case) -> Answer:
    kind = case.party.get("kind")
    return ("unknown", (case.party.key("kind"),)) if kind is None else answer.YES if kind == "company" else answer.NO


@derives("license.changed_copies")
def changed_copies(case: Case, name: str) -> Fact:
    """Whether the text lets somebody change the model and give the changed copy to others."""
    making, giving = case.clauses("derivatives"), case.clauses("redistribution")
    # A clause that binds certain purposes leaves the others to everybody.
    given = (clause for clause in giving if "purposes" not in clause.more)
    words = {*(clause.value for clause in making), *(clause.more.get("changed", clause.value) for clause in given)}
    if words - _ALLOWED:
        return Fact(value="no", clauses=(*making, *giving))
    return Fact(value="yes") if making and giving else unknown("license.derivatives", "license.redistribution")


_SET_ASIDE = {
    "license.mau_over_cap": "the user cap",
    "license.dau_over_cap": "the daily user cap",
    "license.revenue_over_cap": "the revenue cap",
    "license.visits_over_cap": "the visits cap",
    "license.seat_excluded": "the excluded territory",
    "license.seat_excluded_multimodal": "the excluded territory",
    "license.affiliate_seat": "the excluded territory",
    "license.licensee_excluded": "the excluded business",
    "license.near_cap": "the nearness of a cap",
    "license.outputs_use_barred": "the purpose of the outputs",
}
_SET_ASIDE_UNLESS = {"license.use_granted": "the purpose of the grant", "license.hosting_granted": "the hosting clause"}
_SET_ASIDE_IF_DUE = {
    "license.written_authorisation": "the permit before the use",
    "license.royalty": "the payment",
}


def _freed(case: Case) -> set[str]:
    """What the text itself does not ask of those who got the model inside a product; no leave of the host matters."""
    if case.fact("use.came_inside_product").value != "yes":
        return set()
    freed: set[str] = set()
    if case.known("license.end_users_exempt").value == "yes":
        freed |= {"license.seat_excluded", "license.seat_excluded_multimodal", "license.affiliate_seat"}
    if inside_a_product(case, "caps"):
        freed |= {fact for fact in _SET_ASIDE if fact.endswith(("over_cap", "near_cap"))}
    return freed


@derives("license.hosted_clauses")
def hosted_clauses(case: Case, name: str) -> Fact:
    """Whether a clause about purpose, cap, hosting or seat would bite, which binds the host where another hosts."""
    if case.license is None:
        return NO
    freed = _freed(case)
    found = [(words, fact, {"no"}) for fact, words in _SET_ASIDE.items() if fact not in freed]
    found += [(words, fact, {"yes"}) for fact, words in _SET_ASIDE_UNLESS.items()]
    found += [(words, fact, {"none", "later"}) for fact, words in _SET_ASIDE_IF_DUE.items()]
    biting = [(words, case.fact(fact)) for words, fact, harmless in found if case.known(fact).value not in harmless]
    if not biting:
        return NO
    clauses = tuple(dict.fromkeys(clause for _, fact in biting for clause in fact.clauses))
    said = ", ".join(dict.fromkeys(words for words, _ in biting))
    if all(_left_out(fact) for _, fact in biting):
        missing = tuple(dict.fromkeys(key for _, fact in biting for key in fact.missing))
        return Fact(value=None, missing=missing, clauses=clauses, figures={"clauses": said})
    return Fact(value="yes", clauses=clauses, figures={"clauses": said})


def _left_out(fact: Fact) -> bool:
    """Whether a fact hangs on the policy alone; of a clause that nobody has read, the host's terms are read instead."""
    return fact.value is None and not any(key.startswith(("license", "model.")) for key in fact.missing)
