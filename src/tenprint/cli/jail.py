"""`jail`: what the local facility does with a request, and the moments that its clock needs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tenprint.cli import whereabouts
from tenprint.cli.common import As, At, Db, Json, fail
from tenprint.cli.opening import Ori, Tcn, clock, perform
from tenprint.cli.whereabouts import Document, Moment, Second

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The jail: a request is acknowledged, served or declined; a hold starts and ends.",
)


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
    paper: Annotated[str, typer.Option("--paper", help="Code of the paper that was handed over.")] = "",
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
            language=language, served_at=clock(x, moment, t, tcn, ori), document=document, second=second,
            paper=paper,
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


app.add_typer(whereabouts.app)
