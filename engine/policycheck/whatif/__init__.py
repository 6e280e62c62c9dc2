"""What if: which keys a finding hangs on, what else may stand there, and the smallest changes that alter a verdict."""

from policycheck.whatif.bench import Bench
from policycheck.whatif.candidates import Candidate
from policycheck.whatif.search import Change, nearest, smallest_changes

__all__ = ["Bench", "Candidate", "Change", "nearest", "smallest_changes"]
