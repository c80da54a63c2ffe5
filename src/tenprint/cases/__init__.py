"""What may happen in one case, and what did: pure deciders over frozen state.

``decide`` turns a command into events or refuses; ``evolve`` folds events into a ``Case``. No storage, no own clock.
"""

from tenprint.cases.card.case import Case
from tenprint.cases.card.decide import decide
from tenprint.cases.card.evolve import evolve, fold
from tenprint.cases.card.facts import facts_of
from tenprint.cases.card.gate import decide_gate
from tenprint.cases.kernel.refusals import Refusal

__all__ = ["Case", "Refusal", "decide", "decide_gate", "evolve", "facts_of", "fold"]
