"""What an agency holds for a card that it handed in: a proof, checked without the exchange, that it was taken in.

The proof is that of the entry in which the card was taken in or refused, which names the SHA-256 of its bytes, under a
signed checkpoint. Whoever keeps it can show later that the ledger was cut, or that the card was exchanged.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
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


def write(document: dict[str, Any], tcn: str, folder: Path) -> Path:
    """A receipt in a folder, under the control number of its card; whole or not at all."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in tcn)
    folder.mkdir(parents=True, exist_ok=True)
    target, draft = folder / f"{safe}.receipt.json", folder / f".{safe}.receipt.json"
    with draft.open("w", encoding="utf-8") as file:
        draft.chmod(0o600)
        file.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return target
