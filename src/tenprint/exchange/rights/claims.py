"""The civil-rights office: claims of citizens, victims, witnesses and wrong persons that nobody has answered yet."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.exchange import docket
from tenprint.exchange.core import Core


class OpenClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim without an answer."""

    tcn: str
    agency: str
    number: int
    claim: str
    channel: str
    owner: str
    """Who owes the answer."""
    due: datetime
    """On the clock of the booking agency."""
    overdue: bool


def open_claims(exchange: Core) -> list[OpenClaim]:
    """Claims that nobody has answered, the earliest due first."""
    with exchange.reading() as connection:
        streams = docket.watched(connection)
    now = exchange.ledger.now()
    found = []
    for case in (exchange.load(stream).case for stream in streams):
        if case.submission is None or not case.open_claims:
            continue
        zone = ZoneInfo(exchange.zone(case) or "UTC")
        found += [
            OpenClaim(
                tcn=case.submission.tcn,
                agency=case.submission.controlling_ori,
                number=claim.made.number,
                claim=claim.made.claim,
                channel=claim.made.channel,
                owner=claim.made.owner,
                due=claim.made.due.astimezone(zone),
                overdue=now > claim.made.due,
            )
            for claim in case.open_claims
        ]
    return sorted(found, key=lambda c: c.due)
