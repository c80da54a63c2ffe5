"""A complaint as a case: received, acknowledged, triaged, investigated, found, recommended, answered, closed, reopened.

``decide`` turns a command into events or refuses; ``evolve`` folds events into a ``Complaint``; ``clocks`` says what is
owed until when, and how long it really took. One stream per complaint, ``complaint/<number>``.
"""

from tenprint.cases.complaint import words
from tenprint.cases.complaint.clocks import Clock, clocks
from tenprint.cases.complaint.complaint import Complaint, evolve, fold
from tenprint.cases.complaint.decide import decide
from tenprint.cases.complaint.targets import Targets

__all__ = ["Clock", "Complaint", "Targets", "clocks", "decide", "evolve", "fold", "words"]
