"""Duties: which are due in this use, and which wait for a later act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from policycheck.facts.acts import changes, hands_on, remote
from policycheck.facts.answer import NO, YES, Answer, both, either, flag
from policycheck.facts.case import NO as NONE_DUE
from policycheck.facts.case import Case, Fact, Source, derives, unknown
from policycheck.facts.spared import at_official_service, by_internal_use, commercial, inside_a_product, of_purpose
from policycheck.facts.training import kinds_meant
from policycheck.facts.what_for import OPEN_FIELDS
from policycheck.facts.who import over_any
from policycheck.license import Clause
from policycheck.vocabulary import OPTIONAL_DUTIES

_NONE = Fact(value="none")
_KEPT = frozenset({"guardrails-kept", "watermark-kept"})
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
    "further_condition",
)


def does(case: Case, act: str, clause: Clause) -> Answer:
    """Whether the use does what the `on` of a duty's clause names."""
    if act in _ALWAYS:
        return _ALWAYS[act](case)
    if act == "training":
        return _trains_for_others(case, clause.more.get("kinds"))
    acts = case.has_acts()
    if acts is None:
        return "unknown", (case.key("distribution"),)
    return YES if act in acts or (act == "service" and "model-api" in acts) else NO


def _commercial(case: Case) -> Answer:
    if any(clause.value != "any" for clause in case.clauses("grant")):
        # What a link with a business makes of the use, the question on such a grant asks.
        return YES if (case.use.get("purpose") or "commercial") == "commercial" else NO
    return commercial(case)


def _outputs(case: Case, *leaving: str) -> Answer:
    outputs = case.use.get("outputs")
    return ("unknown", (case.key("outputs"),)) if outputs is None else YES if outputs in leaving else NO


_ALWAYS: Mapping[str, Callable[[Case], Answer]] = {
    "use": lambda case: YES,
    "commercial": _commercial,
    "production": lambda case: YES if (case.use.get("environment") or "production") == "production" else NO,
    "outputs": lambda case: _outputs(case, "third-parties", "public"),
    "derivative-outputs": lambda case: both(_outputs(case, "third-parties", "public"), changes(case)),
    "public-outputs": lambda case: _outputs(case, "public"),
    "fine-tune": lambda case: flag(case, "fine_tunes"),
    "derivative": lambda case: both(hands_on(case), changes(case)),
    "derivative-service": lambda case: both(remote(case), changes(case)),
    "weights": hands_on,
    "product": hands_on,
}


def _trains_for_others(case: Case, kinds: Sequence[str] | None) -> Answer:
    """Whether outputs train another model that is handed on, of one of these kinds where the clause names kinds."""
    planned = case.use.get("trains_other_models")
    key = case.key("trains_other_models")
    if planned is None:
        return "unknown", (key,)
    if not isinstance(planned, dict):
        return ("unknown", (f"{key}.released",)) if planned else NO
    kind, released = planned.get("kind"), planned.get("released")
    if released is False or (kinds and kind is not None and kinds_meant(kind).isdisjoint(kinds)):
        return NO
    missing = [] if released else [f"{key}.released"]
    missing += [f"{key}.kind"] if kinds and kind is None else []
    return ("unknown", tuple(missing)) if missing else YES


def _of_size(case: Case, clause: Clause) -> Answer:
    if not clause.more.get("from"):
        return YES
    word, missing, _ = over_any(case, clause, "from")
    # An open word about the size leaves the duty itself open; it asks for what the size counts.
    return ("unknown", missing or (case.group.key("group"),)) if word in ("open", "unknown") else (word, ())


def _of_modality(case: Case, clause: Clause) -> Answer:
    if clause.more.get("modality") is None or case.multimodal:
        return YES
    return ("unknown", ("model.multimodal",)) if case.multimodal is None else NO


def _of_field(case: Case, clause: Clause) -> Answer:
    """Whether the use is of a field that the clause names, and no human stands between the model and its effect."""
    if not clause.more.get("fields"):
        return YES
    fields, oversight = case.use.get("field_of_use"), case.use.get("oversight")
    if oversight not in (None, "none") or (fields is not None and not set(fields) & set(clause.more["fields"])):
        return NO
    missing = [case.key(key) for key, value in (("field_of_use", fields), ("oversight", oversight)) if value is None]
    return ("unknown", tuple(missing)) if missing else YES


def _of_purpose(case: Case, clause: Clause) -> Answer:
    """Whether the duty arises for this purpose; scientific work is research, whatever it serves."""
    found = of_purpose(case, clause)
    if found[0] != "no" or "research" not in clause.more["purposes"]:
        return found
    fields = case.use.get("field_of_use")
    return ("unknown", (case.key("field_of_use"),)) if fields is None else YES if "research" in fields else NO


def _of_licensee(case: Case, clause: Clause) -> Answer:
    bound, kind = clause.more.get("licensees"), case.party.get("kind")
    if bound is None:
        return YES
    return ("unknown", (case.party.key("kind"),)) if kind is None else YES if kind in bound else NO


def arises(case: Case, clause: Clause) -> Answer:
    """Whether the duty of a clause arises in this use."""
    on = either(does(case, act, clause) for act in clause.more.get("on", ()))
    for other in (_of_size, _of_modality, _of_field, _of_purpose, _of_licensee):
        on = both(on, other(case, clause)) if on[0] != "no" else on
    return both(on, _not(by_internal_use(case, clause))) if on[0] != "no" else on


def _not(found: Answer) -> Answer:
    return {"yes": NO, "no": YES}.get(found[0], found)


def _met(case: Case, duty: str, clause: Clause) -> Answer:
    """Whether the use already does what the duty asks."""
    if duty == "disclose_ai":
        return flag(case, "discloses_ai")
    if duty in ("add_safeguards", "keep_safeguards"):
        have = case.use.get("safeguards")
        if have is None:
            return "unknown", (case.key("safeguards"),)
        # What the model brings along is no safeguard of the licensee's own.
        wanted = clause.more.get("safeguards") or (_KEPT if duty == "keep_safeguards" else set(have) - _KEPT)
        oversight = (
            {"human-review"} if case.use.get("oversight") in ("human-review", "licensed-professional") else set()
        )
        return ("yes" if (set(have) | oversight) & set(wanted) else "no"), ()
    return "no", ()


@derives(*(f"license.{duty}" for duty in DUTIES))
def duty_state(case: Case, name: str) -> Fact:
    """Whether a duty is due in this use, waits for a later act, or is none of this license."""
    duty = name.partition(".")[2]
    if duty not in OPTIONAL_DUTIES and case.unread(duty):
        return unknown(*case.unread(duty))
    clauses = case.clauses(duty)
    if duty == "pass_on_restrictions":
        extra = _open_field(case)
        if extra is not None:
            return extra
    if not clauses or inside_a_product(case, duty):
        return _NONE
    spared = at_official_service(case, duty)
    if spared[0] == "yes":
        return _NONE
    stands = [_Standing(clause, *_stands(case, duty, clause, _not(spared))) for clause in clauses]
    found = _due(case, stands)
    if found is not None:
        return replace(found, parts=_by_passage(case, stands))
    missing = [key for _, word, keys in stands if word == "unknown" for key in keys]
    if missing:
        return unknown(*missing, clauses=clauses, **_what(clauses[:1]))
    return Fact(value="later" if any(word == "later" for _, word, _ in stands) else "none", clauses=clauses)


class _Standing(NamedTuple):
    """How the duty of a clause stands: due, later, done or unknown for want of keys."""

    clause: Clause
    word: str
    missing: tuple[str, ...]


def _due(case: Case, stands: Iterable[_Standing]) -> Fact | None:
    due = [each.clause for each in stands if each.word == "due"]
    return Fact(value="due", clauses=tuple(due), figures=_what(due), sources=_sources(case)) if due else None


def _by_passage(case: Case, stands: Sequence[_Standing]) -> tuple[Fact, ...]:
    """What each passage asks by itself, or may ask; what is done under one is not done under another."""
    passages: dict[str, list[_Standing]] = {}
    for each in stands:
        passages.setdefault(each.clause.passage, []).append(each)
    parts = [_due(case, several) or _open(several) for several in passages.values()]
    return tuple(part for part in parts if part is not None) if len(passages) > 1 else ()


def _open(stands: Iterable[_Standing]) -> Fact | None:
    several = [each for each in stands if each.word == "unknown"]
    clauses = [each.clause for each in several]
    return (
        unknown(*(key for each in several for key in each.missing), clauses=clauses, **_what(clauses))
        if several
        else None
    )


def _stands(case: Case, duty: str, clause: Clause, bound: Answer) -> Answer:
    """Whether a clause's duty is due, waits for a later act, is done by the use itself, or lacks facts."""
    found = both(arises(case, clause), bound)
    if found[0] == "no":
        return "later", ()
    met = _met(case, duty, clause)
    if found[0] == "yes" and met[0] != "unknown":
        return ("due" if met[0] == "no" else "done"), ()
    return "unknown", found[1] if found[0] == "unknown" else met[1]


def _what(clauses: Sequence[Clause]) -> dict[str, str]:
    """What is to be done and the words to be shown, each once however many clauses ask for it."""
    labels = dict.fromkeys(str(clause.more["label"]) for clause in clauses if clause.more.get("label"))
    return {"what": " ".join(dict.fromkeys(clause.summary for clause in clauses)), "label": "; ".join(labels)}


def _sources(case: Case) -> tuple[Source, ...]:
    return case.fact("use.distribution").sources


def _open_field(case: Case) -> Fact | None:
    """A field that users choose raises the duty to pass the restrictions on, where others than own staff use it."""
    fields = case.use.get("field_of_use")
    barred = case.clauses("fields_barred")
    if not barred or not fields or not OPEN_FIELDS & set(fields):
        return None
    acts = case.has_acts()
    if acts is None:
        return unknown(case.key("distribution"), clauses=barred, what="Bind users by the use restrictions.", label="")
    standing = [clause.value for clause in case.clauses("affiliates_are")]
    own_staff = {"internal", "affiliates"} if "same-licensee" in standing else {"internal"}
    if acts <= own_staff:
        return None
    what = "Users choose what the model is used for; bind them by the license's use restrictions and enforce them."
    return Fact(value="due", clauses=barred, figures={"what": what, "label": ""})


@derives("license.later_duties")
def later_duties(case: Case, name: str) -> Fact:
    """Which duties wait for a later act, as handing the model on."""
    stated = case.license.clauses if case.license else ()
    waiting = [duty for duty in DUTIES if duty in stated and case.known(f"license.{duty}").value == "later"]
    found = [(duty, case.fact(f"license.{duty}")) for duty in waiting]
    clauses = tuple(clause for _, fact in found for clause in fact.clauses)
    names = ", ".join(duty.replace("_", " ") for duty, _ in found)
    return Fact(value="yes", clauses=clauses, figures={"duties": names}) if found else NONE_DUE
