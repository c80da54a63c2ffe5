"""`jail`: where a person is: booked, there, away and back, and what else keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tenprint.cli.common import FINDINGS, As, At, Db, Json, emit, existing, out
from tenprint.cli.opening import Ori, Tcn, clock, opened, perform, report, stated

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Moment = Annotated[str | None, typer.Option("--moment", help="When it happened, if not at the time of --at.")]
Document = Annotated[str, typer.Option("--document", help="The paper that shows it, where one is needed.")]
Second = Annotated[
    str, typer.Option("--second", help="The second person, where two are needed: registered, and not you.")
]
Facility = Annotated[
    str, typer.Option("--facility", help="ORI of the facility; yours or the booking agency's if left out.")
]


@app.command()
def book(
    tcn: Tcn,
    db: Db,
    name: As,
    number: Annotated[str, typer.Option("--number", help="The jail's booking number.")] = "",
    facility: Facility = "",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person was booked in: presence begins, and the booking number finds the person later.

    Example: tenprint jail book TCN --number 13-00471 --db county.db --as jane --at 2012-11-07T09:40
    """
    from tenprint.cases.card.commands import BookPerson

    perform(
        db, tcn, name, at, BookPerson,
        lambda x, t: BookPerson(at=clock(x, moment, t, tcn, ori), facility=facility, booking_number=number),
        ori=ori, json=json,
    )  # fmt: skip


@app.command()
def confirm(
    tcn: Tcn,
    db: Db,
    name: As,
    note: Annotated[str, typer.Option("--note", help="Cell, count, anything else.")] = "",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person is still there: the last word about where they are.

    Example: tenprint jail confirm TCN --db county.db --as jane --at 2012-11-12T06:00
    """
    from tenprint.cases.card.commands import ConfirmPresence

    perform(
        db, tcn, name, at, ConfirmPresence,
        lambda x, t: ConfirmPresence(at=clock(x, moment, t, tcn, ori), note=note), ori=ori, json=json,
    )  # fmt: skip


@app.command()
def receive(
    tcn: Tcn,
    db: Db,
    name: As,
    facility: Facility = "",
    document: Document = "",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """A transfer arrived: from here on this facility answers for the person. Until then the sender does.

    Example: tenprint jail receive TCN --facility TXSYN2010 --db county.db --as cal --at 2012-11-12T15:00
    """
    from tenprint.cases.card.commands import ReceivePerson
    from tenprint.exchange.transfers import receive as received

    with opened(db) as exchange:
        when = stated(exchange, at, tcn=tcn, ori=ori)
        act = exchange.act(name, ReceivePerson, when)
        where = facility or exchange.agency_of(name)
        moment_ = clock(exchange, moment, act.occurred_at, tcn, ori)
        command = ReceivePerson(at=moment_, facility=where, document=document)
        events = received(exchange, tcn, command, act, ori=ori)
        zone = exchange.zone_of(name)
    report(tcn, events, zone, json=json)


@app.command("return")
def come_back(
    tcn: Tcn,
    db: Db,
    name: As,
    document: Document = "",
    facility: Facility = "",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person is back: from a furlough, a weekend, a hospital, an escape, a release in error.

    Example: tenprint jail return TCN --document "log 88" --db county.db --as jane --at 2012-11-12T18:00
    """
    from tenprint.cases.card.commands import ReturnPerson

    perform(
        db, tcn, name, at, ReturnPerson,
        lambda x, t: ReturnPerson(at=clock(x, moment, t, tcn, ori), document=document, facility=facility),
        ori=ori, json=json,
    )  # fmt: skip


@app.command()
def matter(
    tcn: Tcn,
    db: Db,
    name: As,
    charge: Annotated[str, typer.Option("--charge", help="The charge, or the warrant's number.")],
    agency: Annotated[str, typer.Option("--agency", help="Court or agency whose matter it is.")],
    document: Annotated[str, typer.Option("--document", help="The court's or agency's document, by number.")],
    second: Second = "",
    what: Annotated[
        Literal["new_charge", "warrant", "court_order", "parole", "other_agency", "sentence"],
        typer.Option("--kind", help="What it is."),
    ] = "new_charge",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """A further criminal matter keeps the person: charge, agency, document, and a second person. It restarts no clock.

    It ends with jail release-eligible --matter NUMBER; what was left of a hold then resumes.

    Example: tenprint jail matter TCN --charge "theft, 13-CR-99" --agency "county court 3" --document "warrant 13-99"
    --second jim --db county.db --as jane --at 2012-11-12T14:50
    """
    from tenprint.cases.card.commands import OpenMatter

    perform(
        db, tcn, name, at, OpenMatter,
        lambda x, t: OpenMatter(
            at=clock(x, moment, t, tcn, ori), what=what, charge=charge, agency=agency, document=document, second=second
        ),
        ori=ori, json=json,
    )  # fmt: skip


@app.command("standing-decline")
def standing_decline(
    ori: Annotated[str, typer.Argument(metavar="ORI", help="The facility.", show_default=False)],
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="Why no request is honored.")],
    document: Annotated[str, typer.Option("--document", help="Ordinance, order or policy, by number.")],
    since: Annotated[str, typer.Option("--since", help="First day.")],
    until: Annotated[str | None, typer.Option("--until", help="First day on which it no longer holds.")] = None,
    at: At = None,
) -> None:
    """Decline every request to this facility, once for all: each new one is answered with it at once.

    Example: tenprint jail standing-decline CASYN0730 --reason "no hold without a judge" --document "ordinance 9"
    --since 2014-05-01 --db county.db --as cal
    """
    from datetime import date

    from tenprint.cases.card.commands import Decline
    from tenprint.exchange.directory import StandingDecline
    from tenprint.exchange.jail import record_standing_decline

    with opened(db) as exchange:
        act = exchange.act(name, Decline, stated(exchange, at, name=name))
        end = date.fromisoformat(until) if until else None
        decline = StandingDecline(
            ori=ori, reason=reason, document=document, by=name, since=date.fromisoformat(since), until=end
        )
        record_standing_decline(exchange, decline, act)
    out.print(f"{ori} declines every request from {since}: {reason} ({document})", markup=False)


@app.command()
def roster(
    file: Annotated[Path, typer.Argument(help="CSV with columns tcn, at and, where known, booking_number, state.")],
    db: Db,
    name: As,
    at: At = None,
    json: Json = False,
) -> None:
    """Take the jail's own list: who is there (state in) and who has left (state out), row by row.

    A row of somebody there is the last word about them; rows that were refused are listed, and the exit code is 1.

    Example: tenprint jail roster tonight.csv --db county.db --as jane --at 2012-11-12T23:00
    """
    from tenprint.exchange.roster import take

    with opened(db) as exchange:
        done = take(exchange, existing(file), name, stated(exchange, at, name=name))
    if json:
        emit(done)
    else:
        out.print(f"{done['confirmed']} confirmed, {done['released']} released, {len(done['refused'])} refused.")
        for row in done["refused"]:
            out.print(f"  line {row['line']}: {row['tcn']}: {row['message']}", markup=False)
    if done["refused"]:
        raise typer.Exit(FINDINGS)
