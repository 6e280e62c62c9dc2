"""What for: the purpose against the grant, the field of use against what is barred, with its oversight."""

from __future__ import annotations

from policycheck.facts import answer
from policycheck.facts.answer import Answer
from policycheck.facts.case import NO, Case, Fact, derives, unknown
from policycheck.facts.spared import inside_a_product
from policycheck.license import Clause

_QUALIFIERS = {
    "license.field_barred": "barred",
    "license.field_barred_unreviewed": "barred-if-unreviewed",
    "license.field_barred_unlicensed": "barred-if-unlicensed",
}
OPEN_FIELDS = frozenset({"general-purpose", "customer-chosen"})
# Acts by which others than the licensee's own staff come to use the model.
USED = frozenset({"service", "model-api", "product"})


@derives(*_QUALIFIERS)
def field_barred(case: Case, name: str) -> Fact:
    """Whether a clause with this qualifier bars a field of the use."""
    if case.unread("fields_barred"):
        return unknown(*case.unread("fields_barred"))
    qualifier = _QUALIFIERS[name]
    clauses = tuple(c for c in case.clauses("fields_barred") if c.more.get("qualifier") == qualifier)
    if not clauses:
        return NO
    planned = case.fact("use.field_of_use")
    if planned.value is None:
        return unknown(*planned.missing, clauses=clauses, fields="not yet named")
    assert isinstance(planned.value, frozenset)
    hit = tuple(clause for clause in clauses if planned.value & set(clause.value))
    if not hit:
        # Weapons need not be for war; whether a ban on military use reaches them the text leaves open.
        near = tuple(clause for clause in clauses if "weapons" in planned.value and "military" in clause.value)
        if near and qualifier == "barred":
            return Fact(value="open", clauses=near, sources=planned.sources, figures={"fields": "weapons"})
        return Fact(value="no", sources=planned.sources)
    fields = ", ".join(sorted(planned.value & {field for clause in hit for field in clause.value}))
    word, missing = _qualified(case, qualifier, hit)
    if word == "unknown":
        return unknown(*missing, clauses=hit, fields=fields)
    sources = (*planned.sources, *case.fact("use.oversight").sources)
    return Fact(value=word, clauses=hit, sources=sources, figures={"fields": fields})


def _qualified(case: Case, qualifier: str, clauses: tuple[Clause, ...]) -> tuple[str, tuple[str, ...]]:
    if qualifier == "barred":
        return "yes", ()
    oversight = case.use.get("oversight")
    if oversight is None:
        return "unknown", (case.key("oversight"),)
    if oversight == "licensed-professional":
        return "no", ()
    if oversight == "none":
        return "yes", ()
    professional = any(clause.more.get("oversight_by") == "professional" for clause in clauses)
    if qualifier == "barred-if-unlicensed":
        # A human who reviews may or may not hold the license that the text asks for.
        return "open", ()
    return ("yes" if professional else "no"), ()


@derives("license.data_class_barred")
def data_class_barred(case: Case, name: str) -> Fact:
    """Whether a clause bars a kind of data that goes in."""
    if case.unread("data_classes_barred"):
        return unknown(*case.unread("data_classes_barred"))
    clauses = case.clauses("data_classes_barred")
    if not clauses:
        return NO
    planned = case.fact("use.data_classes")
    barred = {word for clause in clauses for word in clause.value}
    if planned.value is None:
        return unknown(*planned.missing, clauses=clauses, fields=", ".join(sorted(barred)))
    assert isinstance(planned.value, frozenset)
    hit = tuple(clause for clause in clauses if planned.value & set(clause.value))
    fields = ", ".join(sorted(planned.value & barred))
    if not hit:
        return Fact(value="no", sources=planned.sources)
    return Fact(value="yes", clauses=hit, sources=planned.sources, figures={"fields": fields})


@derives("license.use_granted")
def use_granted(case: Case, name: str) -> Fact:
    """Whether the grant covers the purpose and environment of the use.

    The narrow grants are read as follows. non-commercial: what the use is primarily for decides, unless the text shuts
    indirect advantage out too (`indirect`), names tests (`evaluation`) or leaves research free (`research`).
    non-commercial-research: the same, of research alone. non-commercial-bodies: any purpose but business, no company.
    research-or-evaluation: companies may test and research too, not in production; what is neither research nor a test
    is a question, unless the text grants it to such licensees or to nobody. non-production: anybody outside
    production; where the text takes revenue out of that too, a link with a business is a question. research-strict: no
    link with a business, and no company unless the clause lets companies research.
    """
    if case.unread("grant"):
        return unknown(*case.unread("grant"))
    clauses = case.clauses("grant")
    if not clauses:
        return unknown("license.grant")
    grant = str(clauses[0].value)
    word, missing = _granted(case, grant) if grant != "any" else ("yes", ())
    if word == "yes" and grant != "any" and _trains_for_business(case):
        word = "no" if any(clause.more.get("training") == "excluded" for clause in clauses) else "open"
    if word == "no" and inside_a_product(case, "purpose"):
        word = "open"
    sources = (*case.fact("use.purpose").sources, *case.fact("use.environment").sources)
    figures = {"grant": _in_words(case, grant), "planned": _planned(case)}
    if word == "unknown":
        return unknown(*missing, clauses=clauses, **figures)
    return Fact(value=word, clauses=clauses, sources=sources, figures=figures)


def _trains_for_business(case: Case) -> bool:
    """Whether outputs train a model for business, which a purpose without business may not cover."""
    planned = case.use.get("trains_other_models")
    return isinstance(planned, dict) and planned.get("purpose") == "commercial"


_KINDS = {"public-body": "a public body", "university": "a university", "individual": "an individual"}


_MORE = {
    ("evaluation", "permitted"): ", tests among them",
    ("research", "permitted"): ", and research even for business",
    ("indirect", "excluded"): ", not even indirectly",
}


def _in_words(case: Case, grant: str) -> str:
    """What a grant covers, with what the clause says of production."""
    said = case.catalog.vocabulary.words("grants")[grant].rstrip(".")
    said = said[0].lower() + said[1:]
    said += "".join(more for (key, word), more in _MORE.items() if _says(case, key, word))
    limits = {clause.more.get("production") for clause in case.clauses("grant")}
    if "production" in said:
        return said
    if "excluded" in limits:
        return f"{said}, and not in production"
    return f"{said}, and for companies not in production" if "excluded-for-companies" in limits else said


def _planned(case: Case) -> str:
    """What the use is for, and who does it with or without a link with a business, as far as the grant can ask."""
    purpose = case.use.get("purpose") or "commercial"
    production = (case.use.get("environment") or "production") == "production"
    said = [f"{purpose} use {'in' if production else 'outside'} production"]
    kind, link = case.party.get("kind"), case.use.get("commercial_link")
    if purpose != "commercial" and kind is not None:
        said.append(f"by {_KINDS.get(kind, f'a {kind}')}")
    if purpose == "research" and link is not None:
        said.append("paid for, commissioned or to be exploited by a business" if link else "no business behind it")
    if purpose != "commercial" and _says(case, "end_users", "excluded") and USED & (case.has_acts() or set()):
        said.append("with users outside the house")
    if purpose != "commercial" and _trains_for_business(case):
        said.append("whose outputs train a model for business")
    return ", ".join(said)


# What a use is primarily for decides, so that a link with a business alone shuts nothing out.
_PRIMARILY = frozenset({"non-commercial", "non-commercial-research"})


def _granted(case: Case, grant: str) -> tuple[str, tuple[str, ...]]:
    purpose = case.use.get("purpose") or "commercial"
    production = (case.use.get("environment") or "production") == "production"
    if purpose == "commercial":
        return "no", ()
    if production:
        outside, missing = _outside_production(case)
        if outside != "no":
            return ("no" if outside == "yes" else "unknown"), missing
    if grant == "non-production":
        return ("no", ()) if production else _outside_live_use(case)
    if grant == "non-commercial-bodies":
        found = _without_business(case)
        # A private person is no body; whether the text means one too is open.
        return ("open", ()) if found[0] == "yes" and case.party.get("kind") == "individual" else found
    if purpose == "evaluation":
        return _evaluation(case, grant, production)
    if purpose == "non-commercial" and grant == "research-or-evaluation":
        return _beside_research(case)
    if grant == "research-strict":
        return _without_business(case) if purpose == "research" else ("no", ())
    if grant == "non-commercial-research" and purpose != "research":
        return "no", ()
    if purpose == "research":
        link = case.use.get("commercial_link")
        if _says(case, "research", "permitted"):
            return "yes", ()
        if link is None:
            return "unknown", (case.key("commercial_link"),)
        return (_linked(case, grant) if link else "yes"), ()
    return "yes", ()


def _says(case: Case, attribute: str, word: str) -> bool:
    """Whether a clause of the grant says this of what it covers."""
    return any(clause.more.get(attribute) == word for clause in case.clauses("grant"))


def _linked(case: Case, grant: str) -> str:
    """What a link with a business makes of a use whose own purpose the grant covers."""
    return "open" if grant in _PRIMARILY and not _says(case, "indirect", "excluded") else "no"


def _outside_live_use(case: Case) -> Answer:
    """Whether a use outside production is so by the text too, which may leave revenue and end users out of that."""
    found = (_without_revenue(case), _without_end_users(case))
    word = next((word for word in ("open", "unknown") if word in {each for each, _ in found}), "yes")
    return word, tuple(key for _, keys in found for key in keys) if word == "unknown" else ()


def _without_revenue(case: Case) -> Answer:
    """Whether what a business pays for or will exploit is still outside production, where the text names revenue."""
    if not _says(case, "revenue", "excluded"):
        return answer.YES
    link = case.use.get("commercial_link")
    if link is None and case.use.get("purpose") == "research":
        return "unknown", (case.key("commercial_link"),)
    return ("open" if link else "yes"), ()


def _without_end_users(case: Case) -> Answer:
    """Whether what others use is still outside production, where the text names contact with end users."""
    acts = case.has_acts()
    if not _says(case, "end_users", "excluded"):
        return answer.YES
    return ("unknown", (case.key("distribution"),)) if acts is None else ("open" if acts & USED else "yes", ())


def _beside_research(case: Case) -> Answer:
    """Whether what is neither research nor a test nor business is granted: to those whom the clause names."""
    clauses = case.clauses("grant")
    named, kind = {kind for clause in clauses for kind in clause.more.get("also", ())}, case.party.get("kind")
    if named and kind is None:
        return "unknown", (case.party.key("kind"),)
    if kind in named:
        return "yes", ()
    return ("no" if any(clause.more.get("others") == "excluded" for clause in clauses) else "open"), ()


def _outside_production(case: Case) -> Answer:
    """Whether the text keeps this licensee out of production, whatever the purpose."""
    limits = {clause.more.get("production") for clause in case.clauses("grant")}
    if "excluded" in limits:
        return "yes", ()
    if "excluded-for-companies" not in limits:
        return "no", ()
    kind = case.party.get("kind")
    return ("unknown", (case.party.key("kind"),)) if kind is None else ("yes" if kind == "company" else "no", ())


def _evaluation(case: Case, grant: str, production: bool) -> tuple[str, tuple[str, ...]]:
    if grant == "research-strict":
        return _without_business(case)
    if grant == "research-or-evaluation":
        return ("no" if production else "yes"), ()
    kind, link = case.party.get("kind"), case.use.get("commercial_link")
    if link is True:
        return _linked(case, grant), ()
    if not production and _says(case, "evaluation", "permitted"):
        return "yes", ()
    if kind is None:
        return "unknown", (case.party.key("kind"),)
    # What a company tests it may mean to earn with; a test for other work than research is none of research.
    doubtful = kind != "university" if grant == "non-commercial-research" else kind == "company"
    return ("open" if doubtful else "yes"), ()


def _without_business(case: Case) -> tuple[str, tuple[str, ...]]:
    kind, link = case.party.get("kind"), case.use.get("commercial_link")
    company = kind == "company" and not _companies_research(case)
    if company or link is True:
        return "no", ()
    missing = [case.party.key("kind")] if kind is None else []
    missing += [case.key("commercial_link")] if link is None else []
    return ("unknown", tuple(missing)) if missing else ("yes", ())


def _companies_research(case: Case) -> bool:
    """Whether the use is research, and the text lets companies do it too."""
    allowed = any(clause.more.get("companies") for clause in case.clauses("grant"))
    return allowed and case.use.get("purpose") == "research"


@derives("license.outputs_use_barred")
def outputs_use_barred(case: Case, name: str) -> Fact:
    """Whether outputs serve business where the license keeps them from it."""
    clauses = tuple(clause for clause in case.clauses("outputs_use") if clause.value == "non-commercial")
    if case.unread("outputs_use"):
        return unknown(*case.unread("outputs_use"))
    commercial = (case.use.get("purpose") or "commercial") == "commercial" and not inside_a_product(case, "purpose")
    if not clauses or not (commercial or _trains_for_business(case)):
        return NO
    sources = case.fact("use.purpose" if commercial else "use.trains_other_models").sources
    return Fact(value="yes", clauses=clauses, sources=sources)
