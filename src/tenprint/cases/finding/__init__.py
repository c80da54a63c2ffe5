"""What the quarterly review flagged, as a case: somebody owns it, looks into it, writes what was found, decides, tells.

``decide`` turns a command into events or refuses; ``evolve`` folds events into an ``OutlierReview``; ``clocks`` says
what is owed until when. One stream per case, ``finding/<number>``. A case is about a place and names no person.
"""

from tenprint.cases.finding import words
from tenprint.cases.finding.clocks import Clock, clocks
from tenprint.cases.finding.decide import decide
from tenprint.cases.finding.review import OutlierReview, evolve, fold
from tenprint.cases.finding.targets import Targets

__all__ = ["Clock", "OutlierReview", "Targets", "clocks", "decide", "evolve", "fold", "words"]
