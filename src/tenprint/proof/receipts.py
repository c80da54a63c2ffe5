"""Receipts of published numbers: what was computed, from what, as of when, under which definition.

Canonical JSON is RFC 8785; a receipt is signed as a C2SP note whose text is that JSON and a newline, so the keys and
the rules are those of checkpoints. Receipts hold no fractions: the numbers are in the file that ``result_hash`` names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
import rfc8785

from tenprint.proof.notes import Signer, Verifier
from tenprint.proof.verify import RECEIPT, FormatError, check_receipt

Profile = Literal["open", "guarded"]
"""``open``: exact, anyone recomputes. ``guarded``: suppressed and perturbed; facts are committed to, not shown."""

_HASH = re.compile(r"sha256:[0-9a-f]{64}\Z")


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything needed to say where a published number came from."""

    format: str = RECEIPT
    definition: str
    """Name of the definition; ``name@hash`` is its id."""
    definition_hash: str
    """``sha256:`` and the hash of the definition file's bytes."""
    as_of: datetime
    """What was known: the record clock."""
    valid: datetime | None
    """What was true: the other clock; ``None`` when the definition asks for no moment."""
    origin: str
    """Where the facts come from: a ledger's origin, a released file, or a synthetic nation. Two are never added up."""
    simulated: bool
    """True when nothing behind this number happened to anybody."""
    facts_hash: str
    """Hash of the facts, or, under profile ``guarded``, a salted commitment to them."""
    result_hash: str
    """Hash of the published rows as RFC 8785 JSON."""
    checkpoint: str | None
    """Signed note of the ledger that the facts were taken from; ``None`` when they come from no ledger."""
    profile: Profile
    parameters: dict[str, str] = {}


class SignedReceipt(msgspec.Struct, frozen=True):
    """A receipt with its hash and signature lines, as it is published."""

    receipt: dict[str, Any]
    hash: str
    signatures: tuple[str, ...] = ()
    checkpoint: str | msgspec.UnsetType = msgspec.UNSET
    """Signed note of the ledger that the facts were taken from: beside the receipt, because a later one is as good."""


def canonical_json(value: Any) -> bytes:
    """RFC 8785 bytes of a JSON value.

    Raises:
        FormatError: when the value cannot be written so (not a number, beyond 2^53, not JSON).
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as wrong:
        raise FormatError(f"canonical JSON: {wrong}") from None


def digest(data: bytes) -> str:
    """``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def issue(receipt: Receipt, signers: Sequence[Signer] = (), checkpoint: str | None = None) -> SignedReceipt:
    """Hash and sign a receipt.

    Args:
        receipt: What is said.
        signers: Keys that sign it.
        checkpoint: Signed note of the ledger behind the facts; stands beside the receipt, outside its hash.

    Raises:
        FormatError: when a hash is not ``sha256:`` and 64 digits, or a clock has no time zone.
    """
    for name in ("definition_hash", "facts_hash", "result_hash"):
        if not _HASH.match(getattr(receipt, name)):
            raise FormatError(
                f"receipt: {name}: expected sha256: and 64 hexadecimal digits, got {getattr(receipt, name)!r}"
            )
    for name in ("as_of", "valid"):
        clock = getattr(receipt, name)
        if clock is not None and clock.tzinfo is None:
            raise FormatError(f"receipt: {name}: expected a time with a time zone, got {clock.isoformat()}")
    plain = msgspec.to_builtins(receipt)
    text = canonical_json(plain).decode()
    return SignedReceipt(
        plain, digest(text.encode()), tuple(s.line(f"{text}\n") for s in signers), checkpoint or msgspec.UNSET
    )


def check(
    document: SignedReceipt | Mapping[str, Any], verifiers: Sequence[Verifier], files: Mapping[str, bytes] | None = None
) -> list[str]:
    """Check a receipt; see ``verify.check_receipt``. Returns what holds.

    Raises:
        FormatError, ProofError: what is wrong.
    """
    plain = msgspec.json.decode(msgspec.json.encode(document))
    return check_receipt(plain, verifiers, files)
