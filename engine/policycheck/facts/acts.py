"""What is done with the model: run, host, hand on, change; and which duties arise from it."""

from __future__ import annotations

from collections.abc import Iterable

from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.what_for import OPEN_FIELDS
from policycheck.facts.who import over_any
from policycheck.license import Clause

_NO_DUTY = Fact(value="none")
Answer = tuple[str, tuple[str, ...]]
"""yes, no or unknown, with the keys that would settle it."""

_HANDS_ON = frozenset({"product", "weights"})
_REMOTE = frozenset({"service", "model-api"})
_HOSTED = ("hosted-api", "third-party-product")
DUTIES = (
    "attribution_display",
    "name_in_derivatives",
    "license_copy",
    "notice_file",
    "mark_changes",
    "pass_on_restrictions",
    "pass_on_license",
    "disclose_source",
    "registration",
    "notify_licensor",
    "written_authorisation",
    "royalty",
    "keep_safeguards",
    "add_safeguards",
    "disclose_ai",
    "disclose_risks",
    "enforce_restrictions",
    "use_latest",
    "no_endorsement",
    "share_improvements",
)


def _or(answers: Iterable[Answer]) -> Answer:
    found = list(answers)
    if any(word == "yes" for word, _ in found):
        return "yes", ()
    missing = tuple(key for word, keys in found if word == "unknown" for key in keys)
    return ("unknown", missing) if missing else ("no", ())


def _and(one: Answer, other: Answer) -> Answer:
    if "no" in (one[0], other[0]):
        return "no", ()
    missing = (*one[1], *other[1])
    return ("unknown", missing) if "unknown" in (one[0], other[0]) else ("yes", ())


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


def _flag(case: Case, key: str) -> Answer:
    value = case.use.get(key)
    return ("unknown", (case.key(key),)) if value is None else ("yes" if value else "no", ())


def does(case: Case, act: str) -> Answer:
    """Whether the use does what a duty's `on` names."""
    acts = case.has_acts()
    if act == "use":
        return "yes", ()
    if act == "commercial":
        return ("yes" if (case.use.get("purpose") or "commercial") == "commercial" else "no"), ()
    if act == "outputs":
        outputs = case.use.get("outputs")
        return (
            ("unknown", (case.key("outputs"),)) if outputs is None else ("no" if outputs == "internal" else "yes", ())
        )
    if act == "fine-tune":
        return _flag(case, "fine_tunes")
    if act == "training":
        return _trains_for_others(case)
    if act == "derivative":
        return _and(hands_on(case), _flag(case, "fine_tunes"))
    if act == "derivative-service":
        return _and(_remote(case), _flag(case, "fine_tunes"))
    if act in ("weights", "product"):
        return hands_on(case)
    if acts is None:
        return "unknown", (case.key("distribution"),)
    return ("yes" if act in acts or (act == "service" and "model-api" in acts) else "no"), ()


def _remote(case: Case) -> Answer:
    acts = case.has_acts()
    return ("unknown", (case.key("distribution"),)) if acts is None else ("yes" if acts & _REMOTE else "no", ())


def _trains_for_others(case: Case) -> Answer:
    planned = case.use.get("trains_other_models")
    key = case.key("trains_other_models")
    if planned is None:
        return "unknown", (key,)
    if not isinstance(planned, dict):
        return ("unknown", (f"{key}.released",)) if planned else ("no", ())
    released = planned.get("released")
    return ("unknown", (f"{key}.released",)) if released is None else ("yes" if released else "no", ())


def _size(case: Case, clause: Clause) -> Answer:
    sizes = clause.more.get("from")
    return over_any(case, sizes) if sizes else ("yes", ())


def _met(case: Case, duty: str, clause: Clause) -> Answer:
    """Whether the use already does what the duty asks."""
    if duty == "disclose_ai":
        return _flag(case, "discloses_ai")
    if duty in ("add_safeguards", "keep_safeguards"):
        have = case.use.get("safeguards")
        if have is None:
            return "unknown", (case.key("safeguards"),)
        wanted = clause.more.get("safeguards") or (
            ["guardrails-kept", "watermark-kept"] if duty == "keep_safeguards" else have
        )
        oversight = (
            {"human-review"} if case.use.get("oversight") in ("human-review", "licensed-professional") else set()
        )
        return ("yes" if (set(have) | oversight) & set(wanted) else "no"), ()
    return "no", ()


@derives(*(f"license.{duty}" for duty in DUTIES))
def duty_state(case: Case, name: str) -> Fact:
    """Whether a duty is due in this use, waits for a later act, or is none of this license."""
    duty = name.partition(".")[2]
    if case.unread(duty):
        return unknown(*case.unread(duty))
    clauses = case.clauses(duty)
    if duty == "pass_on_restrictions":
        extra = _open_field(case)
        if extra is not None:
            return extra
    if not clauses:
        return _NO_DUTY
    missing: list[str] = []
    later = False
    for clause in clauses:
        arises = _and(_or(does(case, act) for act in clause.more.get("on", ())), _size(case, clause))
        met = _met(case, duty, clause) if arises[0] != "no" else ("no", ())
        if arises[0] == "yes" and met[0] == "no":
            figures = {"what": clause.summary, "label": str(clause.more.get("label", ""))}
            return Fact(value="due", clauses=(clause,), figures=figures, sources=case.fact("use.distribution").sources)
        if arises[0] == "unknown" or (arises[0] == "yes" and met[0] == "unknown"):
            missing += arises[1] if arises[0] == "unknown" else met[1]
        later = later or arises[0] == "no"
    if missing:
        first = clauses[0]
        figures = {"what": first.summary, "label": str(first.more.get("label", ""))}
        return unknown(*missing, clauses=clauses, **figures)
    return Fact(value="later" if later else "none", clauses=clauses)


def _open_field(case: Case) -> Fact | None:
    """A field that users choose raises the duty to pass the restrictions on, where others than own staff use it."""
    fields = case.use.get("field_of_use")
    barred = case.clauses("fields_barred")
    if not barred or not fields or not OPEN_FIELDS & set(fields):
        return None
    acts = case.has_acts()
    if acts is None:
        return unknown(case.key("distribution"), clauses=barred, what="Bind users by the use restrictions.", label="")
    if acts <= {"internal"}:
        return None
    what = "Users choose what the model is used for; bind them by the license's use restrictions and enforce them."
    return Fact(value="due", clauses=barred, figures={"what": what, "label": ""})


@derives("license.later_duties")
def later_duties(case: Case, name: str) -> Fact:
    """Which duties wait for a later act, as handing the model on."""
    found = [(duty, fact) for duty in DUTIES if (fact := case.fact(f"license.{duty}")).value == "later"]
    clauses = tuple(clause for _, fact in found for clause in fact.clauses)
    names = ", ".join(duty.replace("_", " ") for duty, _ in found)
    return Fact(value="yes", clauses=clauses, figures={"duties": names}) if found else NO


def _permission(case: Case, fact: str, planned: Answer, *, allowed: tuple[str, ...] = ("permitted",)) -> Fact:
    if planned[0] == "no":
        return Fact(value="yes")
    if case.unread(fact):
        return unknown(*case.unread(fact))
    clauses = case.clauses(fact)
    if not clauses:
        # The text, read whole, gives no such permission and bars nothing: for counsel.
        return Fact(value="open") if planned[0] == "yes" else unknown(*planned[1])
    if clauses[0].value in allowed:
        return Fact(value="yes", clauses=clauses)
    return unknown(*planned[1], clauses=clauses) if planned[0] == "unknown" else Fact(value="no", clauses=clauses)


@derives("license.redistribution_granted")
def redistribution_granted(case: Case, name: str) -> Fact:
    """Whether handing the model on is granted, where the use does so."""
    acts = case.has_acts()
    planned: Answer = (
        ("unknown", (case.key("distribution"),)) if acts is None else ("yes" if acts & _HANDS_ON else "no", ())
    )
    return _permission(case, "redistribution", planned, allowed=("permitted", "same-license"))


@derives("license.derivatives_granted")
def derivatives_granted(case: Case, name: str) -> Fact:
    """Whether changing the model is granted, where the use does so."""
    return _permission(case, "derivatives", _flag(case, "fine_tunes"))


@derives("license.hosting_granted")
def hosting_granted(case: Case, name: str) -> Fact:
    """Whether letting others use the model at a distance is granted, where the use does so."""
    acts = case.has_acts()
    clauses = case.clauses("hosting")
    meant = set(clauses[0].more.get("acts", _REMOTE)) if clauses else _REMOTE
    deployed = case.use.get("deployment")
    planned: Answer = (
        ("unknown", (case.key("distribution"),)) if acts is None else ("yes" if acts & meant else "no", ())
    )
    if deployed in _HOSTED and planned[0] != "no" and clauses and clauses[0].value != "permitted":
        # The clause binds whoever hosts; the host's terms take its place.
        return Fact(value="no", clauses=clauses)
    return _permission(case, "hosting", planned)


@derives("license.handed_on_otherwise")
def handed_on_otherwise(case: Case, name: str) -> Fact:
    """Whether the model is handed on under other terms where only these very terms are allowed."""
    clauses = tuple(c for c in case.clauses("redistribution") if c.value == "same-license") + tuple(
        c for c in case.clauses("copyleft") if c.value in ("strong", "network")
    )
    if not clauses:
        unread = case.unread("redistribution", "copyleft")
        return unknown(*unread) if unread and hands_on(case)[0] != "no" else NO
    arises = hands_on(case)
    terms = case.use.get("handed_on_under")
    if arises[0] == "no" or terms == "same-license" or (terms and case.catalog.resolve_license(terms) == _own(case)):
        return NO
    if arises[0] == "unknown" or terms is None:
        keys = arises[1] if arises[0] == "unknown" else (case.key("handed_on_under"),)
        return unknown(*keys, clauses=clauses)
    return Fact(value="yes", clauses=clauses, sources=case.fact("use.handed_on_under").sources)


def _own(case: Case) -> str | None:
    return case.license.id if case.license else None


_SET_ASIDE = {
    "license.mau_over_cap": "the user cap",
    "license.dau_over_cap": "the daily user cap",
    "license.revenue_over_cap": "the revenue cap",
    "license.visits_over_cap": "the visits cap",
    "license.seat_excluded": "the excluded territory",
    "license.seat_excluded_multimodal": "the excluded territory",
    "license.licensee_excluded": "the excluded business",
    "license.near_cap": "the nearness of a cap",
}
_SET_ASIDE_UNLESS = {"license.use_granted": "the purpose of the grant", "license.hosting_granted": "the hosting clause"}


def _freed(case: Case) -> set[str]:
    """What the text itself does not ask of those who got the model inside a product; no leave of the host matters."""
    if case.fact("use.came_inside_product").value != "yes":
        return set()
    freed: set[str] = set()
    if case.fact("license.end_users_exempt").value == "yes":
        freed |= {"license.seat_excluded", "license.seat_excluded_multimodal"}
    if case.fact("license.end_users_free_of_caps").value == "yes":
        freed |= {fact for fact in _SET_ASIDE if fact.endswith(("over_cap", "near_cap"))}
    return freed


@derives("license.hosted_clauses")
def hosted_clauses(case: Case, name: str) -> Fact:
    """Whether a clause about purpose, cap, hosting or seat would bite, which binds the host where another hosts."""
    if case.license is None:
        return NO
    freed = _freed(case)
    biting = [
        (words, case.fact(fact))
        for fact, words in _SET_ASIDE.items()
        if fact not in freed and case.fact(fact).value != "no"
    ]
    biting += [(words, case.fact(fact)) for fact, words in _SET_ASIDE_UNLESS.items() if case.fact(fact).value != "yes"]
    if not biting:
        return NO
    clauses = tuple(dict.fromkeys(clause for _, fact in biting for clause in fact.clauses))
    return Fact(value="yes", clauses=clauses, figures={"clauses": ", ".join(dict.fromkeys(w for w, _ in biting))})
