"""What may happen in one case, and what did: pure deciders over frozen state.

``decide`` turns a command into events or refuses; ``evolve`` folds events into a ``Case``. No storage, no own clock.
"""

from tenprint.cases.case import Case
from tenprint.cases.decide import decide
from tenprint.cases.evolve import evolve, fold
from tenprint.cases.facts import facts_of
from tenprint.cases.gate import decide_gate
from tenprint.cases.refusals import Refusal

__all__ = ["Case", "Refusal", "decide", "decide_gate", "evolve", "facts_of", "fold"]
