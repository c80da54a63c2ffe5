"""The ledger: every act as an event, in order, with two clocks, sealed personal fields and signed checkpoints.

Does not know what events mean. SQLite by default, PostgreSQL through the same code.
"""

from tenprint.ledger.errors import (
    AlreadyDone,
    AlreadyExists,
    Busy,
    Damaged,
    InvalidEvent,
    KeyReused,
    LedgerError,
    NotALedger,
    NotStored,
    VersionConflict,
)
from tenprint.ledger.ledger import Ledger
from tenprint.ledger.transaction import Transaction
from tenprint.ledger.values import CREATED, EXPUNGED, Act, Entry, NewEvent, Problem, Projection

__all__ = [
    "CREATED", "EXPUNGED", "Act", "AlreadyDone", "AlreadyExists", "Busy", "Damaged", "Entry", "InvalidEvent",
    "KeyReused", "Ledger", "LedgerError", "NewEvent", "NotALedger", "NotStored", "Problem", "Projection", "Transaction",
    "VersionConflict",
]  # fmt: skip
