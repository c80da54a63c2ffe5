"""Receipts: one changed character anywhere and they no longer hold."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tenprint.proof import Checkpoint, FormatError, ProofError, Receipt, Signer, receipts, sign_note, verify

SIGNER = Signer("figures.example.org", bytes(32))
DEFINITION, RESULT, FACTS = b"-- title: share\nSELECT 1", b'[{"value":82.5}]', b'{"tables":[]}'


def receipt(**changes) -> Receipt:
    return Receipt(**{
        "definition": "noncriminal-removal-share",
        "definition_hash": receipts.digest(DEFINITION),
        "as_of": datetime(2010, 4, 30, 23, 59, 59, tzinfo=UTC),
        "valid": None,
        "origin": "county.example.org/simulated",
        "simulated": True,
        "facts_hash": receipts.digest(FACTS),
        "result_hash": receipts.digest(RESULT),
        "checkpoint": sign_note(Checkpoint("county.example.org/simulated", 7, bytes(32)), SIGNER),
        "profile": "open",
        **changes,
    })  # fmt: skip


FILES = {"definition": DEFINITION, "result": RESULT, "facts": FACTS}
SIGNED = receipts.issue(receipt(), [SIGNER])


def test_a_signed_receipt_holds_with_all_its_files():
    found = receipts.check(SIGNED, [SIGNER.verifier], FILES)
    assert len(found) == 6
    assert any("signed by figures.example.org" in line for line in found)
    assert "NOT CHECKED" in receipts.check(SIGNED, [])[-1]


def test_any_changed_character_is_found():
    document = json.loads(msgspec.json.encode(SIGNED))
    for name, value in document["receipt"].items():
        bent = document | {"receipt": document["receipt"] | {name: f"{value}x" if isinstance(value, str) else "x"}}
        with pytest.raises((ProofError, FormatError)):
            receipts.check(bent, [SIGNER.verifier])
        rehashed = bent | {"hash": receipts.digest(receipts.canonical_json(bent["receipt"]))}
        with pytest.raises((ProofError, FormatError)):
            receipts.check(rehashed, [SIGNER.verifier])
    with pytest.raises(ProofError, match="nobody signed"):
        receipts.check(document | {"signatures": []}, [SIGNER.verifier])
    for name, content in FILES.items():
        with pytest.raises(ProofError, match=name):
            receipts.check(SIGNED, [SIGNER.verifier], {name: content + b" "})


def test_a_receipt_says_its_hashes_and_zones_in_full():
    for changes in ({"facts_hash": "abc"}, {"definition_hash": "sha256:" + "0" * 63}, {"as_of": datetime(2010, 4, 30)}):  # noqa: DTZ001
        with pytest.raises(FormatError):
            receipts.issue(receipt(**changes))
    assert receipts.issue(receipt()).signatures == ()
    assert receipts.issue(receipt(checkpoint=None)).receipt["checkpoint"] is None


def test_the_lone_file_checks_it(tmp_path):
    files = FILES | {"receipt.json": json.dumps(msgspec.to_builtins(SIGNED)).encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-I", verify.__file__, "receipt.json", "--key", str(SIGNER.verifier),
               "--definition", "definition", "--result", "result", "--facts", "facts"]  # fmt: skip

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run().returncode == 0
    (tmp_path / "result").write_bytes(RESULT.replace(b"82.5", b"31.5"))
    done = run()
    assert done.returncode == 1
    assert "result: the file hashes to" in done.stderr


def test_the_lone_file_imports_nothing_of_ours():
    text = Path(verify.__file__).read_text()
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert imports
    assert not any("tenprint" in line or "msgspec" in line for line in imports)


def test_the_lone_file_refuses_what_it_cannot_check(tmp_path, capsys):
    (tmp_path / "x.json").write_text('{"format": "something/else"}')
    (tmp_path / "y.json").write_text("{")
    (tmp_path / "z").write_bytes(b"\xff\xfe")
    (tmp_path / "list.json").write_text("[1]")
    for name in ("x.json", "y.json", "z", "list.json", "absent"):
        assert verify.main([str(tmp_path / name), "--key", str(SIGNER.verifier)]) == 2
        assert name in capsys.readouterr().err
    assert verify.main([str(tmp_path / "x.json"), "--key", "no key"]) == 2


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
)


@given(plain)
def test_canonical_text_is_that_of_rfc_8785(value):
    assert verify.canonical(value).encode() == rfc8785.dumps(value) == receipts.canonical_json(value)


def test_what_has_no_canonical_text():
    for value in (1.5, 2**53, {1: 2}, b"x", date(2010, 1, 1)):
        with pytest.raises(FormatError):
            verify.canonical(value)
    with pytest.raises(FormatError):
        receipts.canonical_json(float("nan"))


def test_t4_the_publishers_key_alone_leaves_the_ledgers_checkpoint_unchecked_and_says_so(tmp_path: Path):
    ledger, other = (Signer("county.example.org/simulated", bytes([n]) * 32) for n in (2, 3))
    note = sign_note(Checkpoint("county.example.org/simulated", 7, bytes(32)), ledger)
    (tmp_path / "receipt.json").write_bytes(
        msgspec.json.encode(receipts.issue(receipt(checkpoint=None), [SIGNER], note))
    )

    def checked(*keys: Signer) -> subprocess.CompletedProcess[str]:
        given = [word for key in keys for word in ("--key", str(key.verifier))]
        command = [sys.executable, verify.__file__, str(tmp_path / "receipt.json"), *given]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    alone = checked(SIGNER)
    assert alone.returncode == 0, alone.stderr
    assert "NOT CHECKED: names a checkpoint of county.example.org/simulated at 7 entries" in alone.stdout
    assert f"said to be signed by {ledger.name}+{ledger.verifier.id.hex()}" in alone.stdout
    both = checked(SIGNER, ledger)
    assert both.returncode == 0
    assert "NOT CHECKED" not in both.stdout.replace("NOT CHECKED: the", "")
    forged = checked(SIGNER, other)  # a key of the ledger's name that did not sign
    assert forged.returncode == 1
    assert "DOES NOT HOLD" in forged.stderr
