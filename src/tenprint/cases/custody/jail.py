"""What a jail records of a person: booked, still there, received, returned, released, and in which other way they left.

Every act of it is somebody's word about a moment. A moment may be told late; told on a later day it needs its paper
and a second person, and what was told late never makes past hours lawful.
"""

from __future__ import annotations

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.submission import accepted
from tenprint.cases.card.values import Event, IncidentKind
from tenprint.cases.custody import events as ev
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.custody.moments import check_moment, check_not_before_arrest, is_told_late
from tenprint.cases.custody.view import Custody
from tenprint.cases.custody.whole import custody_at
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.second import check_second

NEEDS_DOCUMENT = ("NEW_CRIMINAL_HOLD", "TRANSFERRED", "COURT_ORDER", "DIED", "RELEASED_IN_ERROR", "TEMPORARY")
_INCIDENT: dict[str, tuple[IncidentKind, str]] = {
    "DIED": ("died-in-custody", "the person died in the facility"),
    "ESCAPED": ("escaped", "the person escaped"),
    "RELEASED_IN_ERROR": ("released-in-error", "the person was released in error"),
}
SECONDS = ("jail", "supervisor", "rights")
"""Roles whose named second makes a late, corrected or unusual statement of a jail possible."""


def book(case: Case, command: cmd.BookPerson, act: Act) -> tuple[Event, ...]:
    """The person was booked in: presence begins."""
    asked = "record the booking"
    card = accepted(case, asked)
    check_moment(command.at, act, asked)
    check_not_before_arrest(case, command.at, act, asked)
    if any(isinstance(w, ev.PersonBooked) and w.at == command.at for w in case.whereabouts):
        return ()
    facility = command.facility or card.controlling_ori
    return (ev.PersonBooked(at=command.at, facility=facility, booking_number=command.booking_number),)


def confirm(case: Case, command: cmd.ConfirmPresence, act: Act) -> tuple[Event, ...]:
    """Still there as of a moment."""
    asked = "confirm that the person is there"
    _present(case, command.at, act, asked)
    return (ev.PresenceConfirmed(at=command.at, note=command.note),)


def receive(case: Case, command: cmd.ReceivePerson, act: Act) -> tuple[Event, ...]:
    """A transfer arrived: the receiving facility answers from here on."""
    asked = "record the arrival"
    here = _present(case, command.at, act, asked).here
    if here is not None and here.facility == command.facility:
        return ()
    return (ev.PersonReceived(at=command.at, facility=command.facility, document=command.document),)


def back(case: Case, command: cmd.ReturnPerson, act: Act) -> tuple[Event, ...]:
    """Back after a temporary leave, an escape or a release in error."""
    asked = "record the return"
    accepted(case, asked)
    check_moment(command.at, act, asked)
    whole = custody_at(case, act)
    if whole.here is not None:
        raise Refusal(asked, f"nobody recorded that the person left {whole.here.facility}", "record the leaving first")
    last = whole.presence[-1]
    if last.how not in {"TEMPORARY", "ESCAPED", "RELEASED_IN_ERROR"}:
        raise Refusal(asked, f"the person left for good ({last.how})", "a new booking is a card of its own")
    if last.end is not None and command.at < last.end:
        raise Refusal(asked, f"it lies before the leaving ({last.end.isoformat()})", "state when they came back")
    _paper(command.document, asked)
    return (ev.PersonReturned(at=command.at, facility=command.facility or last.facility, document=command.document),)


def open_matter(case: Case, command: cmd.OpenMatter, act: Act) -> tuple[Event, ...]:
    """A further criminal matter keeps the person: it needs charge, agency, the court's document and a second person."""
    asked = "record a further criminal matter"
    whole = _present(case, command.at, act, asked)
    for value, what in (
        (command.charge, "the charge or the warrant's number"),
        (command.agency, "the agency whose matter it is"),
        (command.document, "the court's or agency's document, by number"),
    ):
        if not value.strip():
            raise Refusal(
                asked, f"it does not say {what}", "record it with --charge, --agency, --document and --second"
            )
    check_second(act, command.second, SECONDS, asked)
    released = whole.clock[0].start if whole.clock else None
    if released is not None and command.at < released:
        raise Refusal(
            asked, f"it lies before the release moment ({released.isoformat()})", "correct the release moment first"
        )
    return (
        ev.MatterOpened(
            number=max((m.number for m in case.matters), default=1) + 1,
            what=command.what,
            charge=command.charge,
            agency=command.agency,
            document=command.document,
            at=max(command.at, act.known_at) if is_told_late(command.at, act) else command.at,
            second=command.second,
            told_at=act.known_at,
        ),
    )


def release(case: Case, command: cmd.ReleasePerson, act: Act) -> tuple[Event, ...]:
    """The person left the custody named."""
    asked = f"record {command.how.lower().replace('_', ' ')}"
    accepted(case, asked)
    check_moment(command.at, act, asked)
    if command.how in NEEDS_DOCUMENT:
        _paper(command.document, asked)
    if command.custody == "ICE":
        return _release_from_federal(case, command, act, asked)
    if command.how == "NEW_CRIMINAL_HOLD":
        matter = cmd.OpenMatter(
            at=command.at, what="new_charge", charge=command.charge, agency=command.agency,
            document=command.document, second=command.second,
        )  # fmt: skip
        return open_matter(case, matter, act)
    whole = _present(case, command.at, act, asked)
    _check_no_incident_hidden(case, command, act, asked)
    if is_told_late(command.at, act):
        _paper(command.document, f"{asked} of an earlier day")
        check_second(act, command.second, SECONDS, f"{asked} of an earlier day")
    left = ev.CustodyReleased(
        at=command.at, custody="LOCAL", how=command.how, document=command.document, to=command.to,
        guarded=command.guarded, second=command.second or None, told_at=act.known_at,
    )  # fmt: skip
    what = _INCIDENT.get(command.how)
    opened = open_once(case, what[0], f"leaving {command.at.isoformat()}", what[1], command.at) if what else ()
    _check_in_order(whole, command, asked)
    return (left, *opened)


def _check_in_order(whole: Custody, command: cmd.ReleasePerson, asked: str) -> None:
    here = whole.here
    if here is not None and command.at < here.start:
        raise Refusal(asked, f"it lies before the person came ({here.start.isoformat()})", "state when they left")


def _check_no_incident_hidden(case: Case, command: cmd.ReleasePerson, act: Act, asked: str) -> None:
    """A leaving that is told to lie before an open incident is a correction: paper and a second person."""
    hidden = [i for i in case.open_incidents if i.opened.since > command.at]
    if not hidden:
        return
    asked = f"{asked} at {command.at.isoformat()}, before incident {hidden[0].opened.number} began"
    _paper(command.document, asked)
    check_second(act, command.second, ("supervisor", "rights"), asked)


def _release_from_federal(case: Case, command: cmd.ReleasePerson, act: Act, asked: str) -> tuple[Event, ...]:
    taken = [w for w in case.whereabouts if isinstance(w, ev.CustodyAssumed)]
    if not taken:
        raise Refusal(asked, "no federal custody is recorded", "record the release from the jail (custody LOCAL)")
    if command.at < taken[-1].at:
        raise Refusal(asked, f"it lies before federal custody ({taken[-1].at.isoformat()})", "state when they left it")
    return (
        ev.CustodyReleased(
            at=command.at, custody="ICE", how=command.how, document=command.document, told_at=act.known_at
        ),
    )


def _present(case: Case, at: object, act: Act, asked: str) -> Custody:
    """The custody of somebody whose leaving nobody recorded.

    Raises:
        Refusal: when they left.
    """
    accepted(case, asked)
    check_moment(at, act, asked)  # type: ignore[arg-type]
    whole = custody_at(case, act)
    if whole.here is None and whole.presence:
        left = whole.presence[-1]
        raise Refusal(
            asked,
            f"the person left {left.facility} ({left.how}) at {left.end.isoformat() if left.end else ''}",
            "record proceedings and outcome",
            "a leaving that was recorded wrong is corrected: tenprint correct TCN --act NUMBER --second NAME",
        )
    return whole


def _paper(document: str, asked: str) -> None:
    if not document.strip():
        raise Refusal(asked, "it needs the paper that shows it", "record it again with --document")
