"""``tenprint law may-hold``: may this jail hold somebody on this paper today?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import As, At, Db, Json, emit, existing, fail, out
from tenprint.cli.law_person import PersonDb, facts_of_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenprint.law import HoldRow, MayHold, Place
    from tenprint.law.hold import Said

COLORS = {"MAY_NOT_HOLD": "red", "MAY_HOLD_IF": "yellow", "MUST_HONOR": "blue", "MAY_HOLD": "green"}


def may_hold(
    form: Annotated[str, typer.Option("--form", help="Form version, such as I-247A.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="The day.", show_default=False)],
    facility: Annotated[str | None, typer.Option("--facility", help="ORI of the facility.")] = None,
    county: Annotated[str | None, typer.Option("--county", help="FIPS code of the county, five digits.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Postal code of a state, for its law alone.")] = None,
    facts: Annotated[Path | None, typer.Option("--facts", help="Facts of the person: they settle conditions.")] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help="Only law that could be known on this day.")
    ] = None,
    db: PersonDb = None,
    json: Json = False,
) -> None:
    """May this jail hold somebody on this paper today? The law of the place, from the jail's side.

    Answers: MAY_NOT_HOLD, MAY_HOLD, MAY_HOLD_IF, MUST_HONOR, or NOBODY_LOOKED where no row covers the place. Notice of
    a release stands apart. Nothing here is legal advice; every row names its source and how well it was read.

    Example: tenprint law may-hold --county 06073 --form I-247A --on 2018-03-01
    """
    from tenprint import law

    try:
        place = _place(facility, county, state)
        answer = law.may_hold(
            place,
            form,
            on=_day(on, "--on"),
            facts={} if facts is None else facts_of_file(facts),
            known_on=None if known_on is None else _day(known_on, "--known-on"),
            rows=_rows(db),
        )
    except law.LawError as wrong:
        fail(str(wrong))
    if json:
        emit(answer)
    else:
        _print(answer)


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML: one [[row]] a text of law.", show_default=False)],
    db: Db,
    name: As,
    at: At = None,
    json: Json = False,
) -> None:
    """A county's own rows of law, such as an order served tonight: signed, marked not ours, known from today on.

    `law may-hold --db` and the jail's door use them from then on.

    Example: tenprint law add order.toml --db county.db --as jane
    """
    from tenprint import law
    from tenprint.cli.opening import opened, stated
    from tenprint.exchange import local_law

    try:
        text = existing(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        fail(f"{file}: cannot be read as text: {wrong}")
    with opened(db) as exchange:
        act = exchange.act(name, "add-law", stated(exchange, at, name=name))
        try:
            rows = local_law.add(exchange, text, act)
        except law.LawError as wrong:
            fail(f"{file}: {wrong}")
    if json:
        emit([{"id": r.id, "kind": r.kind, "codes": r.codes, "known_on": r.known_on, "ours": r.ours} for r in rows])
        return
    for row in rows:
        out.print(f"{row.id}: {row.title}; not ours, known on {row.known_on}", markup=False)


def _rows(db: str | None) -> Sequence[HoldRow] | None:
    """The rows that come with the program and those of an exchange; None without an exchange."""
    from tenprint import law
    from tenprint.cli.opening import opened
    from tenprint.exchange import local_law

    if db is None:
        return None
    with opened(db) as exchange:
        return (*law.place_rows(), *local_law.rows(exchange))


def _place(facility: str | None, county: str | None, state: str | None) -> Place:
    from tenprint import law

    if sum(x is not None for x in (facility, county, state)) != 1:
        fail("say where: one of --facility ORI, --county FIPS or --state POSTAL")
    if facility is not None:
        from tenprint.exchange.registry import reference_agency

        found = reference_agency(facility)
        if found is None:
            fail(f"--facility: no agency has the ORI {facility!r}; give --county FIPS, or see `tenprint agency`")
        return law.place_of(found.county, ori=facility)
    return law.place_of(county or "", state=state or "")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{option}: expected a date such as 2018-03-01, got {text!r}")


def _print(answer: MayHold) -> None:
    place = " ".join(x for x in (answer.place.ori, answer.place.county, answer.place.state) if x)
    color = COLORS.get(answer.answer, "magenta")
    out.print(f"[bold {color}]{answer.answer}[/]  on {answer.form}, {answer.on}, {place}")
    out.print(f"  {answer.why}", markup=False)
    for condition in answer.conditions:
        out.print(f"  condition: {condition}", markup=False)
    if answer.missing:
        out.print(f"  facts that would settle it: {', '.join(answer.missing)}", markup=False)
    out.print(f"notice of release: {answer.notify}")
    for condition in answer.notify_conditions:
        out.print(f"  condition: {condition}", markup=False)
    for conflict in answer.conflicts:
        out.print(f"conflict: {conflict}", markup=False)
    out.print(f"standing: {answer.standing}")
    for title, rows in (
        ("rows of this place", answer.rows),
        ("rows of the whole nation, never enough", answer.national),
    ):
        if rows:
            out.print(f"{title}:")
        for row in rows:
            _print_row(row)


def _print_row(row: Said) -> None:
    says = ", ".join(x for x in (row.hold, row.notify) if x)
    days = f"{row.in_force_from} to {row.in_force_to or 'open'}"
    out.print(f"  {row.id}  {row.title}  ({row.level}; {days}; {row.standing}): {says}", markup=False)
    out.print(f"      {row.says}", markup=False)
    if not row.ours:
        out.print("      [yellow]not ours[/yellow]: added by the county, not read by the program's authors")
    out.print(f"      {row.source}; {row.pinpoint}", markup=False)
    if row.enjoined:
        out.print(f"      does not bind on this day: {row.enjoined}", markup=False)
    if row.doubt:
        out.print(f"      doubt: {row.doubt}", markup=False)
