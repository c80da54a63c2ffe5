"""What people may read: where a submission stands in words a sheriff uses, its history, an agency on a day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases import Case
from tenprint.cases.card.case import Detainer
from tenprint.cases.card.examination import close_calls
from tenprint.cases.card.gate import is_active
from tenprint.cases.card.words import STANDS
from tenprint.cases.custody.view import Custody
from tenprint.exchange import directory, expunge
from tenprint.exchange.codec import CASES
from tenprint.exchange.core import Core
from tenprint.exchange.examiner import scored
from tenprint.exchange.jail import HoldRow, hold_row
from tenprint.exchange.registry import Agency
from tenprint.exchange.results import SubmissionResult, result_of
from tenprint.exchange.telling import tell
from tenprint.ledger import Entry


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where one submission stands."""

    tcn: str
    agency: str
    place: str
    taken_in: datetime | None
    result: SubmissionResult
    sentences: tuple[str, ...]
    hold: HoldRow | None
    open_incidents: tuple[str, ...]
    simulated: bool
    names: str
    """Whether the ledger believes who says who they are: checked, unchecked, simulated."""
    expunged: str = ""
    """When, by whom and why what is known of the person was destroyed; empty when it was not."""


def status(exchange: Core, tcn: str, ori: str | None = None) -> Status:
    """Where a submission stands.

    Raises:
        UnknownError: when there is no such submission.
    """
    stream = exchange.stream_of(tcn, ori)
    entries = exchange.ledger.stream(stream)
    around = exchange.surroundings(stream)
    case, whole = around.case, around.whole
    taken = case.submission or case.rejection
    controlling = taken.controlling_ori if taken else ""
    facility = around.facility
    with exchange.reading() as connection:
        agency = directory.find_agency(connection, facility)
    zone = ZoneInfo(agency.zone if agency else "UTC")
    expunged = _expunged(expunge.record(exchange, stream), zone)
    return Status(
        tcn=tcn,
        agency=controlling,
        place=agency.name if agency else "in no registry",
        taken_in=entries[0].occurred_at.astimezone(zone) if entries else None,
        result=result_of(case),
        sentences=(*((expunged,) if expunged else ()), *sentences(case, whole, zone, exchange.ledger.now())),
        hold=hold_row(case, whole, exchange.ledger.now(), zone.key),
        open_incidents=tuple(f"{i.opened.number}: {i.opened.what}: {i.opened.detail}" for i in case.open_incidents),
        simulated=exchange.ledger.simulated,
        names=exchange.ledger.names,
        expunged=expunged,
    )


class AgencyOn(msgspec.Struct, frozen=True, kw_only=True):
    """An agency on a day."""

    agency: Agency
    active_since: date | None
    on: date
    active: bool
    """Whether prints of its bookings would be searched in the immigration system that day."""
    activation: str
    """Where that is known from."""


def agency_on(exchange: Core, ori: str, on: date) -> AgencyOn:
    """What an agency could do on a day.

    Raises:
        UnknownError: when it is in no registry.
    """
    found = exchange.agency(ori)
    with exchange.reading() as connection:
        known = directory.registration(connection, found, on)
    late = known.registered_from is not None and on < known.registered_from
    closed = known.registered_to is not None and on >= known.registered_to
    active = is_active(known, on) and not late and not closed
    return AgencyOn(agency=found, active_since=known.active_since, on=on, active=active, activation=known.activation)


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a case."""

    seq: int
    when: datetime
    """When it happened, on the clock of the booking agency."""
    recorded: datetime
    actor: str
    role: str
    kind: str
    what: str
    late: bool = False
    """Whether something of the case that happened after it had been recorded before it."""


def history(exchange: Core, tcn: str, ori: str | None = None) -> list[HistoryLine]:
    """Everything that happened in a case, in order.

    Raises:
        UnknownError: when there is no such case.
    """
    stream = exchange.stream_of(tcn, ori)
    zone = exchange.zone(exchange.load(stream).case) or "UTC"
    lines: list[HistoryLine] = []
    newest: datetime | None = None
    for entry in exchange.ledger.stream(stream):
        if entry.kind in CASES.kinds:
            lines.append(
                HistoryLine(
                    seq=entry.seq,
                    when=entry.occurred_at.astimezone(ZoneInfo(zone)),
                    recorded=entry.recorded_at,
                    actor=entry.actor,
                    role=entry.role,
                    kind=entry.kind,
                    what=tell(CASES.from_ledger(entry), zone),
                    late=newest is not None and entry.occurred_at < newest,
                )
            )
        newest = max(newest, entry.occurred_at) if newest else entry.occurred_at
    return lines


def newest(exchange: Core, tcn: str, ori: str | None = None) -> datetime:
    """The moment of the newest event of a case, on the clock of its agency.

    Raises:
        UnknownError: when there is no such case.
    """
    stream = exchange.stream_of(tcn, ori)
    zone = ZoneInfo(exchange.zone(exchange.load(stream).case) or "UTC")
    return max(entry.occurred_at for entry in exchange.ledger.stream(stream)).astimezone(zone)


def _expunged(entry: Entry | None, zone: ZoneInfo) -> str:
    if entry is None:
        return ""
    when = f"{entry.occurred_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    return (
        f"EXPUNGED on {when} by {entry.actor}: name, prints, card and answers are gone. Reason: {entry.data['reason']}."
    )


def sentences(case: Case, whole: Custody, zone: ZoneInfo, now: datetime) -> list[str]:
    """The story of a case in plain sentences, in the order in which things are decided."""
    said = [*_card(case), *_center_and_office(case)]
    said += [line for d in case.detainers for line in _detainer(d, zone)]
    said += _whereabouts(case, whole, zone, now)
    for claim in case.claims:
        state = "open" if claim.resolved is None else ("upheld" if claim.resolved.upheld else "not upheld")
        said.append(f"A claim ({claim.made.claim.replace('_', ' ').lower()}) was made; it is {state}.")
    if case.outcome is not None:
        said.append(f"Outcome: {case.outcome.outcome.replace('_', ' ').lower()} on {case.outcome.on}.")
    said += [f"INCIDENT {i.opened.number} is open: {i.opened.detail}" for i in case.open_incidents]
    return said


def _card(case: Case) -> list[str]:
    if case.rejection is not None:
        return ["The card was rejected:", *(f"  {m}" for m in case.rejection.messages)]
    said = ["The card was accepted."]
    if case.criminal is not None:
        known = f"a record was found ({case.criminal.identity})" if case.criminal.hit else "no record was found"
        said.append(f"Criminal search: {known}.")
        said += scored("criminal", case.criminal)
    if case.gate is not None and not case.gate.forwarded:
        said.append(f"The prints were not searched in the immigration system: {REASONS[case.gate.reason or '']}")
    if case.immigration is not None:
        match = "a record of an earlier encounter was found. This says nothing about status"
        found = match if case.immigration.hit else "no digitized record found"
        said.append(f"Immigration search: {found}.")
        said += scored("immigration", case.immigration)
    said += [f"The close call of the {c.system} search is no match: {STANDS[c.standing]}." for c in close_calls(case)]
    said += [f"The {r.response} was not relayed: {r.note}." for r in case.responses if not r.relayed]
    return said


def _center_and_office(case: Case) -> list[str]:
    said = []
    if case.queries and case.determination is None:
        said.append("The support center has been asked and has not answered yet.")
    if case.determination is not None:
        d = case.determination
        said.append(f"The center answered: {d.status.replace('_', ' ').lower()}, confidence {d.confidence}.")
    if case.decision is not None:
        choice = case.decision.choice.replace("_", " ").lower()
        said.append(f"The office decided under {case.decision.regime}: {choice}. Reason: {case.decision.reason}")
    return said


def _detainer(detainer: Detainer, zone: ZoneInfo) -> list[str]:
    word = "request" if detainer.issued.form != "I-247N" else "request to be told of a release"
    said = [f"Form {detainer.form}: a {word}, state {detainer.state.replace('_', ' ').lower()}."]
    if detainer.served_at is not None:
        when = f"{detainer.served_at.astimezone(zone):%Y-%m-%d %H:%M}"
        said.append(f"The person was given a copy ({detainer.language}) on {when}.")
    elif detainer.is_open:
        said.append("The person has not been given a copy.")
    return said


def _whereabouts(case: Case, whole: Custody, zone: ZoneInfo, now: datetime) -> list[str]:
    """Where the person is, since when they could leave, on what they are kept, and for how long on nothing."""
    said = []
    if case.joined is not None:
        said.append(f"This card belongs to the custody of card {case.joined.tcn}: {case.joined.why}.")
    said.extend(
        f"Left {p.facility} on {_local(p.end, zone)}: {p.how.replace('_', ' ').lower()}."
        for p in whole.presence
        if p.end is not None
    )
    if whole.clock:
        said.append(f"Would have been released {_local(whole.clock[0].start, zone)}.")
    for hold in whole.holds:
        ends = f"the hold ends by itself at {_local(hold.deadline, ZoneInfo(hold.zone))}"
        over = "; the limit was reached" if hold.is_over(now) and (hold.end is None or hold.end > hold.deadline) else ""
        said.append(f"Held under {hold.form} since {_local(hold.start, zone)}; {ends}{over}.")
    minutes = whole.minutes_without(now)
    if minutes:
        causes = ", ".join(dict.fromkeys(g.cause for g in whole.gaps if g.start < now))
        said.append(f"WITHOUT AUTHORITY for {minutes // 60} hours {minutes % 60:02} minutes ({causes}).")
    return said


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"


REASONS: dict[str, str] = {
    "inactive": "the county was not active on that day.",
    "unknown-agency": "the booking agency is in no registry.",
    "civil": "this is not a criminal booking.",
    "juvenile": "the person is a minor, or nobody knows the age.",
    "closed": "the agency is closed.",
    "": "",
}
