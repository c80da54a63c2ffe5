"""`reads`: who looked at whom, why and when, as the desks recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import FINDINGS, Db, Json, emit, fail, out
from tenprint.cli.opening import Ori, opened, stated

if TYPE_CHECKING:
    from tenprint.exchange.reads import Glass, ReadRow

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def reads(
    db: Db,
    tcn: Annotated[str | None, typer.Argument(help="Control number of the card; none: every look.")] = None,
    count: Annotated[bool, typer.Option("--count", help="Count looks by reader, role, purpose and page.")] = False,
    since: Annotated[str | None, typer.Option("--since", help="With --count: from this moment on.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="With --count: before this moment.")] = None,
    glass: Annotated[
        bool, typer.Option("--glass", help="Glasses broken in an emergency, with what explains them.")
    ] = False,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Who looked at whom at the desks, for which purpose and why; the trail of one person's card, for them and counsel.

    With --glass: exit code 1 when an explanation is late. What commands print on this machine is not recorded: whoever
    holds the database's file can read it.

    Example: tenprint reads TCN --db county.db
    """
    import msgspec

    from tenprint.exchange import reads as log

    if tcn and (count or glass):
        fail("a card's trail is neither counted nor about glasses: leave the control number out")
    with opened(db) as exchange:
        now = exchange.ledger.now()
        if glass:
            rows: list[msgspec.Struct] = list(log.glasses(exchange))
            lines = [_glass(g, late=g.is_late(now)) for g in log.glasses(exchange)]
            late = any(g.is_late(now) for g in log.glasses(exchange))
        elif count:
            counted = log.counts(exchange, stated(exchange, since), stated(exchange, until))
            rows, late = list(counted), False
            lines = [
                f"{c.reader} ({c.role}) for {c.purpose} at {c.page}: {c.looks} looks at {c.people} cards"
                + (f", {c.glass} glasses" if c.glass else "")
                for c in counted
            ]
        else:
            looks = log.trail(exchange, exchange.stream_of(tcn, ori) if tcn else None)
            rows, late, lines = list(looks), False, [_look(row) for row in looks]
    if json:
        emit([msgspec.to_builtins(row) for row in rows])
    else:
        for line in lines or ["Nobody looked." if not glass else "No glass was broken."]:
            out.print(line, markup=False)
    if late:
        raise typer.Exit(FINDINGS)


def _look(row: ReadRow) -> str:
    whom = row.stream.removeprefix("case/") or "a list that names nobody"
    how = f"{row.what} at {row.page}" + (f", by {row.by}" if row.by else "")
    through = f", through glass {row.glass}" if row.glass else ""
    why = f"{row.purpose}: {row.reason}" if row.reason else row.purpose
    return f"{row.at:%Y-%m-%d %H:%M} UTC  {row.reader} ({row.role})  {whom}  {how}{through}  for {why}"


def _glass(row: Glass, *, late: bool) -> str:
    owed = f"{'LATE: ' if late else ''}explanation due {row.due:%Y-%m-%d %H:%M} UTC"
    said = f"explained: {row.explanation}" if row.explained else owed
    return f"{row.seq}  {row.broken:%Y-%m-%d %H:%M} UTC  {row.reader}  {row.stream}: {row.reason}  ({said})"
