"""Where a person was: presence in facilities, and the criminal and federal matters that ran, from what was recorded.

A person's presence goes on until somebody records that it ended. A transfer is the sender's until it is received; a
temporary leave under guard is presence; federal custody in the same building changes the ground and not the presence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from tenprint.cases.card.case import Case
from tenprint.cases.custody import events as ev
from tenprint.cases.custody.timelines import Authority, Presence

ENDS_MATTERS = frozenset({"RELEASED", "COURT_ORDER", "DIED", "CUSTODY_ASSUMED"})
"""Ways of leaving that end every criminal matter of that custody, whether or not a release moment was recorded."""

NEVER = datetime.max.replace(tzinfo=UTC)
_STAYS = frozenset({"TRANSFERRED", "NEW_CRIMINAL_HOLD"})


def booked_at(case: Case) -> datetime | None:
    """When the person of a card was first known to be in the facility; nothing when no card was accepted."""
    card = case.submission
    if card is None:
        return None
    booked = [p.at for p in case.whereabouts if isinstance(p, ev.PersonBooked)]
    if booked:
        return min(booked)
    first = card.taken_at
    if first is None and card.date_of_arrest is not None:
        first = datetime.combine(card.date_of_arrest, time(), UTC)
    moments = [m.at for m in case.moments]
    return min([m for m in (first, *moments) if m is not None], default=None)


def presence_of(cases: Sequence[Case]) -> tuple[Presence, ...]:
    """Presence over the cards of one custody, in order; open at the end while nobody recorded a leaving."""
    found: list[Presence] = []
    here: Presence | None = None
    for at, said, case in _statements(cases):
        facility = case.submission.controlling_ori if case.submission else ""
        if here is None:
            if said is None or isinstance(said, ev.PersonReceived | ev.PersonReturned):
                here = Presence(start=at, facility=getattr(said, "facility", "") or facility, confirmed_to=at)
            continue
        how = _leaves(said)
        if isinstance(said, ev.PersonReceived) and said.facility != here.facility:
            found.append(_closed(here, at, "TRANSFERRED"))
            here = Presence(start=at, facility=said.facility, confirmed_to=at)
        elif how:
            found.append(_closed(here, at, how))
            here = None
    if here is not None:
        found.append(here)
    words = sorted(_words(cases))
    return tuple(_confirmed(p, words) for p in found)


def _statements(cases: Sequence[Case]) -> list[tuple[datetime, object | None, Case]]:
    """Bookings (nothing) and what was said of whereabouts, by moment; as recorded where moments are equal."""
    said: list[tuple[datetime, object | None, Case]] = []
    for case in cases:
        start = booked_at(case)
        if start is not None:
            said.append((start, None, case))
        said += [(w.at, w, case) for w in case.whereabouts if not isinstance(w, ev.PersonBooked)]
    return sorted(said, key=lambda row: (row[0], row[1] is not None))


def _leaves(said: object | None) -> str:
    """How a statement ends the presence; empty when it does not."""
    if isinstance(said, ev.CustodyAssumed):
        return "" if said.stays else "CUSTODY_ASSUMED"
    if isinstance(said, ev.CustodyReleased):
        return "" if said.how in _STAYS or said.guarded else said.how
    return ""


def _closed(here: Presence, at: datetime, how: str) -> Presence:
    return Presence(start=here.start, end=max(at, here.start), facility=here.facility, confirmed_to=at, how=how)


def _words(cases: Sequence[Case]) -> Iterable[datetime]:
    """Every moment at which somebody of a facility said something that shows the person there."""
    for case in cases:
        yield from (w.at for w in case.whereabouts)
        yield from (m.at for m in case.moments)
        yield from (m.at for m in case.matters)
        yield from (h.at for h in case.honors)
        yield from (d.served_at for d in case.detainers if d.served_at is not None)
        if case.submission is not None and case.submission.taken_at is not None:
            yield case.submission.taken_at


def _confirmed(p: Presence, words: Sequence[datetime]) -> Presence:
    last = p.end or max([w for w in words if w >= p.start], default=p.start)
    return Presence(start=p.start, end=p.end, facility=p.facility, confirmed_to=last, how=p.how)


def criminal_matters(cases: Sequence[Case], presence: Sequence[Presence]) -> tuple[Authority, ...]:
    """Every criminal matter as an interval that its earliest document ended.

    A booking of somebody who was not present is a matter. A further card of somebody present is not: it adds only its
    own documents to those of the booking it belongs to. Anything else needs a matter that was opened as one.
    """
    left = [p.end for p in presence if p.end is not None and p.how in ENDS_MATTERS]
    found = [_booking(group, left) for group in bookings(cases, presence)]
    found += [_opened(case, matter, left) for case in cases for matter in case.matters]
    return tuple(found)


def bookings(cases: Sequence[Case], presence: Sequence[Presence]) -> list[list[Case]]:
    """The cards of a custody by the booking that they belong to: each booking of somebody not present begins one."""
    starts = {p.start for p in presence}
    found: list[list[Case]] = []
    for case in sorted((c for c in cases if booked_at(c) is not None), key=lambda c: booked_at(c) or NEVER):
        if not found or booked_at(case) in starts:
            found.append([case])
        else:
            found[-1].append(case)
    return found


def _booking(group: Sequence[Case], left: Sequence[datetime]) -> Authority:
    start = booked_at(group[0])
    assert start is not None  # noqa: S101 - such cases were left out
    papers = [(m.at, m.document) for case in group for m in case.moments if m.matter == 1]
    disposed = [case.all_disposed_at for case in group]
    if all(disposed):
        papers.append((max(d for d in disposed if d is not None), "every charge disposed"))
    card = group[0].submission
    tcn = card.tcn if card else ""
    return _until(start, papers, left, why="booking", tcn=tcn)


def _opened(case: Case, matter: ev.MatterOpened, left: Sequence[datetime]) -> Authority:
    papers = [(m.at, m.document) for m in case.moments if m.matter == matter.number and m.at >= matter.at]
    tcn = case.submission.tcn if case.submission else ""
    return _until(matter.at, papers, left, why=f"matter {matter.number}: {matter.what}, {matter.charge}", tcn=tcn)


def _until(
    start: datetime, papers: Sequence[tuple[datetime, str]], left: Sequence[datetime], *, why: str, tcn: str
) -> Authority:
    """The matter until its earliest document, or until the person left for good."""
    ends = sorted([*papers, *((at, "left") for at in left if at >= start)])
    end, document = ends[0] if ends else (None, "")
    if end is not None:
        end = max(end, start)
    return Authority(start=start, end=end, ground="criminal", why=why, document=document, tcn=tcn)


def federal_custody(cases: Sequence[Case]) -> tuple[Authority, ...]:
    """Federal custody in the same building, with its determination and warrant."""
    found = []
    for case in cases:
        said = [w for w in case.whereabouts if isinstance(w, ev.CustodyAssumed | ev.CustodyReleased)]
        tcn = case.submission.tcn if case.submission else ""
        for at, taken in enumerate(said):
            if not isinstance(taken, ev.CustodyAssumed) or not taken.stays or not is_lawful(taken):
                continue
            after = [w.at for w in said[at + 1 :] if isinstance(w, ev.CustodyReleased)]
            warrant = f"{taken.warrant.form} {taken.warrant.number}" if taken.warrant else ""
            found.append(
                Authority(
                    start=taken.at,
                    end=min(after) if after else None,
                    ground="federal",
                    why=f"answer {taken.determination} of the center",
                    document=warrant,
                    tcn=tcn,
                )
            )
    return tuple(found)


def is_lawful(taken: ev.CustodyAssumed) -> bool:
    """Whether federal custody rests on a determination and a warrant as records."""
    return taken.determination is not None and taken.warrant is not None


def norm_end(start: datetime, minutes: int) -> datetime:
    """Up to where releasing somebody takes a facility the time that it publishes."""
    return start + timedelta(minutes=minutes)
