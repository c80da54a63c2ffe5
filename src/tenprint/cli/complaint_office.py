"""Acts of the rights office upon a complaint: one command each, all part of the group `complaint`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import As, At, Db, Json, emit, fail, out, tell, typed
from tenprint.cli.opening import opened, stated

if TYPE_CHECKING:
    from tenprint.exchange.rights import Rights

app = typer.Typer(rich_markup_mode=None)

Number = Annotated[str, typer.Argument(help="Number of the complaint, such as 2012-00001.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why. Mandatory.", show_default=False)]


@contextmanager
def office(db: str) -> Iterator[Rights]:
    """The rights office of an exchange."""
    from tenprint.exchange.rights import Rights

    with opened(db) as exchange:
        yield Rights(exchange)


def act(db: str, number: str, name: str, at: str | None, command: Callable[[], Any], *, json: bool) -> None:
    """One act upon a complaint, and a sentence about everything that followed."""
    from tenprint.cases.complaint.words import say

    with office(db) as rights:
        when = stated(rights.exchange, at, name=name)
        made = rights.do(number, command(), name, when)
    tell(number, made, say, json=json)


@app.command()
def acknowledge(number: Number, db: Db, name: As, at: At = None, json: Json = False) -> None:
    """Say that a person has read it.

    Example: tenprint complaint acknowledge 2012-00001 --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Acknowledge

    act(db, number, name, at, Acknowledge, json=json)


@app.command()
def triage(
    number: Number,
    route: Annotated[
        Literal["RETAINED", "INSPECTOR_GENERAL", "JUSTICE", "COMPONENT", "DUPLICATE", "OUT_OF_SCOPE"],
        typer.Argument(help="Where it goes."),
    ],
    db: Db,
    name: As,
    reason: Reason,
    to: Annotated[str, typer.Option("--to", help="The office it is sent on to.")] = "",
    county: Annotated[str, typer.Option("--county", help="Five-digit FIPS code of where it happened.")] = "",
    happened_on: Annotated[str | None, typer.Option("--happened-on", help="The day: 2012-11-05.")] = None,
    duplicate_of: Annotated[str, typer.Option("--duplicate-of", help="The complaint that it repeats.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Say where it goes. What is not for this office is sent on with a reason; of local officers Justice is told.

    Example: tenprint complaint triage 2012-00001 RETAINED --reason "within scope" --county 48453
    --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Triage

    try:
        day = date.fromisoformat(happened_on) if happened_on else None
    except ValueError:
        fail(f"--happened-on: expected a date such as 2012-11-05, got {happened_on!r}")
    command = Triage(route=route, reason=reason, to=to, county=county, happened_on=day, duplicate_of=duplicate_of)
    act(db, number, name, at, lambda: command, json=json)


@app.command()
def referral(
    number: Number,
    which: Annotated[int, typer.Argument(help="Number of the referral.")],
    db: Db,
    name: As,
    document: Annotated[str, typer.Option("--document", help="Letter or message that says so.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """Record that the other office has it.

    Example: tenprint complaint referral 2012-00001 1 --document "letter of 3 December" --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import AcknowledgeReferral

    act(db, number, name, at, lambda: AcknowledgeReferral(number=which, document=document), json=json)


@app.command()
def investigate(number: Number, db: Db, name: As, at: At = None, json: Json = False) -> None:
    """Begin to look into it.

    Example: tenprint complaint investigate 2012-00001 --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Investigate

    act(db, number, name, at, Investigate, json=json)


@app.command()
def find(
    number: Number,
    result: Annotated[Literal["SUBSTANTIATED", "NOT_SUBSTANTIATED", "INCONCLUSIVE"], typer.Argument(help="Result.")],
    db: Db,
    name: As,
    finding: Annotated[str, typer.Option("--finding", help="What was found, in writing.", show_default=False)],
    evidence: Annotated[list[str], typer.Option("--evidence", help="What it rests on. Repeat it.")],
    at: At = None,
    json: Json = False,
) -> None:
    """State what was found, and on which evidence.

    Example: tenprint complaint find 2012-00001 SUBSTANTIATED --finding "held 71 hours" --evidence "jail log"
    --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Find

    command = Find(result=result, finding=finding, evidence=tuple(evidence))
    act(db, number, name, at, lambda: command, json=json)


@app.command()
def recommend(
    number: Number,
    db: Db,
    name: As,
    to: Annotated[str, typer.Option("--to", help="The component.", show_default=False)],
    text: Annotated[str, typer.Option("--text", help="What it should change.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """Recommend a change to a component; its answer has a due date.

    Example: tenprint complaint recommend 2012-00001 --to "field office" --text "train clerks" --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Recommend

    act(db, number, name, at, lambda: Recommend(to=to, text=text), json=json)


@app.command()
def respond(
    number: Number,
    which: Annotated[int, typer.Argument(help="Number of the recommendation.")],
    answer: Annotated[Literal["CONCUR", "PARTIAL", "NON_CONCUR"], typer.Argument(help="The component's answer.")],
    db: Db,
    name: As,
    by: Annotated[str, typer.Option("--by", help="Who signed for the component.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="Why; mandatory unless it concurs.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Record a component's answer.

    Example: tenprint complaint respond 2012-00001 1 PARTIAL --by director --reason "as money allows"
    --db county.db --as sue
    """
    from tenprint.cases.complaint.commands import Respond

    act(db, number, name, at, lambda: Respond(number=which, answer=answer, reason=reason, by=by), json=json)


@app.command()
def consequence(
    number: Number,
    which: Annotated[int, typer.Argument(help="Number of the finding.")],
    what: Annotated[str, typer.Argument(help="What followed; `none` is an answer.")],
    db: Db,
    name: As,
    reason: Reason,
    at: At = None,
    json: Json = False,
) -> None:
    """Record what followed for whoever was responsible, also when nothing did.

    Example: tenprint complaint consequence 2012-00001 1 none --reason "the deputy has left" --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import RecordConsequence

    act(db, number, name, at, lambda: RecordConsequence(finding=which, what=what, reason=reason), json=json)


@app.command()
def reply(
    number: Number,
    db: Db,
    name: As,
    text: Annotated[str, typer.Option("--text", help="The answer to the filer; `-` reads it.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """Write to the filer, who reads it with the receipt.

    Example: tenprint complaint reply 2012-00001 --text "We asked the jail for its log." --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Write

    act(db, number, name, at, lambda: Write(writer="office", text=typed(text)), json=json)


@app.command()
def link(
    number: Number,
    tcn: Annotated[str, typer.Argument(help="Control number of the card that it is about.")],
    db: Db,
    name: As,
    subject: Annotated[
        bool, typer.Option("--subject/--not-subject", help="The filer is the person of that card.")
    ] = False,
    ori: Annotated[str, typer.Option("--ori", help="Submitting agency, when two used the same number.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Name the case that it is about. With --subject, acts against that person need a supervisor who knows of it.

    Example: tenprint complaint link 2012-00001 TCN --subject --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import LinkCase

    act(db, number, name, at, lambda: LinkCase(tcn=tcn, ori=ori, is_subject=subject), json=json)


@app.command()
def follow(db: Db, name: As, at: At = None, json: Json = False) -> None:
    """Watch over new cards too: every other card of a person whose complaint is open is linked to it.

    Example: tenprint complaint follow --db county.db --as rita
    """
    with office(db) as rights:
        found = rights.follow(name, stated(rights.exchange, at, name=name))
    if json:
        emit([{"number": number, "tcn": tcn} for number, tcn in found])
        return
    for number, tcn in found:
        out.print(f"{number}: acts in case {tcn} now need a supervisor who knows of it", markup=False)
    if not found:
        out.print("No new card of a person who is watched over.")


@app.command()
def close(
    number: Number,
    db: Db,
    name: As,
    reason: Reason,
    summary: Annotated[str, typer.Option("--summary", help="Names nobody; may be published.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """End it, when nothing is left unsaid.

    Example: tenprint complaint close 2012-00001 --reason answered --summary "A hold ran too long."
    --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Close

    act(db, number, name, at, lambda: Close(reason=reason, summary=summary), json=json)


@app.command()
def reopen(number: Number, db: Db, name: As, reason: Reason, at: At = None, json: Json = False) -> None:
    """Take it up again.

    Example: tenprint complaint reopen 2012-00001 --reason "the video was found" --db county.db --as rita
    """
    from tenprint.cases.complaint.commands import Reopen

    act(db, number, name, at, lambda: Reopen(reason=reason), json=json)
