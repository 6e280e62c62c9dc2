"""The facts of a case: what is stated, and what has to be worked out. Counsel's four questions have a room each."""

from policycheck.facts import (
    acts,
    duties,
    excluded,
    handed_on,
    host,
    stated,
    students,
    terms,
    training,
    what_for,
    when,
    where,
    who,
)
from policycheck.facts.case import Case, Fact, Kept, Known, Memory, Source, registered, scope

__all__ = [
    "Case",
    "Fact",
    "Kept",
    "Known",
    "Memory",
    "Source",
    "acts",
    "duties",
    "excluded",
    "handed_on",
    "host",
    "registered",
    "scope",
    "stated",
    "students",
    "terms",
    "training",
    "what_for",
    "when",
    "where",
    "who",
]
