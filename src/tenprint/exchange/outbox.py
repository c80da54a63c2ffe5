"""Answers on their way out: addressed with the card, written whole or not at all, acknowledged, retried, listed.

Where the answers of a card go is stored in the transaction that takes the card in; that an answer arrived is stored
after its file is on the disk under its name. What is due follows from both, so that a crash at any point leaves an
answer due or delivered and never lost. An answer that was written and not acknowledged is written again, the same bytes
under the same name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from tenprint.cases import Case
from tenprint.exchange import archive
from tenprint.exchange.core import Core
from tenprint.exchange.schema import ADDRESS, DELIVERY

ROAD = "*"
"""Every answer that the road of a card gives."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that has not arrived.

    Attributes:
        stream: Of the case.
        tcn: Control number of the card.
        kind: SRE, ERRT, IDR or IAR.
        folder: Where it goes.
        file: Its name there.
        answer: SHA-256 of its bytes, hex.
        attempts: How often it was tried in vain.
        trouble: What came of the last attempt.
    """

    stream: str
    tcn: str
    kind: str
    folder: str
    file: str
    answer: str
    attempts: int = 0
    trouble: str = ""


def file_name(tcn: str, kind: str, own: str) -> str:
    """Name of an answer's file: the card's control number, the kind, and its own number where there may be several."""
    safe = stem(tcn)
    return f"{safe}.{kind}.eft" if kind != "IAR" else f"{safe}.{kind}.{own[-6:]}.eft"


def stem(tcn: str) -> str:
    """A control number as the beginning of a file's name: letters, digits and ``-_.`` stay."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in tcn)


def address(connection: Connection, stream: str, folder: Path, kind: str = ROAD) -> None:
    """Say where answers of a card go; saying it again changes nothing, but for what is due there."""
    row = {"stream": stream, "folder": str(folder.absolute()), "kind": kind}
    where = [ADDRESS.c[name] == value for name, value in row.items()]
    if connection.execute(select(ADDRESS.c.stream).where(*where)).first():
        connection.execute(update(ADDRESS).where(*where).values(waiting=True))
    else:
        connection.execute(insert(ADDRESS).values(**row, waiting=True))


def forget(connection: Connection, stream: str, answers: Sequence[str]) -> None:
    """Forget where the answers of an expunged card went."""
    connection.execute(delete(ADDRESS).where(ADDRESS.c.stream == stream))
    connection.execute(delete(DELIVERY).where(DELIVERY.c.answer.in_(answers)))


def due(exchange: Core, stream: str | None = None) -> list[Due]:
    """Answers that have an address and have not arrived, of one card or of all."""
    return [answer for _, answers in _waiting(exchange, stream) for answer in answers]


def _waiting(exchange: Core, stream: str | None) -> Iterator[tuple[tuple[str, str, str], list[Due]]]:
    """Every address that still waits, with what is due there now."""
    query = select(ADDRESS.c.stream, ADDRESS.c.folder, ADDRESS.c.kind).where(ADDRESS.c.waiting)
    with exchange.reading() as connection:
        rows = connection.execute(query if stream is None else query.where(ADDRESS.c.stream == stream)).all()
    for one, folder, kind in rows:
        case = exchange.load(one).case
        with exchange.reading() as connection:
            yield (one, folder, kind), list(_due(connection, case, one, folder, kind))


def _due(connection: Connection, case: Case, stream: str, folder: str, kind: str) -> Iterator[Due]:
    taken = case.submission or case.rejection
    for told in case.responses:
        if taken is None or not told.body or (told.response == "IAR") != (kind == "IAR"):
            continue
        tried = connection.execute(
            select(DELIVERY).where(DELIVERY.c.answer == told.body, DELIVERY.c.folder == folder)
        ).first()
        if tried is None or tried.delivered_at is None:
            yield Due(
                stream=stream, tcn=taken.tcn, kind=told.response, folder=folder, answer=told.body,
                file=file_name(taken.tcn, told.response, told.tcn), attempts=tried.attempts if tried else 0,
                trouble=tried.trouble if tried else "",
            )  # fmt: skip


def deliver(exchange: Core, stream: str | None = None) -> list[Due]:
    """Write every answer that is due, and acknowledge it; what cannot be written stays due, with the reason.

    Returns:
        What has arrived now.
    """
    arrived: list[Due] = []
    for (one, folder, kind), answers in _waiting(exchange, stream):
        written, failed = [], []
        for answer in answers:
            try:
                with exchange.reading() as connection:
                    content = archive.answer_content(connection, answer.answer)
                _write(Path(answer.folder) / answer.file, content)
                written.append(answer)
            except OSError as wrong:
                trouble = f"{answer.file}: cannot be written into {folder}: {wrong.strerror or wrong}"
                failed.append(msgspec.structs.replace(answer, attempts=answer.attempts + 1, trouble=trouble))
                exchange.troubles.append(f"{trouble}. It stays in the outbox.")
        ended = kind == "IAR" or exchange.load(one).case.closed is not None
        if answers or ended:
            with exchange.ledger.transaction() as tx:
                for answer in (*written, *failed):
                    _acknowledge(tx.connection, answer, arrived=answer in written)
                if ended and not failed:
                    where = (ADDRESS.c.stream == one, ADDRESS.c.folder == folder, ADDRESS.c.kind == kind)
                    tx.connection.execute(update(ADDRESS).where(*where).values(waiting=False))
        arrived += written
    return arrived


def _acknowledge(connection: Connection, answer: Due, *, arrived: bool) -> None:
    where = (DELIVERY.c.answer == answer.answer, DELIVERY.c.folder == answer.folder)
    known = connection.execute(select(DELIVERY.c.delivered_at).where(*where)).first()
    if known is not None and known.delivered_at is not None:
        return  # somebody else was quicker
    connection.execute(delete(DELIVERY).where(*where))
    connection.execute(
        insert(DELIVERY).values(
            answer=answer.answer, folder=answer.folder, attempts=answer.attempts, trouble=answer.trouble,
            delivered_at=datetime.now(UTC).isoformat(timespec="seconds") if arrived else None,
        )
    )  # fmt: skip


def _is_alive(process: str) -> bool:
    """Whether a process of that number runs; where that cannot be asked, it is taken to."""
    if os.name != "posix":
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError, OverflowError):
        return True
    return True


def _write(path: Path, content: bytes) -> None:
    """A file that names people: whole or not at all, on the disk, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        hidden.replace(path)
        for left in path.parent.glob(f".{path.name}.*.new"):
            if not _is_alive(left.name.split(".")[-2]):  # of a process that was killed here
                left.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        hidden.unlink(missing_ok=True)
