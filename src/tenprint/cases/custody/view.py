"""The one answer about a custody: presence, authority, their difference with its cause, and the holds that ran.

``watch``, incidents, ``holds``, facts, figures and costs are views of it. Nothing in it depends on the moment of
asking: open stretches stay open, and a limit that lies ahead is there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tenprint import law
from tenprint.cases.card.case import Case
from tenprint.cases.custody import events as ev
from tenprint.cases.custody.requests import Request, requests_of, shared_deadline
from tenprint.cases.custody.timelines import (
    Authority,
    Cause,
    Gap,
    Presence,
    Stretch,
    common,
    split,
    subtract,
    union,
    without_authority,
)
from tenprint.cases.custody.whereabouts import criminal_matters, federal_custody, norm_end, presence_of
from tenprint.cases.kernel.value import Value

_ENDED: dict[str, Cause] = {"WITHDRAWN": "withdrawn"}
_OWES: dict[str, str] = {"not-passed-on": "office"}


class Hold(Value, frozen=True):
    """Time in which a jail kept somebody under a request that it honored."""

    tcn: str
    request: int
    form: str
    zone: str
    released_at: datetime
    """The release moment: the first of the custody, whatever came in between."""
    start: datetime
    """From when the request allowed it."""
    deadline: datetime
    """When the shared allowance is used up."""
    end: datetime | None
    """When the person left or the request ended; nothing: still there."""
    how: str
    """CUSTODY_ASSUMED, RELEASED, WITHDRAWN ...; empty while it goes on."""

    def is_over(self, at: datetime) -> bool:
        """Whether its limit is reached."""
        return at >= self.deadline

    def is_running(self, at: datetime) -> bool:
        """Whether the person is kept under it with authority."""
        return self.start <= at < self.deadline and (self.end is None or at < self.end)


class Custody(Value, frozen=True):
    """A custody over all its cards."""

    presence: tuple[Presence, ...] = ()
    authority: tuple[Authority, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Presence minus authority; gaps that would begin in the future are there too."""
    holds: tuple[Hold, ...] = ()
    clock: tuple[Stretch, ...] = ()
    """Presence after a release moment, under no criminal matter and no federal custody: the time that the allowance
    runs."""

    @property
    def here(self) -> Presence | None:
        """The presence that goes on; nothing when the person left or never came."""
        return self.presence[-1] if self.presence and self.presence[-1].end is None else None

    @property
    def left_at(self) -> datetime | None:
        """When the person was last recorded as leaving, while nobody recorded a return."""
        return self.presence[-1].end if self.presence else None

    def released_at(self, at: datetime) -> datetime | None:
        """The release moment of a present person who could leave at that moment; nothing for anybody else."""
        return next((s.start for s in self.clock if s.covers(at)), None)

    def gap_at(self, at: datetime) -> Gap | None:
        """The stretch without authority that a moment lies in."""
        return next((g for g in self.gaps if g.covers(at)), None)

    def hold_at(self, at: datetime) -> Hold | None:
        """The hold that a present person is or was last kept under at that moment, also past its limit."""
        running = [h for h in self.holds if h.start <= at and (h.end is None or at < h.end)]
        return running[-1] if running else None

    def minutes_without(self, at: datetime) -> int:
        """Minutes without authority up to a moment."""
        return sum(g.minutes(at) for g in self.gaps)


def custody_of(cases: Sequence[Case], *, norm_minutes: int = 0) -> Custody:
    """The custody that the cards of one person tell of.

    Args:
        cases: The cards of one custody, in any order.
        norm_minutes: Minutes that the facility publishes for releasing somebody.
    """
    presence = presence_of(cases)
    if not presence:
        return Custody()
    matters = (*criminal_matters(cases, presence), *federal_custody(cases))
    clock = tuple(s for p in union(presence) for s in subtract(p, matters))
    requests = sorted((r for c in cases for r in requests_of(c)), key=lambda r: (r.issued_at, r.number))
    spans = [(s.start, s.end) for s in clock]
    allowed = [(r, h) for r in requests for h in _authority(r, requests, spans)]
    authority = tuple(sorted((*matters, *(h for _, h in allowed)), key=lambda a: a.start))
    causes = _Causes(requests, {(r.tcn, r.number): h for r, h in allowed}, clock, norm_minutes, cases)
    gaps = tuple(g for p, s in without_authority(presence, authority) for g in causes.of(p, s))
    holds = tuple(h for r, a in allowed for h in _holds(r, a, clock, presence))
    return Custody(presence=presence, authority=authority, gaps=gaps, holds=holds, clock=clock)


def _authority(request: Request, requests: Sequence[Request], spans: Sequence[law.Span]) -> tuple[Authority, ...]:
    """The stretch in which a request that is honored allows to keep the person."""
    start = request.starts
    if start is None:
        return ()
    others = [r for r in requests if r.starts is not None]
    limit = shared_deadline(others, spans)
    ends = [e for e in (limit, request.ended_at) if e is not None]
    end = min(ends) if ends else None
    if end is not None and end <= start:
        return ()
    honor = request.honored
    return tuple(
        Authority(
            start=part.start,
            end=part.end,
            ground="hold",
            why=f"request {request.number} ({request.form})",
            document=honor.under if honor else "",
            limit=limit,
            request=request.number,
            tcn=request.tcn,
        )
        for part in subtract(Stretch(start=start, end=end), request.pauses)
    )


def _holds(
    request: Request, allowed: Authority, clock: Sequence[Stretch], presence: Sequence[Presence]
) -> tuple[Hold, ...]:
    """The hold under a request, when the person was kept in that time: until the leaving, not until the limit."""
    asked = Stretch(start=allowed.start, end=request.ended_at)
    kept = [s for span in clock if (s := common(span, asked)) is not None and common(span, allowed) is not None]
    if not kept or allowed.limit is None:
        return ()
    end = kept[-1].end
    left = next((p.how for p in presence if p.end is not None and p.end == end), "")
    how = (
        "" if end is None else (request.state if end == request.ended_at and not left else left or "NEW_CRIMINAL_HOLD")
    )
    return (
        Hold(
            tcn=request.tcn,
            request=request.number,
            form=request.form,
            zone=request.zone,
            released_at=clock[0].start,
            start=kept[0].start,
            deadline=allowed.limit,
            end=end,
            how=how,
        ),
    )


class _Causes:
    """Why nothing allowed a stretch of presence: it is cut where the reason changes."""

    def __init__(
        self,
        requests: Sequence[Request],
        allowed: dict[tuple[str, int], Authority],
        clock: Sequence[Stretch],
        norm_minutes: int,
        cases: Sequence[Case],
    ) -> None:
        self.requests = requests
        self.allowed = allowed
        self.norm = norm_end(clock[0].start, norm_minutes) if clock and norm_minutes else None
        self.federal = [
            w.at for c in cases for w in c.whereabouts if isinstance(w, ev.CustodyAssumed) and w.stays
        ]  # fmt: skip

    def of(self, presence: Presence, stretch: Stretch) -> tuple[Gap, ...]:
        """The stretch in parts that have one cause each."""
        gaps: list[Gap] = []
        for part in split(stretch, self._changes()):
            cause = self._at(part.start)
            if gaps and gaps[-1].cause == cause:
                gaps[-1] = _gap(presence, Stretch(start=gaps[-1].start, end=part.end), cause)
            else:
                gaps.append(_gap(presence, part, cause))
        return tuple(gaps)

    def _changes(self) -> list[datetime]:
        moments: list[datetime | None] = [self.norm, *self.federal]
        for r in self.requests:
            limit = a.limit if (a := self.allowed.get((r.tcn, r.number))) else None
            honored = r.honored.counts_from if r.honored else None
            moments += [r.issued_at, r.in_force_at, honored, r.ended_at, r.told_at, limit]
            moments += [m for p in r.pauses for m in (p.start, p.end)]
        return [m for m in moments if m is not None]

    def _at(self, at: datetime) -> Cause:
        if any(f <= at for f in self.federal):
            return "no-federal-authority"
        asked = [r for r in self.requests if r.issued_at <= at]
        if not asked:
            return "release-processing" if self.norm is not None and at < self.norm else "no-request"
        last = asked[-1]
        if last.ended_at is not None and last.ended_at <= at:
            if last.state == "WITHDRAWN" and (last.told_at is None or at < last.told_at):
                return "not-passed-on"
            return _ENDED.get(last.state, "request-ended")
        return self._under(last, at)

    def _under(self, request: Request, at: datetime) -> Cause:
        """Why a request that stands does not allow it."""
        if not request.asks_for_hold:
            return "no-hold-form"
        if any(p.covers(at) for p in request.pauses):
            return "withdrawn"
        if request.in_force_at is None or at < request.in_force_at:
            return "not-served"
        if request.honored is None or at < request.honored.counts_from:
            return "not-honored"
        return "past-deadline" if request.gives_authority else "barred-by-law"


def _gap(presence: Presence, stretch: Stretch, cause: Cause) -> Gap:
    return Gap(
        start=stretch.start,
        end=stretch.end,
        cause=cause,
        facility=presence.facility,
        owes=_OWES.get(cause, "jail"),
        confirmed_to=presence.confirmed_to,
    )
