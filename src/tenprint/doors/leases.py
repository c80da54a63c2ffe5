"""Leases: of several servers on one database, exactly one does a piece of background work at a time."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from sqlalchemy import Column, Float, MetaData, String, Table, Text, insert, inspect, or_, select, update

from tenprint.ledger import Ledger

METADATA = MetaData()
LEASE = Table(
    "doors_lease",
    METADATA,
    Column("name", String(40), primary_key=True, comment="the work"),
    Column("holder", Text, nullable=False, comment="a random name of one server's run"),
    Column("until", Float, nullable=False, comment="seconds since 1970"),
)


class Leases:
    """Leases of one server.

    Args:
        ledger: On whose database.
        clock: Seconds since 1970; machines that share a database keep their clocks within seconds.
    """

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.time) -> None:
        self._ledger, self._clock, self.holder = ledger, clock, secrets.token_hex(8)
        with ledger.engine.connect() as connection:
            known = inspect(connection).has_table(LEASE.name)
        if not known:
            with ledger.transaction() as tx:
                METADATA.create_all(tx.connection, checkfirst=True)

    def take(self, name: str, seconds: float) -> bool:
        """Whether a piece of work is this server's for the next so many seconds; keeping it is taking it again."""
        now = self._clock()
        with self._ledger.transaction() as tx:
            free = (LEASE.c.name == name) & or_(LEASE.c.until < now, LEASE.c.holder == self.holder)
            mine = {"holder": self.holder, "until": now + seconds}
            if tx.connection.execute(update(LEASE).where(free).values(**mine)).rowcount:
                return True
            if tx.connection.execute(select(LEASE.c.name).where(LEASE.c.name == name)).first():
                return False
            tx.connection.execute(insert(LEASE).values(name=name, **mine))
        return True

    def give_back(self) -> None:
        """Leave everything to others at once."""
        with self._ledger.transaction() as tx:
            mine = LEASE.c.holder == self.holder
            tx.connection.execute(update(LEASE).where(mine).values(until=0.0))
