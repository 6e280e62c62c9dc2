"""Upkeep of the catalog: whether facts are whole, fresh and dated without gaps, and words explained and used."""

from policycheck.upkeep.examine import Examined, examine
from policycheck.upkeep.remark import CHECKS, Remark

__all__ = ["CHECKS", "Examined", "Remark", "examine"]
