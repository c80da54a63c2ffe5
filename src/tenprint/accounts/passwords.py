"""Passwords: Argon2id (RFC 9106) with the minimum that OWASP names; length, no recipes."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tenprint.accounts.errors import AccountError

SHORTEST, LONGEST = 12, 256
"""Characters."""
MEMORY, PASSES = 19 * 1024, 2
"""KiB, and times over it."""


def check(password: str, name: str) -> None:
    """Refuse a password that is too short, too long, or the name.

    Raises:
        AccountError: then.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"expected a password of {SHORTEST} to {LONGEST} characters; got {len(password)}")
    if len(set(password)) < 5 or name.casefold() in password.casefold():
        raise AccountError("the password is your name, or a few characters over and over: choose several words")


def hashed(password: str) -> str:
    """A password's hash, with salt and parameters, as a PHC string."""
    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=PASSES, lanes=1, memory_cost=MEMORY)
    return kdf.derive_phc_encoded(password.encode())


def matches(password: str, stored: str) -> bool:
    """Whether a password is the one of a hash; it takes the same time either way."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), stored)
    except (InvalidKey, ValueError):
        return False
    return True
