"""Reads the stories of hand-made people: lines of what happened become ledger entries, tables become expectations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from tests.facts.histories import TRAVIS, YAVAPAI, History, at
from tests.spec.figures import office

COUNTIES = {"Travis": TRAVIS, "Bexar": "48029", "Yavapai": YAVAPAI}
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
        "custody": ("custody.assumed", {"at": f"{day}T12:00+00:00"}),
        "detainer": ("detainer.issued", {"form": FORM, "recipient_ori": "TX0000000", "zone": ZONE}),
        "served": ("detainer.served", {"language": "es", "served_at": f"{day}T12:00+00:00"}),
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
            stream, "claim.made", day, number=1, claim=words[1], channel="jail", due=f"{day}T23:00+00:00", owner="x"
        )
    elif what == "step":
        made.add(stream, "proceeding.step", day, step=words[1], on=day)
    elif what == "cost":
        made.add(stream, "cost.recorded", day, bed_hours=float(words[1]), payer=words[2])
    elif what == "hold":
        start = at(day)
        deadline = start.replace(day=start.day + 2) if start.day < 28 else None
        made.add(stream, "hold.started", day, release_eligible_at=start.isoformat(), form=FORM, zone=ZONE,
                 deadline=None if deadline is None else deadline.isoformat())  # fmt: skip
        if "until" in words:
            end = words[words.index("until") + 1]
            made.add(stream, "hold.ended", end, how=words[-1], ended_at=at(end).isoformat())
    else:
        raise ValueError(f"a story knows no {what!r}")
