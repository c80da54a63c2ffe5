"""Requests to hold as the custody sees them: in force, honored, told, ended, and the allowance that they share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tenprint import law
from tenprint.cases.card.case import Case, Detainer
from tenprint.cases.custody.events import RequestHonored
from tenprint.cases.custody.timelines import Stretch
from tenprint.cases.kernel.value import Value


class Request(Value, frozen=True):
    """One form of the I-247 family with the moments that count for a hold."""

    tcn: str
    number: int
    form: str
    zone: str
    asks_for_hold: bool
    issued_at: datetime
    in_force_at: datetime | None
    """From when it asks: its issue, or the service of a form that takes effect when served."""
    honored: RequestHonored | None
    ended_at: datetime | None
    told_at: datetime | None
    """When the jail knew of its end; nothing: it does not know, or it has not ended."""
    state: str
    pauses: tuple[Stretch, ...] = ()
    """Stretches in which it was withdrawn before it was put back."""

    @property
    def gives_authority(self) -> bool:
        """Whether an honor of it could be authority."""
        return self.honored is not None and self.honored.answer != "MAY_NOT_HOLD"

    @property
    def starts(self) -> datetime | None:
        """The first moment at which a hold under it could run; nothing: never."""
        if not self.asks_for_hold or self.in_force_at is None or self.honored is None or not self.gives_authority:
            return None
        return max(self.in_force_at, self.honored.counts_from)


def requests_of(case: Case) -> tuple[Request, ...]:
    """The requests of a case, in the order of their issue."""
    tcn = case.submission.tcn if case.submission else ""
    return tuple(_request(case, tcn, d) for d in case.detainers if d.issued.issued_at is not None)


def _request(case: Case, tcn: str, detainer: Detainer) -> Request:
    form = law.form(detainer.form)
    issued = detainer.issued.issued_at
    assert issued is not None  # noqa: S101 - said by the caller
    honors = [h for h in case.honors if h.request == detainer.number]
    return Request(
        tcn=tcn,
        number=detainer.number,
        form=detainer.form,
        zone=detainer.issued.zone,
        asks_for_hold=form.hold_hours is not None,
        issued_at=issued,
        in_force_at=detainer.counts_from if form.effective_when_served else issued,
        honored=min(honors, key=lambda h: h.counts_from) if honors else None,
        ended_at=detainer.ended_at,
        told_at=detainer.told_at,
        state=detainer.state,
        pauses=detainer.pauses,
    )


def shared_deadline(requests: Sequence[Request], spans: Sequence[law.Span]) -> datetime | None:
    """The moment at which the shortest limit of the requests for one release moment is used up."""
    ends = [law.allowance_end(r.form, spans, r.zone) for r in requests if r.asks_for_hold]
    return min((e for e in ends if e is not None), default=None)
