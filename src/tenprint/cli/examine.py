"""`examine`: examiners compare the prints of close calls and conclude in their own name."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tenprint.cli.common import As, At, Db, Json, emit, out
from tenprint.cli.opening import Ori, Tcn, opened, report, stated, told_late

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The examiner's queue: close calls, never matches.",
)

OF_OTHERS = ("examiners", "standing")
"""What would tell a second examiner of the first."""


@app.callback()
def group() -> None:
    """The examiner's queue: close calls, never matches."""


@app.command("list")
def listing(db: Db, json: Json = False) -> None:
    """Close calls that wait for an examiner, oldest first: score, what it means, and whom to compare with.

    It does not say who looked already, nor what they concluded: a second examiner is blind to the first.

    Example: tenprint examine list --db county.db
    """
    import msgspec

    from tenprint.exchange import examiner

    with opened(db) as exchange:
        rows = examiner.queue(exchange)
    if json:
        emit([{k: v for k, v in msgspec.to_builtins(row).items() if k not in OF_OTHERS} for row in rows])
        return
    for row in rows:
        score = "unknown" if row.score is None else f"{row.score:.3f}"
        people = f", best of {row.compared:,} people compared" if row.compared else ""
        out.print(
            f"{row.tcn}  {row.agency}  {row.system}  compare with {row.candidate or 'a candidate that was not kept'}  "
            f"since {row.since:%a %Y-%m-%d %H:%M %Z}",
            markup=False,
        )
        out.print(
            f"    score {score}, threshold {row.threshold:.3f}, {row.fingers} fingers{people}: {row.meaning}",
            markup=False,
        )
        if not row.images:
            out.print("    the card is no longer here: nobody can compare", markup=False)
    if not rows:
        out.print("No close call waits for an examiner.", markup=False)


@app.command()
def conclude(
    tcn: Tcn,
    db: Db,
    name: As,
    system: Annotated[Literal["criminal", "immigration"], typer.Option("--system", help="Whose search it was.")],
    conclusion: Annotated[
        Literal["EXCLUSION", "INCONCLUSIVE", "IDENTIFICATION"],
        typer.Option("--conclusion", help="An identification counts only when a second examiner concludes the same."),
    ],
    reason: Annotated[str, typer.Option("--reason", help="What the prints show. Mandatory.")],
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Conclude from the prints of a close call, in your own name. Nothing follows by itself, and it is never a match.

    Example: tenprint examine conclude TCN --system immigration --conclusion EXCLUSION
    --reason "delta and core differ" --db county.db --as eve
    """
    from tenprint.cases.card.commands import Examine
    from tenprint.exchange import examiner

    command = Examine(system=system, conclusion=conclusion, reason=reason)
    with opened(db) as exchange:
        act = exchange.act(name, Examine, stated(exchange, at, tcn=tcn, ori=ori))
        late = told_late(exchange, tcn, act.occurred_at, ori)
        events = examiner.conclude(exchange, tcn, command, act, ori=ori)
        zone = exchange.zone(exchange.case(tcn, ori))
    report(tcn, events, zone, json=json, notes=[late] if late else [])
