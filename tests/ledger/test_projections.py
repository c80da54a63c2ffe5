"""Projections: in the same transaction as the events, and the same when rebuilt from zero."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, insert, select, update

from tenprint.ledger import EXPUNGED, Damaged, Ledger, LedgerError, NewEvent


def counter(revision: int = 1):
    """How many events each stream has, and the last name seen: a projection with a sealed field."""
    table = Table("tally", MetaData(), Column("stream", Text, primary_key=True), Column("count", Integer),
                  Column("subject", Text), Column("name", Text))  # fmt: skip

    class Tally:
        name = "tally"
        tables = (table,)

        def apply(self, connection, entry):
            if entry.kind == EXPUNGED:
                connection.execute(update(table).where(table.c.subject == entry.data["subject"]).values(name=None))
                return
            if entry.kind == "explode":
                raise RuntimeError("this projection cannot")
            name = (entry.sealed or {}).get("name")
            done = connection.execute(
                update(table).where(table.c.stream == entry.stream).values(count=table.c.count + revision, name=name)
            )
            if not done.rowcount:
                row = {"stream": entry.stream, "count": revision, "subject": entry.subject, "name": name}
                connection.execute(insert(table).values(row))

    tally = Tally()
    tally.revision = revision
    return tally


def rows(ledger: Ledger, projection) -> dict[str, tuple[int, str | None]]:
    table = projection.tables[0]
    with ledger.engine.connect() as connection:
        return {r.stream: (r.count, r.name) for r in connection.execute(select(table))}


def append(ledger, act, stream: str, names: list[str]) -> None:
    events = [NewEvent("seen", {}, {"name": name}, f"subject-of-{stream}") for name in names]
    ledger.append(stream, events, act, expected_version=ledger.version(stream))


def test_live_equals_rebuilt(ledger, act):
    tally = counter()
    ledger.register(tally)
    append(ledger, act, "a", ["x", "y"])
    append(ledger, act, "b", ["z"])
    live = rows(ledger, tally)
    assert live == {"ledger": (1, None), "a": (2, "y"), "b": (1, "z")}
    ledger.expunge("subject-of-a", act)
    assert rows(ledger, tally)["a"] == (2, None)
    assert ledger.verify() == []
    live = rows(ledger, tally)
    ledger.rebuild()
    assert rows(ledger, tally) == live
    assert ledger.verify() == []


def test_a_new_a_late_and_a_revised_projection_catch_up(db, ledger, act):
    append(ledger, act, "a", ["x"])
    ledger.register(counter())
    assert rows(ledger, counter())["a"] == (1, "x")
    with Ledger.open(db) as unaware:  # another program, which does not know the projection
        append(unaware, act, "a", ["y"])
    assert rows(ledger, counter())["a"] == (1, "x")
    assert ledger.verify()[0].what == "projection"
    append(ledger, act, "b", ["z"])
    assert rows(ledger, counter())["a"] == (2, "y")
    assert ledger.verify() == []
    with Ledger.open(db) as newer:
        newer.register(counter(revision=10))
        assert rows(newer, counter())["a"] == (20, "y")
        assert newer.verify() == []


def test_a_projection_that_fails_takes_the_append_with_it(ledger, act):
    ledger.register(counter())
    with pytest.raises(RuntimeError):
        ledger.append("a", [NewEvent("fine", {}), NewEvent("explode", {})], act, expected_version=0)
    assert ledger.version("a") == 0
    assert rows(ledger, counter()) == {"ledger": (1, None)}
    assert ledger.verify() == []


def test_one_name_is_registered_once(ledger):
    ledger.register(counter())
    with pytest.raises(LedgerError, match="already registered"):
        ledger.register(counter())


def test_verify_recomputes_projections_and_leaves_them_as_they_are(ledger, act):
    tally = counter()
    table = tally.tables[0]
    ledger.register(tally)
    append(ledger, act, "a", ["x", "y"])
    with ledger.transaction() as tx:
        tx.connection.execute(update(table).where(table.c.stream == "a").values(count=99))
    problems = ledger.verify()
    assert [p.what for p in problems] == ["projection"]
    assert "99" in problems[0].message
    assert rows(ledger, tally)["a"] == (99, "y")  # verifying repairs nothing
    with ledger.transaction() as tx:
        tx.connection.execute(delete(table))
    assert ledger.verify()[0].what == "projection"
    ledger.rebuild()
    assert ledger.verify() == []


def test_a_projection_ahead_of_its_ledger_stops_the_writer(small, act):
    small.register(counter())
    with small.engine.connect().execution_options(tenprint_writing=True) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM ledger_entry WHERE seq > 9")
    with pytest.raises(Damaged, match="tail was cut off"):
        small.append("x", [NewEvent("k", {})], act, expected_version=0)
