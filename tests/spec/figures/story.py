"""Reads the stories of hand-made people: lines of what happened become ledger entries, tables become expectations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.facts.histories import TRAVIS, YAVAPAI, History, agency, at
from tests.spec.figures import office

COUNTIES = {"Dallas": "48113", "Travis": TRAVIS, "Bexar": "48029", "Yavapai": YAVAPAI}
FORM, ZONE = "I-247 (4/97)", "America/Chicago"


class Expected(NamedTuple):
    """What the figure says on a day."""

    as_of: str
    columns: list[str]
    rows: list[list[str]]


class Story(NamedTuple):
    """Why these people, what happened to them, what the figure says."""

    about: str
    lines: list[str]
    expected: list[Expected]


def read(path: Path) -> Story:
    """A story from its file: prose, lines of people, tables."""
    about, people, *tables = re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip())
    expected = []
    for table in tables:
        title, header, *rows = table.splitlines()
        cells = [[c.strip() for c in r.split("|")] for r in (header, *rows)]
        expected.append(Expected(title.removeprefix("as of ").strip(), cells[0], cells[1:]))
    return Story(" ".join(about.split()), people.splitlines(), expected)


def history(story: Story) -> History:
    """The ledger entries of a story, in the order in which they became known."""
    made, streams, convictions = History(), {}, 0
    for line in sorted(story.lines, key=lambda text: _known(text.split())):
        who, what, *words = line.split()
        day = words[0]
        if what == "card":
            matched = words[words.index("match") + 1] if "match" in words else None
            streams[who] = made.card(who, day, COUNTIES[words[1]], matched=matched, forwarded="inactive" not in words)
            continue
        if who in COUNTIES:
            _place(made, COUNTIES[who], what, words)
            continue
        if office.happen(made, who, what, words, COUNTIES):
            continue
        convictions += 1
        _happen(made, streams[who], what, words, convictions)
    return made


def _known(words: list[str]) -> str:
    return (
        words[words.index("known") + 1]
        if "known" in words
        else words[words.index("until") + 1]
        if "until" in words
        else words[2]
    )


def _happen(made: History, stream: str, what: str, words: list[str], number: int) -> None:
    day = words[0]
    known = words[words.index("known") + 1] if "known" in words else day
    simple: dict[str, tuple[str, dict[str, Any]]] = {
        "custody": ("custody.assumed", {"at": f"{day}T12:00:00+00:00"}),
        "detainer": ("detainer.issued", {"form": FORM, "recipient_ori": "TX0000000", "zone": ZONE}),
        "served": ("detainer.served", {"language": "es", "served_at": f"{day}T12:00:00+00:00"}),
        "declined": ("detainer.declined", {"reason": "county ordinance"}),
        "withdrawn": ("detainer.withdrawn", {"claim": 1, "reason": "claim of citizenship"}),
        "upheld": ("claim.resolved", {"number": 1, "upheld": True, "reason": "passport"}),
        "denied": ("claim.resolved", {"number": 1, "upheld": False, "reason": "no record"}),
    }
    if what in simple:
        kind, data = simple[what]
        made.add(stream, kind, day, **data)
    elif what in {"removed", "returned"}:
        made.removed(stream, day, outcome=what.upper())
    elif what == "charged":  # another charge than the card's, by its number when there is more than one
        rest = words[2:]
        made.add(stream, "charge.stated", known, charge={
            "number": int(rest[rest.index("number") + 1]) if "number" in rest else 1, "ncic": words[1],
            "grade": next((g for g in ("felony", "misdemeanor", "infraction") if g in rest), None),
            "categories": [rest[rest.index("for") + 1]] if "for" in rest else None,
        })  # fmt: skip
    elif what == "disposed":
        charge = int(words[words.index("number") + 1]) if "number" in words else 1
        made.add(stream, "charge.disposed", known, number=charge, disposition=words[1], on=day)
    elif what == "convicted":
        made.convicted(stream, f"c{number}", day, known, batch=words[words.index("batch") + 1] if "batch" in words else None,  # noqa: E501
                       grade=None if words[1] == "unknown" else words[1], juvenile="juvenile" in words,
                       categories=[words[words.index("for") + 1]] if "for" in words else None,
                       aggravated_felony=True if "aggravated" in words else None)  # fmt: skip
    elif what == "answer":
        made.add(stream, "status.determined", day, version=number, status=words[1], confidence="high",
                 sources=[], citizenship_indicator=False)  # fmt: skip
    elif what == "decided":
        made.add(stream, "decision.recorded", day, version=number, choice=words[1], regime="DET-2010",
                 override="override" in words, reviewer=None)  # fmt: skip
    elif what == "claim":
        made.add(
            stream, "claim.made", day, number=1, claim=words[1], channel="jail", due=f"{day}T23:00:00+00:00", owner="x"
        )
    elif what == "step":
        made.add(stream, "proceeding.step", day, step=words[1], on=day)
    elif what == "cost":
        made.add(stream, "cost.recorded", day, bed_hours=float(words[1]), payer=words[2])
    elif what == "hold":
        _held(made, stream, day, words)
    elif what in OF_CUSTODY:
        OF_CUSTODY[what](made, stream, day, words)
    else:
        raise ValueError(f"a story knows no {what!r}")


def _place(made: History, fips: str, what: str, words: list[str]) -> None:
    """What a county did, and what was found about it."""
    day, rest = words[0], words[1:]
    acts: dict[str, tuple[str, dict[str, Any]]] = {
        "vetted": ("jurisdiction.vetted", {"on": day, "sources": ["docket"], "investigations": [
            {"by": "DOJ", "about": "x", "opened_on": day, "is_open": True, "source": "docket"}] * ("open" in rest)}),
        "trained": ("training.completed", {"on": day, "topic": "civil_rights", "completed": _whole(rest, 0),
                                           "of": _whole(rest, -1)}),
        "asked": ("request.made", {"number": 1, "on": day, "channel": "letter", "rule": "SC-2010"}),
        "answered": ("request.answered", {"number": 1, "on": day, "answer": (rest or [""])[0]}),
        "rate": ("agency.bed_rate", {"ori": agency(fips), "since": day, "cents_per_day": _whole(rest, 0),
                                     "source": "budget"}),
    }  # fmt: skip
    kind, data = acts[what]
    made.add(f"jurisdiction/{fips}", kind, day, **data)


def _whole(words: list[str], place: int) -> int:
    return int(words[place]) if words and words[place].isdigit() else 0


def _held(made: History, stream: str, day: str, words: list[str]) -> None:
    """A request the day before, honored; the release moment; and how the person left, when it is told."""
    start = at(day)
    before = start - timedelta(days=1)
    made.add(stream, "detainer.issued", before, form=FORM, recipient_ori="TX0000000", zone=ZONE,
             issued_at=before.isoformat())  # fmt: skip
    made.add(stream, "request.honored", before, request=1, under="county policy 4", at=before.isoformat(),
             counts_from=before.isoformat())  # fmt: skip
    _eligible(made, stream, day, words)
    if "until" in words:
        _left(made, stream, words[words.index("until") + 1], words)


def _eligible(made: History, stream: str, day: str, _words: list[str]) -> None:
    made.add(stream, "release.eligible", day, at=at(day).isoformat(), reason="bond_posted", document="R1",
             told_at=at(day).isoformat())  # fmt: skip


def _left(made: History, stream: str, day: str, words: list[str]) -> None:
    if words[-1] == "CUSTODY_ASSUMED":
        made.add(stream, "custody.assumed", day, at=at(day).isoformat())
    else:
        made.add(stream, "custody.released", day, at=at(day).isoformat(), custody="LOCAL", how=words[-1])


def _matter(made: History, stream: str, day: str, words: list[str]) -> None:
    made.add(stream, "matter.opened", day, number=2, what=words[1], charge="theft", agency="court 2", document="W1",
             at=at(day).isoformat(), second="jim")  # fmt: skip


def _incident(made: History, stream: str, day: str, words: list[str]) -> None:
    made.add(stream, "incident.opened", day, number=1, what=words[1], detail="", since=at(day).isoformat())


def _closed(made: History, stream: str, day: str, _words: list[str]) -> None:
    made.add(stream, "incident.closed", day, number=1, reason="released, clerk instructed", by="sue")


def _family(made: History, stream: str, day: str, words: list[str]) -> None:
    made.add(stream, "fact.stated", day, name="citizen_family", value=words[1] == "yes", source="interview")


def _query(made: History, stream: str, day: str, words: list[str]) -> None:
    made.add(stream, "query.sent", day, origin=words[1], sent_at=at(day).isoformat())


OF_CUSTODY: dict[str, Callable[[History, str, str, list[str]], None]] = {
    "eligible": _eligible,
    "left": _left,
    "matter": _matter,
    "incident": _incident,
    "resolved": _closed,
    "family": _family,
    "query": _query,
}
"""What the stories of custody tell."""
