"""Figures at the size of a year: 3.4 million submissions with 5.4 million corrections, counted as of any day.

Peer: the DuckDB statement that one would write by hand (``PLAIN`` below), on the same Parquet file, in the same
run. Also the extraction of one million ledger events: rate and memory. Run: python -m bench.figures [--submissions N]
[--events N]
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import msgspec

from tenprint.facts import TABLES, extract
from tenprint.facts.folder import FORMAT, Folder, Manifest, Part, file_hash
from tenprint.figures import compute

DEFINITION = Path(__file__).with_suffix(".sql")
AS_OF = datetime(2010, 9, 17, 11, 30, tzinfo=UTC)
ROUNDS = 7

PLAIN = """
SELECT jurisdiction, tot, count(*)
FROM read_parquet('{file}')
WHERE recorded_at <= TIMESTAMPTZ '{as_of}' AND (superseded_at IS NULL OR superseded_at > TIMESTAMPTZ '{as_of}')
  AND valid_from <= TIMESTAMPTZ '{as_of}' AND accepted
GROUP BY jurisdiction, tot
ORDER BY jurisdiction, tot
"""


def write_facts(out: Path, submissions: int, corrections: int) -> Folder:
    """A year of submissions in 3,141 counties; corrections change county or type, some days after the fact."""
    out.mkdir(parents=True)
    file = out / "submission.nation.parquet"
    own = {
        "case_id": "printf('%016x', n)", "person_id": "printf('%016x', hash(n) % 3000000)",
        "jurisdiction": "printf('%05d', county)", "tot": "['CAR', 'CNA', 'CPDR', 'CPNU'][1 + kind]", "accepted": "true",
        "forwarded": "county % 3 > 0", "retain": "true", "fingers": "10", "charges": "1", "treat_as_adult": "false",
    }  # fmt: skip
    common = {
        "key": "printf('%016x', n)", "origin": "'synthetic-nation'", "valid_from": "happened", "recorded_at": "recorded",  # noqa: E501
        "superseded_at": "lead(recorded) OVER one", "change": "CASE WHEN version = 0 THEN 'late' ELSE 'correction' END",
        "change_end": "CASE WHEN lead(recorded) OVER one IS NULL THEN NULL ELSE 'correction' END", "source": "'bench'",
    }  # fmt: skip
    typed = {f.name: "TIMESTAMPTZ" if "timestamp" in str(f.type) else {"int64": "BIGINT", "bool": "BOOLEAN", "date32[day]": "DATE"}.get(str(f.type), "VARCHAR") for f in TABLES["submission"].schema}  # fmt: skip  # noqa: E501
    columns = ", ".join(f'CAST({(common | own).get(n, "NULL")} AS {t}) AS "{n}"' for n, t in typed.items())
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(f"""
            COPY (
                WITH sent AS (
                    SELECT n, 0 AS version, hash(n) AS h FROM range({submissions}) r(n)
                    UNION ALL
                    SELECT hash(c * 7919) % {submissions}, 1 + c, hash(c + 1000000007) FROM range({corrections}) r(c)
                ), timed AS (
                    SELECT n, version, h % 3141 AS county, CAST((h >> 20) % 4 AS BIGINT) AS kind,
                           TIMESTAMPTZ '2010-01-01' + to_seconds(CAST(hash(n) % 31536000 AS BIGINT)) AS happened,
                           TIMESTAMPTZ '2010-01-01' + to_seconds(CAST(hash(n) % 31536000 AS BIGINT))
                               + CASE WHEN version = 0 THEN INTERVAL 0 SECOND ELSE to_seconds(CAST(1 + (h >> 24) %
                               20000000 AS BIGINT)) END AS recorded
                    FROM sent
                )
                SELECT {columns} FROM timed WINDOW one AS (PARTITION BY n ORDER BY recorded, version) ORDER BY recorded
            ) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
        """)
    part = Part("submission", file.name, submissions + corrections, file_hash(file), "synthetic-nation", "nation")
    manifest = Manifest(FORMAT, (part,), ({"kind": "nation", "origin": "synthetic-nation"},))
    (out / "manifest.json").write_text(json.dumps(msgspec.to_builtins(manifest)))
    return Folder.open(out)


def plain(file: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        return db.execute(PLAIN.format(file=file, as_of=AS_OF.isoformat())).fetchall()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def compare(folder: Folder) -> dict[str, Any]:
    file = folder.path / folder.parts("submission")[0].file
    ours, theirs = [], []
    for _ in range(ROUNDS):
        seconds, expected = timed(lambda: plain(file))
        theirs.append(seconds)
        seconds, figure = timed(lambda: compute(str(DEFINITION), folder.path, AS_OF))
        ours.append(seconds)
    found = [(r["jurisdiction"], r["tot"], r["value"]) for r in figure.rows]
    if found != expected:
        raise SystemExit("the two answers differ")
    return {
        "rows": folder.parts("submission")[0].rows, "cells": len(found), "plain_s": round(statistics.median(theirs), 3),
        "tenprint_s": round(statistics.median(ours), 3),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 3),
    }  # fmt: skip


def entries(count: int) -> Iterator[SimpleNamespace]:
    """Ledger entries of cards as the road writes them: ten events a case, cases interleaved."""
    start, seq = datetime(2010, 1, 1, tzinfo=UTC), 0
    convicted = {"id": "c", "convicted_on": "2005-03-01", "grade": "felony"}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("submission.accepted", {"submitting_ori": "TXSIB0000", "controlling_ori": "TXSYN4530", "tot": "CAR", "retain": True,  # noqa: E501
                                 "date_of_arrest": "2010-01-01", "age_at_arrest": 30, "fingers": list(range(1, 11)),
                                 "charges": [{"number": 1, "literal": "X", "ncic": "5399"}]}),
        ("criminal.searched", {"hit": False, "identity": None, "fingers": 10}),
        ("response.sent", {"response": "SRE", "relayed": True}),
        ("gate.decided", {"forwarded": True, "reason": None, "county": "48453"}),
        ("immigration.searched", {"hit": True, "fingers": 10}),
        ("query.sent", {"origin": "BIOMETRIC"}),
        ("status.determined", {"version": 1, "status": "REMOVABLE_SUSPECTED", "confidence": "high", "citizenship_indicator": False}),  # noqa: E501
        ("decision.recorded", {"version": 1, "choice": "NO_ACTION", "regime": "DET-2010"}),
        ("conviction.recorded", {"conviction": convicted}),
        ("outcome.recorded", {"outcome": "REMOVED", "on": "2010-03-01", "basis": "final order"}),
    ]  # fmt: skip
    open_cases = 1000
    for block in range(count // (open_cases * len(steps)) + 1):
        for kind, data in steps:
            for n in range(block * open_cases, (block + 1) * open_cases):
                if seq == count:
                    return
                seq += 1
                more = {"identity": f"P{n % 400_000}"} if kind == "immigration.searched" else {}
                moment = start + timedelta(seconds=20 * seq)
                yield SimpleNamespace(seq=seq, stream=f"case/TXSIB0000/T{n}", kind=kind, data=data | more,
                                      occurred_at=moment, recorded_at=moment)  # fmt: skip


class Kept:
    """Generated entries in the place of a ledger."""

    origin, simulated, verifier = "bench/simulated", True, "bench"

    def __init__(self, events: int) -> None:
        self.events = events

    def read(self, after: int = 0) -> Iterator[SimpleNamespace]:
        return (entry for entry in entries(self.events) if entry.seq > after)

    def size(self) -> int:
        return self.events

    def checkpoint(self) -> str:
        return "bench\n"


def extraction(out: Path, events: int) -> dict[str, Any]:
    """All but one in a hundred events, then these alone; the files must be those of reading everything."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    most = events - events // 100
    seconds, folder = timed(lambda: extract(Kept(most), out, salt=b"bench"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    going_on, folder = timed(lambda: extract(Kept(events), out, salt=b"bench"))
    again, fresh = timed(lambda: extract(Kept(events), out.with_name("fresh"), salt=b"bench"))
    if folder.hash() != fresh.hash():
        raise SystemExit("going on gave other bytes than reading everything")
    return {
        "events": most, "rows": sum(p.rows for p in folder.manifest.parts), "seconds": round(seconds, 1),
        "events_per_s": round(most / seconds), "peak_mb": round(peak / 1024), "peak_mb_before": round(before / 1024),
        "one_percent_more_s": round(going_on, 1), "ratio_to_reading_all": round(going_on / again, 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=3_400_000)
    parser.add_argument("--corrections", type=int, default=5_400_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = {"extraction": extraction(Path(folder) / "extracted", chosen.events)}
        facts = write_facts(Path(folder) / "facts", chosen.submissions, chosen.corrections)
        found["as_of"] = compare(facts)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
