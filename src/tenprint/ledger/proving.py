"""Checkpoints and proofs from stored nodes: a logarithm of reads, nothing rehashed (RFC 6962, C2SP tlog-checkpoint)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, tuple_

from tenprint.ledger import sealing, tables
from tenprint.ledger.errors import Damaged, LedgerError
from tenprint.proof import merkle
from tenprint.proof.notes import Checkpoint, FormatError, ProofError, Signer, open_note, sign_note
from tenprint.proof.verify import COLUMNS, CONSISTENCY, PROOF

_entry, _node, _checkpoint = tables.entry, tables.node, tables.checkpoint


def size(connection: Connection) -> int:
    """How many entries there are."""
    return int(connection.scalar(select(func.max(_entry.c.seq))) or 0)


def frontier(connection: Connection) -> merkle.Frontier:
    """The right edge of the stored tree."""
    count = size(connection)
    wanted = merkle.cover(0, count)
    known = lookup(connection, wanted)
    return merkle.Frontier(count, [known[node] for node in wanted])


def lookup(connection: Connection, nodes: Sequence[merkle.Node]) -> dict[merkle.Node, bytes]:
    """Stored hashes of complete subtrees.

    Raises:
        Damaged: when one is missing.
    """
    low = [index + 1 for level, index in nodes if level == 0]
    high = [node for node in nodes if node[0] > 0]
    known: dict[merkle.Node, bytes] = {}
    if low:
        rows = connection.execute(select(_entry.c.seq, _entry.c.leaf).where(_entry.c.seq.in_(low)))
        known |= {(0, row.seq - 1): row.leaf for row in rows}
    if high:
        rows = connection.execute(select(_node).where(tuple_(_node.c.level, _node.c.position).in_(high)))
        known |= {(row.level, row.position): row.hash for row in rows}
    for node in nodes:
        if node not in known:
            raise Damaged(f"the Merkle tree lacks node {node[1]} of level {node[0]}. Run `tenprint ledger verify`.")
    return known


def checkpoint(connection: Connection, origin: str, signer: Signer, *, keep: bool = True) -> str:
    """Sign the present state and keep the note, unless told not to; the same state keeps its first note."""
    edge = frontier(connection)
    known = connection.scalar(select(_checkpoint.c.note).where(_checkpoint.c.size == edge.size))
    if known is not None:
        return str(known)
    note = sign_note(Checkpoint(origin, edge.size, edge.root()), signer)
    if keep:
        connection.execute(insert(_checkpoint).values(size=edge.size, note=note))
    return note


def inclusion(connection: Connection, origin: str, signer: Signer, seq: int, *, disclose: bool) -> dict[str, Any]:
    """Proof of one entry; see ``Ledger.prove``."""
    row = connection.execute(select(_entry).where(_entry.c.seq == seq)).mappings().first()
    if row is None:
        raise LedgerError(f"entry {seq}: expected a place from 1 to {size(connection)}")
    note = checkpoint(connection, origin, signer, keep=False)
    ranges = merkle.inclusion_ranges(seq - 1, size(connection))
    path = merkle.roots(ranges, lambda nodes: lookup(connection, nodes))
    entry = {name: row[name].hex() if isinstance(row[name], bytes) else row[name] for name in COLUMNS}
    document = {
        "format": PROOF,
        "entry": entry,
        "leaf": row["leaf"].hex(),
        "index": seq - 1,
        "path": [base64.b64encode(step).decode() for step in path],
        "checkpoint": note,
    }
    if disclose:
        document["sealed"] = _disclosed(connection, dict(row))
    return document


def consistency(connection: Connection, origin: str, signer: Signer, old: str) -> dict[str, Any]:
    """Proof that nothing under an earlier checkpoint changed; see ``Ledger.prove_consistency``."""
    try:
        earlier = open_note(old, [signer.verifier])
    except (FormatError, ProofError) as wrong:
        raise LedgerError(f"earlier checkpoint: {wrong}") from None
    if earlier.origin != origin:
        raise LedgerError(f"earlier checkpoint: expected one of {origin!r}, got one of {earlier.origin!r}")
    count = size(connection)
    if earlier.size > count:
        raise LedgerError(f"earlier checkpoint: has {earlier.size} entries, this ledger {count}: its tail was cut off")
    note = checkpoint(connection, origin, signer, keep=False)
    path = merkle.roots(merkle.consistency_ranges(earlier.size, count), lambda nodes: lookup(connection, nodes))
    return {
        "format": CONSISTENCY,
        "old": old,
        "new": note,
        "path": [base64.b64encode(step).decode() for step in path],
    }


def _disclosed(connection: Connection, row: dict[str, Any]) -> dict[str, str] | None:
    if row["commitment"] is None:
        return None
    key = connection.scalar(select(tables.key.c.key).where(tables.key.c.subject == row["subject"]))
    if key is None or row["sealed"] is None:
        raise LedgerError(f"entry {row['seq']}: its sealed fields were expunged; prove it without disclosing them")
    salt, text = sealing.unseal(key, sealing.place(row["stream"], row["version"]), row["sealed"], row["commitment"])
    return {"salt": salt.hex(), "text": text.decode()}
