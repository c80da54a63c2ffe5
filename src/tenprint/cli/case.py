"""`case`: what becomes known after the print (facts, charges, convictions), proceedings and how it ended."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import typer

from tenprint.cli.bundle import bundle
from tenprint.cli.common import As, At, Db, Json, emit, fail, out
from tenprint.cli.opening import Ori, Tcn, opened, perform

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="A case: late facts, charges, convictions, proceedings, outcome.",
)

Source = Annotated[str, typer.Option("--source", help="Where it is known from. Mandatory.")]
On = Annotated[str, typer.Option("--on", help="The day: 2012-11-09.")]
Grade = Annotated[
    Literal["felony", "misdemeanor", "infraction"] | None, typer.Option("--grade", help="Class of offense.")
]
Ncic = Annotated[str, typer.Option("--ncic", help="NCIC offense code; 0399 means that none is known.")]
Days = Annotated[int | None, typer.Option("--max-sentence-days", help="Longest sentence the offense carries.")]
Categories = Annotated[
    list[str] | None,
    typer.Option("--category", help="Such as minor_traffic, dui, violence. Stated, never guessed. Repeat it."),
]
Batch = Annotated[str | None, typer.Option("--batch", help="Batch of corrections it belongs to; needs --reviewer.")]
Reviewer = Annotated[str | None, typer.Option("--reviewer", help="Who reviewed the batch.")]


@app.callback()
def group() -> None:
    """A case: late facts, charges, convictions, proceedings, outcome."""


def day(text: str) -> date:
    """A date option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"expected a date such as 2012-11-09, got {text!r}")


def value_of(text: str) -> bool | int | str | tuple[str, ...] | None:
    """A fact's value as typed: yes and no, whole numbers, `unknown`, lists with commas, dates and words."""
    plain = text.strip()
    if plain.lower() in {"yes", "true", "no", "false"}:
        return plain.lower() in {"yes", "true"}
    if plain.lower() in {"unknown", "null", ""}:
        return None
    if plain.lstrip("-").isdigit():
        return int(plain)
    if "," in plain:
        return tuple(part.strip() for part in plain.split(",") if part.strip())
    return plain


NAMES = {"age_at_arrest": "age"}
"""Names that other rooms use for a fact of the vocabulary."""


def value_for(fact: str, text: str) -> bool | int | str | tuple[str, ...] | None:
    """A value as the vocabulary types the fact: one word of a set is a set of one."""
    from tenprint.law import vocabulary

    value, known = value_of(text), vocabulary().facts.get(NAMES.get(fact, fact))
    return (value,) if known is not None and known.type == "set" and isinstance(value, str) else value


def _stated(categories: list[str] | None) -> tuple[str, ...] | None:
    """Categories as typed. None given: nobody has looked, which is not the same as "none applies"."""
    return tuple(categories) if categories else None


@app.command()
def show(tcn: Tcn, db: Db, ori: Ori = None, json: Json = False) -> None:
    """Everything that has happened in a case, in order, with who did it and when.

    Example: tenprint case show TCN --db county.db
    """
    import msgspec

    from tenprint.exchange import views

    with opened(db) as exchange:
        lines = views.history(exchange, tcn, ori)
    if json:
        emit([msgspec.to_builtins(line) for line in lines])
        return
    for line in lines:
        late = "  (recorded later than it happened)" if line.late else ""
        out.print(
            f"{line.seq:>6}  {line.when:%Y-%m-%d %H:%M}  {line.actor} ({line.role}): {line.what}{late}", markup=False
        )


@app.command()
def fact(
    tcn: Tcn,
    fact_name: Annotated[str, typer.Argument(metavar="NAME", help="A fact of the law's vocabulary, such as victim.")],
    value: Annotated[str, typer.Argument(help="yes, no, a number, a date, a word, or unknown.")],
    db: Db,
    name: As,
    source: Source,
    document: Annotated[str, typer.Option("--document", help="The paper that shows it, where one is needed.")] = "",
    second: Annotated[str, typer.Option("--second", help="The second person, where two are needed.")] = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """State a fact that became known after the print. A later statement of the same fact supersedes an earlier one.

    Example: tenprint case fact TCN victim yes --source "police report 12-3456" --db county.db --as rita
    """
    from tenprint.cases.card.commands import StateFact

    command = StateFact(
        name=NAMES.get(fact_name, fact_name), value=value_for(fact_name, value), source=source, document=document,
        second=second,
    )  # fmt: skip
    perform(db, tcn, name, at, StateFact, lambda _x, _t: command, ori=ori, json=json)


@app.command()
def charge(
    tcn: Tcn,
    number: Annotated[int, typer.Argument(help="Number of the charge on the card, from 1.")],
    db: Db,
    name: As,
    literal: Annotated[str, typer.Option("--literal", help="The charge in words.")],
    source: Source,
    grade: Grade = None,
    ncic: Ncic = "0399",
    max_sentence_days: Days = None,
    category: Categories = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """State what is known about a charge beyond the card: its class, its code, its categories.

    Example: tenprint case charge TCN 1 --literal "NO LICENSE" --grade misdemeanor --category minor_traffic
    --source "court docket" --db county.db --as ben
    """
    from tenprint.cases.card.commands import StateCharge
    from tenprint.cases.card.events import Charge

    known = Charge(
        number=number, literal=literal, ncic=ncic, grade=grade, max_sentence_days=max_sentence_days,
        categories=_stated(category),
    )  # fmt: skip
    perform(db, tcn, name, at, StateCharge, lambda _x, _t: StateCharge(charge=known, source=source), ori=ori, json=json)


@app.command()
def dispose(
    tcn: Tcn,
    number: Annotated[int, typer.Argument(help="Number of the charge.")],
    how: Annotated[
        Literal["not_filed", "dismissed", "acquitted", "convicted", "dismissed_for_departure"],
        typer.Argument(help="How."),
    ],
    db: Db,
    name: As,
    on: On,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Record what became of a charge.

    Example: tenprint case dispose TCN 1 dismissed --on 2012-12-01 --db county.db --as ben
    """
    from tenprint.cases.card.commands import DisposeCharge

    command = DisposeCharge(number=number, disposition=how, on=day(on))
    perform(db, tcn, name, at, DisposeCharge, lambda _x, _t: command, ori=ori, json=json)


@app.command()
def conviction(
    tcn: Tcn,
    db: Db,
    name: As,
    identifier: Annotated[str, typer.Option("--id", help="Its number at the court.")],
    on: On,
    source: Source,
    grade: Grade = None,
    ncic: Ncic = "0399",
    max_sentence_days: Days = None,
    sentence_days: Annotated[int | None, typer.Option("--sentence-days", help="Sentence imposed.")] = None,
    aggravated_felony: Annotated[
        bool | None,
        typer.Option("--aggravated-felony/--not-aggravated-felony", help="Stated by a person with legal training."),
    ] = None,
    category: Categories = None,
    incident: Annotated[str | None, typer.Option("--incident", help="Names the incident it belongs to.")] = None,
    juvenile: Annotated[bool, typer.Option("--juvenile", help="An adjudication of a minor: not a conviction.")] = False,
    charge_number: Annotated[
        int | None, typer.Option("--charge", help="The charge of this booking it disposes of.")
    ] = None,
    batch: Batch = None,
    reviewer: Reviewer = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Record a conviction that became known, from this booking or before it.

    Example: tenprint case conviction TCN --id 09-CR-17 --on 2009-05-04 --grade felony --max-sentence-days 730
    --source "state repository" --db county.db --as ben
    """
    from tenprint.cases.card.commands import RecordConviction
    from tenprint.cases.card.events import Conviction

    known = Conviction(
        id=identifier, convicted_on=day(on), ncic=ncic, grade=grade, max_sentence_days=max_sentence_days,
        sentence_days=sentence_days, aggravated_felony=aggravated_felony, categories=_stated(category),
        incident=incident, juvenile=juvenile, charge=charge_number, source=source,
    )  # fmt: skip
    command = RecordConviction(conviction=known, batch=batch, reviewer=reviewer)
    perform(db, tcn, name, at, RecordConviction, lambda _x, _t: command, ori=ori, json=json)


@app.command()
def step(
    tcn: Tcn,
    what: Annotated[
        Literal["interview", "notice_to_appear", "hearing_scheduled", "counsel_entered", "order", "appeal"],
        typer.Argument(help="The step."),
    ],
    db: Db,
    name: As,
    on: On,
    note: Annotated[str, typer.Option("--note", help="Anything else.")] = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Record a step of the proceedings.

    Example: tenprint case step TCN notice_to_appear --on 2012-11-20 --db county.db --as oscar
    """
    from tenprint.cases.card.commands import RecordStep

    command = RecordStep(step=what, on=day(on), note=note)
    perform(db, tcn, name, at, RecordStep, lambda _x, _t: command, ori=ori, json=json)


@app.command()
def outcome(
    tcn: Tcn,
    how: Annotated[
        Literal["REMOVED", "RETURNED", "NOTICE_TO_APPEAR", "RELIEF", "CITIZEN", "TERMINATED", "RELEASED"],
        typer.Argument(help="How it ended."),
    ],
    db: Db,
    name: As,
    on: On,
    basis: Annotated[str, typer.Option("--basis", help="The true basis: final order, voluntary departure ...")],
    note: Annotated[str, typer.Option("--note", help="Anything else.")] = "",
    dropped: Annotated[
        bool, typer.Option("--charges-dropped-for-departure", help="Charges were dropped in exchange for departure.")
    ] = False,
    batch: Batch = None,
    reviewer: Reviewer = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Record how it ended; a later statement supersedes an earlier one.

    Example: tenprint case outcome TCN REMOVED --on 2013-02-01 --basis "final order" --db county.db --as oscar
    """
    from tenprint.cases.card.commands import RecordOutcome

    command = RecordOutcome(
        outcome=how, on=day(on), basis=basis, note=note, charges_dropped_for_departure=dropped, batch=batch,
        reviewer=reviewer,
    )  # fmt: skip
    perform(db, tcn, name, at, RecordOutcome, lambda _x, _t: command, ori=ori, json=json)


@app.command("close-incident")
def close_incident(
    tcn: Tcn,
    number: Annotated[int, typer.Argument(help="Number of the incident.")],
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="What was found and done. Mandatory.")],
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Close an incident in your own name, with a reason.

    Example: tenprint case close-incident TCN 1 --reason "released 15:20, clerk instructed" --db county.db --as jane
    """
    from tenprint.cases.card.commands import CloseIncident

    command = CloseIncident(number=number, reason=reason)
    perform(db, tcn, name, at, CloseIncident, lambda _x, _t: command, ori=ori, json=json)


app.command("bundle")(bundle)
