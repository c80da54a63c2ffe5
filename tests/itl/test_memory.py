"""Reading and writing back stay within 1.1 times the file and 64 MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.itl import cards

from tenprint import itl

SCRIPT = """
import resource, sys
from pathlib import Path
from tenprint import itl
from tenprint.itl.regular import same_as_file
from tenprint.itl.report import report
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
path = Path(sys.argv[1])
transaction = itl.read(path if sys.argv[2] == "path" else path.read_bytes())
report(transaction)
assert same_as_file(transaction, path)
transaction.records[1].set("NAM", "OTHER,NAME")
transaction.write(path.with_suffix(".out"))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transaction of 60 MB: three images of 20 MB."""
    transaction = cards.card("type-14", (1, 2, 3))
    for record in transaction.records[2:]:
        record.set(999, b"\x1d" * (20 << 20))
    path = tmp_path_factory.mktemp("large") / "large.an2"
    transaction.write(path)
    return path


@pytest.mark.parametrize("source", ["path", "bytes"])
def test_memory(large: Path, source: str):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(large), source], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 1.1 * large.stat().st_size + (64 << 20)


def test_many_short_fields_stay_small():
    script = """
import resource
from tenprint import itl
from tenprint.itl.build import compose, tagged
from tests.itl.cards import small
first = itl.read(small()).records[0].to_bytes()
body = tagged(2, {2: "00", **dict.fromkeys(range(3, 200_000), "x")})
raw = first[:0] + first + body
import gc; gc.collect()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    itl.read(raw, strict=False)
except itl.ItlError as fault:
    print(fault)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024, len(raw))
"""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    grown, size = map(int, done.stdout.split()[-2:])
    assert grown < 1.1 * size + (64 << 20)
    assert itl.Code.LIMIT
