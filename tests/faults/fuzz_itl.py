"""Hostile transactions: what must hold for any bytes, and a long run that tries to break it.

    python -m tests.faults.fuzz_itl [--runs 100000] [--seed 1]     own mutations, or atheris where it is installed

For any input: reading raises ``ItlError`` or gives records that cover the input byte for byte; strict reading is never
more forgiving than lenient reading; every image either decodes to the size it states or raises ``ItlError``; editing a
readable transaction gives a readable one; memory stays within bounds.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from tenprint import itl
from tenprint.itl import ItlError, Transaction
from tenprint.itl.check import findings
from tenprint.itl.report import report

SEPARATORS = b"\x1c\x1d\x1e\x1f"
TOKENS = [
    b"999:",
    b"14.999:",
    b"\x1d14.999:",
    b"2.001:",
    b"1.003:",
    b"\x1c2.001:",
    b"0",
    b"99999999999",
    b"-1",
    b"\xff\xa0",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
]
SLOWEST = 10.0  # seconds of our own processor time; the helper that decodes WSQ has its own clock
LONGEST_GUIDED = 4096
DECODED_UP_TO = 1 << 20  # pixels; decoding costs more than all the rest


def examine(raw: bytes, *, pixels: bool = True) -> Transaction | None:
    """Hold every promise to one input; the strictly read transaction when there is one."""
    started = time.process_time()
    lenient = _read(raw, strict=False)
    strict = _read(raw, strict=True)
    if strict is not None:
        assert lenient is not None, "strict reading accepts what lenient reading refuses"
        assert not any(item.level == "error" for item in strict.deviations)
    for transaction in (lenient, strict):
        if transaction is not None:
            _promises(transaction, raw, pixels=pixels)
    if strict is not None:
        _edit(strict)
    assert time.process_time() - started < SLOWEST, "too slow"
    return strict


def _read(raw: bytes, *, strict: bool) -> Transaction | None:
    try:
        return itl.read(raw, strict=strict)
    except ItlError:
        return None


def _promises(transaction: Transaction, raw: bytes, *, pixels: bool) -> None:
    assert transaction.to_bytes() == raw
    assert b"".join(transaction.parts()) == raw
    try:
        report(transaction)
        findings(transaction)
        transaction.reencode()
    except ItlError:
        pass
    for record in transaction.records:
        try:
            image = record.image()
            if image is None:
                continue
            assert bytes(image.view) in raw
            if pixels and image.width * image.height <= DECODED_UP_TO:
                assert image.pixels().shape == (image.height, image.width) or image.format == "TIFF"
        except ItlError:
            continue


def _edit(transaction: Transaction) -> None:
    first = transaction.header
    try:
        first.set(9, "CHANGED-0001")
        changed = transaction.to_bytes()
    except ItlError:
        return
    again = itl.read(changed)
    assert again.tcn == "CHANGED-0001"
    assert [record.view() for record in again.records[1:]] == [record.view() for record in transaction.records[1:]]


def mutate(raw: bytes, source: random.Random) -> bytes:
    """One to four changes, most of them near tags, lengths and separators."""
    data = bytearray(raw)
    for _ in range(source.randint(1, 4)):
        if not data:
            break
        at = _place(data, source)
        kind = source.randrange(8)
        if kind == 0:
            data[at] ^= 1 << source.randrange(8)
        elif kind == 1:
            data[at] = source.randrange(256)
        elif kind == 2:
            del data[at : at + source.randint(1, 40)]
        elif kind == 3:
            data[at:at] = source.choice(TOKENS)
        elif kind == 4:
            data[at] = source.choice(SEPARATORS)
        elif kind == 5:
            data[at : at + 4] = source.choice([0, 4, 5, 17, 18, 2**31, 2**32 - 1, len(raw)]).to_bytes(4, "big")
        elif kind == 6:
            piece = data[at : at + source.randint(1, 200)]
            place = source.randrange(len(data) + 1)
            data[place:place] = piece
        else:
            data[at : at + 1] = b"%d" % source.choice([0, 1, 9, 10, 10**6, 10**9, source.randrange(2000)])
    return bytes(data)


def _place(data: bytearray, source: random.Random) -> int:
    if source.random() < 0.5:
        return source.randrange(len(data))
    if source.random() < 0.5:
        return source.randrange(min(len(data), 400))
    found = data.find(source.choice(SEPARATORS), source.randrange(len(data)))
    return found if found >= 0 else source.randrange(len(data))


def seeds() -> list[bytes]:
    """Composed cards and the small real files, where they are."""
    from tests.conftest import data_folder
    from tests.itl import cards

    found = [cards.small("type-4"), cards.small("type-14"), cards.raw("type-4", (1,)), cards.raw("type-14", (1, 2))]
    folder = data_folder() / "itl"
    names = {".an2", ".an2k", ".eft", ".ebts"}
    real = [path for path in sorted(folder.rglob("*")) if path.suffix in names] if folder.is_dir() else []
    return found + [path.read_bytes() for path in real if path.stat().st_size < 300_000]


def _random_run(runs: int, seed: int) -> None:
    source, inputs = random.Random(seed), seeds()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest, accepted, started = max(map(len, inputs)), 0, time.monotonic()
    for run in range(runs):
        raw = mutate(source.choice(inputs), source)
        try:
            accepted += examine(raw, pixels=run % 20 == 0) is not None
        except BaseException:
            path = Path("fuzz-itl-failure.bin")
            path.write_bytes(raw)
            print(f"run {run} with seed {seed} failed; the input is in {path}", file=sys.stderr)
            raise
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    elapsed = time.monotonic() - started
    print(f"{runs} inputs in {elapsed:.0f} s: {accepted} accepted, the others refused")
    print(f"memory grew by {grown / 2**20:.0f} MB, the largest input has {largest / 2**20:.1f} MB")
    assert grown < 1.1 * largest + (64 << 20), "memory"


def _guided_run(runs: int, seed: int) -> None:
    """Coverage-guided: atheris starts from the small seeds and the tokens of the encoding; it ends the process."""
    import atheris

    folder = Path(tempfile.mkdtemp(prefix="fuzz-itl-"))
    for number, raw in enumerate(seeds()):
        if len(raw) < LONGEST_GUIDED:
            (folder / f"seed-{number}").write_bytes(raw)
    words = folder.with_suffix(".dict")
    escaped = (
        "".join(f"\\x{byte:02x}" for byte in token) for token in [*TOKENS, *(bytes([mark]) for mark in SEPARATORS)]
    )
    words.write_text("".join(f'"{text}"\n' for text in escaped))
    atheris.instrument_all()
    options = [f"-runs={runs}", f"-seed={seed}", f"-max_len={LONGEST_GUIDED}", f"-dict={words}", str(folder)]

    def examine_one(raw: bytes) -> None:
        examine(raw, pixels=False)

    atheris.Setup([sys.argv[0], *options], examine_one)
    atheris.Fuzz()


def main() -> None:
    """Run the random fuzzer, then atheris when it is installed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--guided", action="store_true", help="only atheris, coverage-guided (it must be installed)")
    asked = options.parse_args()
    if asked.guided:
        _guided_run(asked.runs, asked.seed)
        return
    _random_run(asked.runs, asked.seed)
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("atheris is not installed: the coverage-guided run is left out", file=sys.stderr)
        return
    _guided_run(asked.runs, asked.seed)


if __name__ == "__main__":
    main()
