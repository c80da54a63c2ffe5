"""Our own vectors, which other implementations can run too, and the public ones of RFC 6962 as facts."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from tenprint.proof import FormatError, ProofError, Verifier, merkle, verify

FOLDER = Path(__file__).resolve().parents[2] / "conformance" / "proof"
PUBLIC_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots of the first one to eight shared leaves, as every Certificate Transparency implementation has them."""


def load(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def maker():
    spec = importlib.util.spec_from_file_location("proof_vectors", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["trees", "entries", "notes", "proofs", "receipts"])
def test_the_files_are_what_the_maker_writes(name):
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == maker().text(name)


def test_trees():
    vectors = load("trees")
    assert [root["root"] for root in vectors["roots"]] == PUBLIC_ROOTS
    leaves = [verify.leaf_hash(bytes.fromhex(leaf["input"])) for leaf in vectors["leaves"]]
    assert [leaf.hex() for leaf in leaves] == [leaf["hash"] for leaf in vectors["leaves"]]
    roots = {0: bytes.fromhex(vectors["empty_root"])} | {r["size"]: bytes.fromhex(r["root"]) for r in vectors["roots"]}
    assert [merkle.root(leaves[:size]) for size in roots] == list(roots.values())
    for case in vectors["inclusion"]:
        path = [bytes.fromhex(step) for step in case["path"]]
        verify.verify_inclusion(leaves[case["index"]], case["index"], case["size"], path, roots[case["size"]])
        assert merkle.inclusion_proof(leaves[: case["size"]], case["index"]) == path
    for case in vectors["consistency"]:
        path = [bytes.fromhex(step) for step in case["path"]]
        verify.verify_consistency(case["old"], case["new"], roots[case["old"]], roots[case["new"]], path)
        assert merkle.consistency_proof(leaves, case["old"], case["new"]) == path


def test_entries():
    vectors = load("entries")
    for case in vectors["entries"]:
        assert verify.leaf_input(case["entry"]).hex() == case["input"]
        assert verify.leaf_hash(bytes.fromhex(case["input"])).hex() == case["leaf"]
    for case in vectors["commitments"]:
        assert verify.commitment(bytes.fromhex(case["salt"]), case["text"].encode()).hex() == case["commitment"]


@pytest.mark.parametrize(("name", "what", "listed"), [
    ("notes", "note", "notes"), ("proofs", "document", "documents"), ("receipts", "receipt", "receipts"),
])  # fmt: skip
def test_what_holds_and_what_does_not(name, what, listed):
    vectors = load(name)
    keys = [Verifier.parse(vectors["key"])]

    def check(value):
        if what == "note":
            return verify.open_note(value, keys)
        if what == "receipt":
            return verify.check_receipt(value, keys, {n: f.encode() for n, f in vectors["files"].items()})
        checker = verify.check_proof if value["format"] == verify.PROOF else verify.check_consistency
        return checker(value, keys)

    assert {case["holds"] for case in vectors[listed]} == {True, False}
    for case in vectors[listed]:
        if case["holds"]:
            assert check(case[what]), case["case"]
        else:
            with pytest.raises((ProofError, FormatError)):
                check(case[what])


def test_the_canonical_text_of_a_receipt():
    vectors = load("receipts")
    assert verify.canonical(vectors["receipts"][0]["receipt"]["receipt"]) == vectors["canonical"]
