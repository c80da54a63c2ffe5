"""`jail`: what the local facility does with a request, and the moments that its clock needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tenprint.cli.common import FINDINGS, As, At, Db, Json, emit, existing, fail, out
from tenprint.cli.opening import Ori, Tcn, clock, opened, perform, report, stated

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The jail: a request is acknowledged, served or declined; a hold starts and ends.",
)

Moment = Annotated[str | None, typer.Option("--moment", help="When it happened, if not at the time of --at.")]


Document = Annotated[str, typer.Option("--document", help="The paper that shows it, where one is needed.")]
Second = Annotated[
    str, typer.Option("--second", help="The second person, where two are needed: registered, and not you.")
]
Facility = Annotated[
    str, typer.Option("--facility", help="ORI of the facility; yours or the booking agency's if left out.")
]


@app.callback()
def group() -> None:
    """The jail: a request is acknowledged, served or declined; a hold starts and ends."""


@app.command()
def acknowledge(
    tcn: Tcn,
    db: Db,
    name: As,
    note: Annotated[str, typer.Option("--note", help="Booking number, expected release.")] = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Say that the form has arrived.

    Example: tenprint jail acknowledge TCN --db county.db --as jane
    """
    from tenprint.cases.card.commands import Acknowledge

    perform(db, tcn, name, at, Acknowledge, lambda _x, _t: Acknowledge(note=note), ori=ori, json=json)


@app.command()
def serve(
    tcn: Tcn,
    db: Db,
    name: As,
    language: Annotated[
        str, typer.Option("--language", help="Language of the copy, as whoever handed it over says; not assumed.")
    ] = "not stated",
    document: Document = "",
    second: Second = "",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person was given a copy. Form I-247A takes effect from this moment on.

    A service of an earlier day (--moment) needs the signed copy and a second person, and counts from its telling.

    Example: tenprint jail serve TCN --language Spanish --db county.db --as jane --at 2012-11-07T11:00
    """
    from tenprint.cases.card.commands import Serve
    from tenprint.exchange.jail import say_hold

    perform(
        db, tcn, name, at, Serve,
        lambda x, t: Serve(
            language=language, served_at=clock(x, moment, t, tcn, ori), document=document, second=second
        ),
        ori=ori, json=json, note=say_hold,
    )  # fmt: skip


@app.command()
def honor(
    tcn: Tcn,
    db: Db,
    name: As,
    under: Annotated[str, typer.Option("--under", help="The authority that you rely on, by name or number.")],
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Honor the request that stands, naming the authority that you rely on. Without this act nobody is held on it.

    It may come before the release moment, is for one request, and never makes past hours lawful.

    Example: tenprint jail honor TCN --under "county order 12" --db county.db --as jane --at 2012-11-08T09:00
    """
    from tenprint.cases.card.commands import HonorRequest
    from tenprint.exchange.jail import say_hold

    perform(
        db, tcn, name, at, HonorRequest, lambda _x, _t: HonorRequest(under=under), ori=ori, json=json,
        note=say_hold,
    )  # fmt: skip


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


@app.command()
def decline(
    tcn: Tcn,
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="Why the request is not honored.")],
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Do not honor the request: a normal answer to a request.

    Example: tenprint jail decline TCN --reason "county ordinance" --db county.db --as jane
    """
    from tenprint.cases.card.commands import Decline

    perform(db, tcn, name, at, Decline, lambda _x, _t: Decline(reason=reason), ori=ori, json=json)


@app.command("release-eligible")
def release_eligible(
    tcn: Tcn,
    db: Db,
    name: As,
    reason: Annotated[
        Literal[
            "bond_posted", "charges_dropped", "sentence_served", "acquitted", "recognizance", "court_order", "other"
        ],
        typer.Option("--reason", help="Why the person would walk out now."),
    ],
    document: Annotated[str, typer.Option("--document", help="The paper that shows it. No clock without one.")],
    moment: Moment = None,
    corrects: Annotated[bool, typer.Option("--corrects", help="Correct the moment; the earlier one counts.")] = False,
    matter_number: Annotated[int, typer.Option("--matter", help="Which matter ended; 1 is the booking.")] = 1,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person would walk out now: the clock of a request to hold starts from here, and from nothing else.

    With no request to hold in force it says so: then the person is free to leave at that moment.

    Example: tenprint jail release-eligible TCN --reason bond_posted --document "receipt 4711"
    --db county.db --as jane --at 2012-11-09T15:00
    """
    from tenprint.cases.card.commands import RecordReleaseEligible
    from tenprint.exchange.jail import say_hold

    perform(
        db, tcn, name, at, RecordReleaseEligible,
        lambda x, t: RecordReleaseEligible(
            at=clock(x, moment, t, tcn, ori), reason=reason, document=document, corrects=corrects,
            matter=matter_number,
        ),
        ori=ori, json=json, note=say_hold,
    )  # fmt: skip


@app.command()
def custody(
    tcn: Tcn,
    db: Db,
    name: As,
    warrant: Annotated[
        Literal["I-200", "I-205", "judicial"] | None, typer.Option("--warrant", help="Warrant they came with.")
    ] = None,
    warrant_number: Annotated[str, typer.Option("--warrant-number", help="Its number.")] = "",
    warrant_issuer: Annotated[str, typer.Option("--warrant-issuer", help="Who issued it.")] = "",
    stays: Annotated[
        bool, typer.Option("--stays", help="In the same building: the ground changes, the person stays.")
    ] = False,
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Federal officers have come and taken the person. Without a determination and a warrant it is an incident too.

    Example: tenprint jail custody TCN --db county.db --as jane --at 2012-11-13T09:00
    """
    from tenprint.cases.card.commands import AssumeCustody
    from tenprint.cases.custody.events import Warrant

    if warrant is not None and not (warrant_number and warrant_issuer):
        fail("a warrant is a record: say --warrant-number and --warrant-issuer")
    record = Warrant(form=warrant, number=warrant_number, issuer=warrant_issuer) if warrant is not None else None
    perform(
        db, tcn, name, at, AssumeCustody,
        lambda x, t: AssumeCustody(at=clock(x, moment, t, tcn, ori), warrant=record, stays=stays), ori=ori, json=json,
    )  # fmt: skip


@app.command()
def release(
    tcn: Tcn,
    db: Db,
    name: As,
    how: Annotated[
        Literal[
            "RELEASED",
            "NEW_CRIMINAL_HOLD",
            "TRANSFERRED",
            "DIED",
            "COURT_ORDER",
            "ESCAPED",
            "RELEASED_IN_ERROR",
            "TEMPORARY",
        ],
        typer.Option("--how", help="How the person left; NEW_CRIMINAL_HOLD: another matter keeps them."),
    ] = "RELEASED",
    document: Document = "",
    to: Annotated[str, typer.Option("--to", help="ORI of the facility that a transfer goes to.")] = "",
    guarded: Annotated[
        bool, typer.Option("--guarded", help="Away under guard (a hospital): still in this facility's custody.")
    ] = False,
    charge: Annotated[str, typer.Option("--charge", help="Of a new criminal hold: the charge.")] = "",
    agency: Annotated[str, typer.Option("--agency", help="Of a new criminal hold: court or agency.")] = "",
    second: Second = "",
    custody_of: Annotated[
        Literal["LOCAL", "ICE"], typer.Option("--custody", help="Whose custody the person left.")
    ] = "LOCAL",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person has left the jail.

    A leaving of an earlier day, or one before an open incident, needs its paper and a second person.

    Example: tenprint jail release TCN --db county.db --as jane --at 2012-11-14T15:00
    """
    from tenprint.cases.card.commands import ReleasePerson

    perform(
        db, tcn, name, at, ReleasePerson,
        lambda x, t: ReleasePerson(
            at=clock(x, moment, t, tcn, ori), custody=custody_of, how=how, document=document, to=to, guarded=guarded,
            charge=charge, agency=agency, second=second,
        ),
        ori=ori, json=json,
    )  # fmt: skip


@app.command()
def cost(
    tcn: Tcn,
    db: Db,
    name: As,
    hours: Annotated[float, typer.Option("--bed-hours", help="Bed-hours past release.")],
    payer: Annotated[str, typer.Option("--payer", help="Who paid, such as the county.")],
    cents: Annotated[int | None, typer.Option("--cents", help="Amount in cents.")] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Record what a hold cost, and who paid.

    Example: tenprint jail cost TCN --bed-hours 48 --payer county --db county.db --as jane
    """
    from tenprint.cases.card.commands import RecordCost

    command = RecordCost(bed_hours=hours, payer=payer, amount_cents=cents)
    perform(db, tcn, name, at, RecordCost, lambda _x, _t: command, ori=ori, json=json)
