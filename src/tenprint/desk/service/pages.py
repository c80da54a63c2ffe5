"""What the desks show: lists of what is owed where the reader is, one person's page, and the acts upon it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.desk.service import lists
from tenprint.desk.service.acts import FORMS, ActForm, Field, Given
from tenprint.desk.service.examination import examination
from tenprint.desk.service.policy import Row, row_for, sees
from tenprint.exchange import ExchangeError, UnknownError, center, examiner, office, owed, reads, views
from tenprint.exchange.cards import read_card
from tenprint.exchange.custodies import Surroundings
from tenprint.exchange.directory import Principal
from tenprint.exchange.exchange import Exchange
from tenprint.exchange.results import SubmissionResult

TITLES = {
    "jail": "Release board", "office": "Field office", "center": "Support center", "booking": "Booking",
    "supervisor": "Supervisor", "bureau": "Bureau", "examiner": "Examiner", "rights": "Rights office",
    "audit": "Audit", "administrator": "Administrator",
}  # fmt: skip
Which = tuple[str, str]
"""A card: submitting agency and control number."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """An act that the reader may do on a person's page."""

    form: ActForm
    fields: tuple[Field, ...]
    is_owed: bool


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """One card's page at one desk."""

    tcn: str
    ori: str
    name: str
    birth: str
    facility: str
    status: views.Status
    owed: tuple[owed.OwedRow, ...]
    history: tuple[views.HistoryLine, ...]
    fresh: tuple[views.HistoryLine, ...]
    """What the last act recorded."""
    offers: tuple[Offer, ...]
    desk: office.Desk | None
    permitted: tuple[tuple[str, str], ...]
    """Choices that the law of the day leaves, each with why."""
    glass: reads.Glass | None = None
    """The broken glass through which the reader looks: no act is offered."""
    trail: tuple[reads.ReadRow, ...] = ()
    """Who looked at this person, the newest look first: at the auditor's desk."""


class Desks:
    """The desks over an open exchange, for a reader who is signed in."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def listed(self, who: Principal, row: Row) -> lists.Listed:
        """What the page of a desk lists."""
        return lists.of(self.exchange, who, row, sees(self.exchange, who, row))

    def person(self, who: Principal, row: Row, which: Which, after: int | None = None) -> PersonPage:
        """One card's page.

        Raises:
            UnknownError: when there is no such card, or it is not for this reader: which of them is not said.
        """
        exchange, (ori, tcn) = self.exchange, which
        stream = exchange.stream_of(tcn, ori)
        around = exchange.surroundings(stream)
        case = around.case
        taken = case.submission or case.rejection
        place = around.facility or (taken.controlling_ori if taken else "")
        glass = None
        if not sees(exchange, who, row)(place, ori):
            glass = reads.open_glass(exchange, who.name, stream, exchange.ledger.now())
            if glass is None or row_for(who, row.page, "glass") is None:
                raise UnknownError("no such card here")
        lines = views.history(exchange, tcn, ori)
        due = tuple(owed.owed(exchange, stream=exchange.stream_of(tcn, ori)))
        desk: office.Desk | None = None
        permitted: tuple[tuple[str, str], ...] = ()
        if row.page == "office" and case.submission is not None:
            desk = office.consider(exchange, tcn, exchange.ledger.now(), ori=ori)
            permitted = _permitted(desk)
        personal = getattr(taken, "personal", None)
        return PersonPage(
            tcn=tcn,
            ori=ori,
            name=personal.name if personal else "not known here",
            birth=personal.date_of_birth if personal else "",
            facility=place,
            status=views.status(exchange, tcn, ori),
            owed=due,
            history=tuple(lines),
            fresh=tuple(line for line in lines if after is not None and line.seq > after),
            offers=() if glass else tuple(_offers(row, around, due, _decision(desk, permitted) if desk else ())),
            desk=desk,
            permitted=permitted,
            glass=glass,
            trail=tuple(reads.trail(exchange, stream)) if row.page == "audit" else (),
        )

    def do(self, who: Principal, row: Row, which: Which, act: str, values: Mapping[str, Sequence[str]]) -> int:
        """Do an act upon a card through the exchange, as a command does.

        Returns:
            The ledger's size before it.

        Raises:
            UnknownError: when the card is not for this reader.
            Refusal: when the case refuses.
            ExchangeError: when the form lacks something.
        """
        ori, tcn = which
        if row.page == "examiner":
            examination(self.exchange, who.name, ori, tcn)
        elif self.person(who, row, which).glass is not None:
            raise UnknownError("a broken glass lets somebody look, not act")
        exchange, form = self.exchange, FORMS[act]
        zone = exchange.zone(exchange.case(tcn, ori)) or "UTC"
        circumstances = exchange.act(who.name, form.command, when(values, zone))
        given = Given(values=values, when=circumstances.occurred_at, zone=zone)
        command, before = form.build(given), exchange.ledger.size()
        if isinstance(command, cmd.DetermineStatus):
            center.answer(exchange, tcn, command, circumstances, ori=ori)
        elif isinstance(command, cmd.Examine):
            examiner.conclude(exchange, tcn, command, circumstances, ori=ori)
        else:
            exchange.do(tcn, command, circumstances, ori=ori)
        return before

    def submit(self, who: Principal, content: bytes, values: Mapping[str, Sequence[str]]) -> SubmissionResult:
        """Take a card in, as `tenprint submit` does.

        Raises:
            ExchangeError: when it is of another county, or cannot be read.
        """
        row = row_for(who, "booking", "submit")
        zone = self.exchange.zone_of_card(content)
        if row is None or not sees(self.exchange, who, row)(_booked_by(content), ""):
            raise ExchangeError("this card names a booking agency that is not of your county")
        act = self.exchange.act(who.name, cmd.AcceptSubmission, when(values, zone or "UTC"))
        return self.exchange.submit(content, act)


def _offers(row: Row, around: Surroundings, due: Sequence[owed.OwedRow], decision: tuple[Field, ...]) -> list[Offer]:
    """Acts that the table allows and that there is something for; what is owed stands first."""
    case, here = around.case, around.whole.here is not None
    there = {
        **dict.fromkeys(("acknowledge", "serve", "honor", "decline", "cancel"), case.detainer is not None),
        **dict.fromkeys(("release", "release-eligible"), here),
        **dict.fromkeys(("answer", "decide", "review"), case.submission is not None),
        "close-incident": bool(case.open_incidents),
        "resolve-claim": bool(case.open_claims),
        "claim": case.submission is not None,
    }
    said = " ".join(d.act for d in due if d.owner == row.role)
    open_ = tuple((str(i.opened.number), f"{i.opened.what}: {i.opened.detail}") for i in case.open_incidents)
    number = Field(name="number", label="Which incident", kind="choice", options=open_, required=True)
    claims = tuple((str(c.made.number), f"{c.made.claim.replace('_', ' ').lower()}") for c in case.open_claims)
    claim = Field(name="number", label="Which claim", kind="choice", options=claims, required=True)
    changed = {
        "decide": decision,
        "resolve-claim": (claim, *FORMS["resolve-claim"].fields[1:]),
        "close-incident": (number, *FORMS["close-incident"].fields[1:]),
    }
    offers = [
        Offer(form=form, fields=changed.get(form.act, form.fields), is_owed=f" {form.act} " in f"{said} ")
        for form in FORMS.values()
        if form.act in row.acts and there.get(form.act, True)
    ]
    return sorted(offers, key=lambda o: not o.is_owed)


def when(values: Mapping[str, Sequence[str]], zone: str) -> datetime | None:
    """When an act happened, as typed on the clock of the place; nothing when it is now.

    Raises:
        ExchangeError: when it is no time.
    """
    typed = next(iter(values.get("when", ())), "").strip()
    if not typed:
        return None
    try:
        stated = datetime.fromisoformat(typed)
    except ValueError:
        raise ExchangeError(f"expected a time such as 2012-11-09T15:00; got {typed!r}") from None
    return stated if stated.tzinfo else stated.replace(tzinfo=ZoneInfo(zone))


def _booked_by(content: bytes) -> str:
    return read_card(content).controlling_ori


def _permitted(desk: office.Desk) -> tuple[tuple[str, str], ...]:
    """The choices that the law of the day leaves, each with why."""
    found, rows = desk.finding, []
    for choice in dict.fromkeys((*found.permitted, *found.duties, "NO_ACTION", "MONITOR", "NEEDS_MORE_FACTS")):
        letters = ", ".join(found.bases.get(choice, ()))
        why = "refraining is always open" if choice not in {*found.permitted, *found.duties} else found.regime
        why += f", on {letters}" if letters else ""
        why += ", required by statute" if choice in found.duties else ""
        rows.append((str(choice), why))
    return tuple(rows)


def _decision(desk: office.Desk, permitted: tuple[tuple[str, str], ...]) -> tuple[Field, ...]:
    """What the page to decide asks: what is permitted and why, forms of the day, letters that hold."""
    choices = tuple((c, f"{c.replace('_', ' ').lower()} ({why})") for c, why in permitted)
    forms = dict.fromkeys(f for c, _ in permitted for f in desk.forms.get(c, ()))
    letters = dict.fromkeys(letter for c, _ in permitted for letter in desk.finding.bases.get(c, ()))
    fields = [Field(name="choice", label="What is decided", kind="choice", options=choices, required=True)]
    if forms:
        fields.append(
            Field(
                name="form", label="Form of the day, of a request", kind="choice", options=tuple((f, f) for f in forms)
            )
        )
    if letters:
        fields.append(
            Field(name="basis", label="What it rests on", kind="many", options=tuple((x, x) for x in letters))
        )
    if desk.weigh:
        hint = f"One a line, in your own words; such as, in {desk.weigh}"
        fields.append(Field(name="factors", label="Factors weighed", kind="area", hint=hint))
    return (*fields, Field(name="reason", label="Why", kind="area", required=True))
