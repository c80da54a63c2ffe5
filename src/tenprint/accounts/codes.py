"""One-time codes from an authenticator: TOTP (RFC 6238) over HMAC-SHA-1, six digits, thirty seconds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from urllib.parse import quote

STEP = 30
"""Seconds that a code is valid; one step of drift either way is allowed."""


def new_secret() -> str:
    """A secret of 160 bits in base32, as authenticators take it."""
    return base64.b32encode(os.urandom(20)).decode()


def code(secret: str, step: int, digits: int = 6) -> str:
    """The code of a step of time.

    Args:
        secret: Base32.
        step: Seconds since 1970, divided by thirty.
        digits: How many.
    """
    mac = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 15
    return str((int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF) % 10**digits).zfill(digits)


def step_of(secret: str, given: str, now: float, after: int) -> int | None:
    """The step that a code belongs to; nothing when it is wrong, too old, or not later than the last one used.

    Args:
        secret: Base32.
        given: As typed; spaces do not count.
        now: Seconds since 1970.
        after: Last step that was used: a code counts once.
    """
    typed, present = "".join(given.split()).encode(), int(now) // STEP
    near = (present - 1, present, present + 1)
    steps = [s for s in near if hmac.compare_digest(code(secret, s).encode(), typed)]
    return next((s for s in steps if s > after), None)


def address(secret: str, name: str, issuer: str) -> str:
    """What an authenticator reads: an ``otpauth:`` address."""
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={secret}&issuer={quote(issuer)}"
