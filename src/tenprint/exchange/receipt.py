"""What an agency holds for a card that it handed in: a proof, checked without the exchange, that it was taken in.

The proof is that of the entry in which the card was taken in or refused, which names the SHA-256 of its bytes, under a
signed checkpoint. Whoever keeps it can show later that the ledger was cut, or that the card was exchanged.
"""

from __future__ import annotations

from typing import Any

from tenprint.exchange.core import Core
from tenprint.exchange.errors import UnknownError

TAKEN = ("submission.accepted", "submission.rejected")


def receipt(exchange: Core, stream: str) -> dict[str, Any]:
    """The proof that a card was taken in or refused: a document that ``proof/verify.py`` checks.

    Args:
        exchange: Where.
        stream: Of the card's case.

    Raises:
        UnknownError: when no card was taken in under this name.
    """
    entry = next((each for each in exchange.ledger.stream(stream) if each.kind in TAKEN), None)
    if entry is None:
        raise UnknownError(f"{stream}: no card was taken in under this name")
    return dict(exchange.ledger.prove(entry.seq))
