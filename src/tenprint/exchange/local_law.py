"""A county's own rows of law, such as an order that was just served: recorded on the ledger and signed, never ours.

They are read beside the rows that come with the program, each marked as added, with the day from which it was known.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tenprint import law
from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError
from tenprint.exchange.local_rows import ADDED, STREAM, marked, rows_on
from tenprint.ledger import Act, NewEvent
from tenprint.proof.notes import parse_note, sign_text, verify_signatures


def add(exchange: Core, text: str, act: Act) -> tuple[law.HoldRow, ...]:
    """Record the rows of a file.

    Args:
        exchange: The exchange.
        text: TOML, one `[[row]]` a text, as in the tables that come with the program.
        act: Who adds them, and when.

    Returns:
        The rows, marked as added, with the day of this act as `known_on` where the file names none.

    Raises:
        TablesError: listing every fault of the file.
        ExchangeError: when a row would have the name of another one.
    """
    exchange.vouch(act)
    today = act.occurred_at.astimezone(ZoneInfo(exchange.zone_of(act.actor) or "UTC")).date()
    rows = tuple(marked(row, today) for row in law.rows_of(text))
    with exchange.ledger.transaction() as tx:
        known = {row.id for row in (*law.place_rows(), *rows_on(tx.connection))}
        taken = sorted(known & {row.id for row in rows})
        if taken:
            raise ExchangeError(f"there is a row called {', '.join(taken)} already; give each row an id of its own")
        data = {"text": text, "known_on": today.isoformat(), "note": sign_text(_body(text), [exchange.ledger.signer])}
        tx.append(STREAM, [NewEvent(ADDED, data)], act, expected_version=tx.version(STREAM))
    return rows


def _body(text: str) -> str:
    """A text that a note can carry: it ends in a newline and has no carriage return or tab."""
    return text.replace("\r", "").replace("\t", " ").rstrip("\n") + "\n"


def rows(exchange: Core) -> tuple[law.HoldRow, ...]:
    """Every row that was added, after its signature was checked against the ledger's key.

    Raises:
        ProofError: when what is on the ledger is not what was signed.
    """
    for entry in exchange.ledger.stream(STREAM):
        note = parse_note(entry.data["note"])
        verify_signatures(note.text, note.signatures, [exchange.ledger.verifier])
        if note.text != _body(entry.data["text"]):
            raise ExchangeError("a row of local law is not the text that was signed")
    with exchange.reading() as connection:
        return rows_on(connection)
