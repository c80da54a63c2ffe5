"""Hand-made ledger entries: what tests of facts and figures read instead of a real ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tenprint.facts.places import reference

TRAVIS, YAVAPAI = "48453", "04025"


def at(text: str) -> datetime:
    """A moment in UTC; a bare date is noon of that day."""
    return datetime.fromisoformat(text if len(text) > 10 else f"{text}T12:00").replace(tzinfo=UTC)


USUAL: dict[str, dict[str, Any]] = {
    "detainer.issued": {"recipient_ori": "TXSYN4530", "zone": "America/Chicago", "form": "I-247 (4/97)"},
    "detainer.declined": {"reason": "ordinance"},
    "detainer.cancelled": {"reason": "capacity"},
    "detainer.withdrawn": {"reason": "claim", "claim": None},
    "detainer.reinstated": {"claim": None, "reviewer": "sue"},
    "claim.made": {
        "number": 1, "claim": "CITIZEN", "channel": "hotline", "owner": "supervisor", "due": "2012-01-01T00:00Z"
    },
    "claim.resolved": {"number": 1, "upheld": False, "reason": "records"},
    "charge.stated": {"source": "docket"},
    "status.determined": {"version": 1, "status": "NO_RECORD", "confidence": "low", "sources": [],
                          "citizenship_indicator": False},
    "decision.recorded": {"version": 1, "choice": "NO_ACTION", "permitted": [], "duties": [], "regime": "DET-2008",
                          "standing": "secondary", "missing": [], "facts": {}, "trace": [], "reason": "as permitted"},
    "incident.opened": {"number": 1, "detail": "", "since": "2012-01-01T00:00Z"},
}  # fmt: skip
"""Fields that an event has and that most stories do not care about."""


class History:
    """Writes events in the order in which they were recorded, as a ledger would hand them out."""

    def __init__(self) -> None:
        self.entries: list[SimpleNamespace] = []

    def add(
        self, stream: str, kind: str, recorded: str | datetime, occurred: str | datetime | None = None, **data: Any
    ) -> None:
        """One entry; it happened when it was recorded unless said otherwise."""
        moment = at(recorded) if isinstance(recorded, str) else recorded
        if self.entries:  # a ledger's clock never stands still or runs backwards
            moment = max(moment, self.entries[-1].recorded_at + timedelta(microseconds=1))
        happened = at(occurred) if isinstance(occurred, str) else occurred or moment
        data = {**USUAL.get(kind, {}), **data}
        if kind == "detainer.issued":
            data.setdefault("issued_at", happened.isoformat())
        if kind == "charge.stated":
            data["charge"] = {"literal": "DISORDERLY", **data["charge"]}
        self.entries.append(
            SimpleNamespace(
                seq=len(self.entries) + 1, stream=stream, kind=kind, data=data, occurred_at=happened, recorded_at=moment
            )
        )

    def card(
        self, tcn: str, day: str, county: str = TRAVIS, *, matched: str | None = None, forwarded: bool = True
    ) -> str:
        """A card through both searches; ``matched`` names the immigration identity."""
        stream = f"case/TXSIB0000/{tcn}"
        self.add(stream, "submission.accepted", day, tcn=tcn, submitting_ori="TXSIB0000",
                 controlling_ori=agency(county), tot="CAR", card="00", retain=True, date_of_arrest=day[:10], age_at_arrest=30, fingers=list(range(1, 11)),  # noqa: E501
                 charges=[{"number": 1, "literal": "DISORDERLY", "ncic": "5399"}])  # fmt: skip
        self.add(stream, "criminal.searched", day, hit=False, identity=None)
        self.add(
            stream, "gate.decided", day, forwarded=forwarded, reason=None if forwarded else "inactive", county=county
        )
        if forwarded:
            self.add(stream, "immigration.searched", day, hit=matched is not None, identity=matched)
        return stream

    def removed(
        self, stream: str, on: str, recorded: str | None = None, outcome: str = "REMOVED", batch: str | None = None
    ) -> None:
        """An outcome."""
        self.add(stream, "outcome.recorded", recorded or on, outcome=outcome, on=on, basis="final order", batch=batch)

    def convicted(self, stream: str, name: str, on: str, recorded: str, batch: str | None = None, **more: Any) -> None:
        """A conviction that became known."""
        self.add(stream, "conviction.recorded", recorded,
                 conviction={"id": name, "convicted_on": on, "grade": "felony", **more}, batch=batch)  # fmt: skip

    def struck(self, stream: str, name: str, recorded: str, reason: str, batch: str | None = None) -> None:
        """A conviction that turned out to be wrong."""
        self.add(stream, "conviction.struck", recorded, id=name, reason=reason, batch=batch)


def agency(fips: str) -> str:
    """The booking agency of a county in the reference table."""
    found = reference().get(fips)
    return found.ori if found else f"??{fips}"


def write(history: History, path: Any, origin: str = "simulated-ledger", salt: bytes = b"test") -> Any:
    """The history as a folder of facts."""
    from tenprint.facts import Folder, entries_to_tables
    from tenprint.facts.keys import Keys
    from tenprint.facts.places import Places

    few = Places({fips: reference()[fips] for fips in (TRAVIS, YAVAPAI, "48029", "48113")})
    tables, through = entries_to_tables(history.entries, origin=origin, keys=Keys(salt), places=few)
    folder = Folder.create(path)
    folder.write("ledger", tables, {"origin": origin, "through": through, "checkpoint": None})
    return folder
