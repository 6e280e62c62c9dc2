"""The facts of a case: what is stated, and what has to be worked out. Counsel's four questions have a room each."""

from policycheck.facts import acts, excluded, stated, terms, what_for, when, where, who
from policycheck.facts.case import Case, Fact, Memory, Source, registered

__all__ = [
    "Case",
    "Fact",
    "Memory",
    "Source",
    "acts",
    "excluded",
    "registered",
    "stated",
    "terms",
    "what_for",
    "when",
    "where",
    "who",
]
