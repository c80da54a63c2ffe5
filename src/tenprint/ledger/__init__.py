"""The ledger: every act as an event, in order, with two clocks, sealed personal fields and signed checkpoints.

Does not know what events mean. SQLite by default, PostgreSQL through the same code.
"""

from tenprint.ledger.errors import (
    AlreadyDone,
    AlreadyExists,
    Busy,
    ClockJumped,
    Damaged,
    InvalidEvent,
    KeyReused,
    LedgerError,
    NotALedger,
    NotStored,
    StatedLater,
    VersionConflict,
)
from tenprint.ledger.ledger import Ledger
from tenprint.ledger.transaction import Transaction
from tenprint.ledger.values import CLOCK_ACCEPTED, CREATED, EXPUNGED, Act, Entry, NewEvent, Problem, Projection

__all__ = [
    "CLOCK_ACCEPTED", "CREATED", "EXPUNGED", "Act", "AlreadyDone", "AlreadyExists", "Busy", "ClockJumped", "Damaged",
    "Entry", "InvalidEvent", "KeyReused", "Ledger", "LedgerError", "NewEvent", "NotALedger", "NotStored", "Problem",
    "Projection", "StatedLater", "Transaction", "VersionConflict",
]  # fmt: skip
