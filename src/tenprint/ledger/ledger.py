"""The ledger: events in order with two clocks, appended in one transaction with their Merkle nodes and projections.

Leaves and proofs follow RFC 6962, checkpoints C2SP tlog-checkpoint. A ledger is real (its clock is the machine's) or
declared simulated when it is created (its clock follows the stated times); either clock never runs backwards.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

import msgspec
from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from tenprint.ledger import backups, database, projections, proving, reading, tables, verification
from tenprint.ledger.errors import AlreadyExists, Busy, ClockJumped, Damaged, LedgerError, NotALedger, StatedLater
from tenprint.ledger.transaction import Edge, Transaction
from tenprint.ledger.values import (
    CLOCK_ACCEPTED,
    CREATED,
    Act,
    Entry,
    NewEvent,
    Problem,
    Projection,
    moment,
    stamp,
    text,
)
from tenprint.proof.notes import Signer, Verifier

SIMULATED = "/simulated"
"""End of the origin of every simulated ledger, and of no other."""
UNCHECKED = "/names-unchecked"
"""End of the origin of every ledger that was made to believe who says who they are."""
_CHUNK = 1000
AHEAD = timedelta(minutes=5)
"""How far a stated moment may lie ahead of a real ledger's clock."""
JUMP = timedelta(hours=72)
"""How far the machine's clock may run ahead of the last entry before somebody has to accept it."""


Names = Literal["checked", "unchecked", "simulated"]


def _names(first: str | None) -> Names:
    """What a real ledger's first entry says of names; one that says nothing was made before there were accounts.

    An entry that cannot be read believes nobody; ``verify`` names it.
    """
    try:
        said = msgspec.json.decode(first or "null", type=dict[str, Any]).get("names", "unchecked")
    except msgspec.DecodeError:
        return "checked"
    return "unchecked" if said == "unchecked" else "checked"


class Ledger:
    """An open ledger; ``Ledger.create`` and ``Ledger.open`` make one."""

    def __init__(self, engine: Engine, about: dict[str, str]) -> None:
        self.engine = engine
        self.origin: str = about["origin"]
        """Who this log is: first line of every checkpoint."""
        self.simulated: bool = bool(about["simulated_from"])
        """True when its clock follows the stated times and nothing in it happened to anybody."""
        self.names: Names = "simulated" if self.simulated else "checked"
        """Whether it believes who says who they are: as its first entry says; earlier releases had no accounts."""
        self.signer = Signer(self.origin, bytes.fromhex(about["signing_key"]))
        self._start = moment(about["simulated_from"]) if self.simulated else None
        self._projections: list[Projection] = []
        self._here = threading.local()
        self._edge: Edge | None = None

    # -- life ----------------------------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, db: str | Path, *, origin: str, simulated_from: datetime | None = None, names_unchecked: bool = False
    ) -> Self:
        """Make a new ledger and write its first event.

        Args:
            db: a file or a SQLAlchemy URL.
            origin: name of the log without spaces or ``+``, such as ``exchange.example.org``.
            simulated_from: where the clock of a simulated ledger starts; its origin then ends in ``/simulated``.
            names_unchecked: a trial on the machine's clock that believes every name; its origin then ends in
                ``/names-unchecked``, and its first entry says so.

        Raises:
            AlreadyExists: when a ledger, or any other file, is already there.
            LedgerError: when the address, the origin or the start cannot be used.
        """
        url = database.address(db)
        for ending in (SIMULATED, UNCHECKED):
            if origin.endswith(ending):
                raise LedgerError(f"origin {origin!r}: the ending {ending!r} is set by the ledger itself")
        if names_unchecked and simulated_from is not None:
            raise LedgerError("a simulated ledger believes every name anyway, and says that it is simulated")
        if simulated_from is not None and simulated_from.tzinfo is None:
            raise LedgerError(f"simulated_from: expected a time with a time zone, got {simulated_from.isoformat()}")
        name = origin + (SIMULATED if simulated_from is not None else UNCHECKED if names_unchecked else "")
        try:
            signer = Signer.generate(text(name, "origin"))
        except ValueError as wrong:
            raise LedgerError(f"origin: {wrong}") from None
        about = {
            "format": tables.FORMAT,
            "origin": name,
            "simulated_from": "" if simulated_from is None else stamp(simulated_from),
            "signing_key": signer.seed.hex(),
        }
        file = database.sqlite_file(url)
        if file is not None and file.exists() and file.stat().st_size:
            raise AlreadyExists(f"{file}: already exists; open it, or choose another name")
        if file is not None and not file.parent.is_dir():
            raise LedgerError(f"{file}: the folder {file.parent} does not exist; make it first")
        if file is not None:
            file.touch(mode=0o600)  # it will hold keys
        engine = database.connect(url)
        with database.writing(engine) as connection:
            if inspect(connection).has_table(tables.about.name):
                raise AlreadyExists(f"{url.render_as_string()}: already holds a ledger; open it")
            tables.metadata.create_all(connection)
            connection.execute(insert(tables.about), [{"name": k, "value": v} for k, v in about.items()])
            ledger = cls(engine, about)
            if names_unchecked:
                ledger.names = "unchecked"
            ledger._begin(connection)
        return ledger

    def _begin(self, connection: Connection) -> None:
        transaction = Transaction(self, connection, ())
        when = self._start or datetime.now(UTC)
        act = Act("ledger", "system", "create the ledger", "the administrator's command", when)
        data = {
            "format": tables.FORMAT,
            "origin": self.origin,
            "simulated": self.simulated,
            "simulated_from": None if self._start is None else stamp(self._start),
            "key": str(self.verifier),
            "names": self.names,
        }
        transaction.append("ledger", [NewEvent(CREATED, data)], act, expected_version=0)

    @classmethod
    def open(cls, db: str | Path) -> Self:
        """Open an existing ledger.

        Raises:
            NotALedger: when nothing is there, or something else, or a newer format.
        """
        url = database.address(db)
        file = database.sqlite_file(url)
        if file is not None and not file.is_file():
            raise NotALedger(f"{file}: no such file. Check the path, or make a ledger with `tenprint init`.")
        engine = database.connect(url)
        try:
            with database.reading(engine) as connection:
                rows = connection.execute(select(tables.about.c.name, tables.about.c.value)).all()
                about = {row.name: row.value for row in rows}
                first = connection.scalar(select(tables.entry.c.data).where(tables.entry.c.seq == 1)) if rows else None
        except (DatabaseError, sqlite3.DatabaseError) as wrong:
            reason = getattr(wrong, "orig", wrong)
            raise NotALedger(f"{url.render_as_string()}: is not a ledger of tenprint ({reason})") from wrong
        if about.get("format") != tables.FORMAT:
            raise NotALedger(
                f"{url.render_as_string()}: expected ledger format {tables.FORMAT}, got {about.get('format')}"
            )
        try:
            ledger = cls(engine, {name: text(about.get(name), name, empty=True) for name in tables.ABOUT})
        except ValueError as wrong:
            raise NotALedger(f"{url.render_as_string()}: its description is damaged: {wrong}") from wrong
        if not ledger.simulated:
            ledger.names = _names(first)
        return ledger

    def close(self) -> None:
        """Close every connection; the object can no longer be used."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def verifier(self) -> Verifier:
        """The public key that checks this ledger's checkpoints; publish it."""
        return self.signer.verifier

    def now(self) -> datetime:
        """The record clock: the machine's, or for a simulated ledger the latest stated time; never backwards."""
        with database.reading(self.engine) as connection:
            return self.clock(self._last_recorded(connection))

    def clock(self, last: datetime | None, occurred_at: datetime | None = None) -> datetime:
        """The record clock after an entry recorded at ``last``, for an act stated to have happened then."""
        candidates = [last, self._start, occurred_at] if self.simulated else [last, datetime.now(UTC)]
        return max(moment for moment in candidates if moment is not None).astimezone(UTC)

    def check_times(self, last: datetime | None, occurred_at: datetime, kinds: Sequence[str]) -> None:
        """Refuse what would poison a real ledger: an act of the future, or a clock that jumped and nobody accepted.

        Raises:
            StatedLater: when the act is stated more than five minutes after the clock.
            ClockJumped: when the machine's clock is more than three days ahead of the last entry.
        """
        if self.simulated:
            return
        machine = datetime.now(UTC)
        if last is not None and machine - last > JUMP and CLOCK_ACCEPTED not in kinds:
            raise ClockJumped(
                f"the machine's clock says {machine:%Y-%m-%d %H:%M} UTC, and the last entry is of "
                f"{last:%Y-%m-%d %H:%M} UTC. Nothing is written until an administrator says that the clock is right: "
                "tenprint ledger clock --accept --as NAME"
            )
        clock = self.clock(last)
        if occurred_at > clock + AHEAD:
            raise StatedLater(
                f"the act is stated to have happened at {occurred_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, and the "
                f"ledger's clock says {clock:%Y-%m-%d %H:%M} UTC: record it when it has happened"
            )

    def _last_recorded(self, connection: Connection) -> datetime | None:
        newest = select(tables.entry.c.recorded_at).order_by(tables.entry.c.seq.desc()).limit(1)
        stored = connection.scalar(newest)
        return None if stored is None else moment(stored)

    # -- writing -------------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One database transaction: appends, projections and the tables of upper rooms, all or nothing.

        Raises:
            Busy: when another writer holds the ledger too long, or this thread is already in a transaction.
        """
        if getattr(self._here, "open", False):
            raise Busy("this thread is already in a transaction of this ledger: use its `tx.append`")
        with database.writing(self.engine) as connection:
            self._here.open = True
            try:
                transaction = Transaction(self, connection, tuple(self._projections), self._edge)
                projections.catch_up(connection, self._projections, transaction.size)
                yield transaction
                transaction.finish()
            finally:
                self._here.open = False
        self._edge = transaction.edge
        if transaction.expunged:
            database.wipe(self.engine)

    def append(
        self,
        stream: str,
        events: Sequence[NewEvent],
        act: Act,
        *,
        expected_version: int,
        idempotency_key: str | None = None,
    ) -> list[Entry]:
        """Append in a transaction of its own; see ``Transaction.append``."""
        with self.transaction() as transaction:
            return transaction.append(
                stream, events, act, expected_version=expected_version, idempotency_key=idempotency_key
            )

    def expunge(self, subject: str, act: Act) -> Entry:
        """Destroy a subject's key and sealed bytes for good; every proof still stands. See ``Transaction.expunge``."""
        with self.transaction() as transaction:
            return transaction.expunge(subject, act)

    # -- reading -------------------------------------------------------------------------------------------------------

    def read(self, after: int = 0, limit: int | None = None, until: datetime | None = None) -> Iterator[Entry]:
        """Entries beyond ``after`` in order.

        Args:
            after: last place already known; 0 for everything.
            limit: at most so many.
            until: only what was recorded at or before this moment.
        """
        left = limit
        while left is None or left > 0:
            with database.reading(self.engine) as connection:
                chunk = reading.after(connection, after, _CHUNK if left is None else min(left, _CHUNK), until)
            yield from chunk
            if len(chunk) < _CHUNK:
                return
            after = chunk[-1].seq
            left = None if left is None else left - len(chunk)

    @contextmanager
    def reading(self) -> Iterator[tuple[Connection, Iterator[Entry]]]:
        """One view of the database, and every entry of it: what is written meanwhile is in neither."""
        with database.reading(self.engine) as connection:
            yield connection, projections.entries(connection, 0)

    def stream(self, name: str) -> list[Entry]:
        """Entries of one stream, in order; empty when there is no such stream."""
        with database.reading(self.engine) as connection:
            return reading.stream(connection, name)

    def streams(self, prefix: str) -> list[str]:
        """Names of the streams that begin so, in order."""
        with database.reading(self.engine) as connection:
            return reading.streams(connection, prefix)

    def version(self, name: str) -> int:
        """How many entries a stream has."""
        with database.reading(self.engine) as connection:
            return reading.version(connection, name)

    def size(self) -> int:
        """How many entries the ledger has."""
        with database.reading(self.engine) as connection:
            return proving.size(connection)

    # -- projections ---------------------------------------------------------------------------------------------------

    def register(self, projection: Projection) -> None:
        """Keep a projection up to date from now on; its tables are made and filled when they are new or late.

        Raises:
            LedgerError: when another projection of that name is registered.
        """
        if any(known.name == projection.name for known in self._projections):
            raise LedgerError(f"projection {projection.name!r} is already registered")
        with database.reading(self.engine) as connection:
            current = projections.is_current(connection, projection, proving.size(connection))
        if not current:  # only then is the lock of writers needed: who reads waits for nobody
            with database.writing(self.engine) as connection:
                for table in projection.tables:
                    table.create(connection, checkfirst=True)
                projections.catch_up(connection, [projection], proving.size(connection))
        self._projections.append(projection)

    def built(self) -> set[str]:
        """Names of the projections that this ledger holds, registered or not."""
        with database.reading(self.engine) as connection:
            return set(connection.scalars(select(tables.projection.c.name)))

    def rebuild(self) -> None:
        """Empty every registered projection and apply all entries again."""
        with database.writing(self.engine) as connection:
            for projection in self._projections:
                projections.rebuild(connection, projection)

    # -- proofs --------------------------------------------------------------------------------------------------------

    def checkpoint(self, *, keep: bool = True) -> str:
        """A signed note over everything so far. Keep copies elsewhere: they bind the ledger.

        Args:
            keep: In the ledger too. Without it the note is the same, and nothing is written or waited for.
        """
        with (database.writing if keep else database.reading)(self.engine) as connection:
            return proving.checkpoint(connection, self.origin, self.signer, keep=keep)

    def prove(self, seq: int, *, disclose: bool = False) -> dict[str, Any]:
        """Proof that an entry is in a signed checkpoint, for ``proof/verify.py``.

        Args:
            seq: place of the entry.
            disclose: add the sealed fields and their salt, so that their content is proved too.

        Raises:
            LedgerError: when there is no such entry, or its sealed fields are gone.
        """
        with database.reading(self.engine) as connection:
            return proving.inclusion(connection, self.origin, self.signer, seq, disclose=disclose)

    def prove_consistency(self, old: str) -> dict[str, Any]:
        """Proof that everything under an earlier checkpoint of this ledger is unchanged.

        Raises:
            LedgerError: when the note is of another ledger, or larger than this one.
        """
        with database.reading(self.engine) as connection:
            return proving.consistency(connection, self.origin, self.signer, old)

    def verify(
        self,
        kept: Sequence[str] = (),
        *,
        projections: Sequence[Projection] | None = None,
        advance: Callable[[int], object] | None = None,
    ) -> list[Problem]:
        """Check everything: entries, tree, sealed fields, checkpoints, projections. Empty: all is well.

        Args:
            kept: signed checkpoints kept elsewhere; only they show that a tail was cut off or history rewritten whole.
            projections: those to recompute; by default the registered ones.
            advance: told how many more entries were read.
        """
        recomputed = self._projections if projections is None else projections
        found = verification.verify(self.engine, self.origin, self.verifier, recomputed, kept=kept, advance=advance)
        return [*found, *self._of_the_future()]

    def _of_the_future(self) -> list[Problem]:
        """A real ledger whose last entry is dated after this machine's clock: one of the two clocks was wrong."""
        try:
            with database.reading(self.engine) as connection:
                last = self._last_recorded(connection)
        except Damaged:  # the verification has named it already
            return []
        machine = datetime.now(UTC)
        if self.simulated or last is None or last <= machine + AHEAD:
            return []
        message = (
            f"the last entry was recorded at {last:%Y-%m-%d %H:%M} UTC, and this machine's clock says "
            f"{machine:%Y-%m-%d %H:%M} UTC: a clock was wrong; see docs/explanation/ledger.md"
        )
        return [Problem(None, "order", message)]

    # -- safety --------------------------------------------------------------------------------------------------------

    def backup(self, path: str | Path, *, check: Callable[[Ledger], list[Problem]] | None = None) -> Path:
        """Write a consistent copy, while others write, to a new SQLite file; verified before it gets its name.

        Args:
            path: a new file.
            check: how the copy is verified; by default ``verify`` with the registered projections.

        Raises:
            AlreadyExists: when something is at ``path``.
            Damaged: when the copy does not verify.
        """
        return backups.backup(self.engine, Path(path), type(self).open, check or Ledger.verify)

    @classmethod
    def restore(
        cls, path: str | Path, db: str | Path, *, check: Callable[[Ledger], list[Problem]] | None = None
    ) -> Self:
        """Make a ledger from a backup, in a new file or an empty PostgreSQL database, and verify it.

        Raises:
            AlreadyExists: when something is already there.
            Damaged: when the backup does not verify.
        """
        return backups.restore(Path(path), database.address(db), cls.open, check or Ledger.verify)
