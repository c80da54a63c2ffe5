"""Fingers that belong to nobody: ten for every seed, a new impression for every encounter.

Made of sixty master fingers; the same on every machine. For tests, demonstrations and pictures. How far they resemble
real prints, and where not: ``docs/explanation/synthetic-fingers.md``.
"""

from tenprint.finger.synthetic.impressions import CLEAN, HARD, ROLLED, Condition
from tenprint.finger.synthetic.people import SyntheticPerson, person

__all__ = ["CLEAN", "HARD", "ROLLED", "Condition", "SyntheticPerson", "person"]
