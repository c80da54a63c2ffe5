"""`center`: people at the support center answer status queries, with their sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import As, At, Db, Json, emit, err, fail, out
from tenprint.cli.opening import Ori, Tcn, opened, report, stated, told_late

if TYPE_CHECKING:
    from tenprint.cases.card.events import Source

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The support center: status queries and their answers.",
)

Status = Literal[
    "CITIZEN", "NATURALIZED", "LAWFUL_PERMANENT_RESIDENT", "LAWFULLY_PRESENT", "REMOVABLE_SUSPECTED",
    "REMOVABLE_FINAL_ORDER", "REMOVABLE_IN_PROCEEDINGS", "NO_RECORD", "UNDETERMINED",
]  # fmt: skip


@app.callback()
def group() -> None:
    """The support center: status queries and their answers."""


@app.command()
def queue(db: Db, json: Json = False) -> None:
    """Queries that nobody has answered yet.

    Example: tenprint center queue --db county.db
    """
    import msgspec

    from tenprint.exchange import center

    with opened(db) as exchange:
        rows = center.queue(exchange)
    if json:
        emit([msgspec.to_builtins(row) for row in rows])
        return
    for row in rows:
        asked = f"{row.sent_at:%a %Y-%m-%d %H:%M %Z}" if row.sent_at else "at an unknown time"
        out.print(f"{row.tcn}  {row.agency}  {row.origin}  record {row.identity}  asked {asked}", markup=False)
        for line in row.scores:
            out.print(f"    {line}", markup=False)
    if not rows:
        out.print("No query is open.", markup=False)


@app.command()
def answer(
    tcn: Tcn,
    db: Db,
    name: As,
    status: Annotated[Status, typer.Option("--status", help="What was found.")],
    confidence: Annotated[Literal["high", "medium", "low"], typer.Option("--confidence", help="How sure.")],
    source: Annotated[
        list[str],
        typer.Option(
            "--source",
            help="A record that was looked at: NAME:RELIABILITY[:NOTE], reliability high, medium, low or unknown; "
            "NOTE 'none' says that no record was found there. Repeat it.",
        ),
    ],
    citizenship_indicator: Annotated[
        bool, typer.Option("--citizenship-indicator", help="Something points to citizenship: stops any request.")
    ] = False,
    note: Annotated[str, typer.Option("--note", help="Anything else.")] = "",
    answers: Annotated[Path | None, typer.Option("--answers", help="Write the IAR into this folder.")] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Answer a query (IAR) in your own name: status, confidence, and every source with its reliability.

    Example: tenprint center answer TCN --status REMOVABLE_FINAL_ORDER --confidence high
    --source "court file:high" --db county.db --as lea
    """
    from tenprint.cases.card.commands import DetermineStatus
    from tenprint.exchange import center

    command = DetermineStatus(
        status=status,
        confidence=confidence,
        sources=tuple(_source(text) for text in source),
        citizenship_indicator=citizenship_indicator,
        note=note,
    )
    with opened(db) as exchange:
        act = exchange.act(name, DetermineStatus, stated(exchange, at, tcn=tcn, ori=ori))
        late = told_late(exchange, tcn, act.occurred_at, ori)
        events = center.answer(exchange, tcn, command, act, ori=ori, folder=answers)[0]
        zone = exchange.zone(exchange.case(tcn, ori))
        troubles = list(exchange.troubles)
    for trouble in troubles:
        err.print(f"tenprint: {trouble}", markup=False)
    report(tcn, events, zone, json=json, notes=[late] if late and events else [])


def _source(text: str) -> Source:
    from tenprint.cases.card.events import Source

    name, _, rest = text.partition(":")
    reliability, _, note = rest.partition(":")
    if reliability not in {"high", "medium", "low", "unknown"} or not name.strip():
        fail(f"--source: expected NAME:RELIABILITY with high, medium, low or unknown, got {text!r}")
    how: Any = reliability
    return Source(name=name.strip(), reliability=how, note=note, absence=note.strip().lower() == "none")
