"""Proof: leaves, Merkle trees (RFC 6962), signed checkpoints (C2SP), receipts, and ``verify.py``, which travels alone.

Knows nothing of storage or of what events mean.
"""

from tenprint.proof import merkle, notes, receipts, verify
from tenprint.proof.notes import Checkpoint, Signer, open_note, sign_note
from tenprint.proof.receipts import Receipt, SignedReceipt
from tenprint.proof.verify import FormatError, ProofError, Verifier

__all__ = [
    "Checkpoint", "FormatError", "ProofError", "Receipt", "SignedReceipt", "Signer", "Verifier", "merkle", "notes",
    "open_note", "receipts", "sign_note", "verify",
]  # fmt: skip
