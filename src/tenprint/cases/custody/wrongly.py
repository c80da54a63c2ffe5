"""What departure does not end: a citizen, or the wrong person, found in federal custody or after a removal."""

from __future__ import annotations

from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event
from tenprint.cases.custody.events import CustodyAssumed
from tenprint.cases.custody.incidents import open_once
from tenprint.cases.kernel.act import Act

GONE = frozenset({"REMOVED", "RETURNED"})


def citizen_taken(case: Case, because: str, act: Act) -> tuple[Event, ...]:
    """An incident with an owner, when a person found to be a citizen or another one was taken or removed."""
    taken = [w.at for w in case.whereabouts if isinstance(w, CustodyAssumed)]
    removed = [o for o in case.outcomes if o.outcome in GONE]
    if not taken and not removed:
        return ()
    what = f"was {removed[-1].outcome.lower()} on {removed[-1].on.isoformat()}" if removed else "is in federal custody"
    detail = f"{because}, and the person {what}: bring them back, tell counsel and the rights office"
    since = min(taken) if taken else act.now
    return open_once(case, "citizen-in-custody", "custody of a citizen", detail, since)
