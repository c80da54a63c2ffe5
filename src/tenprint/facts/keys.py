"""Keys of cases and people: keyed hashes, so that two publications cannot be joined by them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from tenprint.facts.errors import FactsError

SALT_BYTES = 32


class Keys:
    """Turns names into keys of one publication.

    Args:
        salt: Secret of the publication; without one a fresh one is drawn and nobody can link the keys again.
    """

    def __init__(self, salt: bytes | None = None) -> None:
        self.salt = salt or secrets.token_bytes(SALT_BYTES)

    @property
    def fingerprint(self) -> str:
        """Tells whether two extractions have the same salt, and nothing else of it."""
        return hashlib.blake2b(b"tenprint/facts/salt", key=self.salt, digest_size=16).hexdigest()

    def key(self, space: str, name: str) -> str:
        """The key of a name: 16 hexadecimal digits (BLAKE2b keyed with the salt, RFC 7693)."""
        return hashlib.blake2b(f"{space}\0{name}".encode(), key=self.salt, digest_size=8).hexdigest()


def salt_of(file: Path, *apart: Path) -> bytes:
    """The salt in a file; a new one is drawn and written, readable by its owner only, where there is none.

    Args:
        file: Holds the salt as 64 hexadecimal digits.
        apart: Folders of facts or publications, in which a secret must not lie.

    Raises:
        FactsError: when the file lies in one of these folders, holds something else, or others can read it.
    """
    for folder in apart:
        if file.resolve().is_relative_to(folder.resolve()):
            raise FactsError(f"{file}: a secret does not belong into {folder}, which others get. Keep it elsewhere.")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_bytes(SALT_BYTES)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(made.hex() + "\n")
        return made
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise FactsError(f"{file}: others can read this secret; set its mode to 600 (chmod 600 {file})")
    try:
        found = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (ValueError, OSError) as wrong:
        raise FactsError(f"{file}: expected a salt of {2 * SALT_BYTES} hexadecimal digits: {wrong}") from None
    if len(found) != SALT_BYTES:
        raise FactsError(f"{file}: expected a salt of {2 * SALT_BYTES} hexadecimal digits, got {2 * len(found)}")
    return found
