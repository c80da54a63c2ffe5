"""Acts of the rights office upon a flag: one command each, all part of the group `monitor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import As, At, Db, Json, emit, fail, out, tell
from tenprint.cli.opening import opened, stated

if TYPE_CHECKING:
    from tenprint.exchange.findings import Findings

app = typer.Typer(rich_markup_mode=None)
case = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The cases: all of them, or one with its history.")
app.add_typer(case, name="case")

Number = Annotated[str, typer.Argument(help="Number of the case, such as 2011Q2-001.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why. Mandatory.", show_default=False)]
Correction = Annotated[str, typer.Option("--correction", help="What was wrong with the one before.")]


@contextmanager
def desk(db: str) -> Iterator[Findings]:
    """The desk for flags of an exchange."""
    from tenprint.exchange.findings import Findings

    with opened(db) as exchange:
        yield Findings(exchange)


def act(db: str, number: str, name: str, at: str | None, command: Callable[[], Any], *, json: bool) -> None:
    """One act upon a case, and a sentence about everything that followed."""
    from tenprint.cases.finding.words import say

    with desk(db) as findings:
        made = findings.do(number, command(), name, stated(findings.exchange, at, name=name))
    tell(number, made, say, json=json)


@case.command(name="list")
def list_(
    db: Db,
    only_open: Annotated[bool, typer.Option("--open", help="Only those in which something is owed.")] = False,
    json: Json = False,
) -> None:
    """Every flag with its owner, where it stands, and what is owed until when.

    Example: tenprint monitor case list --open --db county.db
    """
    import msgspec

    from tenprint.cases.finding.words import place, plain

    with desk(db) as findings:
        now = findings.ledger.now()
        rows = [(number, findings.load(number)) for number in findings.numbers(only_open=only_open)]
    if json:
        emit([
            {"number": number, "flag": msgspec.to_builtins(c.opened.flag), "stage": c.stage, "owner": c.owner,
             "owed": [{"step": s, "due": due} for s, due in c.running], "past_due": [s for s, _ in c.past_due(now)]}
            for number, c in rows if c.opened
        ])  # fmt: skip
        return
    for number, c in rows:
        if c.opened is None:
            continue
        late = {step for step, _ in c.past_due(now)}
        owed = [f"{s} due {due:%Y-%m-%d}{' PAST DUE' if s in late else ''}" for s, due in c.running]
        where = f"{place(c.opened.flag)}, {c.opened.flag.metric} ({c.opened.flag.test})"
        told = "; ".join(owed) or "nothing is owed"
        out.print(f"{number}  {where}  {plain(c.stage)}  {c.owner}  {told}", markup=False)
    if not rows:
        out.print("No flags.")


@case.command()
def show(number: Number, db: Db, json: Json = False) -> None:
    """What happened to a flag, and what is owed. Everybody may see this.

    Example: tenprint monitor case show 2011Q2-001 --db county.db
    """
    with desk(db) as findings:
        lines, clocks, now = findings.lines(number), findings.clocks(number), findings.ledger.now()
    if json:
        emit({"number": number, "events": lines, "clocks": clocks})
        return
    for line in lines:
        out.print(f"{line.seq:>6}  {line.when:%Y-%m-%d %H:%M}  {line.who} ({line.role}): {line.what}", markup=False)
    for c in clocks:
        state = "given up" if c.waived else "done" if c.done else "open"
        late = ", LATE" if c.is_late(now) else ""
        out.print(f"        {c.step}: due {c.due:%Y-%m-%d}, {state} after {c.days(now):.1f} days{late}", markup=False)


@app.command()
def assign(
    number: Number,
    owner: Annotated[str, typer.Argument(help="Who owns it from now on.")],
    db: Db,
    name: As,
    reason: Reason,
    at: At = None,
    json: Json = False,
) -> None:
    """Give a case to somebody else; its deadline stays.

    Example: tenprint monitor assign 2011Q2-001 rob --reason "rita is on leave" --db county.db --as sue
    """
    from tenprint.cases.finding.commands import Assign

    act(db, number, name, at, lambda: Assign(owner=owner, reason=reason), json=json)


@app.command()
def hypothesis(
    number: Number,
    db: Db,
    name: As,
    text: Annotated[str, typer.Option("--text", help="What might lie behind it.", show_default=False)],
    against: Annotated[str, typer.Option("--against", help="What would speak against that.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """State what might lie behind a flag, and what one would see if that were wrong.

    Example: tenprint monitor hypothesis 2011Q2-001 --text "traffic stops in order to book"
    --against "as many where nobody is active" --db county.db --as rita
    """
    from tenprint.cases.finding.commands import StateHypothesis

    act(db, number, name, at, lambda: StateHypothesis(text=text, against=against), json=json)


@app.command()
def examine(
    number: Number,
    db: Db,
    name: As,
    plan: Annotated[str, typer.Option("--plan", help="How it is looked into, beyond the numbers.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """Begin the in-depth review; a hypothesis comes first, a finding after it.

    Example: tenprint monitor examine 2011Q2-001 --plan "read 60 booking sheets" --db county.db --as rita
    """
    from tenprint.cases.finding.commands import BeginReview

    act(db, number, name, at, lambda: BeginReview(plan=plan), json=json)


@app.command()
def evidence(
    number: Number,
    db: Db,
    name: As,
    text: Annotated[str, typer.Option("--text", help="What was seen. It names nobody.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where.")] = "",
    speaks_to: Annotated[
        int | None, typer.Option("--hypothesis", help="Number of the hypothesis it speaks to.")
    ] = None,
    withdraw: Annotated[int | None, typer.Option("--withdraw", help="Instead: this evidence was wrong.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="With --withdraw: why.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Put in what was looked at, or say that it was wrong: it stays readable, and no new finding rests on it.

    Example: tenprint monitor evidence 2011Q2-001 --text "41 of 60 for driving without a licence"
    --source "booking sheets" --hypothesis 1 --db county.db --as rita
    """
    from tenprint.cases.finding.commands import AddEvidence, WithdrawEvidence

    if withdraw is not None:
        act(db, number, name, at, lambda: WithdrawEvidence(number=withdraw, reason=reason), json=json)
        return
    act(db, number, name, at, lambda: AddEvidence(text=text, source=source, hypothesis=speaks_to), json=json)


@app.command()
def find(
    number: Number,
    result: Annotated[
        Literal["EXPLAINED_BY_CASE_MIX", "DATA_FAULT", "UNEXPLAINED", "PRACTICE_FOUND"],
        typer.Argument(help="What it turned out to be."),
    ],
    db: Db,
    name: As,
    text: Annotated[str, typer.Option("--text", help="What was found, in writing.", show_default=False)],
    rests_on: Annotated[list[int], typer.Option("--evidence", help="Number of evidence it rests on. Repeat it.")],
    correction: Correction = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Write what was found. A second finding corrects the first and says what was wrong with it.

    Example: tenprint monitor find 2011Q2-001 UNEXPLAINED --text "no reason was found" --evidence 1
    --db county.db --as rita
    """
    from tenprint.cases.finding.commands import WriteFinding

    command = WriteFinding(result=result, text=text, evidence=tuple(rests_on), correction=correction)
    act(db, number, name, at, lambda: command, json=json)


@app.command()
def decide(
    number: Number,
    choice: Annotated[Literal["NO_ACTION", "RETAINED", "REFERRED"], typer.Argument(help="What follows.")],
    db: Db,
    name: As,
    reason: Reason,
    correction: Correction = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Say what follows from the finding. NO_ACTION upon a practice that was found is a supervisor's to say.

    Example: tenprint monitor decide 2011Q2-001 RETAINED --reason "we look again next quarter" --db county.db --as rita
    """
    from tenprint.cases.finding.commands import Decide

    act(db, number, name, at, lambda: Decide(choice=choice, reason=reason, correction=correction), json=json)


@app.command()
def refer(
    number: Number,
    to_office: Annotated[
        Literal["JUSTICE", "INSPECTOR_GENERAL", "COMPONENT"], typer.Argument(metavar="OFFICE", help="Which office.")
    ],
    db: Db,
    name: As,
    reason: Reason,
    to: Annotated[str, typer.Option("--to", help="The component's name; mandatory for COMPONENT.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Send a flag to another office; a clock runs until that office says that it has it.

    Example: tenprint monitor refer 2011Q2-001 JUSTICE --reason "a sheriff's practice" --db county.db --as rita
    """
    from tenprint.cases.finding.commands import Refer

    act(db, number, name, at, lambda: Refer(office=to_office, why=reason, to=to), json=json)


@app.command()
def acknowledge(
    number: Number,
    which: Annotated[int, typer.Argument(help="Number of the referral.")],
    db: Db,
    name: As,
    document: Annotated[str, typer.Option("--document", help="Letter or message that says so.", show_default=False)],
    at: At = None,
    json: Json = False,
) -> None:
    """Record that the other office has it.

    Example: tenprint monitor acknowledge 2011Q2-001 1 --document "letter of 2 November" --db county.db --as rita
    """
    from tenprint.cases.finding.commands import AcknowledgeReferral

    act(db, number, name, at, lambda: AcknowledgeReferral(number=which, document=document), json=json)


@app.command()
def summarize(
    number: Number,
    db: Db,
    name: As,
    text: Annotated[str, typer.Option("--text", help="What the public reads. It names nobody.", show_default=False)],
    correction: Correction = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Write the public summary: what was found and what follows.

    Example: tenprint monitor summarize 2011Q2-001 --text "We found no reason and look again." --db county.db --as rita
    """
    from tenprint.cases.finding.commands import Summarize

    act(db, number, name, at, lambda: Summarize(text=text, correction=correction), json=json)


@app.command()
def close(
    number: Number,
    db: Db,
    name: As,
    reason: Reason,
    without_finding: Annotated[
        bool, typer.Option("--without-finding", help="Nobody wrote what was found: a supervisor's act, and published.")
    ] = False,
    at: At = None,
    json: Json = False,
) -> None:
    """End a case, when finding, decision, acknowledged referrals and public summary are there.

    Example: tenprint monitor close 2011Q2-001 --reason "all is said" --db county.db --as rita
    """
    from tenprint.cases.finding.commands import Close, CloseWithoutFinding

    command = CloseWithoutFinding(reason=reason) if without_finding else Close(reason=reason)
    act(db, number, name, at, lambda: command, json=json)


@app.command()
def reopen(number: Number, db: Db, name: As, reason: Reason, at: At = None, json: Json = False) -> None:
    """Take a closed case up again: a finding is owed anew.

    Example: tenprint monitor reopen 2011Q2-001 --reason "a deputy came forward" --db county.db --as audrey
    """
    from tenprint.cases.finding.commands import Reopen

    act(db, number, name, at, lambda: Reopen(reason=reason), json=json)


@app.command()
def targets(
    db: Db,
    name: Annotated[str | None, typer.Option("--as", envvar="TENPRINT_AS", help="Who changes them.")] = None,
    change: Annotated[list[str] | None, typer.Option("--set", help="STEP=DAYS for what comes from now on.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """How many days finding, closing and a referral may take. Clocks that run already stay as they are.

    Example: tenprint monitor targets --set finding=60 --db county.db --as rita
    """
    import msgspec

    with desk(db) as findings:
        now = msgspec.to_builtins(findings.targets)
        for item in change or []:
            step, _, days = item.partition("=")
            if step not in now or not days.isdigit() or not 0 < int(days) < 10_000:
                fail(f"--set: expected one of {', '.join(now)} with days, such as finding=60; got {item!r}")
            now[step] = int(days)
        if change:
            if not name:
                fail("--set changes what the office owes: say who changes it with --as")
            chosen = msgspec.convert(now, type(findings.targets))
            findings.set_targets(chosen, name, stated(findings.exchange, at, name=name))
    if json:
        emit(now)
        return
    for step, days in now.items():
        out.print(f"{step}: {days} days")
