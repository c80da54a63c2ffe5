"""Sealed fields: ChaCha20-Poly1305 (RFC 8439) under one key a subject, committed to by a salted hash.

The leaf holds SHA-256 over 32 random bytes and the text; salt and text are encrypted together. Destroying the key makes
the text unreadable and the commitment unguessable, while every proof stands.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tenprint.ledger.errors import InvalidEvent
from tenprint.proof.verify import commitment

SALT = 32
NONCE = 12


class Unreadable(Exception):  # noqa: N818 - a finding
    """A sealed text does not open, or is not the one committed to."""


def new_key() -> bytes:
    """A random key of 32 bytes."""
    return ChaCha20Poly1305.generate_key()


def seal(key: bytes, place: str, text: bytes) -> tuple[bytes, bytes]:
    """Encrypt JSON text; returns the sealed bytes and their commitment.

    Args:
        key: 32 bytes.
        place: where it stands (stream and version); sealed bytes open nowhere else.
        text: JSON of the fields.
    """
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    body = ChaCha20Poly1305(key).encrypt(nonce, salt + text, place.encode())
    return nonce + body, commitment(salt, text)


def unseal(key: bytes, place: str, sealed: bytes, committed: bytes) -> tuple[bytes, bytes]:
    """Salt and JSON text of sealed bytes.

    Raises:
        Unreadable: when they do not open under this key and place, or differ from the commitment.
    """
    try:
        body = ChaCha20Poly1305(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise Unreadable("sealed fields do not open under their subject's key") from None
    salt, text = body[:SALT], body[SALT:]
    if commitment(salt, text) != committed:
        raise Unreadable("sealed fields are not those the entry commits to")
    return salt, text


def place(stream: str, version: int) -> str:
    """Where sealed bytes belong."""
    return f"{stream}@{version}"


def to_json(value: Any, what: str) -> bytes:
    """Deterministic JSON bytes.

    Raises:
        InvalidEvent: when the value is not JSON-like, or holds a number that JSON has no word for.
    """
    try:
        encoded = msgspec.json.encode(value, order="deterministic")
        if b"null" in encoded and _not_finite(value):  # the encoder writes NaN and infinity as null: a silent loss
            raise InvalidEvent(f"{what}: expected finite numbers, got NaN or infinity")
        encoded.decode()
    except (TypeError, ValueError, OverflowError, RecursionError) as wrong:
        raise InvalidEvent(f"{what}: expected text, numbers, lists and objects: {wrong}") from None
    return encoded


loads = msgspec.json.Decoder(dict[str, Any]).decode
"""An object from JSON bytes or text."""


def _not_finite(value: Any) -> bool:
    if isinstance(value, float):
        return value != value or value in (float("inf"), float("-inf"))  # noqa: PLR0124 - NaN differs from itself
    if isinstance(value, dict):
        return any(_not_finite(v) for v in value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return any(_not_finite(v) for v in value)
    return False
