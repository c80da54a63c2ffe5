"""`init`, `enrol`, `submit`, `status`, `expunge`, `resume`: cards come in, anybody asks where one stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import FINDINGS, As, At, Db, Json, Refused, emit, err, fail, moment, out, progress
from tenprint.cli.opening import BELIEVED, Ori, Tcn, opened, refusals, say_next, stated

if TYPE_CHECKING:
    from tenprint.exchange import Exchange, SubmissionResult
    from tenprint.exchange.views import Status

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

Files = Annotated[list[Path], typer.Argument(help="ANSI/NIST transactions.", show_default=False)]
Was = Annotated[
    Literal[
        "benefit-applicant", "visa-applicant", "trusted-traveler", "border", "enforcement", "criminal", "watch-list"
    ]
    | None,
    typer.Option("--was", help="What the earlier encounter was, where the source says it."),
]  # fmt: skip
Answers = Annotated[Path | None, typer.Option("--answers", help="Write the answers into this folder.")]


@app.command()
def init(
    db: Db,
    name: As,
    simulated_from: Annotated[
        str | None,
        typer.Option(
            "--simulated-from", help="A simulated exchange: its clock starts here (UTC) and follows the stated times."
        ),
    ] = None,
    origin: Annotated[
        str, typer.Option("--origin", help="Name of the ledger on its checkpoints.")
    ] = "tenprint.example",
    names_unchecked: Annotated[
        bool,
        typer.Option(
            "--names-unchecked",
            help="A trial on the machine's clock that believes --as; every checkpoint and page says so, for ever.",
        ),
    ] = False,
) -> None:
    """Make a new exchange; you become its first administrator.

    Example: tenprint init --db county.db --as ada
    """
    from tenprint.exchange import Exchange

    start = moment(simulated_from, "UTC", "--simulated-from")
    if start is not None:
        bare = len(simulated_from or "") == 10  # a day as a start means its beginning
        start = (start.replace(hour=0, minute=0, second=0) if bare else start).astimezone(UTC)
    kind: dict[str, Any] = {"simulated_from": start, "names_unchecked": names_unchecked}
    with refusals(), Exchange.create(db, name, origin=origin, **kind) as exchange:
        said = f"New exchange at {db}."
        if names_unchecked:
            said = f"Trial exchange at {db}. {BELIEVED}"
        if start is not None:
            said = f"Simulated exchange at {db}; its clock starts {start:%Y-%m-%d %H:%M} UTC and follows "
            said += "the stated times. Nothing in it happened to anybody."
        out.print(f"{said} Administrator: {name}. Ledger: {exchange.ledger.origin}.", markup=False)
        if exchange.ledger.names == "checked":
            from tenprint.accounts import Accounts

            code = Accounts(exchange).found(name)
            out.print("From the first account on it believes no name; until then it believes every name.", markup=False)
            out.print(f"Your invitation, once: {code}", markup=False)
            out.print(f"  next: tenprint account accept --as {name} --invitation {code} --db {db}", markup=False)


@app.command()
def enrol(
    files: Files,
    db: Db,
    name: As,
    system: Annotated[Literal["criminal", "immigration"], typer.Option("--system", help="Which system.")],
    was: Was = None,
    flag: Annotated[
        str, typer.Option("--flag", help="A flag of the source: a person reads it, and it decides nothing.")
    ] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Put the prints of earlier encounters into one identification system. The only way in: a search never enrols.

    What an encounter was is told in the answer to a match (IDR): most were applications. Exit code 2 when a file could
    not be used; the others are enrolled.

    Example: tenprint enrol --system immigration old_encounter.an2 --was visa-applicant --db county.db --as ada
    """
    from tenprint.exchange.enrolment import Encounter

    rows: list[dict[str, Any]] = []
    failed = False
    with opened(db) as exchange:
        act = exchange.act(name, "enrol", stated(exchange, at, name=name))
        with progress("enrolling", len(files)) as advance:
            for file in files:
                try:
                    with refusals():
                        found = exchange.enrol(system, file, act, Encounter(was=was, flag=flag))
                except Refused as refused:
                    failed = True
                    err.print(f"tenprint: {file}: {refused}", markup=False)
                    rows.append({"file": str(file), "enrolled": False, "message": str(refused)})
                else:
                    rows.append({"file": str(file), "enrolled": True, **_plain(found)})
                advance()
    if json:
        emit(rows)
    else:
        for row in (r for r in rows if r["enrolled"]):
            state = "enrolled" if row["new"] else "was there already"
            fingers = f", fingers {', '.join(map(str, row['fingers']))}" if row["fingers"] else ""
            out.print(
                f"{row['file']}: {state} as {row['identity']}, encounter {row['encounter']}{fingers}", markup=False
            )
            for line in row["unusable"]:
                out.print(f"  not used: {line}", markup=False)
    if failed:
        raise typer.Exit(2)


@app.command()
def submit(
    files: Files,
    db: Db,
    name: As,
    at: At = None,
    answers: Answers = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes that look at fingers ahead.")] = 1,
    receipts: Annotated[
        Path | None, typer.Option(help="Folder for a signed receipt of each card, checked without the exchange.")
    ] = None,
    json: Json = False,
) -> None:
    """Send cards down the road: criminal search and answer, the gate, immigration search and answer, query.

    Exit code 1 when a card was rejected, 2 when a file could not be read; the others are processed all the same.
    The same card again changes nothing. A folder stands for its files, in the order of their names; with --jobs the
    fingers of the next cards are looked at meanwhile, and everything else stays one after the other.

    Example: tenprint submit cards --jobs 4 --db county.db --as booking-desk --answers answers
    Example: tenprint submit card.eft --db county.db --as booking-desk --answers answers
    """
    rows: list[SubmissionResult] = []
    unreadable: list[dict[str, Any]] = []
    with opened(db) as exchange:
        from tenprint.cases.card.commands import AcceptSubmission
        from tenprint.cli import receipt

        exchange.resume()
        exchange.act(name, AcceptSubmission)  # refused before the first file, not at each
        given = within(files)
        with progress("submitting", len(given)) as advance, _looking(exchange, given, jobs):
            for file in given:
                try:
                    with refusals():
                        when = stated(exchange, at, card=file, name=name)
                        rows.append(exchange.submit(file, exchange.act(name, AcceptSubmission, when), answers))
                        if receipts is not None:
                            receipt.keep(exchange, rows[-1], receipts)
                except Refused as refused:
                    err.print(f"tenprint: {file}: {refused}", markup=False)
                    unreadable.append({"file": str(file), "tcn": None, "accepted": False, "messages": [str(refused)]})
                advance()
        for trouble in exchange.troubles:
            err.print(f"tenprint: {trouble}", markup=False)
    if json:
        emit([*(_plain(r) for r in rows), *unreadable])
    else:
        for row in rows:
            _say(row)
    if unreadable:
        raise typer.Exit(2)
    if any(not row.accepted for row in rows):
        raise typer.Exit(FINDINGS)


def within(files: list[Path]) -> list[Path]:
    """The files, with those of a folder in its place: all that are not hidden, in the order of their names.

    Raises:
        Refused: when a folder holds none.
    """
    found: list[Path] = []
    for file in files:
        inner = (
            sorted(p for p in file.iterdir() if p.is_file() and not p.name.startswith(".")) if file.is_dir() else [file]
        )
        if not inner:
            fail(f"{file}: expected cards in this folder, and it holds no file")
        found += inner
    return found


@contextmanager
def _looking(exchange: Exchange, files: list[Path], jobs: int) -> Iterator[None]:
    """Within, fingers of the next files are looked at by so many processes."""
    if jobs == 1 or len(files) == 1:
        yield
        return
    from tenprint.exchange.ahead import ahead

    own = exchange.extract
    with ahead(own, files, jobs) as exchange.extract:
        yield
    exchange.extract = own


@app.command()
def status(tcn: Tcn, db: Db, ori: Ori = None, json: Json = False) -> None:
    """Where a card stands, in words: found or not, asked or not, held until when.

    Example: tenprint status TXSYN4530-20121109-0001 --db county.db
    """
    from tenprint.exchange import views

    with opened(db) as exchange:
        found = views.status(exchange, tcn, ori)
    if json:
        emit(_plain(found))
        return
    _tell(found)


@app.command()
def resume(db: Db, answers: Answers = None, json: Json = False) -> None:
    """Finish every card that was taken in and has not arrived, as after a crash, and write every answer that is due.

    An answer goes to the folder that was named with its card; with --answers those of cards that are finished now go
    there too. `submit` does the same first of all.

    Example: tenprint resume --db county.db
    """
    with opened(db) as exchange:
        finished = exchange.resume(answers)
        troubles = list(exchange.troubles)
    if json:
        emit({"finished": finished, "troubles": troubles})
    else:
        out.print(f"{len(finished)} cards finished." if finished else "Nothing was left over.", markup=False)
        for line in (*finished, *troubles):
            out.print(f"  {line}", markup=False)
    if troubles:
        raise typer.Exit(FINDINGS)


@app.command()
def outbox(db: Db, json: Json = False) -> None:
    """Answers on their way: due to a folder and not arrived there. Exit code 1 when there are any.

    `resume` tries them again.

    Example: tenprint outbox --db county.db
    """
    from tenprint.exchange import outbox as out_going

    with opened(db) as exchange:
        waiting = out_going.due(exchange)
    if json:
        emit(waiting)
    elif not waiting:
        out.print("Nothing is waiting: every answer that has an address has arrived.")
    for answer in () if json else waiting:
        why = answer.trouble or "not tried yet"
        tried = f" ({answer.attempts} attempts in vain)" if answer.attempts else ""
        out.print(f"{answer.tcn} {answer.kind} to {answer.folder}: {why}{tried}", markup=False)
    if waiting:
        raise typer.Exit(FINDINGS)


@app.command()
def expunge(
    which: Annotated[str, typer.Argument(metavar="TCN", help="Control number of a card; with --system, an identity.")],
    db: Db,
    name: As,
    reason: Annotated[str, typer.Option("--reason", help="The order or the rule, by its number. Mandatory.")],
    second: Annotated[str, typer.Option("--second", help="The second person: registered, and not you.")] = "",
    system: Annotated[
        Literal["criminal", "immigration"] | None,
        typer.Option("--system", help="Destroy the prints of an enrolled identity of this system instead."),
    ] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Destroy what is known of a card's subject: name, card, templates, answers. With --system: an identity's prints.

    Hashes, dates and the reason stay; the ledger still verifies. Backups and answers that somebody has received are
    their keepers' duty.

    Example: tenprint expunge TXSYN4530-20121109-0001 --reason "order 2013-CV-17" --second bob --db county.db --as ada
    Example: tenprint expunge --system immigration N00000001 --reason "order 2013-CV-17" --second bob --db county.db
    --as ada
    """
    from tenprint.exchange.expunge import expunge_card, expunge_identity

    with opened(db) as exchange:
        when = stated(exchange, at, tcn=None if system else which, name=name, ori=ori)
        act = exchange.act(name, "expunge", when)
        if system is not None:
            done = expunge_identity(exchange, system, which, reason, act, second=second)
        else:
            done = expunge_card(exchange, which, reason, act, ori, second=second)
    if json:
        emit(_plain(done))
        return
    out.print(
        f"{done.what}: expunged. {'The card, ' if done.card else ''}{done.templates} templates, "
        f"{done.answers} answers, sealed fields of {done.sealed} events and "
        f"{done.encounters} traces of matches are gone.",
        markup=False,
    )


def _plain(value: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(value)


def _say(row: SubmissionResult) -> None:
    out.print(f"{row.file}: {row.tcn}", markup=False)
    if not row.accepted:
        out.print("  rejected (ERRT):", markup=False)
        for message in row.messages:
            out.print(f"    {message}", markup=False)
        return
    if row.resubmitted:
        out.print("  was taken in before: nothing new happened", markup=False)
    for message in row.messages:
        out.print(f"  image: {message}", markup=False)
    for line in row.sequence:
        out.print(f"  order of the fingers: {line}", markup=False)
    if row.sequence:
        out.print("  not kept: hand the card in again, each finger in its box", markup=False)
    if row.criminal is not None:
        out.print(f"  criminal: {_match(row.criminal, 'no record found')}", markup=False)
    found = row.immigration
    if found is None:
        return
    if not found.searched:
        why = "not finished yet, will be tried again" if found.pending else f"not searched ({found.reason})"
        if found.reason == "unknown-agency":
            why += "; the card's CRI (2.073) is in no registry. For later cards: "
            why += "tenprint agency add --ori CRI --county FIPS"
        out.print(f"  immigration: {why}", markup=False)
    else:
        out.print(f"  immigration: {_match(found, 'no digitized record found')}", markup=False)


def _match(found: Any, nothing: str) -> str:
    if found.score is None:
        return nothing
    numbers = f"score {found.score:.3f}, threshold {found.threshold:.3f}, {found.fingers} fingers"
    close = "; a close call, for an examiner (tenprint examine list)" if found.close_call and not found.hit else ""
    means = f"\n    {found.meaning}" if found.meaning else ""
    return f"{f'match, {found.identity}' if found.hit else nothing} ({numbers}){close}{means}"


def _tell(found: Status) -> None:
    when = f"{found.taken_in:%Y-%m-%d %H:%M %Z}" if isinstance(found.taken_in, datetime) else ""
    out.print(f"{found.tcn}   {found.agency} {found.place}   taken in {when}", markup=False)
    if found.simulated:
        out.print("SIMULATED: nothing here happened to anybody.", markup=False)
    if found.names == "unchecked":
        out.print(BELIEVED, markup=False)
    for sentence in found.sentences:
        out.print(f"- {sentence}", markup=False)
    if found.hold is not None and found.hold.overdue:
        out.print("! THE HOLD IS PAST ITS DEADLINE: the person must be released.", markup=False)
        say_next(found.hold)
