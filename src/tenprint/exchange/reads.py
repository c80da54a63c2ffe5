"""Reading is an act: who looked at whom, why and when; a glass broken in an emergency, and its explanation.

Streams ``reads/<name>``, one a reader. An event names cards by their stream and holds no name of a person and no word
that was searched for: what is kept is what was shown. The same look within five minutes is one look.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, Select, Table, func, insert, select, update

from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError, NotAllowedError
from tenprint.exchange.schema import GLASS, READ
from tenprint.ledger import Act, Entry, NewEvent

LOOKED, BROKEN, EXPLAINED = "record.looked", "glass.broken", "glass.explained"
What = Literal["person", "list", "search", "trail", "print"]
SAME = timedelta(minutes=5)
"""Within which the same look is not recorded anew."""
OPEN = timedelta(hours=1)
"""How long a broken glass lets its reader look at that one person."""
EXPLAIN = timedelta(hours=24)
"""Within which they say what they did it for; until they do, later than that, no other glass breaks for them."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody saw."""

    page: str
    what: What
    streams: tuple[str, ...] = ()
    """Cards whose person was shown."""
    by: str = ""
    """Of a search: which kind of words, such as name; never the words."""
    reason: str = ""
    """Why, in the reader's words, where the page asks for it."""
    glass: int | None = None
    """Ledger position of the broken glass that let them look."""


class ReadRow(msgspec.Struct, frozen=True, kw_only=True):
    """One look at one person, or at a list that names nobody."""

    seq: int
    at: datetime
    reader: str
    role: str
    purpose: str
    page: str
    what: str
    stream: str
    by: str
    reason: str
    glass: int | None


class CountRow(msgspec.Struct, frozen=True, kw_only=True):
    """How often somebody looked, in one role at one page."""

    reader: str
    role: str
    purpose: str
    page: str
    looks: int
    people: int
    """Different cards that were shown."""
    glass: int
    """Looks through a broken glass."""


class Glass(msgspec.Struct, frozen=True, kw_only=True):
    """A glass that somebody broke."""

    seq: int
    reader: str
    stream: str
    reason: str
    broken: datetime
    due: datetime
    """When the explanation is owed."""
    explained: datetime | None
    explanation: str

    def is_late(self, now: datetime) -> bool:
        """Whether the explanation is owed and did not come."""
        return self.explained is None and now > self.due


class Reads:
    """Projection of looks and glasses."""

    name = "exchange-reads"
    tables: tuple[Table, ...] = (READ, GLASS)
    revision = 1

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the tables."""
        at, data = entry.occurred_at.isoformat(), entry.data
        if entry.kind == LOOKED:
            row = {name: data[name] for name in ("page", "what", "by", "reason", "glass")}
            row |= {"seq": entry.seq, "reader": entry.actor, "role": entry.role, "purpose": entry.purpose, "at": at}
            connection.execute(insert(READ), [{**row, "stream": stream} for stream in data["streams"] or [""]])
        elif entry.kind == BROKEN:
            row = {"seq": entry.seq, "reader": entry.actor, "stream": data["stream"], "reason": data["reason"]}
            connection.execute(insert(GLASS).values(**row, broken=at, explained="", explanation=""))
        elif entry.kind == EXPLAINED:
            here = GLASS.c.seq == data["glass"]
            connection.execute(update(GLASS).where(here).values(explained=at, explanation=data["explanation"]))


def record(exchange: Core, look: Look, act: Act) -> bool:
    """Record a look before it is shown.

    Returns:
        Whether it is a new one: the same look a moment ago stands already.

    Raises:
        NotAllowedError: when the reader is not here in that role.
        LedgerError: when nothing can be recorded now; then nothing is shown.
    """
    exchange.vouch(act)
    streams = tuple(dict.fromkeys(look.streams))
    with exchange.reading() as connection:
        if _is_repeated(connection, look, streams, act):
            return False
    _append(exchange, NewEvent(LOOKED, {**msgspec.to_builtins(look), "streams": list(streams)}), act)
    return True


def _is_repeated(connection: Connection, look: Look, streams: tuple[str, ...], act: Act) -> bool:
    column = READ.c
    mine = (column.reader == act.actor) & (column.role == act.role) & (column.page == look.page)
    mine &= (column.what == look.what) & (column.by == look.by) & (column.reason == look.reason)
    if len(streams) == 1:
        mine &= column.stream == streams[0]
    last = connection.execute(select(func.max(column.seq)).where(mine)).scalar()
    rows = connection.execute(select(READ).where(column.seq == last)).all() if last is not None else []
    if not rows or rows[0].glass != look.glass:
        return False
    age = act.occurred_at - datetime.fromisoformat(rows[0].at)
    return timedelta(0) <= age < SAME and {r.stream for r in rows} == set(streams or ("",))


def trail(exchange: Core, stream: str | None = None, *, most: int | None = None) -> list[ReadRow]:
    """Looks at one card, or all of them, the newest first.

    Args:
        exchange: Where.
        stream: Of the card; nothing: every look.
        most: How many.
    """
    query = select(READ).order_by(READ.c.seq.desc(), READ.c.stream)
    query = query if stream is None else query.where(READ.c.stream == stream)
    with exchange.reading() as connection:
        rows = connection.execute(query if most is None else query.limit(most)).mappings().all()
    return [ReadRow(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]


def counts(exchange: Core, since: datetime | None = None, until: datetime | None = None) -> list[CountRow]:
    """Looks by reader, role, purpose and page.

    Args:
        exchange: Where.
        since: From this moment on; from the first.
        until: Before this moment; to the last.
    """
    column = READ.c
    by = (column.reader, column.role, column.purpose, column.page)
    people = func.count(func.distinct(func.nullif(column.stream, "")))
    looks, through = func.count(func.distinct(column.seq)), func.count(func.distinct(column.glass))
    query: Select[Any] = select(*by, looks.label("looks"), people.label("people"), through.label("glass"))
    if since is not None:
        query = query.where(column.at >= since.astimezone(UTC).isoformat())
    if until is not None:
        query = query.where(column.at < until.astimezone(UTC).isoformat())
    with exchange.reading() as connection:
        rows = connection.execute(query.group_by(*by).order_by(*by)).mappings().all()
    return [CountRow(**row) for row in rows]


# -- glass -------------------------------------------------------------------------------------------------------------


def break_glass(exchange: Core, stream: str, reason: str, act: Act) -> int:
    """Look at somebody whom the table does not let one see, for an hour, and owe an explanation within a day.

    Returns:
        Its ledger position.

    Raises:
        ExchangeError: without a reason.
        NotAllowedError: while an explanation of an earlier one is late, or the reader is not here.
    """
    exchange.vouch(act)
    if len(reason.strip()) < 10:
        raise ExchangeError("say what the emergency is, in a sentence: it is recorded, and an auditor reads it")
    late = [g for g in glasses(exchange, act.actor) if g.is_late(act.occurred_at)]
    if late:
        raise NotAllowedError(
            f"your explanation of {late[0].broken:%Y-%m-%d %H:%M} UTC is late: explain it first (glass {late[0].seq})"
        )
    return _append(exchange, NewEvent(BROKEN, {"stream": stream, "reason": reason.strip()}), act).seq


def explain(exchange: Core, seq: int, explanation: str, act: Act) -> None:
    """Say what a broken glass was for. It is said once.

    Raises:
        ExchangeError: when it is not the reader's own, was explained already, or nothing is said.
    """
    exchange.vouch(act)
    found = next((g for g in glasses(exchange, act.actor) if g.seq == seq), None)
    if found is None:
        raise ExchangeError("you broke no such glass")
    if found.explained is not None:
        raise ExchangeError("that was explained already; what was said stays")
    if len(explanation.strip()) < 10:
        raise ExchangeError("say what you looked for and what came of it, in a sentence")
    _append(exchange, NewEvent(EXPLAINED, {"glass": seq, "explanation": explanation.strip()}), act)


def glasses(exchange: Core, reader: str | None = None) -> list[Glass]:
    """Broken glasses of a reader, or of all: those without an explanation first, the oldest of them first."""
    query = select(GLASS).order_by(GLASS.c.explained != "", GLASS.c.seq)
    with exchange.reading() as connection:
        rows = connection.execute(query if reader is None else query.where(GLASS.c.reader == reader)).all()
    return [_glass(row) for row in rows]


def open_glass(exchange: Core, reader: str, stream: str, now: datetime) -> Glass | None:
    """The glass through which a reader may look at a card now; nothing when there is none."""
    mine = [g for g in glasses(exchange, reader) if g.stream == stream and g.broken <= now < g.broken + OPEN]
    return mine[-1] if mine else None


def _glass(row: Row[Any]) -> Glass:
    broken = datetime.fromisoformat(row.broken)
    explained = datetime.fromisoformat(row.explained) if row.explained else None
    return Glass(
        seq=row.seq, reader=row.reader, stream=row.stream, reason=row.reason, broken=broken, due=broken + EXPLAIN,
        explained=explained, explanation=row.explanation,
    )  # fmt: skip


def _append(exchange: Core, event: NewEvent, act: Act) -> Entry:
    stream = f"reads/{act.actor}"
    with exchange.ledger.transaction() as tx:
        return tx.append(stream, [event], act, expected_version=tx.version(stream))[0]
