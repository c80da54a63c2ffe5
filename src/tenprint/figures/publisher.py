"""What only the publisher knows: the key that signs, the secret of the noise, the salts. One file, kept apart."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec

from tenprint.figures.errors import FiguresError
from tenprint.proof.notes import FormatError, Signer


class Publisher(msgspec.Struct, frozen=True):
    """A publisher's secrets, as hexadecimal text."""

    name: str
    """Key name on signatures."""
    signing_seed: str
    perturbation: str
    """Secret of the noise: the same for everything that can be compared."""
    commitment: str
    """Salt of the commitment to facts that are not published."""

    def __repr__(self) -> str:
        return f"Publisher({self.name!r}, ...)"

    @property
    def signer(self) -> Signer:
        """The key that signs receipts and checksums."""
        return Signer(self.name, bytes.fromhex(self.signing_seed))

    @classmethod
    def open_or_create(cls, path: Path, name: str | None = None) -> Publisher:
        """The publisher of a file; a new one is drawn and written (readable by its owner only) where none is.

        Args:
            path: The key file.
            name: Key name of a new publisher; by default ``figures-`` and eight random digits, so that two publishers
                are told apart.

        Raises:
            FiguresError: when the file is something else.
        """
        if path.exists():
            try:
                found = msgspec.json.decode(path.read_bytes(), type=cls)
                found.signer  # noqa: B018 - checks the seed
            except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, FormatError) as wrong:
                raise FiguresError(f"{path}: expected a publisher's key file: {wrong}") from None
            return found
        made = cls(name or f"figures-{secrets.token_hex(4)}", *(secrets.token_hex(32) for _ in range(3)))
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
        return made
