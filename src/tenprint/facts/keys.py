"""Keys of cases and people: keyed hashes, so that two publications cannot be joined by them."""

from __future__ import annotations

import hashlib
import secrets

SALT_BYTES = 32


class Keys:
    """Turns names into keys of one publication.

    Args:
        salt: Secret of the publication; without one a fresh one is drawn and nobody can link the keys again.
    """

    def __init__(self, salt: bytes | None = None) -> None:
        self.salt = salt or secrets.token_bytes(SALT_BYTES)

    def key(self, space: str, name: str) -> str:
        """The key of a name: 16 hexadecimal digits (BLAKE2b keyed with the salt, RFC 7693)."""
        return hashlib.blake2b(f"{space}\0{name}".encode(), key=self.salt, digest_size=8).hexdigest()
