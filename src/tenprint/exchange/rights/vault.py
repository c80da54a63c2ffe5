"""Who a filer is, closed for the rights office alone: X25519 (RFC 7748), HKDF (RFC 5869), ChaCha20-Poly1305 (RFC 8439).

Whoever takes a complaint in holds only the public key: intake can close a name and cannot open it. The private key is a
file of the office, outside the database; without it a copy of the whole database names nobody.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tenprint.exchange.errors import ExchangeError

_PURPOSE = b"tenprint/complainant/1"


class OfficeKey:
    """The private key of the rights office."""

    def __init__(self, key: X25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def generate(cls) -> OfficeKey:
        """A new key."""
        return cls(X25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path, passphrase: str | None = None) -> OfficeKey:
        """The key in a file.

        Raises:
            ExchangeError: when the file holds none, or the passphrase is wrong.
        """
        try:
            key = load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
        except (ValueError, TypeError) as wrong:
            raise ExchangeError(f"{path}: expected a private key of the rights office: {wrong}") from None
        if not isinstance(key, X25519PrivateKey):
            raise ExchangeError(f"{path}: expected an X25519 key, got another kind")
        return cls(key)

    def save(self, path: Path, passphrase: str | None = None) -> None:
        """Write it to a new file that only its owner reads."""
        how = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))

    def open(self, box: str) -> str:
        """What was closed for this key.

        Raises:
            ExchangeError: when it was closed for another key, or is damaged.
        """
        raw = base64.b64decode(box)
        sender, nonce, body = raw[:32], raw[32:44], raw[44:]
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(sender))
            return ChaCha20Poly1305(_derive(shared, sender, self.public)).decrypt(nonce, body, None).decode()
        except (InvalidTag, ValueError):
            raise ExchangeError("this key does not open it: it was closed for another key of the office") from None


def close(public: bytes, text: str) -> str:
    """Close a text for whoever holds the private key; base64."""
    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    nonce = os.urandom(12)
    body = ChaCha20Poly1305(_derive(shared, sender, public)).encrypt(nonce, text.encode(), None)
    return base64.b64encode(sender + nonce + body).decode()


def key_id(public: bytes) -> str:
    """A short name of a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


def _derive(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE + sender + receiver).derive(shared)
