"""The criminal identification system: people with an earlier criminal record, searched for every card.

Knows nothing of immigration, cases or law.
"""

from __future__ import annotations

from tenprint.exchange.prints import Prints
from tenprint.exchange.schema import enrolment_table, print_table

STREAM = "criminal"
PRINT = print_table(STREAM)
ENROLMENT = enrolment_table(STREAM)


def open_prints() -> Prints:
    """The prints of this system. Identity numbers begin with C."""
    return Prints(PRINT, ENROLMENT, "C")
