"""What a page carries to the next one in a hidden field: encrypted, short-lived, instead of cookies and sessions.

The key lives in the memory of one process: after a restart open pages ask for the receipt again; nothing else is lost.
"""

from __future__ import annotations

import msgspec
from cryptography.fernet import Fernet, InvalidToken

DAY, HALF_AN_HOUR = 86400, 1800


class Tokens:
    """Seals and opens small values, each for one kind of page."""

    def __init__(self) -> None:
        self._fernet = Fernet(Fernet.generate_key())

    def seal(self, kind: str, **values: str) -> str:
        """A token."""
        return self._fernet.encrypt(msgspec.json.encode({"kind": kind, **values})).decode()

    def open(self, kind: str, token: str, seconds: int) -> dict[str, str] | None:
        """Its values; nothing when it is not ours, of another kind, or too old."""
        try:
            values = msgspec.json.decode(self._fernet.decrypt(token.encode(), ttl=seconds), type=dict[str, str])
        except (InvalidToken, ValueError):
            return None
        return values if values.pop("kind", "") == kind else None
