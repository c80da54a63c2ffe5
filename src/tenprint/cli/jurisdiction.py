"""`jurisdiction`: a county's way into the program, its request to stay out, and what it can do today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import As, At, Db, Json, emit, fail, moment, out
from tenprint.cli.opening import opened

if TYPE_CHECKING:
    from tenprint.cases.kernel.value import Command
    from tenprint.exchange.places import PlaceOn

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="A county's way into the program and its request to stay out.",
)

Fips = Annotated[str, typer.Argument(help="Five-digit county code (FIPS), such as 48453.", show_default=False)]
State = Annotated[str, typer.Argument(help="Two letters of a state, such as TX.", show_default=False)]
Document = Annotated[str, typer.Option("--document", help="The paper that shows it, by name or number.")]
On = Annotated[str, typer.Option("--on", help="The day it happened: 2010-03-15.")]
For = Annotated[str, typer.Option("--for", help="The day of activation: 2010-06-01.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Number = Annotated[int, typer.Option("--request", help="Number of the request.")]


@app.callback()
def group() -> None:
    """A county's way into the program and its request to stay out."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"expected a date such as 2012-11-09, got {text!r}")


def _do(
    db: str, name: str, at: str | None, place: str, kind: type[Command], build: Callable[[Any], Command], *, json: bool
) -> None:
    """One act upon a place, and a sentence about what followed."""
    from tenprint.exchange import places

    with opened(db) as exchange:
        places.check_name(place)
        act = exchange.act(name, kind, moment(at, places.zone(place)))
        told = places.do(exchange, place, build, act)
    if json:
        emit({"place": place, "happened": told})
        return
    for line in told or ["nothing changed; it stood so already."]:
        out.print(f"{place}: {line}", markup=False)


@app.command()
def show(
    fips: Fips,
    db: Db,
    on: Annotated[str | None, typer.Option("--on", help="A day; today, or the simulated today, when left out.")] = None,
    json: Json = False,
) -> None:
    """Where a county stands on a day, and what it can do, under which rule from which source.

    Example: tenprint jurisdiction show 48453 --on 2010-09-01 --db county.db
    """
    from zoneinfo import ZoneInfo

    from tenprint.exchange import places

    with opened(db) as exchange:
        clock = ZoneInfo(places.find(fips).zone)
        found = places.on_day(exchange, fips, _day(on) if on else exchange.ledger.now().astimezone(clock).date())
    if json:
        import msgspec

        emit(msgspec.to_builtins(found))
        return
    out.print(f"{found.fips}  {found.name}, {found.state}, on {found.on}", markup=False)
    for line in lines(found):
        out.print(f"  {line}", markup=False)
    for step in found.history:
        out.print(f"{step.seq:>6}  {step.when:%Y-%m-%d}  {step.actor} ({step.role}): {step.what}", markup=False)


def lines(found: PlaceOn) -> list[str]:
    """What a county can do on a day, in plain lines."""
    from tenprint.cases.card.gate import AGREEMENTS_ENDED

    state = f"active since {found.active_since}" if found.active else f"not active ({_why_not(found)})"
    agreed = found.agreement
    ended = agreed.ended or (AGREEMENTS_ENDED if str(found.on) >= str(AGREEMENTS_ENDED) else None) if agreed else None
    signed = f"signed {agreed.signed}" + (f", ended {ended}" if ended else "") if agreed else ""
    rule, forward = found.options, found.forward
    source = f"source: {', '.join(forward.source)}; {forward.standing}"
    said = [
        f"{state}; known from: {found.activation}",
        f"own case: {found.place.stage.lower().replace('_', ' ')}",
        f"agreement of {found.state}: {signed or 'none is recorded here'}",
        f"authority under which prints move on this day: {forward.authority} ({source})",
        f"request not to be activated, {rule.rule} (source: {', '.join(rule.sources)}; {rule.standing}): {rule.says}",
    ]
    if not found.active and found.steps_missing:
        said.append(f"steps that nobody recorded: {', '.join(found.steps_missing)}")
    said += [f"OPEN INVESTIGATION: {name}" for name in found.place.open_investigations]
    said += [f"it can {line}" for line in rule.can]
    said += [f"it is owed: {line}" for line in rule.owed]
    return said + [f"it cannot {line}" for line in rule.cannot]


def _why_not(found: PlaceOn) -> str:
    if found.inactive_from is not None:
        return f"switched off on {found.inactive_from}"
    return f"from {found.active_since}" if found.active_since is not None else "no activation yet"


@app.command()
def plan(fips: Fips, db: Db, name: As, for_date: For, document: Document, at: At = None, json: Json = False) -> None:
    """Put a county in the plan. From then on its own case says when it is active, and not the published table.

    Example: tenprint jurisdiction plan 01003 --for 2010-06-01 --document "deployment plan 2" --db county.db --as ada
    """
    from tenprint.cases.jurisdiction.commands import Plan

    _do(db, name, at, fips, Plan, lambda _: Plan(for_date=_day(for_date), document=document), json=json)


@app.command()
def agreement(
    state: State,
    db: Db,
    name: As,
    on: On,
    document: Document,
    notice_days: Annotated[int | None, typer.Option("--notice-days", help="Days of notice to end it.")] = None,
    ended_by: Annotated[str | None, typer.Option("--ended-by", help="It ended on that day, by whom.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Record that a state's agreement was signed, or with --ended-by that it ended.

    Example: tenprint jurisdiction agreement AL --on 2009-11-02 --document "agreement" --db county.db --as ada
    """
    from tenprint.cases.jurisdiction.commands import EndAgreement, SignAgreement

    if state.isdigit():
        fail(f"expected the two letters of a state such as TX, got {state!r}: agreements are a state's")
    if ended_by is not None:
        end = EndAgreement(on=_day(on), by=ended_by, document=document)
        _do(db, name, at, state, EndAgreement, lambda _: end, json=json)
        return
    sign = SignAgreement(state=state, on=_day(on), document=document, notice_days=notice_days)
    _do(db, name, at, state, SignAgreement, lambda _: sign, json=json)


@app.command()
def step(
    fips: Fips,
    what: Annotated[Literal["survey", "briefing", "training", "procedure"], typer.Argument(help="The step.")],
    db: Db,
    name: As,
    on: On,
    document: Annotated[str, typer.Option("--document", help="The paper that shows it.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="Of a briefing or a training.")] = "",
    people: Annotated[int | None, typer.Option("--people", help="Present, or those who finished the training.")] = None,
    of: Annotated[int | None, typer.Option("--of", help="How many the training concerns.")] = None,
    booked_a_year: Annotated[int | None, typer.Option("--booked-a-year", help="Bookings a year (survey).")] = None,
    ori: Annotated[str, typer.Option("--ori", help="The agency that adopted the procedure.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Record a step before activation: survey, briefing, training with completions, the agency's procedure.

    Example: tenprint jurisdiction step 01003 training --on 2010-04-20 --topic "civil rights" --people 31 --of 40
    --db county.db --as rita
    """
    from tenprint.cases.jurisdiction import commands as cmd

    if what in {"briefing", "training"} and (not topic or people is None):
        fail(f"a {what} needs --topic and --people")
    if what == "training" and of is None:
        fail("a training needs --of: how many people it concerns")
    if what == "procedure" and not ori:
        fail("a procedure needs --ori: the agency that adopted it")
    day = _day(on)
    made: dict[str, Command] = {
        "survey": cmd.ReturnSurvey(on=day, document=document, booked_a_year=booked_a_year),
        "briefing": cmd.HoldBriefing(on=day, topic=topic, present=people or 0, document=document),
        "training": cmd.CompleteTraining(on=day, topic=topic, completed=people or 0, of=of or 0),
        "procedure": cmd.AdoptProcedure(on=day, ori=ori, document=document),
    }
    _do(db, name, at, fips, type(made[what]), lambda _: made[what], json=json)


@app.command()
def vet(
    fips: Fips,
    db: Db,
    name: As,
    on: On,
    source: Annotated[list[str], typer.Option("--source", help="Where it was looked. Repeat it.")],
    found: Annotated[
        list[str] | None,
        typer.Option(
            "--found", help='"BY|ABOUT|OPENED ON|open or closed|SOURCE". Repeat it; none found when left out.'
        ),
    ] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Record a look for open civil-rights investigations of the local agencies (rights office).

    Example: tenprint jurisdiction vet 01003 --on 2010-05-03 --source "public docket" --db county.db --as rita
    """
    from tenprint.cases.jurisdiction.commands import Vet

    command = Vet(on=_day(on), investigations=tuple(_investigation(f) for f in found or ()), sources=tuple(source))
    _do(db, name, at, fips, Vet, lambda _: command, json=json)


def _investigation(text: str) -> Any:
    from tenprint.cases.jurisdiction.events import Investigation

    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 5 or parts[3] not in {"open", "closed"}:
        fail(f'--found: expected "BY|ABOUT|2009-03-01|open|SOURCE" with open or closed, got {text!r}')
    by, about, opened_on, state, source = parts
    return Investigation(by=by, about=about, opened_on=_day(opened_on), is_open=state == "open", source=source)


@app.command("accept-investigations")
def accept_investigations(fips: Fips, db: Db, name: As, reason: Reason, at: At = None, json: Json = False) -> None:
    """Accept, by name and with a reason, an activation despite what is open (rights office).

    Example: tenprint jurisdiction accept-investigations 01003 --reason "monitor in place" --db county.db --as rita
    """
    from tenprint.cases.jurisdiction.commands import AcceptInvestigations

    _do(db, name, at, fips, AcceptInvestigations, lambda _: AcceptInvestigations(reason=reason), json=json)


@app.command()
def schedule(
    fips: Fips,
    db: Db,
    name: As,
    for_date: For,
    without: Annotated[list[str] | None, typer.Option("--without", help="A step left out; needs --reason.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why steps are left out.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Set the day of activation, after the steps or without named ones for a reason.

    Example: tenprint jurisdiction schedule 01003 --for 2010-06-01 --db county.db --as ada
    """
    from tenprint.cases.jurisdiction.commands import Schedule

    def build(agreed: Any) -> Schedule:
        return Schedule(for_date=_day(for_date), agreement=agreed, without=tuple(without or ()), reason=reason)

    _do(db, name, at, fips, Schedule, build, json=json)


@app.command()
def activate(fips: Fips, db: Db, name: As, at: At = None, json: Json = False) -> None:
    """Switch forwarding on from this day.

    Example: tenprint jurisdiction activate 01003 --at 2010-06-01T08:00 --db county.db --as ada
    """
    from tenprint.cases.jurisdiction.commands import Activate

    _do(db, name, at, fips, Activate, lambda agreed: Activate(agreement=agreed), json=json)


@app.command()
def deactivate(
    fips: Fips, db: Db, name: As, reason: Reason, document: Document, at: At = None, json: Json = False
) -> None:
    """Switch forwarding off from this day.

    Example: tenprint jurisdiction deactivate 01003 --reason "court order" --document "order 5" --db county.db --as ada
    """
    from tenprint.cases.jurisdiction.commands import Deactivate

    _do(db, name, at, fips, Deactivate, lambda _: Deactivate(reason=reason, document=document), json=json)


@app.command("request-not-to-activate")
def request_not_to_activate(
    fips: Fips,
    db: Db,
    name: As,
    by: Annotated[str, typer.Option("--by", help="Who wrote it: county board, sheriff.")],
    document: Document,
    channel: Annotated[Literal["email", "letter", "fax"], typer.Option("--channel", help="How it came.")] = "letter",
    at: At = None,
    json: Json = False,
) -> None:
    """Record a written request not to be activated, with the rule in force that day. It is always recorded.

    Example: tenprint jurisdiction request-not-to-activate 01003 --by "county board" --document "letter of 6 May"
    --db county.db --as ben
    """
    from tenprint.cases.jurisdiction.commands import RequestNonActivation

    command = RequestNonActivation(by=by, channel=channel, document=document)
    _do(db, name, at, fips, RequestNonActivation, lambda _: command, json=json)


@app.command()
def meeting(
    fips: Fips,
    db: Db,
    name: As,
    request: Number,
    present: Annotated[list[str], typer.Option("--present", help="Who was there. Repeat it.")],
    document: Annotated[str, typer.Option("--document", help="Its minutes.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Record the meeting about a request.

    Example: tenprint jurisdiction meeting 01003 --request 1 --present county --present "state bureau" --as ada
    """
    from tenprint.cases.jurisdiction.commands import HoldMeeting

    command = HoldMeeting(number=request, present=tuple(present), document=document)
    _do(db, name, at, fips, HoldMeeting, lambda _: command, json=json)


@app.command()
def answer(
    fips: Fips,
    how: Annotated[
        Literal["DATE_ADJUSTED", "REMOVED_FROM_PLAN", "ACTIVATION_STANDS"], typer.Argument(help="The answer.")
    ],
    db: Db,
    name: As,
    request: Number,
    reason: Reason,
    new_date: Annotated[str | None, typer.Option("--new-date", help="The adjusted day.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Answer a request, within what the rule of the day permits.

    Example: tenprint jurisdiction answer 01003 REMOVED_FROM_PLAN --request 1 --reason "board resolution" --as sue
    """
    from tenprint.cases.jurisdiction.commands import AnswerRequest

    new = _day(new_date) if new_date else None
    command = AnswerRequest(number=request, answer=how, reason=reason, new_date=new)
    _do(db, name, at, fips, AnswerRequest, lambda _: command, json=json)
