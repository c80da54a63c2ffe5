"""A jurisdiction's own case: plan, agreement, survey, briefing, vetting, activation, and the request to stay out.

``decide`` turns a command into events or refuses; ``evolve`` folds events into a ``Place``; ``options`` says what the
jurisdiction can do today. One stream per county, ``jurisdiction/<FIPS>``, and one per state, ``jurisdiction/<ST>``.
"""

from tenprint.cases.jurisdiction.decide import decide
from tenprint.cases.jurisdiction.options import Options, options
from tenprint.cases.jurisdiction.place import Place, evolve, fold

__all__ = ["Options", "Place", "decide", "evolve", "fold", "options"]
