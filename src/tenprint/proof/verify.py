#!/usr/bin/env python3
"""Check Tenprint's proofs: one file that needs only Python and the package ``cryptography``.

Implements RFC 6962 sections 2.1 to 2.1.2 and RFC 9162 section 2.1 (leaves, inclusion, consistency), C2SP signed-note
and tlog-checkpoint (Ed25519), and the subset of RFC 8785 that receipts use (text, whole numbers, true, false, null).

Copy it wherever you like and run ``python verify.py --help``. Nothing here reads a ledger, a network or a clock.
Exit codes: 0 everything holds, 1 something does not hold, 2 unusable input.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = 1
"""Algorithm byte of C2SP signed notes: Ed25519 over the text."""
DASH = "\N{EM DASH} "
ENTRY = b"tenprint/entry/1"
SEALED = b"tenprint/sealed/1"
PROOF = "tenprint/proof/1"
CONSISTENCY = "tenprint/consistency/1"
RECEIPT = "tenprint/receipt/1"
PACKAGE = "tenprint/package/1"
CHECKSUMS = "checksums.note"
"""Name of the signed list of files in a package."""
OWN_KEY = "verifier.txt"
"""The key that came with a package: says who it claims to be by, and proves nothing."""
FACTS_HASH, KNOWN_FACTS = "facts_hash", "tenprint/known-facts/1"
"""Parameter of a receipt whose facts hash covers the rows known at its as-of date, and not the manifest."""
LARGE = 64 * 2**20
"""Bytes of a file beyond which only its hash is taken."""
MOST_FILES = 100_000
_LEDGER_KEY = re.compile(r"ledger-[0-9]+\.verifier\.txt")
_RECEIPT_FILE = re.compile(r"receipts/[A-Za-z0-9][A-Za-z0-9._-]*\.json")
_INSIDE = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9._@/-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
COLUMNS = (
    "seq", "stream", "version", "kind", "data", "commitment", "subject", "actor", "role", "purpose", "authority",
    "occurred_at", "recorded_at", "idempotency_key",
)  # fmt: skip
"""What a leaf covers, in this order."""


class ProofError(ValueError):
    """A proof, signature or hash does not hold; the text says what was expected and what came."""


class FormatError(ValueError):
    """The input is not of the form that the specification names."""


# -- leaves and nodes (RFC 6962 section 2.1) ---------------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the bytes of an entry (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both child hashes (RFC 6962 section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_input(columns: Mapping[str, object]) -> bytes:
    """The bytes of a ledger entry that its leaf hashes.

    A fixed name, then each of ``COLUMNS`` as a length (32 bits, big endian) and its bytes: text as UTF-8, numbers as
    decimal digits, absent values as the length 0xFFFFFFFF alone. Nothing can move from one column to the next.

    Args:
        columns: the entry; ``data`` is the JSON text exactly as stored, ``commitment`` 32 bytes, hex, or ``None``.

    Raises:
        FormatError: when a column is missing or of another type.
    """
    parts = [ENTRY]
    for name in COLUMNS:
        if name not in columns:
            raise FormatError(f"entry: expected a column {name!r}, found only {sorted(columns)}")
        value = columns[name]
        if value is None:
            parts.append(b"\xff\xff\xff\xff")
            continue
        if name == "commitment" and isinstance(value, str):
            value = _hex(value, "commitment")
        if isinstance(value, str):
            value = value.encode()
        elif isinstance(value, int) and not isinstance(value, bool):
            value = b"%d" % value
        elif not isinstance(value, bytes):
            raise FormatError(f"entry column {name!r}: expected text, number or bytes, got {type(value).__name__}")
        parts += (len(value).to_bytes(4, "big"), value)
    return b"".join(parts)


def commitment(salt: bytes, text: bytes) -> bytes:
    """What a leaf holds in place of sealed fields: SHA-256 of a name, 32 random bytes and the JSON text."""
    return hashlib.sha256(SEALED + b"\x00" + salt + text).digest()


# -- proofs ------------------------------------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf and its audit path lead to (RFC 9162 section 2.1.3.2).

    Raises:
        ProofError: when the path cannot belong to that index and size.
    """
    if not 0 <= index < size:
        raise ProofError(f"inclusion: expected an index from 0 to {size - 1}, got {index}")
    position, last, node = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError(
                f"inclusion: the path of entry {index} in a tree of {size} is too long ({len(proof)} hashes)"
            )
        if position % 2 or position == last:
            node = node_hash(step, node)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, step)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError(f"inclusion: the path of entry {index} in a tree of {size} is too short ({len(proof)} hashes)")
    return node


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf is in the tree with that root (RFC 6962 section 2.1.1).

    Raises:
        ProofError: when it is not, or the path does not fit.
    """
    came = root_from_inclusion(leaf, index, size, proof)
    if came != root:
        raise ProofError(f"inclusion: entry {index} of {size} leads to root {came.hex()}, expected {root.hex()}")


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the smaller tree is a prefix of the larger one (RFC 9162 section 2.1.4.2).

    Raises:
        ProofError: when something before ``old_size`` differs, or the path does not fit.
    """
    if not 0 <= old_size <= new_size:
        raise ProofError(f"consistency: expected sizes that do not shrink, got {old_size} then {new_size}")
    if old_size in (0, new_size):
        if proof:
            raise ProofError(
                f"consistency: expected an empty path from {old_size} to {new_size}, got {len(proof)} hashes"
            )
        if old_size == new_size and old_root != new_root:
            raise ProofError(f"consistency: two roots for size {new_size}: {old_root.hex()} and {new_root.hex()}")
        return
    old, new = _roots_from_consistency(old_size, new_size, old_root, proof)
    if old != old_root:
        raise ProofError(f"consistency: the first {old_size} entries lead to {old.hex()}, expected {old_root.hex()}")
    if new != new_root:
        raise ProofError(f"consistency: all {new_size} entries lead to {new.hex()}, expected {new_root.hex()}")


def _roots_from_consistency(
    old_size: int, new_size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Both roots that a path leads to, for sizes that differ and are not zero."""
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        raise ProofError(f"consistency: the path from {old_size} to {new_size} is empty")
    position, last = old_size - 1, new_size - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofError(f"consistency: the path from {old_size} to {new_size} is too long")
        if position % 2 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError(f"consistency: the path from {old_size} to {new_size} is too short")
    return old, new


# -- signed notes (C2SP signed-note, tlog-checkpoint) ------------------------------------------------------------------


@dataclass(frozen=True)
class Verifier:
    """A name and an Ed25519 public key, written ``name+keyid+base64`` (C2SP signed-note, "vkey")."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that name this key in a signature line."""
        return key_id(self.name, self.key)

    @property
    def label(self) -> str:
        """Name and key id, as people compare them: two keys of one name are told apart."""
        return f"{self.name} (key id {self.id.hex()})"

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_b64(bytes([ED25519]) + self.key)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read a verifier key.

        Raises:
            FormatError: when it is not ``name+keyid+base64`` of an Ed25519 key.
        """
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise FormatError(f"verifier key: expected name+keyid+base64, got {text.strip()!r}")
        raw = _unb64(parts[2], "verifier key")
        if len(raw) != 33 or raw[0] != ED25519:
            raise FormatError(f"verifier key {parts[0]!r}: expected an Ed25519 key of 33 bytes, got {len(raw)} bytes")
        verifier = cls(_key_name(parts[0]), raw[1:])
        if verifier.id.hex() != parts[1]:
            raise FormatError(f"verifier key {parts[0]!r}: expected key id {verifier.id.hex()}, got {parts[1]!r}")
        return verifier


@dataclass(frozen=True)
class Note:
    """A text and its signature lines: (name, key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: who it is, how many entries, the root over all of them (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = field(default=())

    def text(self) -> str:
        """The lines that are signed."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), _b64(self.root), *self.extensions))


def key_id(name: str, key: bytes) -> bytes:
    """First four bytes of SHA-256 over name, newline, algorithm byte and key (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + key).digest()[:4]


def parse_note(text: str) -> Note:
    """Split a signed note into its text and its signature lines.

    Raises:
        FormatError: when it is not a signed note.
    """
    cut = text.rfind("\n\n")
    if cut < 0 or not text.endswith("\n"):
        raise FormatError("signed note: expected a text, an empty line and signature lines that end in a newline")
    body, block = text[: cut + 1], text[cut + 2 :]
    if any(ord(c) < 32 and c != "\n" for c in text):
        raise FormatError("signed note: expected no control character but newline")
    signatures = []
    for line in block.splitlines():
        name, _, coded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not coded:
            raise FormatError(f"signed note: expected a signature line that begins with {DASH!r}, got {line[:60]!r}")
        raw = _unb64(coded, f"signature of {name}")
        if len(raw) < 5:
            raise FormatError(f"signature of {name}: expected a key id and a signature, got {len(raw)} bytes")
        signatures.append((_key_name(name), raw[:4], raw[4:]))
    if not signatures:
        raise FormatError("signed note: expected at least one signature line")
    return Note(body, tuple(signatures))


def verify_signatures(
    text: str, signatures: Iterable[tuple[str, bytes, bytes]], verifiers: Sequence[Verifier]
) -> list[str]:
    """Name and id of the known keys whose signatures over the text hold; lines of unknown keys are passed over.

    Raises:
        ProofError: when a line of a known key does not hold, or no line is of a known key.
    """
    known = {(v.name, v.id): v for v in verifiers}
    good, seen = [], []
    for name, identity, signature in signatures:
        seen.append(f"{name} (key id {identity.hex()})")
        verifier = known.get((name, identity))
        if verifier is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.key).verify(signature, text.encode())
        except InvalidSignature:
            raise ProofError(f"signature of {verifier.label}: does not hold for this text") from None
        good.append(verifier.label)
    if not good:
        wanted = ", ".join(v.label for v in verifiers) or "nobody: no verifier key was given"
        raise ProofError(f"signature: expected one of {wanted}; the note is signed by {', '.join(seen) or 'nobody'}")
    return good


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the signed lines of a checkpoint (C2SP tlog-checkpoint).

    Raises:
        FormatError: when they are not origin, size, base64 root.
    """
    lines = text.splitlines()
    if len(lines) < 3 or not lines[0]:
        raise FormatError("checkpoint: expected three lines, origin, size and root")
    if not (lines[1].isascii() and lines[1].isdigit()) or (lines[1] != "0" and lines[1].startswith("0")):
        raise FormatError(f"checkpoint: expected a number of entries on line 2, got {lines[1][:40]!r}")
    root = _unb64(lines[2], "checkpoint root")
    if len(root) != 32:
        raise FormatError(f"checkpoint: expected a root of 32 bytes, got {len(root)}")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))


def open_note(text: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint of a signed note, after its signature was checked.

    Raises:
        FormatError: when it is not a signed checkpoint.
        ProofError: when no signature of a known key holds.
    """
    return open_signed(text, verifiers)[0]


def open_signed(text: str, verifiers: Sequence[Verifier]) -> tuple[Checkpoint, str]:
    """The checkpoint of a signed note, and name and id of the known keys that signed it.

    Raises:
        FormatError: when it is not a signed checkpoint.
        ProofError: when no signature of a known key holds.
    """
    note = parse_note(text)
    signers = ", ".join(verify_signatures(note.text, note.signatures, verifiers))
    return parse_checkpoint(note.text), signers


# -- documents that Tenprint writes ------------------------------------------------------------------------------------


def check_proof(document: Mapping[str, Any], verifiers: Sequence[Verifier]) -> list[str]:
    """Check a proof of one entry (``ledger prove``): leaf, disclosed fields, path, checkpoint. Returns what holds.

    Raises:
        FormatError, ProofError: what is wrong.
    """
    _kind(document, PROOF)
    entry = _get(document, "entry", dict)
    leaf = leaf_hash(leaf_input(entry))
    if leaf.hex() != _get(document, "leaf", str):
        raise ProofError(f"leaf: the entry hashes to {leaf.hex()}, the proof says {document['leaf']}")
    done = [f"entry {entry['seq']} hashes to its leaf"]
    if document.get("sealed") is not None:
        opened = _get(document, "sealed", dict)
        salted = commitment(_hex(_get(opened, "salt", str), "salt"), _get(opened, "text", str).encode())
        if salted.hex() != entry["commitment"]:
            raise ProofError(f"sealed fields: they hash to {salted.hex()}, the entry commits to {entry['commitment']}")
        done.append("disclosed fields are those the entry commits to")
    if (card := _card(entry)) is not None:
        done.append(f"entry {entry['seq']} takes in, or refuses, the card whose bytes have SHA-256 {card}")
    checkpoint, signers = open_signed(_get(document, "checkpoint", str), verifiers)
    if _get(document, "index", int) != int(entry["seq"]) - 1:
        raise ProofError(
            f"index: entry {entry['seq']} stands at {int(entry['seq']) - 1}, the proof says {document['index']}"
        )
    path = [_unb64(step, "path") for step in _get(document, "path", list)]
    verify_inclusion(leaf, document["index"], checkpoint.size, path, checkpoint.root)
    at = f"{checkpoint.origin} at {checkpoint.size} entries"
    return [*done, f"entry {entry['seq']} is in the checkpoint of {at}, signed by {signers}"]


def _card(entry: Mapping[str, Any]) -> str | None:
    """SHA-256 of the card that an entry names, when it is one that takes a card in or refuses it."""
    if entry.get("kind") not in {"submission.accepted", "submission.rejected"}:
        return None
    try:
        named = json.loads(entry["data"]).get("card")
    except (ValueError, AttributeError, TypeError, KeyError):
        return None
    return named if isinstance(named, str) else None


def check_consistency(document: Mapping[str, Any], verifiers: Sequence[Verifier]) -> list[str]:
    """Check that a later checkpoint keeps every entry of an earlier one. Returns what holds.

    Raises:
        FormatError, ProofError: what is wrong.
    """
    _kind(document, CONSISTENCY)
    (old, _), (new, signers) = (open_signed(_get(document, name, str), verifiers) for name in ("old", "new"))
    if old.origin != new.origin:
        raise ProofError(f"consistency: two different logs, {old.origin!r} and {new.origin!r}")
    path = [_unb64(step, "path") for step in _get(document, "path", list)]
    verify_consistency(old.size, new.size, old.root, new.root, path)
    return [f"{new.origin}: the first {old.size} of {new.size} entries are unchanged, signed by {signers}"]


def canonical(value: object, where: str = "receipt") -> str:
    """RFC 8785 text of a value made of text, whole numbers, true, false, null, lists and objects.

    Raises:
        FormatError: for a fraction (receipts hold none), a number beyond 2^53 - 1, or anything else.
    """
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(canonical(v, where) for v in value) + "]"
    if isinstance(value, dict) and all(isinstance(k, str) for k in value):
        keys = sorted(value, key=lambda k: k.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(k)}:{canonical(value[k], f'{where}.{k}')}" for k in keys) + "}"
    raise FormatError(f"{where}: expected text, a whole number, true, false, null, list or object, got {value!r}")


def check_receipt(
    document: Mapping[str, Any],
    verifiers: Sequence[Verifier],
    files: Mapping[str, bytes] | None = None,
    travelled: Sequence[Verifier] = (),
) -> list[str]:
    """Check a receipt: its hash, its signatures, its checkpoint, and the files it names when they are at hand.

    Args:
        document: ``{"receipt", "hash", "signatures"}``.
        verifiers: known keys; without any, only hashes are checked and the result says so.
        files: bytes of ``definition``, ``result`` and ``facts`` (the manifest), each checked when given.
        travelled: ledger keys that came with the receipt. A checkpoint may be held against them, never a signature
            of the receipt, and the result says that they prove nothing.

    Raises:
        FormatError, ProofError: what is wrong.
    """
    receipt = _get(document, "receipt", dict)
    _kind(receipt, RECEIPT)
    text = canonical(receipt)
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    if digest != _get(document, "hash", str):
        raise ProofError(f"receipt: hashes to {digest}, says {document['hash']}")
    done = ["the receipt has its own hash", *_named_files(receipt, files or {})]
    lines = _get(document, "signatures", list)
    if verifiers:
        if not lines:
            raise ProofError("receipt: nobody signed it, and a verifier key was given")
        note = parse_note(f"{text}\n\n" + "".join(f"{line}\n" for line in lines))
        done.append(f"signed by {', '.join(verify_signatures(note.text, note.signatures, verifiers))}")
    else:
        done.append(f"NOT CHECKED: {len(lines)} signature(s), no verifier key was given (--key): signer unknown")
    checkpoint = document.get("checkpoint") or receipt.get("checkpoint")
    return done if checkpoint is None else [*done, _checkpoint_named(checkpoint, verifiers, travelled)]


def _named_files(receipt: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """Hold files against the hashes of a receipt."""
    done = []
    for name, content in files.items():
        if name == "facts" and _mapping(receipt.get("parameters")).get(FACTS_HASH) == KNOWN_FACTS:
            done.append(
                "NOT CHECKED: the facts hash covers the rows known at the as-of date (figures verify counts them)"
            )
            continue
        expected = receipt.get(f"{name}_hash")
        came = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if came != expected:
            raise ProofError(f"{name}: the file hashes to {came}, the receipt says {expected}")
        done.append(f"the {name} file is the one the receipt names")
    return done


def _checkpoint_named(text: object, verifiers: Sequence[Verifier], travelled: Sequence[Verifier]) -> str:
    """What the checkpoint of a receipt is worth: held against a known key, else against one that came along."""
    if not isinstance(text, str):
        raise FormatError(f"checkpoint: expected text, got {type(text).__name__}")
    note = parse_note(text)
    named = {v.name for v in verifiers}
    if any(line[0] in named for line in note.signatures):
        found, signers = open_signed(text, verifiers)
        return f"names a checkpoint of {found.origin} at {found.size} entries, signed by {signers}"
    if not travelled:
        found = parse_checkpoint(note.text)
        said = ", ".join(f"{name}+{key.hex()}" for name, key, *_ in note.signatures) or "nobody"
        return (
            f"NOT CHECKED: names a checkpoint of {found.origin} at {found.size} entries, said to be signed by {said}; "
            "no key of it was given (--key)"
        )
    found, signers = open_signed(text, travelled)
    return (
        f"names a checkpoint of {found.origin} at {found.size} entries, signed by {signers}, a key that came with the "
        "package and proves nothing"
    )


# -- publications ------------------------------------------------------------------------------------------------------


@dataclass
class Package:
    """What a check of a publication found; ``files`` are the bytes that the list names, small ones only."""

    folder: Path
    holds: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Receipts that hold, by the name of their files."""


def check_package(folder: Path, verifiers: Sequence[Verifier]) -> Package:
    """Check a publication: the signed list of its files, every file, every receipt with what it names.

    The publisher is known by ``verifiers`` alone. Keys that came with the package are named as such and prove nothing:
    without ``verifiers`` the answer is integrity, and that the signer is unknown. Nothing outside the folder is read.

    Args:
        folder: where the publication is.
        verifiers: keys of the publisher (and of ledgers) that the reader has from elsewhere.
    """
    found = Package(folder)
    try:
        _regular(folder, found)
        _listed(folder, verifiers, found)
        travelled = _travelled(found)
    except (ProofError, FormatError, OSError, UnicodeError) as wrong:
        found.wrong.append(_told(wrong))
        return found
    if not verifiers:
        _own_key(travelled, found)
    ledgers = [key for name, key in travelled.items() if name != OWN_KEY]
    for name in sorted(n for n in found.files if _RECEIPT_FILE.fullmatch(n)):
        try:
            _receipt_in(found, name, verifiers, ledgers)
        except (ProofError, FormatError, ValueError, RecursionError) as wrong:
            found.wrong.append(f"{name}: {_told(wrong)}")
    if not found.receipts and not found.wrong:
        found.wrong.append("receipts: there is none, so no figure is published here")
    return found


def _told(wrong: Exception) -> str:
    """One line about what is wrong, without what would move a terminal's cursor."""
    if isinstance(wrong, OSError):
        text = f"{wrong.filename}: cannot be read: {wrong.strerror}"
    else:
        text = "nested too deeply" if isinstance(wrong, RecursionError) else str(wrong)
    return printable(text)


def printable(text: str) -> str:
    """Text of a stranger, with control characters and line ends written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _regular(folder: Path, found: Package) -> None:
    """Refuse everything that is not a file or folder of its own: links, devices, pipes, sockets."""
    if folder.is_symlink() or not folder.is_dir():
        raise ProofError(f"{folder}: expected the folder of a publication, not a link or anything else")
    waiting, count = [folder], 0
    while waiting:
        for entry in os.scandir(waiting.pop()):
            count += 1
            if count > MOST_FILES:
                raise ProofError(f"package: more than {MOST_FILES} files")
            mode = entry.stat(follow_symlinks=False).st_mode
            name = Path(entry.path).relative_to(folder).as_posix()
            if stat.S_ISDIR(mode):
                waiting.append(Path(entry.path))
            elif not stat.S_ISREG(mode):
                kind = "a link" if stat.S_ISLNK(mode) else "a device, pipe or socket"
                found.wrong.append(f"{printable(name)}: is {kind}; a publication holds regular files only")
            elif entry.stat(follow_symlinks=False).st_nlink > 1:
                found.wrong.append(f"{printable(name)}: has a second name elsewhere (a hard link): it can change after")
    if found.wrong:
        raise ProofError("package: refused before any of its files was read")


def _listed(folder: Path, verifiers: Sequence[Verifier], found: Package) -> None:
    """Hold every file against the signed list."""
    note_file = folder / CHECKSUMS
    if not note_file.is_file():
        raise ProofError(f"{CHECKSUMS}: missing; a publication has a signed list of its files")
    if note_file.stat().st_size > LARGE:
        raise ProofError(f"{CHECKSUMS}: larger than {LARGE} bytes")
    try:
        note = parse_note(note_file.read_bytes().decode())
        names = _names(note.text)
        if verifiers:
            signers = ", ".join(verify_signatures(note.text, note.signatures, verifiers))
            found.holds.append(f"{CHECKSUMS}: signed by {signers}")
    except (ProofError, FormatError, UnicodeDecodeError) as wrong:
        raise ProofError(f"{CHECKSUMS}: {wrong}") from None
    for name, expected in names.items():
        came = _hashed(folder / name, name, found)
        if came != expected:
            found.wrong.append(printable(f"{name}: expected sha256 {expected}, got {came}"))
    here = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()}
    extra = sorted(here - set(names) - {CHECKSUMS})
    found.wrong += [printable(f"{name}: not on the signed list") for name in extra]
    found.files[CHECKSUMS] = note_file.read_bytes()
    if not found.wrong:
        found.holds.append(f"all {len(names)} files are those of the signed list")


def _names(text: str) -> dict[str, str]:
    """The files of a list and their hashes.

    Raises:
        FormatError: when the list is of another form, names a file twice, or names one outside the package.
    """
    first, *lines = text.splitlines()
    if first != PACKAGE:
        raise FormatError(f"expected a first line {PACKAGE!r}, got {first[:60]!r}")
    names: dict[str, str] = {}
    for line in lines:
        digest, _, name = line.partition("  ")
        inside = _INSIDE.fullmatch(name) and not {"", ".", ".."} & set(name.split("/"))
        if not _SHA256.fullmatch(digest) or not inside or name == CHECKSUMS:
            raise FormatError(f"expected a hash, two spaces and a path inside the package, got {line[:100]!r}")
        if name in names:
            raise FormatError(f"names {name!r} twice")
        names[name] = digest
    return names


def _hashed(file: Path, name: str, found: Package) -> str:
    """SHA-256 of a file, hex; what is small is kept, so that nothing is read twice."""
    if not file.is_file():
        return "no such file"
    if (name.startswith("facts/") and not name.endswith(".json")) or file.stat().st_size > LARGE:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    content = file.read_bytes()
    found.files[name] = content
    return hashlib.sha256(content).hexdigest()


def _travelled(found: Package) -> dict[str, Verifier]:
    """Keys that came with the package, by the name of their file."""
    keys = {}
    for name in sorted(n for n in found.files if n == OWN_KEY or _LEDGER_KEY.fullmatch(n)):
        try:
            keys[name] = Verifier.parse(found.files[name].decode())
        except (FormatError, UnicodeDecodeError) as wrong:
            found.wrong.append(f"{name}: {_told(wrong)}")
    return keys


def _own_key(travelled: Mapping[str, Verifier], found: Package) -> None:
    """Say who the package says that it is by; whoever writes a package chooses that key too."""
    key = travelled.get(OWN_KEY)
    if key is None:
        found.wrong.append(f"{OWN_KEY}: missing; a publication names the key of its list")
        return
    note = parse_note(found.files[CHECKSUMS].decode())
    try:
        verify_signatures(note.text, note.signatures, [key])
    except ProofError as wrong:
        found.wrong.append(f"{CHECKSUMS}: {_told(wrong)}")
        return
    found.not_checked.append(
        f"who made it: signer unknown. The list is signed by {key.label}, a key that came with the package and proves "
        "nothing; give the publisher's key, from elsewhere, with --key"
    )


def _receipt_in(found: Package, name: str, verifiers: Sequence[Verifier], ledgers: Sequence[Verifier]) -> None:
    """Check one receipt of a package, with the definition and the result that it names."""
    document = _object(json.loads(found.files[name]), name)
    receipt = _object(document.get("receipt"), "receipt")
    stem, named = name.removeprefix("receipts/").removesuffix(".json"), _get(receipt, "definition", str)
    files = {"definition": f"definitions/{named}.sql", "result": f"data/{stem}.json"}
    if receipt.get("profile") == "open":
        files["facts"] = "facts/manifest.json"
    missing = [file for file in files.values() if file not in found.files]
    if missing:
        raise ProofError(f"{', '.join(missing)}: not in the package, and the receipt names it")
    own = [] if verifiers else [Verifier.parse(found.files[OWN_KEY].decode())] if OWN_KEY in found.files else []
    content = {what: found.files[file] for what, file in files.items()}
    lines = check_receipt(document, verifiers or own, content, ledgers)
    for line in lines:
        if "checkpoint of" in line:
            found.not_checked.append(f"{stem}: {line}") if "proves nothing" in line else found.holds.append(
                f"{stem}: {line}"
            )
    found.receipts[stem] = document


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FormatError(f"{what}: expected an object, got {type(value).__name__}")
    return value


# -- the command -------------------------------------------------------------------------------------------------------


def _check(path: Path, arguments: argparse.Namespace, verifiers: Sequence[Verifier]) -> list[str]:
    if path.is_dir() or path.name == CHECKSUMS:
        return _publication(path if path.is_dir() else path.parent, verifiers)
    text = path.read_text(encoding="utf-8")
    if not text.lstrip().startswith("{"):
        found, signers = open_signed(text, verifiers)
        return [f"checkpoint of {found.origin}: {found.size} entries, root {found.root.hex()}, signed by {signers}"]
    document = json.loads(text)
    if document.get("format") == PROOF:
        return check_proof(document, verifiers)
    if document.get("format") == CONSISTENCY:
        return check_consistency(document, verifiers)
    if "receipt" in document:
        named = {n: getattr(arguments, n) for n in ("definition", "result", "facts")}
        return check_receipt(document, verifiers, {n: p.read_bytes() for n, p in named.items() if p is not None})
    raise FormatError(
        f"expected a checkpoint, proof, consistency proof or receipt, got an object of {sorted(document)[:8]}"
    )


def _publication(folder: Path, verifiers: Sequence[Verifier]) -> list[str]:
    """The lines about a package; what does not hold is raised, so that the command ends with 1."""
    found = check_package(folder, verifiers)
    if found.wrong:
        raise ProofError("; ".join(found.wrong))
    held = f"{len(found.receipts)} receipts with their definitions and results"
    return [*found.holds, held, *(f"NOT CHECKED: {line}" for line in found.not_checked),
            "NOT CHECKED: the numbers themselves were not computed again (figures verify does)"]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Check files from the command line; prints what holds and what does not."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Check Tenprint checkpoints, proofs and receipts offline."
    )
    parser.add_argument("file", type=Path, nargs="+", help="checkpoint, proof, consistency proof, receipt, or folder")
    parser.add_argument(
        "--key", action="append", default=[], help="verifier key: name+keyid+base64, or a file that holds it"
    )
    for name in ("definition", "result", "facts"):
        parser.add_argument(f"--{name}", type=Path, help=f"the {name} file that a receipt names")
    chosen = parser.parse_args(arguments)
    code = 0
    try:
        keys = [Verifier.parse(Path(k).read_text() if Path(k).is_file() else k) for k in chosen.key]
    except (FormatError, OSError, UnicodeDecodeError) as wrong:
        print(f"verify.py: {wrong}", file=sys.stderr)  # noqa: T201
        return 2
    for path in chosen.file:
        try:
            for line in _check(path, chosen, keys):
                print(f"{path}: {line}")  # noqa: T201
        except ProofError as wrong:
            print(f"{path}: DOES NOT HOLD: {wrong}", file=sys.stderr)  # noqa: T201
            code = max(code, 1)
        except (FormatError, OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as wrong:
            print(f"{path}: cannot be checked: {wrong}", file=sys.stderr)  # noqa: T201
            code = 2
    return code


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: object, what: str) -> bytes:
    if not isinstance(text, str):
        raise FormatError(f"{what}: expected base64 text, got {type(text).__name__}")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FormatError(f"{what}: expected base64, got {text[:60]!r}") from None
    if _b64(data) != text:
        raise FormatError(f"{what}: expected canonical base64, got {text[:60]!r}")
    return data


def _hex(text: str, what: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise FormatError(f"{what}: expected hexadecimal, got {text[:70]!r}") from None
    if data.hex() != text:
        raise FormatError(f"{what}: expected lower-case hexadecimal without spaces, got {text[:70]!r}")
    return data


def _key_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() for c in name):
        raise FormatError(f"key name: expected text without spaces and plus signs, got {name!r}")
    return name


def _kind(document: Mapping[str, Any], expected: str) -> None:
    if document.get("format") != expected:
        raise FormatError(f"format: expected {expected!r}, got {document.get('format')!r}")


def _get(document: Mapping[str, Any], name: str, kind: type) -> Any:
    value = document.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise FormatError(f"{name}: expected {kind.__name__}, got {type(value).__name__}")
    return value


if __name__ == "__main__":
    sys.exit(main())
