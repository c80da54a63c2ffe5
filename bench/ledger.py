"""The ledger against plain SQLite inserts of the same rows into a bare table, in one process and on one disk.

Usage: python -m bench.ledger [--events 100000] [--json]. Durable: one event a transaction, WAL and synchronous=FULL on
both sides. Bulk: 1,000 events a transaction. Verify: every entry read, hashed and compared, against inserting the rows.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tenprint.ledger import Act, Ledger, NewEvent

ACT = Act("examiner.one", "examiner", "identify", "28 U.S.C. 534", datetime(2012, 11, 9, 15, tzinfo=UTC))
DATA = {"hit": True, "identity": "criminal/000123", "score": 87.25, "threshold": 41.5, "fingers": 10, "gallery": 90210}
BATCH = 1000
COLUMNS = (
    "seq INTEGER PRIMARY KEY, stream, version, kind, data, actor, role, purpose, authority, occurred_at, recorded_at"
)


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain(file: Path) -> sqlite3.Connection:
    """A bare table with the same columns and no proof of anything."""
    raw = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        raw.execute(f"PRAGMA {pragma}").close()
    raw.execute(f"CREATE TABLE entry ({COLUMNS})")
    return raw


def insert(raw: sqlite3.Connection, first: int, count: int, batch: int) -> None:
    """Rows in transactions of ``batch``."""
    when = "2012-11-09T15:00:00.000000Z"
    for start in range(first, first + count, batch):
        rows = [
            (n, f"case/{start}", n - start, "criminal.searched", json.dumps(DATA),
             ACT.actor, ACT.role, ACT.purpose, ACT.authority, when, when)
            for n in range(start, min(start + batch, first + count))
        ]  # fmt: skip
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany("INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
        raw.execute("COMMIT")


def append(ledger: Ledger, name: str, count: int, batch: int, *, sealed: bool = False) -> None:
    """The same events through the ledger."""
    for start in range(0, count, batch):
        some = range(start, min(start + batch, count))
        kept = {"name": "SYNTHETIC,PERSON"} if sealed else {}
        events = [NewEvent("criminal.searched", DATA, kept, f"person-{n}" if sealed else None) for n in some]
        ledger.append(f"{name}/{start}", events, ACT, expected_version=0)


def measure(folder: Path, events: int) -> dict[str, float]:
    """All figures of one run."""
    durable = min(1000, events)
    with (
        closing(plain(folder / "plain.db")) as raw,
        Ledger.create(folder / "ledger.db", origin="bench.example") as ledger,
    ):
        append(ledger, "warm", 20, 1)
        ours, theirs = [], []
        for turn in range(5):  # in turns, so that a busy disk is busy for both
            theirs.append(timed(lambda turn=turn: insert(raw, 1 + turn * durable // 5, durable // 5, 1)))
            ours.append(timed(lambda turn=turn: append(ledger, f"one{turn}", durable // 5, 1)))
        bulk_theirs = timed(lambda: insert(raw, 10**7, events, BATCH))
        bulk_ours = timed(lambda: append(ledger, "bulk", events, BATCH))
        sealed = timed(lambda: append(ledger, "sealed", 5000, BATCH, sealed=True))
        size = ledger.size()
        found: list[object] = []
        check = timed(lambda: found.extend(ledger.verify([ledger.checkpoint()])))
        proof = statistics.median(timed(lambda n=n: ledger.prove(n * 7 + 1)) for n in range(50))
        read = timed(lambda: sum(1 for _ in ledger.read()))
    if found:
        raise SystemExit(f"the ledger does not verify: {found[0]}")
    return {
        "events": size,
        "durable_appends_per_second": durable / sum(ours),
        "durable_plain_per_second": durable / sum(theirs),
        "durable_ratio": sum(ours) / sum(theirs),
        "bulk_events_per_second": events / bulk_ours,
        "bulk_plain_per_second": events / bulk_theirs,
        "bulk_ratio": bulk_ours / bulk_theirs,
        "sealed_events_per_second": 5000 / sealed,
        "read_events_per_second": size / read,
        "verify_events_per_second": size / check,
        "verify_to_plain_insert_ratio": (check / size) / (bulk_theirs / events),
        "prove_milliseconds": proof * 1000,
        "bytes_per_event": (folder / "ledger.db").stat().st_size / size,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.events)
    if chosen.json:
        print(json.dumps(figures, indent=2))
        return
    f = figures
    print(f"ledger of {f['events']:,.0f} events, {f['bytes_per_event']:,.0f} bytes each on disk")
    print(
        f"durable, one event a transaction: {f['durable_appends_per_second']:,.0f}/s, plain SQLite "
        f"{f['durable_plain_per_second']:,.0f}/s: {f['durable_ratio']:.1f} times the time"
    )
    print(
        f"bulk, {BATCH} events a transaction: {f['bulk_events_per_second']:,.0f}/s, plain SQLite "
        f"{f['bulk_plain_per_second']:,.0f}/s: {f['bulk_ratio']:.1f} times the time"
    )
    print(f"bulk with sealed fields, a key for each: {f['sealed_events_per_second']:,.0f}/s")
    print(
        f"verify: {f['verify_events_per_second']:,.0f}/s, {f['verify_to_plain_insert_ratio']:.1f} times a plain insert"
    )
    print(f"read: {f['read_events_per_second']:,.0f}/s; prove one entry: {f['prove_milliseconds']:.1f} ms")


if __name__ == "__main__":
    main()
