"""What the custody of a person adds to the facts: presence, authority, holds, dues, on both clocks.

The rows are the one answer of ``cases.custody.view``, computed anew by every entry that can change it: rows that
changed get a version, rows that are no longer true end. An open stretch stays open; a figure clips it at the moment it
asks about.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Union

import msgspec

from tenprint.cases import Case, evolve, fold
from tenprint.cases.card.events import Event, event_types
from tenprint.cases.custody import dues
from tenprint.cases.custody.correction import standing
from tenprint.cases.custody.timelines import Stretch, subtract
from tenprint.cases.custody.view import Custody, Hold, custody_of
from tenprint.cases.kernel.act import Act, Around
from tenprint.facts.entries import Entry, minutes
from tenprint.facts.places import Place, Places
from tenprint.facts.steps import After, Reader, Step

CHANGES = frozenset(
    {
        "submission.accepted", "release.eligible", "charge.stated", "charge.disposed", "matter.opened",
        "request.honored", "request.end_told", "custody.assumed", "custody.released", "custody.joined",
        "custody.kept_apart", "person.booked", "person.received", "person.returned", "presence.confirmed",
        "detainer.issued", "detainer.acknowledged", "detainer.served", "detainer.declined", "detainer.cancelled",
        "detainer.withdrawn", "detainer.reinstated", "act.corrected", "hold.started", "hold.changed", "hold.ended",
        "claim.made", "claim.resolved", "query.sent", "status.determined", "decision.recorded", "incident.opened",
        "incident.closed", "reevaluation.due",
    }
)  # fmt: skip
"""Kinds of entries after which the answer may be another one."""

DERIVED = ("presence", "authority", "hold", "due")
"""Tables whose rows follow from the whole of a custody."""


@functools.cache
def _types() -> tuple[Any, frozenset[str]]:
    types = event_types()
    return Union[types], frozenset(str(t.__struct_config__.tag) for t in types)  # noqa: UP007 - made at run time


class Cards:
    """The cards of a ledger as cases, followed entry by entry; and which of them are one custody."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.root_of: dict[str, str] = {}
        self.norms: dict[str, int] = {}
        """Minutes that facilities publish for releasing somebody, by ORI."""
        self.rows: dict[str, set[tuple[str, str]]] = {}
        """Living derived rows by the key of their case: table and key."""
        self._events: dict[str, list[tuple[int, Event | None]]] = {}
        """Of each card, its events with their places; nothing in the place of one that says nothing here."""

    def take(self, entry: Entry) -> bool:
        """Follow one entry of a case; false when it is none."""
        union, kinds = _types()
        if entry.kind not in kinds or not entry.stream.startswith("case/"):
            return False
        if entry.kind not in CHANGES:
            self._events.setdefault(entry.stream, []).append((self._place(entry.stream), None))
            return True
        events = self._events.setdefault(entry.stream, [])
        event: Event = msgspec.convert({**entry.data, "kind": entry.kind}, union)
        events.append((self._place(entry.stream), event))
        if entry.kind == "act.corrected":
            self.cases[entry.stream] = fold(standing([(n, e) for n, e in events if e is not None]))
        else:
            self.cases[entry.stream] = evolve(self.cases.get(entry.stream, Case()), event)
        joined = self.cases[entry.stream].joined
        self.root_of.pop(entry.stream, None)
        if joined is not None:
            self.root_of[entry.stream] = joined.custody
        return True

    def _place(self, stream: str) -> int:
        return len(self._events.get(stream, ())) + 1

    def write(self, table: str, key: str) -> None:
        """Remember a living row."""
        self.rows.setdefault(key.partition("/")[0], set()).add((table, key))

    def root(self, stream: str) -> str:
        """Stream of the first card of a custody."""
        return self.root_of.get(stream, stream)

    def streams(self, root: str) -> list[str]:
        """Streams of the cards of one custody."""
        return [root, *sorted(s for s, r in self.root_of.items() if r == root)]


def follow(reader: Reader, cards: Cards, step: Step) -> None:
    """Bring the rows of a custody up to date with one entry."""
    entry = step.entry
    if entry.kind == "agency.registered":
        cards.norms[str(entry.data["ori"])] = int(entry.data.get("release_minutes") or 0)
    before = cards.root(entry.stream)
    if not cards.take(entry) or entry.kind not in CHANGES:
        return
    for root in dict.fromkeys((before, cards.root(entry.stream))):
        _custody(reader, cards, step, root)


def following(cards: Cards) -> After:
    """What a reader does after every entry of a card."""
    return lambda reader, step: follow(reader, cards, step)


def _custody(reader: Reader, cards: Cards, step: Step, root: str) -> None:
    streams = [s for s in cards.streams(root) if s in cards.cases]
    cases = [cards.cases[s] for s in streams]
    if not cases:
        return
    facility = next((c.submission.controlling_ori for c in cases if c.submission), "")
    whole = custody_of(cases, norm_minutes=cards.norms.get(facility, 0))
    key = reader.cases[root].key if root in reader.cases else reader.key("case", root)
    rows: dict[tuple[str, str], tuple[datetime, datetime | None, dict[str, Any]]] = {}
    for table, name, start, end, values in (
        *_presence(whole, key, reader.places), *_authority(whole, key), *_holds(reader, whole, streams, cases),
        *_dues(reader, cards, streams, cases, step.entry.occurred_at),
    ):  # fmt: skip
        rows[table, name] = (start, end, values)
    _write(reader, cards, step, rows, {key, *(reader.key("case", s) for s in streams)})


def _write(
    reader: Reader, cards: Cards, step: Step,
    rows: dict[tuple[str, str], tuple[datetime, datetime | None, dict[str, Any]]], cases: set[str],
) -> None:  # fmt: skip
    """Write what changed: new and other versions; rows of these cases that are no longer true end."""
    change = "correction" if step.entry.kind == "act.corrected" or step.entry.data.get("corrects") else "late"
    known = sorted({row for case in cases for row in cards.rows.get(case, ())} - rows.keys())
    for table, key in known:
        if table != "due":
            step.end(table, key, change)
        elif reader.versions.growing[table].live[key][2] is None:
            step.revise(table, key, until=step.entry.occurred_at, done_at=step.entry.occurred_at)
        cards.rows[key.partition("/")[0]].discard((table, key))
    for (table, key), (start, end, values) in rows.items():
        growing = reader.versions.growing[table]
        living = growing.live.get(key)
        own = tuple(values.get(name) for name in growing.own)
        if living is None or living[1:] != (start, end, own):
            step.put(table, key, at=start, until=end, change=change, **values)
        cards.write(table, key)


Row = tuple[str, str, datetime, datetime | None, dict[str, Any]]


def _presence(whole: Custody, key: str, places: Places) -> Iterable[Row]:
    """Presence cut where its ground or the cause of having none changes, each stretch at the place of its facility."""
    for p in whole.presence:
        place = places.of(p.facility)
        gaps = [g for g in whole.gaps if g.facility == p.facility and g.start >= p.start]
        gaps = [g for g in gaps if p.end is None or g.start < p.end]
        for g in gaps:
            yield _stretch(
                key, p.facility, place, g, "", g.cause, g.owes, p.confirmed_to, p.how if g.end == p.end else ""
            )
        for kept in subtract(p, gaps):
            cuts = [m for a in whole.authority for m in (a.start, a.end) if m is not None]
            for part in _parts(kept, cuts):
                how = p.how if part.end == p.end else ""
                yield _stretch(key, p.facility, place, part, _ground(whole, part.start), "", "", p.confirmed_to, how)


def _parts(of: Stretch, cuts: list[datetime]) -> list[Stretch]:
    inside = sorted({m for m in cuts if m > of.start and (of.end is None or m < of.end)})
    return [Stretch(start=a, end=b) for a, b in zip([of.start, *inside], [*inside, of.end], strict=True)]


def _ground(whole: Custody, at: datetime) -> str:
    grounds = {a.ground for a in whole.authority if a.covers(at)}
    return next((g for g in ("criminal", "federal", "hold") if g in grounds), "")


def _stretch(
    key: str, facility: str, place: Place, s: Stretch, ground: str, cause: str, owes: str, confirmed: datetime, how: str
) -> Row:
    return (
        "presence", f"{key}/presence/{facility}/{_name(s.start)}", s.start, s.end,
        {
            "case_id": key, "facility": facility, "ground": ground or None, "cause": cause or None,
            "owes": owes or None, "confirmed_to": confirmed, "how": how or None,
            "minutes": minutes(s.start, s.end), **place.columns(),
        },
    )  # fmt: skip


def _authority(whole: Custody, key: str) -> Iterable[Row]:
    for a in whole.authority:
        name = f"{key}/authority/{a.ground}/{a.tcn}/{a.request or 0}/{_name(a.start)}"
        yield (
            "authority", name.replace(a.tcn, "card"), a.start, a.end,
            {
                "case_id": key, "ground": a.ground, "request": a.request, "limit_at": a.limit,
                "documented": bool(a.document),
            },
        )  # fmt: skip


def _holds(reader: Reader, whole: Custody, streams: list[str], cases: list[Case]) -> Iterable[Row]:
    of = {c.submission.tcn: s for s, c in zip(streams, cases, strict=True) if c.submission}
    for h in whole.holds:
        case = reader.key("case", of[h.tcn])
        kept = sum(s.minutes(h.end) for s in whole.clock if s.start < h.end) if h.end is not None else None
        yield (
            "hold", f"{case}/hold/{h.request}", h.released_at, h.end,
            {
                "case_id": case, "form": h.form, "deadline": h.deadline, "notice_at": None, "how": h.how or None,
                "ended_at": h.end, "minutes": kept, "minutes_over": _over(h),
            },
        )  # fmt: skip


def _over(hold: Hold) -> int | None:
    return None if hold.end is None else minutes(hold.deadline, hold.end)


def _dues(reader: Reader, cards: Cards, streams: list[str], cases: list[Case], now: datetime) -> Iterable[Row]:
    for stream, case in zip(streams, cases, strict=True):
        others = tuple(cards.cases[s] for s in streams if s != stream)
        act = Act(actor="reader", role="auditor", now=now, law=None, around=Around(custody=others))
        key = reader.key("case", stream)
        for d in dues.owed(case, act):
            yield (
                "due", f"{key}/due/{d.about.replace(' ', '-')}", d.since, None,
                {
                    "case_id": key, "about": d.about.partition(" ")[0], "owner": d.owner, "due_at": d.due,
                    "done_at": None,
                },
            )  # fmt: skip


def _name(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S")
