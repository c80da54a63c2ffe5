"""The record clock after a jump: nothing is written until an administrator says that the machine's clock is right."""

from __future__ import annotations

from tenprint.exchange.core import Core
from tenprint.ledger import CLOCK_ACCEPTED, Act, Entry, NewEvent

STREAM = "ledger/clock"


def accept(exchange: Core, act: Act) -> Entry:
    """Record that the machine's clock is right, however long after the last entry it stands.

    Raises:
        NotAllowedError: when the act is not an administrator's.
    """
    exchange.vouch(act)
    with exchange.ledger.transaction() as tx:
        return tx.append(STREAM, [NewEvent(CLOCK_ACCEPTED, {})], act, expected_version=tx.version(STREAM))[0]
