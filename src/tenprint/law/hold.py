"""May I hold this person on this paper today? The answer of the law of a place, from the jail's side.

All rows that contain the facility on the day apply. The strictest restriction holds unless a higher level commands;
conflicts are shown side by side. Where no row of the place says anything about holding, the answer is that nobody
looked, never "may".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product

import msgspec

from tenprint.law.facts import read_facts
from tenprint.law.forms import Form, form
from tenprint.law.places import LEVELS, HoldRow, Place, place_rows
from tenprint.law.regimes import STANDINGS, Standing
from tenprint.law.truth import Scope, Truth, truth, unknowns
from tenprint.law.vocabulary import vocabulary

NOBODY_LOOKED = "NOBODY_LOOKED"
STRICTEST = ("MAY_NOT_HOLD", "MAY_HOLD_IF", "MAY_HOLD")
STRICTEST_NOTICE = ("MAY_NOT_NOTIFY", "MAY_NOTIFY")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one row says here and today."""

    id: str
    title: str
    kind: str
    codes: tuple[str, ...]
    level: str
    hold: str | None
    notify: str | None
    conditions: tuple[str, ...]
    notify_conditions: tuple[str, ...]
    says: str
    source: str
    pinpoint: str
    standing: Standing
    in_force_from: date
    in_force_to: date | None
    signed: date | None
    doubt: str
    ours: bool
    """Whether the row comes with the program; a county's own row does not."""
    enjoined: str
    """Why it does not bind today; empty when it does."""


class MayHold(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one place, day and form."""

    answer: str
    notify: str
    place: Place
    form: str
    on: date
    known_on: date | None
    conditions: tuple[str, ...]
    notify_conditions: tuple[str, ...]
    why: str
    rests_on: tuple[str, ...]
    rows: tuple[Said, ...]
    """Rows of the place."""
    national: tuple[Said, ...]
    """Rows of the whole nation: shown, and never enough."""
    conflicts: tuple[str, ...]
    missing: tuple[str, ...]
    standing: Standing


def may_hold(
    place: Place,
    form_name: str,
    *,
    on: date,
    facts: Mapping[str, object] | None = None,
    known_on: date | None = None,
    rows: Sequence[HoldRow] | None = None,
) -> MayHold:
    """What the law of a place says on a day about holding somebody on a form past release.

    Args:
        place: See `place_of`.
        form_name: A version such as `I-247A`.
        on: The day.
        facts: Of the person, as for `evaluate`; they settle conditions.
        known_on: Leave out what could be known only later.
        rows: Default: the shipped rows.

    Raises:
        LawError: for an unknown form, or facts that cannot be used.
    """
    version = form(form_name)
    scope = read_facts(facts or {}, vocabulary())
    here = [r for r in (place_rows() if rows is None else rows) if r.covers(place) and r.binds(on, known_on)]
    local = [r for r in here if r.kind != "nation"]
    bound = [(r, *_settled(r, scope)) for r in local if r.stopped(on) is None]
    answer, rests, why = _answer(version, bound)
    notify, notice = _notice(bound)
    resting = [r for r, _, _ in bound if r.id in {*rests, *notice}]
    return MayHold(
        answer=answer,
        notify=notify,
        place=place,
        form=version.name,
        on=on,
        known_on=known_on,
        conditions=tuple(
            dict.fromkeys(c for r, h, _ in bound if r.id in rests and h in {answer, r.hold} for c in r.conditions)
        ),
        notify_conditions=tuple(dict.fromkeys(c for r, _, _ in bound if r.id in notice for c in r.notify_conditions)),
        why=why,
        rests_on=rests,
        rows=tuple(_said(r, on) for r in local),
        national=tuple(_said(r, on) for r in here if r.kind == "nation"),
        conflicts=_conflicts(bound),
        missing=tuple(sorted({name for r, _, unknown in bound if r.id in rests for name in unknown})),
        standing=max((r.standing for r in resting), key=STANDINGS.index, default="unverified"),
    )


Bound = tuple[HoldRow, str | None, frozenset[str]]
"""A row, what it says of holding once its condition is settled, and the facts that are missing for it."""


def _settled(row: HoldRow, scope: Scope) -> tuple[str | None, frozenset[str]]:
    """What a row says once the facts are known: a met condition permits, an unmet one does not."""
    if row.condition is None or row.hold not in {"MAY_HOLD_IF", "MUST_HONOR"}:
        return row.hold, frozenset()
    value: Truth = truth(row.condition, scope)
    if value is None:
        return row.hold, frozenset(unknowns(row.condition, scope))
    if row.hold == "MUST_HONOR":
        return "MUST_HONOR" if value else "MAY_HOLD", frozenset()
    return "MAY_HOLD" if value else "MAY_NOT_HOLD", frozenset()


def _answer(version: Form, bound: Sequence[Bound]) -> tuple[str, tuple[str, ...], str]:
    if version.hold_hours is None:
        return "MAY_NOT_HOLD", (), f"{version.name} asks for no hold: nobody may be held on it."
    saying = [(row, hold) for row, hold, _ in bound if hold is not None]
    if not saying:
        return NOBODY_LOOKED, (), "No row of this place says anything about holding on this day. Nobody looked."
    commands = [row for row, hold in saying if hold == "MUST_HONOR"]
    limits = [(row, hold) for row, hold in saying if hold in {"MAY_NOT_HOLD", "MAY_HOLD_IF"}]
    if commands:
        top = min(row.rank for row in commands)
        if all(row.rank > top for row, _ in limits):
            rests = tuple(row.id for row in commands if row.rank == top)
            return "MUST_HONOR", rests, f"{LEVELS[top].capitalize()} commands it, and no restriction stands as high."
        limits = [(row, hold) for row, hold in limits if row.rank <= top]
    pool = limits or [(row, hold) for row, hold in saying if hold in STRICTEST]
    strictest = min((hold for _, hold in pool), key=STRICTEST.index)
    rests = tuple(row.id for row, hold in pool if hold == strictest)
    return strictest, rests, "The strictest restriction of this place and day holds; no higher level commands."


def _notice(bound: Sequence[Bound]) -> tuple[str, tuple[str, ...]]:
    saying = [(row, row.notify) for row, _, _ in bound if row.notify is not None]
    if not saying:
        return NOBODY_LOOKED, ()
    commands = [row for row, notify in saying if notify == "MUST_NOTIFY"]
    limits = [(row, notify) for row, notify in saying if notify == "MAY_NOT_NOTIFY"]
    if commands:
        top = min(row.rank for row in commands)
        if all(row.rank > top for row, _ in limits):
            return "MUST_NOTIFY", tuple(row.id for row in commands if row.rank == top)
    rest = [(row, notify) for row, notify in saying if notify in STRICTEST_NOTICE]
    strictest = min((notify for _, notify in rest), key=STRICTEST_NOTICE.index)
    return strictest, tuple(row.id for row, notify in rest if notify == strictest)


def _conflicts(bound: Sequence[Bound]) -> tuple[str, ...]:
    """Every command beside every restriction, in words; nothing is settled."""
    commands = [row for row, hold, _ in bound if hold == "MUST_HONOR"]
    limits = [(row, hold) for row, hold, _ in bound if hold in {"MAY_NOT_HOLD", "MAY_HOLD_IF"}]
    return tuple(
        f"{one.id} ({one.level}) says MUST_HONOR; {other.id} ({other.level}) says {hold}"
        for one, (other, hold) in product(commands, limits)
    )


def _said(row: HoldRow, on: date) -> Said:
    stopped = row.stopped(on)
    plain = {name: getattr(row, name) for name in Said.__struct_fields__ if name != "enjoined"}
    return Said(**plain, enjoined="" if stopped is None else stopped.says)
