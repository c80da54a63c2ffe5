"""Write the vectors of this folder again: ``python conformance/proof/make.py``. The same bytes come out every time.

Keys are fixed and public on purpose; they sign nothing but these vectors.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tenprint.proof import Checkpoint, Receipt, Signer, merkle, receipts, sign_note, verify
from tenprint.proof.notes import sign_text

HERE = Path(__file__).resolve().parent
LOG = Signer("log.example.org/simulated", bytes(range(32)))
WITNESS = Signer("witness.example.org", bytes(range(32, 64)))
STRANGER = Signer("log.example.org/simulated", bytes(32))
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"""The eight leaf inputs, hex, that implementations of RFC 6962 share."""


def trees() -> dict[str, Any]:
    """Leaves, roots and every proof within the shared tree of eight leaves."""
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS]
    sizes = range(1, len(leaves) + 1)
    return {
        "source": "RFC 6962 section 2.1; inputs and roots as in the test vectors of Certificate Transparency",
        "empty_root": merkle.EMPTY.hex(),
        "leaves": [{"input": text, "hash": leaf.hex()} for text, leaf in zip(INPUTS, leaves, strict=True)],
        "roots": [{"size": size, "root": merkle.root(leaves[:size]).hex()} for size in sizes],
        "inclusion": [
            {"index": index, "size": size, "path": _hex(merkle.inclusion_proof(leaves[:size], index))}
            for size in sizes
            for index in range(size)
        ],
        "consistency": [
            {"old": old, "new": new, "path": _hex(merkle.consistency_proof(leaves, old, new))}
            for new in sizes
            for old in range(new + 1)
        ],
    }


def entry(seq: int, **changes: object) -> dict[str, Any]:
    """The columns of a ledger entry."""
    return {
        "seq": seq,
        "stream": f"case/XX0000000/{seq}",
        "version": 1,
        "kind": "submission.accepted",
        "data": f'{{"retain":false,"tcn":"\u00dc-{seq}"}}',
        "commitment": None,
        "subject": None,
        "actor": "bureau",
        "role": "system",
        "purpose": "identification",
        "authority": "28 U.S.C. 534",
        "occurred_at": "2012-11-09T15:00:00.000000Z",
        "recorded_at": "2012-11-09T15:00:01.250000Z",
        "idempotency_key": None,
        **changes,
    }


SALT, TEXT = bytes(range(100, 132)), '{"name":"SYNTHETIC,PERSON"}'


def sealed_entry(seq: int) -> dict[str, Any]:
    """An entry that commits to sealed fields."""
    committed = verify.commitment(SALT, TEXT.encode()).hex()
    return entry(seq, commitment=committed, subject="person-1", idempotency_key="once")


def entries() -> dict[str, Any]:
    """Entries, the bytes they hash to, and a commitment."""
    some = [entry(1), entry(2, stream="agency/\u00df", data="{}"), sealed_entry(3), entry(4, subject="")]
    return {
        "entries": [
            {"entry": e, "input": verify.leaf_input(e).hex(), "leaf": merkle.leaf_hash(verify.leaf_input(e)).hex()}
            for e in some
        ],
        "commitments": [{"salt": SALT.hex(), "text": TEXT, "commitment": verify.commitment(SALT, TEXT.encode()).hex()}],
    }


def notes() -> dict[str, Any]:
    """Signed checkpoints, good and bad."""
    state = Checkpoint(LOG.name, 42, bytes(range(200, 232)))
    good = sign_note(state, LOG)
    line = LOG.line(state.text())
    cases = {
        "one signature": (good, True),
        "a witness too": (sign_text(state.text(), [WITNESS, LOG]), True),
        "an unknown key's false line is passed over": (good + STRANGER.line("else\n") + "\n", True),
        "an extension line": (sign_text(state.text() + "more\n", [LOG]), True),
        "another size": (good.replace("\n42\n", "\n43\n"), False),
        "another origin": (good.replace("log.example", "dog.example", 1), False),
        "only an unknown key": (sign_text(state.text(), [STRANGER]), False),
        "a false line of the known key": (state.text() + "\n" + LOG.line("else\n") + "\n", False),
        "no empty line": (state.text() + line + "\n", False),
        "no newline at the end": (good[:-1], False),
        "a number with a leading zero": (sign_text(f"{LOG.name}\n042\n{_b64(bytes(32))}\n", [LOG]), False),
        "a root of 31 bytes": (sign_text(f"{LOG.name}\n42\n{_b64(bytes(31))}\n", [LOG]), False),
        "carriage returns": (good.replace("\n", "\r\n"), False),
    }
    return {"source": "C2SP signed-note and tlog-checkpoint", "key": str(LOG.verifier), "notes": _cases(cases, "note")}


def proofs() -> dict[str, Any]:
    """Documents of ``ledger prove`` and ``ledger consistency``, good and bad."""
    rows = [entry(n) for n in range(1, 8)] + [sealed_entry(8)]
    leaves = [merkle.leaf_hash(verify.leaf_input(row)) for row in rows]

    def note(size: int) -> str:
        return sign_note(Checkpoint(LOG.name, size, merkle.root(leaves[:size])), LOG)

    good = {
        "format": verify.PROOF,
        "entry": rows[7],
        "leaf": leaves[7].hex(),
        "index": 7,
        "path": [_b64(step) for step in merkle.inclusion_proof(leaves, 7)],
        "checkpoint": note(8),
        "sealed": {"salt": SALT.hex(), "text": TEXT},
    }
    kept = {
        "format": verify.CONSISTENCY,
        "old": note(5),
        "new": note(8),
        "path": [_b64(step) for step in merkle.consistency_proof(leaves, 5, 8)],
    }
    cases = {
        "an entry with its sealed fields": (good, True),
        "without them": ({k: v for k, v in good.items() if k != "sealed"}, True),
        "another word in the sealed fields": (
            good | {"sealed": {"salt": SALT.hex(), "text": TEXT.replace("P", "Q")}},
            False,
        ),
        "another actor": (good | {"entry": rows[7] | {"actor": "office"}}, False),
        "another place": (good | {"index": 6}, False),
        "a shorter path": (good | {"path": good["path"][1:]}, False),
        "a checkpoint of fewer entries": (good | {"checkpoint": note(7)}, False),
        "five entries kept": (kept, True),
        "old and new exchanged": (kept | {"old": kept["new"], "new": kept["old"]}, False),
        "a path too long": (kept | {"path": [*kept["path"], kept["path"][0]]}, False),
        "a forged past": (kept | {"old": sign_note(Checkpoint(LOG.name, 5, bytes(32)), LOG)}, False),
    }
    return {"key": str(LOG.verifier), "documents": _cases(cases, "document")}


def signed_receipts() -> dict[str, Any]:
    """Receipts, good and bad, with the bytes of the files that they name."""
    files = {"definition": "-- title: a count\nSELECT 1\n", "result": '[{"county":"48453","value":82}]', "facts": "{}"}
    receipt = Receipt(
        definition="a-count",
        definition_hash=receipts.digest(files["definition"].encode()),
        as_of=datetime(2010, 4, 30, 23, 59, 59, tzinfo=UTC),
        valid=None,
        origin=LOG.name,
        simulated=True,
        facts_hash=receipts.digest(files["facts"].encode()),
        result_hash=receipts.digest(files["result"].encode()),
        checkpoint=sign_note(Checkpoint(LOG.name, 42, bytes(32)), LOG),
        profile="open",
        parameters={"county": "48453", "l\u00e4nge": "\u20ac"},
    )
    good = json.loads(msgspec.json.encode(receipts.issue(receipt, [LOG])))
    later = good | {"receipt": good["receipt"] | {"as_of": "2010-05-31T23:59:59Z"}}
    rehashed = later | {"hash": receipts.digest(receipts.canonical_json(later["receipt"]))}
    cases = {
        "signed": (good, True),
        "another date": (later, False),
        "another date and its hash": (rehashed, False),
        "a fraction": (good | {"receipt": good["receipt"] | {"parameters": {"share": 0.5}}}, False),
        "nobody signed": (good | {"signatures": []}, False),
        "signed by a stranger": (json.loads(msgspec.json.encode(receipts.issue(receipt, [STRANGER]))), False),
    }
    canonical = receipts.canonical_json(good["receipt"]).decode()
    return {"key": str(LOG.verifier), "files": files, "canonical": canonical, "receipts": _cases(cases, "receipt")}


VECTORS = {"trees": trees, "entries": entries, "notes": notes, "proofs": proofs, "receipts": signed_receipts}


def text(name: str) -> str:
    """The text of one file of vectors."""
    return json.dumps(VECTORS[name](), indent=1, ensure_ascii=False) + "\n"


def _cases(cases: dict[str, tuple[Any, bool]], what: str) -> list[dict[str, Any]]:
    return [{"case": name, what: value, "holds": holds} for name, (value, holds) in cases.items()]


def _hex(hashes: list[bytes]) -> list[str]:
    return [value.hex() for value in hashes]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    for vectors in VECTORS:
        (HERE / f"{vectors}.json").write_text(text(vectors), encoding="utf-8")
