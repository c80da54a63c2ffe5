"""What an act and a look cost as cases grow: longer cases, more open ones, and the figures of custody.

Usage: python -m bench.cases [--open 1000,10000] [--json]. Everybody is synthetic; events are written in bulk, acts and
looks are the exchange's own. An exponent says how the time grows: 1 is in proportion. Figures are compared in the same
run with a plain statement upon the same files that only adds up the rows.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from tenprint import facts, figures
from tenprint.cases import Case, decide, fold
from tenprint.cases.card import commands as ask
from tenprint.cases.card.events import CriminalSearched, Event, ImmigrationSearched, Source, SubmissionAccepted
from tenprint.cases.card.values import Charge
from tenprint.exchange import Exchange, watch
from tenprint.exchange.codec import CASES
from tenprint.ledger import Act, NewEvent

AGENCY, BUREAU, ZONE = "TXSYN4530", "TXSIB0000", "America/Chicago"
BOOKED = datetime(2013, 2, 1, 16, tzinfo=UTC)
BULK = 500
FIGURES = ("detained-without-authority", "hold-hours", "jail-costs")


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def story(tcn: str, more: int = 0) -> Iterator[Event]:
    """A person booked, matched, asked for and released from the criminal matter, then kept; and facts beside it."""
    case, now = Case(), BOOKED

    def said(command: ask.Command, role: str) -> tuple[Event, ...]:
        nonlocal case
        events = decide(case, command, actor=f"{role}-1", role=role, now=now, zone=ZONE)
        case = fold(events, case)
        return events

    charge = Charge(number=1, literal="THEFT", grade="felony", categories=("theft",))
    card = SubmissionAccepted(
        tcn=tcn, submitting_ori=BUREAU, controlling_ori=AGENCY, tot="CAR", card=tcn, retain=True,
        date_of_arrest=date(2013, 2, 1), age_at_arrest=30, charges=(charge,), taken_at=BOOKED,
    )  # fmt: skip
    search = {"score": 9.0, "threshold": 2.0, "fingers": 4, "gallery": 1, "calibration": "bench"}
    yield from said(ask.AcceptSubmission(submission=card), "booking")
    yield from said(ask.RecordCriminalSearch(result=CriminalSearched(hit=False, identity=None, **search)), "system")
    place = ask.Registration(ori=AGENCY, county="48453", active_since=date(2009, 6, 16))
    yield from said(ask.DecideGate(agency=place, on=date(2013, 2, 1)), "system")
    found = ImmigrationSearched(hit=True, identity=f"N{tcn}", **search)
    yield from said(ask.RecordImmigrationSearch(result=found), "system")
    yield from said(ask.SendQuery(origin="BIOMETRIC"), "system")
    yield from said(ask.CloseSubmission(why="bench"), "system")
    sources = (Source(name="court file", reliability="high"),)
    yield from said(ask.DetermineStatus(status="REMOVABLE_FINAL_ORDER", confidence="high", sources=sources), "center")
    for n in range(more):
        yield from said(ask.StateFact(name="gang", value=False, source=f"file {n}"), "center")
    now += timedelta(days=4)
    yield from said(ask.RecordReleaseEligible(at=now, reason="bond_posted", document="r1"), "jail")


def write(exchange: Exchange, cases: Sequence[tuple[str, int]]) -> None:
    """Cases in bulk: control number and how many facts."""
    act = Act("desk", "system", "bench", "bench", BOOKED + timedelta(days=4))
    for start in range(0, len(cases), BULK):
        with exchange.ledger.transaction() as tx:
            for tcn, more in cases[start : start + BULK]:
                stream = f"case/{BUREAU}/{tcn}"
                events: list[NewEvent] = [CASES.to_ledger(e, stream) for e in story(tcn, more)]
                tx.append(stream, events, act, expected_version=0)


def exponent(times: dict[int, float]) -> float:
    """How the time grows from the smallest size to the largest."""
    small, large = min(times), max(times)
    return math.log(times[large] / times[small]) / math.log(large / small)


def acts(folder: Path) -> dict[int, float]:
    """Seconds of one act upon a case of so many events, the median of nine."""
    with Exchange.create(folder / "acts.db", "ada", simulated_from=datetime(2012, 1, 1, tzinfo=UTC)) as exchange:
        exchange.add_principal("lea", "center", "LESC", exchange.act("ada", "register"))
        write(exchange, [(f"LONG-{size:07d}", max(0, size - 9)) for size in (10, 100, 1000)])
        found = {}
        for size in (10, 100, 1000):
            act = exchange.act("lea", ask.StateFact, BOOKED + timedelta(days=5))
            turns = [
                timed(
                    lambda size=size, n=n, act=act: exchange.do(
                        f"LONG-{size:07d}", ask.StateFact(name="gang", value=False, source=f"again {n}"), act
                    )
                )
                for n in range(9)
            ]
            found[size] = statistics.median(turns)
    return found


def looks(folder: Path, sizes: Sequence[int]) -> tuple[dict[int, float], dict[int, float], Path]:
    """Seconds of the first and of a further round of the watch over so many open cases; and the largest ledger."""
    first, again = {}, {}
    for size in sizes:
        db = folder / f"watch-{size}.db"
        with Exchange.create(db, "ada", simulated_from=datetime(2012, 1, 1, tzinfo=UTC)) as exchange:
            write(exchange, [(f"OPEN-{n:07d}", 0) for n in range(size)])
            at = BOOKED + timedelta(days=6)
            first[size] = timed(lambda e=exchange, at=at: watch.look(e, at))
            again[size] = timed(lambda e=exchange, at=at: watch.look(e, at))
    return first, again, db


def against_plain(db: Path, folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds of each figure and of a plain statement that adds up the same table."""
    where = folder / "facts"
    with Exchange.open(db) as exchange:
        facts.extract(exchange.ledger, where)
    plain = (
        "select s.state, s.county, p.cause, "
        "sum(epoch(coalesce(p.valid_to, timestamptz '2013-03-01')) - epoch(p.valid_from)) "
        f"from read_parquet('{where}/presence.ledger.parquet') p "
        f"left join read_parquet('{where}/submission.ledger.parquet') s "
        "using (case_id) group by all"
    )
    found = {}
    for name in FIGURES:
        ours, theirs = [], []
        for _ in range(3):
            ours.append(timed(lambda name=name: figures.compute(name, where, date(2013, 3, 1))))
            theirs.append(timed(lambda: duckdb.connect().execute(plain).fetchall()))
        found[name] = (statistics.median(ours), statistics.median(theirs))
    return found


def main() -> None:
    """Measure and say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--open", default="1000,10000", help="sizes of the watch; 100000 takes half an hour")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sizes = [int(size) for size in given.open.split(",")]
    with tempfile.TemporaryDirectory(prefix="tenprint-bench-") as name:
        folder = Path(name)
        act = acts(folder)
        first, again, db = looks(folder, sizes)
        beside = against_plain(db, folder)
    if given.json:
        print(json.dumps({"act": act, "first look": first, "further look": again, "figures": beside}))
        return
    for title, times in (("an act upon a case of N events", act), ("first look", first), ("further look", again)):
        shown = ", ".join(f"{size:,}: {1000 * t / (1 if 'act' in title else size):.2f} ms" for size, t in times.items())
        print(f"{title} ({'one act' if 'act' in title else 'a case'}): {shown}; exponent {exponent(times):.2f}")
    for figure, (ours, theirs) in beside.items():
        print(f"{figure}: {ours:.2f} s, plain statement {theirs:.2f} s, {ours / theirs:.1f} times")


if __name__ == "__main__":
    main()
