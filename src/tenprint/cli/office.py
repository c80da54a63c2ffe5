"""`office`: people at the field office decide among what the law of the day permits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from tenprint.cli.common import As, At, Db, Json, emit, fail, out
from tenprint.cli.opening import Ori, Tcn, clock, opened, perform, stated

if TYPE_CHECKING:
    from datetime import datetime

    from tenprint.cases.card.commands import IssueDetainer
    from tenprint.cases.kernel.value import Command
    from tenprint.exchange import Exchange
    from tenprint.exchange.office import Desk

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The field office: what the law permits, what is chosen, what is sent.",
)

Choice = Literal[
    "NO_ACTION", "MONITOR", "NOTIFY_REQUEST", "DETAINER", "TRANSFER_REQUEST", "NEEDS_MORE_FACTS", "SUPERVISOR_REVIEW"
]
Reason = Annotated[str, typer.Option("--reason", help="Why. Mandatory.", show_default=False)]
Form = Annotated[str | None, typer.Option("--form", help='Version of the form, such as "I-247 (12/12)".')]
Criteria = Annotated[
    list[str] | None,
    typer.Option("--basis", help="Letter relied on, such as a or c3; it must hold on that day. Repeat it."),
]
Cause = Annotated[
    list[str] | None,
    typer.Option(
        "--probable-cause",
        help="final_order, pending_proceedings, biometric_and_records or statements_or_evidence. Repeat it.",
    ),
]
Warrant = Annotated[Literal["I-200", "I-205"] | None, typer.Option("--warrant", help="Warrant that goes with it.")]
Supersedes = Annotated[int | None, typer.Option("--supersedes", help="Number of the request that this one replaces.")]
Recipient = Annotated[str, typer.Option("--recipient", help="ORI of the jail, when it is not the booking agency.")]


@app.command()
def decide(
    tcn: Tcn,
    db: Db,
    name: As = "",
    choice: Annotated[Choice | None, typer.Option("--choice", help="Leave it out to see what is permitted.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why: mandatory with a choice, also for no action.")] = "",
    form: Form = None,
    basis: Criteria = None,
    factor: Annotated[
        list[str] | None,
        typer.Option(
            "--factor", help="Factor weighed under the discretion memo of the day, in your own words. Repeat it."
        ),
    ] = None,
    override: Annotated[
        bool, typer.Option("--override", help="Outside what is permitted; a supervisor approved.")
    ] = False,
    probable_cause: Cause = None,
    warrant: Warrant = None,
    supersedes: Supersedes = None,
    recipient: Recipient = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Show what the law of the day permits; with --choice, record your decision and send the form it needs.

    Without --choice it lists the letters that hold (for --basis), whether factors must be weighed (for --factor), and
    the forms of that day (for --form).

    Example: tenprint office decide TCN --at 2013-02-01T13:00 --db county.db
    Example: tenprint office decide TCN --choice DETAINER --reason "final order of 2009" --form "I-247 (12/12)"
    --basis f --factor "length of stay" --db county.db --as oscar --at 2013-02-01T14:00
    """
    if choice is None:
        _show(db, tcn, at, ori, json=json)
        return
    from tenprint.cases.card.commands import Decide

    def build(exchange: Exchange, when: datetime) -> Command:
        detainer = None
        if choice in {"DETAINER", "NOTIFY_REQUEST", "TRANSFER_REQUEST"}:
            if form is None:
                _name_what_lacks(exchange, tcn, ori, when, choice, basis, factor)
            detainer = _form(exchange, tcn, ori, form or "", basis, probable_cause, warrant, supersedes, recipient)
        return Decide(
            choice=choice,
            reason=reason,
            basis=tuple(basis or ()),
            factors=tuple(factor or ()),
            override=override,
            detainer=detainer,
        )

    if not name:
        fail("a decision is made by a named person: say who with --as")
    perform(db, tcn, name, at, Decide, build, ori=ori, json=json)


def _form(
    exchange: Exchange, tcn: str, ori: str | None, form: str, basis: list[str] | None,
    cause: list[str] | None, warrant: Any, supersedes: int | None, recipient: str,
) -> IssueDetainer:  # fmt: skip
    from tenprint.cases.card.commands import IssueDetainer

    case = exchange.case(tcn, ori)
    zone = exchange.agency(recipient).zone if recipient else exchange.zone(case)
    return IssueDetainer(
        form=form,
        zone=zone or "UTC",
        recipient_ori=recipient,
        criteria=tuple(basis or ()),
        probable_cause=tuple(cause or ()),
        warrant=warrant,
        supersedes=supersedes,
    )


def _name_what_lacks(
    exchange: Exchange, tcn: str, ori: str | None, when: datetime, choice: Choice, basis: list[str] | None,
    factor: list[str] | None,
) -> NoReturn:  # fmt: skip
    """Refuse a request that came without a form, and say in the same breath what else it lacks."""
    from tenprint.cases.card.commands import Decide
    from tenprint.cases.card.decision import lacking
    from tenprint.exchange.office import consider

    desk = consider(exchange, tcn, when, ori=ori)
    possible = ", ".join(desk.forms.get(choice, ())) or "none"
    said = [f"{choice} is carried out by a form: name it with --form. Of that day: {possible}"]
    if not desk.finding.allows(choice):
        said.append(f"{desk.finding.regime} does not permit {choice} on these facts")
    command = Decide(choice=choice, reason="", basis=tuple(basis or ()), factors=tuple(factor or ()))
    said += [f"{why}: {what}" for why, what in lacking(command, desk.finding, date.fromisoformat(desk.on))]
    fail(". Also: ".join(said))


def _show(db: str, tcn: str, at: str | None, ori: str | None, *, json: bool) -> None:
    import msgspec

    from tenprint.exchange.office import consider

    with opened(db) as exchange:
        desk = consider(exchange, tcn, stated(exchange, at, tcn=tcn, ori=ori) or exchange.ledger.now(), ori=ori)
    if json:
        emit(msgspec.to_builtins(desk))
        return
    _tell(desk)


def _tell(desk: Desk) -> None:
    found = desk.finding
    out.print(f"{desk.tcn} on {desk.on}: {found.regime} (standing: {found.standing})", markup=False)
    for line in desk.scores:
        out.print(f"  {line}", markup=False)
    out.print(f"  permitted: {', '.join(found.permitted) or 'nothing'}", markup=False)
    if found.duties:
        out.print(f"  required by statute: {', '.join(map(str, found.duties))}", markup=False)
    if found.missing:
        out.print(f"  nobody knows: {', '.join(found.missing)}", markup=False)
    if found.flags:
        out.print(f"  flags: {', '.join(map(str, found.flags))}", markup=False)
    for choice, forms in desk.forms.items():
        if choice in found.permitted or choice in found.duties:
            letters = ", ".join(found.bases.get(choice, ()))
            out.print(f"  {choice}: {', '.join(forms) or 'no form on that day'} (--form)", markup=False)
            if letters:
                out.print(f"    what it can rest on, because it holds: {letters} (--basis)", markup=False)
            if desk.weigh:
                out.print(
                    "    factors must be weighed and named, in your own words (--factor, once for each)", markup=False
                )
                out.print(f"    such as, in {desk.weigh}", markup=False)
    if desk.bars:
        out.print(f"  {desk.bars}", markup=False)
    out.print("  rules that apply, or would if more were known:", markup=False)
    for row in found.trace:
        if row.get("holds") is not False:
            state = "holds" if row.get("holds") is True else "unknown"
            out.print(f"    {row.get('regime')} {row.get('rule')} ({state}): {row.get('says')}", markup=False)
            source = ", ".join(_names(row.get("source")))
            out.print(f"      effect: {row.get('effect')}; source: {source}", markup=False)


def _names(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value or "none")]


@app.command()
def issue(
    tcn: Tcn,
    db: Db,
    name: As,
    form: Annotated[str, typer.Option("--form", help='Version of the form, such as "I-247 (12/12)".')],
    basis: Criteria = None,
    probable_cause: Cause = None,
    warrant: Warrant = None,
    supersedes: Supersedes = None,
    recipient: Recipient = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Send the form that the latest decision calls for.

    Example: tenprint office issue TCN --form "I-247 (12/12)" --basis f --db county.db --as oscar
    """
    from tenprint.cases.card.commands import IssueDetainer

    def build(exchange: Exchange, _when: datetime) -> Command:
        return _form(exchange, tcn, ori, form, basis, probable_cause, warrant, supersedes, recipient)

    perform(db, tcn, name, at, IssueDetainer, build, ori=ori, json=json)


@app.command()
def review(
    tcn: Tcn,
    db: Db,
    name: As,
    reason: Reason,
    what: Annotated[Literal["citizenship", "decision", "status"], typer.Option("--of", help="What is looked at.")],
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="The outcome.")],
    choice: Annotated[Choice | None, typer.Option("--choice", help="The choice that is approved or refused.")] = None,
    second: Annotated[str, typer.Option("--second", help="Of status: the reviewer beside you.")] = "",
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """A supervisor's look: at a citizenship indicator, at a choice that needs a second person, or at a status.

    Of status: a written ground, by two people who neither answered nor decide, for a request despite an answer that
    does not say removable. It is counted.

    Example: tenprint office review TCN --of decision --choice DETAINER --approve --reason "checked"
    --db county.db --as sue
    """
    from tenprint.cases.card.commands import Review

    command = Review(what=what, approved=approve, reason=reason, choice=choice, second=second)
    perform(db, tcn, name, at, Review, lambda _x, _t: command, ori=ori, json=json)


@app.command()
def cancel(tcn: Tcn, db: Db, name: As, reason: Reason, at: At = None, ori: Ori = None, json: Json = False) -> None:
    """Lift the request that stands.

    Example: tenprint office cancel TCN --reason "relief was granted" --db county.db --as oscar
    """
    from tenprint.cases.card.commands import Cancel

    perform(db, tcn, name, at, Cancel, lambda _x, _t: Cancel(reason=reason), ori=ori, json=json)


@app.command()
def reinstate(
    tcn: Tcn,
    db: Db,
    name: As,
    claim: Annotated[int | None, typer.Option("--claim", help="Number of the claim that had withdrawn it.")] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Put a withdrawn request back, under its original deadline.

    Example: tenprint office reinstate TCN --claim 1 --db county.db --as sue
    """
    from tenprint.cases.card.commands import Reinstate

    perform(db, tcn, name, at, Reinstate, lambda _x, _t: Reinstate(claim=claim), ori=ori, json=json)


@app.command()
def query(
    tcn: Tcn,
    db: Db,
    name: As,
    origin: Annotated[
        Literal["BIOGRAPHIC", "CAP_INTERVIEW", "287G"], typer.Option("--origin", help="How it came about.")
    ],
    basis: Annotated[str, typer.Option("--basis", help="Why somebody asks, in words.")],
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Ask the center where no match caused it; the reason is recorded.

    Example: tenprint office query TCN --origin CAP_INTERVIEW --basis "said so in the interview"
    --db county.db --as oscar
    """
    from tenprint.cases.card.commands import SendQuery

    perform(db, tcn, name, at, SendQuery, lambda _x, _t: SendQuery(origin=origin, basis=basis), ori=ori, json=json)


@app.command()
def custody(
    tcn: Tcn,
    db: Db,
    name: As,
    moment: Annotated[
        str | None, typer.Option("--moment", help="When officers took the person; default: --at.")
    ] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Federal officers took the person into custody: the hold ends.

    Example: tenprint office custody TCN --db county.db --as oscar --at 2012-11-13T09:00
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
    moment: Annotated[str | None, typer.Option("--moment", help="When; default: --at.")] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The person left federal custody.

    Example: tenprint office release TCN --db county.db --as oscar
    """
    from tenprint.cases.card.commands import ReleasePerson

    perform(
        db, tcn, name, at, ReleasePerson,
        lambda x, t: ReleasePerson(at=clock(x, moment, t, tcn, ori), custody="ICE"), ori=ori, json=json,
    )  # fmt: skip
