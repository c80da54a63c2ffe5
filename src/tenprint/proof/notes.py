"""C2SP signed notes and tlog checkpoints, signed with Ed25519 (RFC 8032).

Reading and checking live in ``verify.py`` (one file that travels alone); this module adds signing and keys.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tenprint.proof.verify import (
    DASH,
    Checkpoint,
    FormatError,
    Note,
    ProofError,
    Verifier,
    open_note,
    parse_checkpoint,
    parse_note,
    verify_signatures,
)

__all__ = [
    "Checkpoint", "FormatError", "Note", "ProofError", "Signer", "Verifier", "open_note", "parse_checkpoint",
    "parse_note", "sign_note", "sign_text", "verify_signatures",
]  # fmt: skip


class Signer:
    """A name with an Ed25519 private key.

    Args:
        name: key name of C2SP signed-note: no spaces, no plus sign; by custom the origin of the log.
        seed: the 32 bytes of the private key (RFC 8032).

    Raises:
        FormatError: when the name or the length of the seed is not allowed.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        if len(seed) != 32:
            raise FormatError(f"signing key {name!r}: expected 32 bytes, got {len(seed)}")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.verifier = Verifier.parse(str(Verifier(name, public)))  # checks the name
        self.name = name

    @classmethod
    def generate(cls, name: str) -> Signer:
        """A new key under that name."""
        key = Ed25519PrivateKey.generate()
        return cls(name, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes."""
        return self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())

    def line(self, text: str) -> str:
        """The signature line over a text, without its newline."""
        raw = self.verifier.id + self._key.sign(text.encode())
        return f"{DASH}{self.name} {base64.b64encode(raw).decode()}"


def sign_text(text: str, signers: Sequence[Signer]) -> str:
    """A signed note over any text that ends in a newline.

    Raises:
        FormatError: when the text does not end in a newline or holds control characters.
    """
    if not text.endswith("\n"):
        raise FormatError("signed note: expected a text that ends in a newline")
    note = text + "\n" + "".join(f"{signer.line(text)}\n" for signer in signers)
    parse_note(note)
    return note


def sign_note(checkpoint: Checkpoint, key: Signer | bytes, name: str | None = None) -> str:
    """The checkpoint as a signed note.

    Args:
        checkpoint: what to sign.
        key: a signer, or the 32 bytes of an Ed25519 private key.
        name: key name when ``key`` is bytes; by custom (and by default) the origin.
    """
    signer = key if isinstance(key, Signer) else Signer(name or checkpoint.origin, key)
    return sign_text(checkpoint.text(), [signer])
