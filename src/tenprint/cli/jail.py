"""`jail`: what the local facility does with a request, and the moments that its clock needs."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tenprint.cli.common import As, At, Db, Json
from tenprint.cli.opening import Ori, Tcn, clock, perform

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The jail: a request is acknowledged, served or declined; a hold starts and ends.",
)

Moment = Annotated[str | None, typer.Option("--moment", help="When it happened, if not at the time of --at.")]


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
    language: Annotated[str, typer.Option("--language", help="Language of the copy that the person got.")] = "English",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person was given a copy. Form I-247A takes effect from this moment on.

    Example: tenprint jail serve TCN --language Spanish --db county.db --as jane --at 2012-11-07T11:00
    """
    from tenprint.cases.card.commands import Serve

    perform(
        db, tcn, name, at, Serve,
        lambda x, t: Serve(language=language, served_at=clock(x, moment, t, tcn, ori)), ori=ori, json=json,
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
    from tenprint.exchange.jail import nobody_may_hold

    perform(
        db, tcn, name, at, RecordReleaseEligible,
        lambda x, t: RecordReleaseEligible(
            at=clock(x, moment, t, tcn, ori), reason=reason, document=document, corrects=corrects
        ),
        ori=ori, json=json, note=nobody_may_hold,
    )  # fmt: skip


@app.command()
def custody(
    tcn: Tcn, db: Db, name: As, moment: Moment = None, at: At = None, ori: Ori = None, json: Json = False
) -> None:
    """Federal officers have come and taken the person: the hold ends.

    Example: tenprint jail custody TCN --db county.db --as jane --at 2012-11-13T09:00
    """
    from tenprint.cases.card.commands import AssumeCustody

    perform(
        db, tcn, name, at, AssumeCustody,
        lambda x, t: AssumeCustody(at=clock(x, moment, t, tcn, ori)), ori=ori, json=json,
    )  # fmt: skip


@app.command()
def release(
    tcn: Tcn,
    db: Db,
    name: As,
    how: Annotated[
        Literal["RELEASED", "NEW_CRIMINAL_HOLD", "TRANSFERRED", "DIED", "COURT_ORDER"],
        typer.Option("--how", help="How the person left, or what ended the hold."),
    ] = "RELEASED",
    document: Annotated[str, typer.Option("--document", help="The paper that shows it, where one is needed.")] = "",
    moment: Moment = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person has left the jail.

    Example: tenprint jail release TCN --db county.db --as jane --at 2012-11-14T15:00
    """
    from tenprint.cases.card.commands import ReleasePerson

    perform(
        db, tcn, name, at, ReleasePerson,
        lambda x, t: ReleasePerson(at=clock(x, moment, t, tcn, ori), custody="LOCAL", how=how, document=document),
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
