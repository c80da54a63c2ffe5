"""`custody`: where a person was, on what, what is left when one is taken from the other; and whose cards are one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from tenprint.cli.common import As, At, Db, Json, emit, out
from tenprint.cli.opening import Ori, Tcn, opened, perform, stated

if TYPE_CHECKING:
    from tenprint.cases.custody.view import Custody

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Custody: presence, authority and their difference; one person's cards.",
)

Second = Annotated[str, typer.Option("--second", help="The second person: registered, and not you.")]


@app.callback()
def group() -> None:
    """Custody: presence, authority and their difference; one person's cards."""


@app.command()
def show(tcn: Tcn, db: Db, at: At = None, ori: Ori = None, json: Json = False) -> None:
    """Where the person was and what allowed it, minute by minute, and the minutes that nothing allowed.

    An open stretch runs to --at (default: the ledger's clock); minutes after the last word are told apart.

    Example: tenprint custody show TCN --db county.db
    """
    with opened(db) as exchange:
        when = stated(exchange, at, tcn=tcn, ori=ori) or exchange.ledger.now()
        around = exchange.surroundings(exchange.stream_of(tcn, ori))
        whole = around.whole
        zone = ZoneInfo(around.zone or "UTC")
        cards = [c.submission.tcn for c in (around.case, *around.others) if c.submission]
    found = as_data(whole, when, zone)
    if json:
        emit({"tcn": tcn, "cards": sorted(cards), "at": when.astimezone(zone).isoformat(), **found})
        return
    _tell(tcn, cards, found)


def as_data(whole: Custody, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """A custody as JSON, looked at from a moment, on the clock of the facility."""

    def clock(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat()

    gaps = [g for g in whole.gaps if g.start < at]
    return {
        "presence": [
            {
                "from": clock(p.start), "to": clock(p.end), "facility": p.facility, "how": p.how,
                "confirmed_to": clock(p.confirmed_to),
            }
            for p in whole.presence
        ],
        "authority": [
            {
                "from": clock(a.start), "to": clock(a.end), "ground": a.ground, "why": a.why, "document": a.document,
                "limit": clock(a.limit), "tcn": a.tcn,
            }
            for a in whole.authority
        ],
        "without_authority": [
            {
                "from": clock(g.start), "to": clock(g.until(at)), "open": g.end is None or g.end > at,
                "minutes": g.minutes(at), "confirmed_minutes": g.minutes(min(at, max(g.confirmed_to, g.start))),
                "cause": g.cause, "owes": g.owes, "facility": g.facility,
            }
            for g in gaps
        ],
        "minutes_without_authority": sum(g.minutes(at) for g in gaps),
    }  # fmt: skip


def _tell(tcn: str, cards: list[str], found: dict[str, Any]) -> None:
    out.print(f"{tcn}: " + (f"cards {', '.join(sorted(cards))}" if len(cards) > 1 else "one card"), markup=False)
    for p in found["presence"]:
        ends = f"to {p['to']} ({p['how']})" if p["to"] else f"still there as of {p['confirmed_to']}"
        out.print(f"  present    {p['from']} {ends}  at {p['facility']}", markup=False)
    for a in found["authority"]:
        limit = f", limit {a['limit']}" if a["limit"] else ""
        paper = f" ({a['document']})" if a["document"] else ""
        out.print(
            f"  allowed    {a['from']} to {a['to'] or 'now'}  {a['ground']}: {a['why']}{paper}{limit}", markup=False
        )
    for g in found["without_authority"]:
        hours, minutes = divmod(g["minutes"], 60)
        out.print(
            f"  NOTHING    {g['from']} to {g['to']}  {hours} h {minutes:02} min without authority: {g['cause']} "
            f"({g['owes']} owes the end of it)",
            markup=False,
        )
    if not found["without_authority"]:
        out.print("  No minute without authority.", markup=False)


@app.command()
def join(
    tcn: Tcn,
    other: Annotated[str, typer.Argument(metavar="EARLIER", help="Control number of the earlier card.")],
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="What shows that it is the same custody.")],
    at: At = None,
    json: Json = False,
) -> None:
    """This card belongs to the custody of an earlier card. The road does it by itself when the prints say so.

    Example: tenprint custody join TCN EARLIER --reason "same booking number" --db county.db --as jane
    """
    from tenprint.cases.card.commands import JoinCustody

    def build(exchange: Any, _t: datetime) -> JoinCustody:
        return JoinCustody(custody=exchange.stream_of(other), tcn=other, why=reason, reason="present")

    perform(db, tcn, name, at, JoinCustody, build, json=json)


@app.command()
def apart(
    tcn: Tcn,
    other: Annotated[str, typer.Argument(metavar="EARLIER", help="Control number of the earlier card.")],
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="What shows that they are two. Mandatory.")],
    second: Second = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Keep two cards apart: they are two people, or two custodies. It takes a reason and a second person.

    Example: tenprint custody apart TCN EARLIER --reason "twins, examined" --second eva --db county.db --as jane
    """
    from tenprint.cases.card.commands import KeepApart

    def build(exchange: Any, _t: datetime) -> KeepApart:
        return KeepApart(custody=exchange.stream_of(other), reason=reason, second=second)

    perform(db, tcn, name, at, KeepApart, build, json=json)


@app.command()
def find(
    number: Annotated[str, typer.Argument(help="UCN, FIN or the jail's booking number.")], db: Db, json: Json = False
) -> None:
    """The cards of a person, by the number that somebody has: UCN, FIN, booking number.

    Example: tenprint custody find N00000001 --db county.db
    """
    from tenprint.exchange import people

    with opened(db) as exchange:
        with exchange.reading() as connection:
            streams = people.find(connection, number)
        cases = [exchange.load(s).case for s in streams]
    rows = [
        {"tcn": c.submission.tcn, "agency": c.submission.controlling_ori, "arrested": str(c.submission.date_of_arrest)}
        for c in cases
        if c.submission
    ]
    if json:
        emit(rows)
        return
    for row in rows:
        out.print(f"{row['tcn']}  {row['agency']}  arrested {row['arrested']}", markup=False)
    if not rows:
        out.print(f"No card of a person with the number {number} is known here.", markup=False)
