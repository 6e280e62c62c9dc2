"""The facts of a case: what is stated, and what has to be worked out. Counsel's four questions have a room each."""

from policycheck.facts import acts, stated, what_for, when, where, who
from policycheck.facts.case import Case, Fact, Memory, Source, registered

__all__ = ["Case", "Fact", "Memory", "Source", "acts", "registered", "stated", "what_for", "when", "where", "who"]
