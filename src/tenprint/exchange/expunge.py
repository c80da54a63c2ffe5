"""Expungement: what is known of a card's subject or of an enrolled identity is destroyed, and that it was is recorded.

Sealed fields lose their key, and the bytes that held a name or a print are deleted. Hashes, dates and reasons stay, so
that the ledger still verifies and everybody can see that something was here. Copies made earlier (backups, answers that
an agency has received) are their keepers' duty.
"""

from __future__ import annotations

import msgspec

from tenprint.cases import Case
from tenprint.cases.card.events import System
from tenprint.exchange import archive, immigration, outbox
from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError, UnknownError
from tenprint.exchange.rights import register
from tenprint.exchange.schema import ANSWER, CARD, ENCOUNTER, PROBE
from tenprint.ledger import Act, Entry, NewEvent

CARD_EXPUNGED = "card.expunged"
IDENTITY_EXPUNGED = "identity.expunged"
LITIGATION_HOLD = "litigation.hold"
LITIGATION_LIFTED = "litigation.lifted"


class Expunged(msgspec.Struct, frozen=True, kw_only=True):
    """What was destroyed."""

    what: str
    """Control number of the card, or the identity."""
    card: bool = False
    """Whether the card's bytes were here."""
    templates: int = 0
    answers: int = 0
    sealed: int = 0
    """Events whose sealed fields can no longer be read."""
    encounters: int = 0
    """Traces of matches in the immigration system."""


def expunge_card(
    exchange: Core, tcn: str, reason: str, act: Act, ori: str | None = None, *, second: str = ""
) -> Expunged:
    """Destroy what is known of the subject of one card: sealed fields, bytes, templates, answers, traces of a match.

    Args:
        exchange: Where.
        tcn: Control number of the card.
        reason: The order or the rule, by name or number.
        act: Who, in a role that may, and when.
        ori: Submitting agency, when two used the same control number.
        second: The second person: registered, and not the actor.

    Raises:
        UnknownError: when there is no such submission.
        ExchangeError: without an order by its number, or a second person; while the card is on its road, or somebody
            still owes something to the person.
        NotAllowedError: when the actor is not registered in that role.
    """
    exchange.vouch(act)
    _check_reason(reason)
    _check_second(exchange, act, second)
    stream = exchange.stream_of(tcn, ori)
    case = exchange.load(stream).case
    taken = case.submission or case.rejection
    if case.closed is None or taken is None:
        raise ExchangeError(f"{tcn} is still on its road: expected a card that has arrived. Run tenprint resume first")
    _check_nothing_open(exchange, stream, case, tcn)
    with exchange.ledger.transaction() as tx:
        sealed = sum(e.sealed is not None for e in tx.stream(stream) if e.subject == stream)
        if sealed:
            tx.expunge(stream, act)
        c = tx.connection
        outbox.forget(c, stream, [r.body for r in case.responses])
        done = Expunged(
            what=tcn,
            card=archive.drop_card(c, taken.card),
            templates=archive.drop_templates(c, taken.card) + exchange.criminal.remove_card(c, taken.card),
            answers=archive.drop_answers(c, [r.body for r in case.responses]),
            sealed=sealed,
            encounters=immigration.forget_encounter(c, taken.controlling_ori, tcn),
        )
        record = stream_of_record(stream)
        data = {"subject": stream, "card": taken.card, "reason": reason, "second": second, **_counts(done)}
        event = NewEvent(CARD_EXPUNGED, data)
        tx.append(record, [event], act, expected_version=tx.version(record))
        tx.expunged = True  # no copy may stay in the database's log, sealed fields or not
    _vacuum(exchange, PROBE.name, CARD.name, ANSWER.name, ENCOUNTER.name, *exchange.criminal.tables)
    return done


def _check_nothing_open(exchange: Core, stream: str, case: Case, tcn: str) -> None:
    """Refuse while a request, a hold, a claim, an incident, a complaint or a litigation hold concerns the case."""
    held = exchange.custody(stream).released_at(exchange.ledger.now()) is not None
    if held or case.detainer is not None or case.open_claims or case.open_incidents:
        raise ExchangeError(
            f"{tcn}: a request to hold, a hold, a claim or an incident is open. What protects a person is not "
            "destroyed while it is needed: end it first"
        )
    numbers = _complaints_about(exchange, tcn)
    if numbers:
        raise ExchangeError(
            f"{tcn}: complaint {', '.join(numbers)} concerns this case and is open: what shows what happened is kept "
            "until it is closed"
        )
    holds = litigation_holds(exchange, stream)
    if holds:
        raise ExchangeError(f"{tcn}: a litigation hold is in force ({', '.join(holds)}): lift it first")


def _complaints_about(exchange: Core, tcn: str) -> list[str]:
    """Numbers of the open complaints that are linked to a card."""
    with exchange.reading() as connection:
        numbers = [str(row.number) for row in register.rows(connection, only_open=True)]
    return [
        number
        for number in numbers
        if any(
            e.kind == "complaint.linked" and e.data["tcn"] == tcn for e in exchange.ledger.stream(f"complaint/{number}")
        )
    ]


def litigation_holds(exchange: Core, stream: str) -> tuple[str, ...]:
    """Orders to keep everything about a case that nobody has lifted, by their numbers."""
    held: dict[str, bool] = {}
    for entry in exchange.ledger.stream(f"litigation/{stream}"):
        held[str(entry.data["order"])] = entry.kind == LITIGATION_HOLD
    return tuple(order for order, on in held.items() if on)


def keep_for_litigation(exchange: Core, tcn: str, order: str, act: Act, *, lift: bool = False) -> None:
    """Record an order to keep everything about a case, or that it was lifted.

    Raises:
        UnknownError: when there is no such case.
        ExchangeError: without the order's number.
    """
    exchange.vouch(act)
    if not order.strip():
        raise ExchangeError("expected the number of the order; got none")
    stream = f"litigation/{exchange.stream_of(tcn)}"
    with exchange.ledger.transaction() as tx:
        kind = LITIGATION_LIFTED if lift else LITIGATION_HOLD
        tx.append(stream, [NewEvent(kind, {"order": order})], act, expected_version=tx.version(stream))


def expunge_identity(
    exchange: Core, system: System, identity: str, reason: str, act: Act, *, second: str = ""
) -> Expunged:
    """Destroy the prints of one enrolled identity: no search of that system finds the person any more.

    Raises:
        UnknownError: when nobody is enrolled under that number.
        ExchangeError: without a reason.
        NotAllowedError: when the actor is not registered in that role.
    """
    exchange.vouch(act)
    _check_reason(reason)
    _check_second(exchange, act, second)
    prints = {"criminal": exchange.criminal, "immigration": exchange.immigration}[system]
    with exchange.ledger.transaction() as tx:
        templates = prints.remove(tx.connection, identity)
        if not templates:
            raise UnknownError(f"nobody is enrolled as {identity!r} in the {system} system")
        encounters = immigration.forget_identity(tx.connection, identity) if system == "immigration" else 0
        done = Expunged(what=identity, templates=templates, encounters=encounters)
        stream = f"{system}/{identity}"
        data = {"system": system, "identity": identity, "reason": reason, **_counts(done)}
        tx.append(stream, [NewEvent(IDENTITY_EXPUNGED, data)], act, expected_version=tx.version(stream))
        tx.expunged = True
    _vacuum(exchange, *prints.tables, ENCOUNTER.name)
    return done


def record(exchange: Core, stream: str) -> Entry | None:
    """The latest expungement of a card, by the stream of its case; nothing when it was not expunged."""
    entries = exchange.ledger.stream(stream_of_record(stream))
    return entries[-1] if entries else None


def stream_of_record(stream: str) -> str:
    """Where the expungement of a card is recorded: beside its case, whose words stay those of the case."""
    return f"expungement/{stream}"


def _check_reason(reason: str) -> None:
    if not any(c.isdigit() for c in reason):
        raise ExchangeError(f"expected the court order or the rule, by its number; got {reason!r}")


def _check_second(exchange: Core, act: Act, second: str) -> None:
    if not second.strip():
        raise ExchangeError("expunging takes a second person: name one who is registered: --second NAME")
    if second == act.actor:
        raise ExchangeError(f"{act.actor} cannot be the second person of their own act")
    roles = exchange.person(second).roles
    if not set(roles) & {"administrator", "bureau", "supervisor", "rights"}:
        raise ExchangeError(f"{second} is registered as {', '.join(roles)}: a second person is administrator or bureau")


def _counts(done: Expunged) -> dict[str, object]:
    return {"bytes": done.card, "templates": done.templates, "answers": done.answers, "encounters": done.encounters}


def _vacuum(exchange: Core, *tables: str) -> None:
    """Let PostgreSQL free the deleted rows now; SQLite overwrites them when they are deleted (`secure_delete`)."""
    if exchange.ledger.engine.dialect.name == "sqlite":
        return
    with exchange.ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")
