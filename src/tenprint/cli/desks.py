"""`claim`, `correct`, `holds`, `watch`: what anybody at a desk must be able to do at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer

from tenprint.cli.case import Batch, Reviewer, value_of
from tenprint.cli.common import FINDINGS, As, At, Db, Json, emit, existing, fail, is_without_offset, out
from tenprint.cli.opening import Ori, opened, perform, refusals, report, say_next, stated

if TYPE_CHECKING:
    from tenprint.cases.kernel.value import Command
    from tenprint.exchange.jail import HoldRow
    from tenprint.exchange.watch import WatchReport

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def claim(
    db: Db,
    tcn: Annotated[str | None, typer.Argument(help="Control number of the card; none: list open claims.")] = None,
    name: As = "",
    kind: Annotated[
        Literal["CITIZEN", "VICTIM", "WITNESS", "WRONG_PERSON"] | None, typer.Option("--kind", help="What is claimed.")
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="How it came: in person, hotline, letter, counsel.")] = "",
    statement: Annotated[str, typer.Option("--statement", help="In the person's words; kept sealed.")] = "",
    resolve: Annotated[int | None, typer.Option("--resolve", help="Answer the claim of this number.")] = None,
    upheld: Annotated[bool | None, typer.Option("--upheld/--not-upheld", help="The answer to the claim.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is answered so.")] = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Take a claim in: citizen, victim, witness, wrong person. A request to hold is withdrawn at once. Or answer one.

    Without a card it lists the claims that nobody has answered.

    Example: tenprint claim TCN --kind CITIZEN --channel hotline --db county.db --as rita
    """
    from tenprint.cases.card.commands import MakeClaim, ResolveClaim

    command: Command
    if tcn is None:
        _open_claims(db, json=json)
        return
    if not name:
        fail("a claim is taken in or answered by a named person: say who with --as")
    if resolve is not None:
        if upheld is None:
            fail("to answer a claim, say --upheld or --not-upheld, and why: --reason")
        command = ResolveClaim(number=resolve, upheld=upheld, reason=reason)
    elif kind is None:
        fail(
            "say what is claimed: --kind CITIZEN, VICTIM, WITNESS or WRONG_PERSON; or answer a claim: --resolve NUMBER"
        )
    else:
        command = MakeClaim(claim=kind, channel=channel, statement=statement)
    perform(db, tcn, name, at, type(command), lambda _x, _t: command, ori=ori, json=json)


def _open_claims(db: str, *, json: bool) -> None:
    import msgspec

    from tenprint.exchange import rights

    with opened(db) as exchange:
        rows = rights.open_claims(exchange)
    if json:
        emit([msgspec.to_builtins(row) for row in rows])
        return
    for row in rows:
        state = "OVERDUE, was due" if row.overdue else "due"
        out.print(
            f"{row.tcn}  {row.agency}  claim {row.number}: {row.claim} ({row.channel}), {row.owner}, "
            f"{state} {row.due:%a %Y-%m-%d %H:%M %Z}",
            markup=False,
        )
    if not rows:
        out.print("No claim is open.", markup=False)


@app.command()
def correct(
    db: Db,
    name: As,
    tcn: Annotated[str | None, typer.Argument(help="Control number of the card.", show_default=False)] = None,
    fact: Annotated[str | None, typer.Option("--fact", help="State a fact anew: NAME=VALUE.")] = None,
    strike: Annotated[str | None, typer.Option("--strike", help="Strike the conviction with this id.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why the earlier record was wrong. Mandatory.")] = "",
    act_seq: Annotated[
        int | None, typer.Option("--act", help="Take back the act with this position (tenprint case show).")
    ] = None,
    second: Annotated[str, typer.Option("--second", help="The second person: registered, and not you.")] = "",
    document: Annotated[str, typer.Option("--document", help="The paper that shows it, where one is needed.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", help="A batch: CSV with columns tcn, fact, value, strike, conviction, on, grade, reason."
        ),
    ] = None,
    batch: Batch = None,
    reviewer: Reviewer = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Correct a record. Nothing is overwritten: the correction is an act of its own, with reason, batch and reviewer.

    Every act can be taken back with --act and a second person: both stay, and everything is computed without it.
    A batch is applied row by row; rows that were refused are listed, and the exit code is 1.

    Example: tenprint correct TCN --strike 09-CR-17 --reason "other person of that name" --db county.db --as ben
    """
    if file is not None:
        if not batch:
            fail("a batch needs a name, so that it can be audited: --batch, and --reviewer")
        _batch(db, name, existing(file), at, batch, reviewer, json=json)
        return
    if tcn is None:
        fail("say which case: tenprint correct TCN ..., or give a batch with --file")
    if act_seq is not None:
        with opened(db) as exchange:
            when = stated(exchange, at, tcn=tcn, ori=ori)
            events = exchange.correct(tcn, act_seq, reason, second=second, name=name, at=when, ori=ori)
            zone = exchange.zone(exchange.case(tcn, ori))
        report(tcn, events, zone, json=json)
        return
    row = {"fact": fact, "strike": strike, "reason": reason, "second": second, "document": document}
    command = _correction(row, batch, reviewer)
    perform(db, tcn, name, at, type(command), lambda _x, _t: command, ori=ori, json=json)


def _correction(row: dict[str, str | None], batch: str | None, reviewer: str | None) -> Command:
    from tenprint.cases.card.commands import RecordConviction, StateFact, StrikeConviction
    from tenprint.cases.card.events import Conviction
    from tenprint.cli.case import day

    reason = (row.get("reason") or "").strip()
    if not reason:
        fail("a correction needs its reason: --reason")
    if row.get("strike"):
        return StrikeConviction(id=str(row["strike"]), reason=reason, batch=batch, reviewer=reviewer)
    if row.get("conviction"):
        grade: Any = row.get("grade") or None
        known = Conviction(id=str(row["conviction"]), convicted_on=day(row.get("on") or ""), grade=grade, source=reason)
        return RecordConviction(conviction=known, batch=batch, reviewer=reviewer)
    name, separator, text = (row.get("fact") or "").partition("=")
    if row.get("value") is not None and not separator:
        text, separator = str(row["value"]), "="
    if not name.strip() or not separator:
        fail("expected --fact NAME=VALUE or --strike ID")
    return StateFact(
        name=name.strip(), value=value_of(text), source=reason, corrects=True, batch=batch, reviewer=reviewer,
        second=row.get("second") or "", document=row.get("document") or "",
    )  # fmt: skip


def _batch(db: str, name: str, file: Path, at: str | None, batch: str, reviewer: str | None, *, json: bool) -> None:
    import csv

    from tenprint.cli.common import Refused

    with file.open(newline="", encoding="utf-8") as lines:
        rows = [{k: v for k, v in row.items() if v} for row in csv.DictReader(lines)]
    refused: list[dict[str, str]] = []
    with opened(db) as exchange:
        for number, row in enumerate(rows, start=2):
            tcn = row.get("tcn", "")
            try:
                with refusals():
                    command = _correction(dict(row), batch, reviewer)
                    act = exchange.act(name, type(command), stated(exchange, at, tcn=tcn))
                    events = exchange.do(tcn, command, act)
            except Refused as why:
                refused.append({"line": str(number), "tcn": tcn, "message": str(why)})
            else:
                if not json:
                    report(tcn, events, exchange.zone(exchange.case(tcn)), json=False)
    if json:
        emit({"batch": batch, "applied": len(rows) - len(refused), "refused": refused})
    for row in () if json else refused:
        out.print(f"line {row['line']}: {row['tcn']}: {row['message']}", markup=False)
    if refused:
        raise typer.Exit(FINDINGS)


@app.command()
def holds(db: Db, json: Json = False) -> None:
    """Everybody in a facility past a release moment, with the end of authority on its clock; earliest first.

    Exit code 1 when somebody is there past authority.

    Example: tenprint holds --db county.db
    """
    import msgspec

    from tenprint.exchange import jail

    with opened(db) as exchange:
        rows = jail.holds(exchange)
    if json:
        emit([msgspec.to_builtins(row) for row in rows])
    else:
        _lines(rows)
    if any(row.overdue for row in rows):
        raise typer.Exit(FINDINGS)


def _lines(rows: list[HoldRow]) -> None:
    if not rows:
        out.print("Nobody is in a facility past a release moment.", markup=False)
    for row in rows:
        state = "runs"
        if row.overdue:
            hours, minutes = divmod(row.minutes_without, 60)
            state = f"PAST DUE, {row.cause}, {hours} h {minutes:02} min so far"
        ends = "no authority to hold"
        if row.deadline:
            ends = f"hold ends {row.deadline:%a %Y-%m-%d %H:%M %Z} ({row.deadline.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"
        out.print(f"{row.tcn}  {row.agency}  {row.form or 'no form'}  {ends}  ({state})", markup=False)
        out.print(
            f"    would have left {row.since:%a %Y-%m-%d %H:%M %Z}: {row.document or 'charges disposed'}", markup=False
        )
        if row.overdue:
            say_next(row)


@app.command()
def owed(
    db: Db,
    role: Annotated[
        str | None, typer.Option("--role", help="Of whom: jail, office, center, supervisor, rights; all if left out.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Look as of this moment (ISO 8601, UTC unless it has an offset).")
    ] = None,
    json: Json = False,
) -> None:
    """One docket: what is owed, by whom, until when, and the command that would discharge it; the earliest first.

    Example: tenprint owed --role jail --db county.db
    """
    import msgspec

    from tenprint.exchange.owed import owed as docket

    with opened(db) as exchange:
        rows = docket(exchange, role, stated(exchange, at))
    if json:
        emit([msgspec.to_builtins(row) for row in rows])
        return
    for row in rows:
        late = "OVERDUE, was due" if row.overdue else "due"
        out.print(f"{late} {row.due:%a %Y-%m-%d %H:%M %Z}  {row.owner}  {row.tcn}: {row.what}", markup=False)
        out.print(f"    {row.act}    (else: {row.consequence})", markup=False)
    if not rows:
        out.print("Nothing is owed.", markup=False)


@app.command()
def watch(
    db: Db,
    every: Annotated[
        float | None, typer.Option("--every", help="Look again every so many seconds, until stopped.")
    ] = None,
    rounds: Annotated[int | None, typer.Option("--rounds", help="With --every: stop after so many rounds.")] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Look as of this moment (ISO 8601, UTC unless it has an offset).")
    ] = None,
    json: Json = False,
) -> None:
    """Look at every open case: warnings go out, requests without ground are withdrawn, incidents open.

    Proves that nobody is present without authority, and no flag of the quarterly review is past due, in silence.
    Exit code 1 when an incident was opened or is open, or a flag is past due.

    Example: tenprint watch --db county.db --every 60
    """
    from tenprint.exchange import watch as watching

    done = 0
    finding = False
    while True:
        with opened(db) as exchange:
            seen = watching.look(exchange, stated(exchange, at))
        finding = bool(seen.opened or seen.open or seen.silent or seen.flags_late or seen.flags_silent)
        _say(seen, guessed=at is not None and is_without_offset(at), json=json)
        done += 1
        if every is None or (rounds is not None and done >= rounds):
            break
        time.sleep(every)
    if finding:
        raise typer.Exit(FINDINGS)


def _say(seen: WatchReport, *, guessed: bool, json: bool) -> None:
    import msgspec

    if json:
        emit(msgspec.to_builtins(seen))
        return
    moment: datetime = seen.at.astimezone(UTC)
    clocks = [f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M %Z}" for zone in seen.zones]
    local = f" = {', '.join(dict.fromkeys(clocks))} at the facilities" if clocks else ""
    out.print(
        f"{moment:%Y-%m-%d %H:%M} UTC{' (read as UTC)' if guessed else ''}{local}: "
        f"{seen.cases} open identification cases, {seen.flags} open flag cases, {seen.holds} holds running, "
        f"{seen.notices} warnings sent, {len(seen.open)} incidents open.",
        markup=False,
    )
    for line in seen.opened:
        out.print(f"  opened: {line}", markup=False)
    for line in seen.open:
        if line not in seen.opened:
            out.print(f"  open: {line}", markup=False)
    for line in seen.silent:
        out.print(f"  SILENT AND PAST DUE: {line}", markup=False)
    if not seen.silent:
        out.print("  Nobody is present without authority and without an open incident.", markup=False)
    for line in seen.flags_late:
        out.print(f"  {'noted now' if line in seen.flags_noted else 'noted'}: {line}", markup=False)
    for line in seen.flags_silent:
        out.print(f"  SILENT AND PAST DUE: {line}", markup=False)
    if seen.flags and not seen.flags_silent:
        out.print(f"  {seen.flags} flags of the quarterly review are open; none is past due in silence.", markup=False)
