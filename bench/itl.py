"""Transactions against nistitl 0.6 in the same process: every field read, every image header read.

Usage: python bench/itl.py [--json]. Prints the ratio of the best times for a 190 kB record of 20,000 fields and for a
50 MB transaction of 102 records, and how much memory reading the latter from a file takes.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

from tenprint import itl
from tenprint.itl.build import compose, tagged

LIMITS = {"many fields": 20.0, "many images": 15.0}


def many_fields() -> bytes:
    """A transaction whose Type-2 record has 20,000 one-letter fields, some 190 kB."""
    fields = dict.fromkeys(range(3, 20_001), "x")
    second = tagged(2, {2: "00", **fields})
    small = itl.build.compose({4: "CAR", 7: "DAI000000", 8: "ORI000000"}, {}, when=_moment()).records[0].to_bytes()
    return small + second


def many_images() -> bytes:
    """A transaction of 102 records with 100 raw images, some 50 MB; the pixels are noise."""
    rng = np.random.default_rng(7)
    images = []
    for idc in range(1, 101):
        pixels = rng.integers(0, 256, (700, 715), dtype=np.uint8).tobytes()
        values = {
            2: f"{idc % 100:02d}",
            3: "1",
            4: "ORI000000",
            5: "20240101",
            6: "715",
            7: "700",
            8: "1",
            9: "500",
            10: "500",
        }
        images.append((14, idc % 100, tagged(14, {**values, 11: "NONE", 12: "8", 13: "1"}, pixels)))
    return compose({4: "CAR", 7: "DAI000000", 8: "ORI000000"}, {18: "SAMPLE,PAT"}, images, when=_moment()).to_bytes()


def _moment() -> object:
    from datetime import UTC, datetime

    return datetime(2024, 1, 1, tzinfo=UTC)


def ours(raw: bytes) -> tuple[int, int]:
    """Every field as text, every image's format and size."""
    fields = images = 0
    for record in itl.read(raw).records:
        assert isinstance(record, itl.TaggedRecord)
        fields += len(record.texts())
        image = record.image()
        if image is not None:
            images += image.width > 0 and image.height > 0 and image.ppi > 0
    return fields, images


def theirs(raw: bytes) -> tuple[int, int]:
    """The same with nistitl: every field's value, the header fields of every image."""
    import nistitl

    message = nistitl.Message()
    message.parse(raw)
    fields = images = 0
    for record in message:
        for field in record._fields:  # it has no public way to go through the fields of a record
            fields += (record.type, field.tag) != (14, 999) and field.value is not None
        if record.type == 14:
            images += int(str(record.HLL)) > 0 and int(str(record.VLL)) > 0
    return fields, images


def best(run: Callable[[bytes], tuple[int, int]], raw: bytes, times: int) -> tuple[float, tuple[int, int]]:
    """Shortest of several runs, in seconds, and what it counted."""
    shortest, seen = float("inf"), (0, 0)
    for _ in range(times):
        start = time.perf_counter()
        seen = run(raw)
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, seen


PEAK = """
import resource, sys
from tenprint import itl
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
transaction = itl.read(sys.argv[1])
for record in transaction.records:
    record.texts(); record.image()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def peak_memory(raw: bytes) -> float:
    """Growth of resident memory, as a multiple of the file, when it is read from a path."""
    with tempfile.NamedTemporaryFile(suffix=".an2") as file:
        file.write(raw)
        file.flush()
        done = subprocess.run([sys.executable, "-c", PEAK, file.name], capture_output=True, text=True, check=True)
    return int(done.stdout) * 1024 / len(raw)


def main() -> int:
    """Run both cases and print the ratios; exit 1 when one is under its limit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    as_json = options.parse_args().json
    report: dict[str, object] = {"python": platform.python_version(), "machine": platform.machine()}
    enough = True
    for name, raw, times in (("many fields", many_fields(), 1), ("many images", many_images(), 3)):
        mine, seen = best(ours, raw, 5)
        peer, peer_seen = best(theirs, raw, times)
        ratio = peer / mine
        enough &= ratio >= LIMITS[name]
        report[name] = {"bytes": len(raw), "ours_ms": mine * 1e3, "nistitl_ms": peer * 1e3, "ratio": ratio}
        if seen != peer_seen:
            print(f"{name}: we saw {seen} fields and images, nistitl {peer_seen}", file=sys.stderr)
            enough = False
        if not as_json:
            print(f"{name}: {len(raw):,} bytes, {seen[0]:,} fields, {seen[1]} images")
            times_faster = f"{ratio:.0f} times faster (at least {LIMITS[name]:.0f})"
            print(f"  ours {mine * 1e3:.1f} ms, nistitl {peer * 1e3:.1f} ms: {times_faster}")
        if name == "many images":
            report["memory"] = peak_memory(raw)
            if not as_json:
                print(f"  memory to read it from a file: {report['memory']:.3f} times its size")
    if as_json:
        print(json.dumps(report, indent=2))
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
