"""`agency`: which agencies book, for which county, on which clock, and whether their county is active."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import As, At, Db, Json, emit, existing, fail, out
from tenprint.cli.opening import opened, stated

if TYPE_CHECKING:
    from tenprint.exchange import Agency

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Booking agencies: county, clock, activation.",
)


@app.callback()
def group() -> None:
    """Booking agencies: county, clock, activation."""


@app.command()
def add(
    db: Db,
    name: As,
    ori: Annotated[str, typer.Option("--ori", help="Its identifier: 9 capital letters and digits.")],
    county: Annotated[str, typer.Option("--county", help="Five-digit county code (FIPS), such as 48453.")],
    zone: Annotated[str | None, typer.Option("--zone", help="Time zone; the county seat's when left out.")] = None,
    title: Annotated[str, typer.Option("--name", help="Its name.")] = "",
    second_response: Annotated[
        bool,
        typer.Option("--second-response/--no-second-response", help="Can it receive the second answer (IDR, IAR)?"),
    ] = True,
    registered_from: Annotated[str | None, typer.Option("--from", help="First day of its registration.")] = None,
    registered_to: Annotated[str | None, typer.Option("--to", help="First day on which it is closed.")] = None,
    inactive_from: Annotated[
        str | None, typer.Option("--inactive-from", help="Activation withdrawn from that day.")
    ] = None,
    release_minutes: Annotated[
        int, typer.Option("--release-minutes", help="Minutes that it publishes for releasing somebody; 0: none.")
    ] = 0,
    release_source: Annotated[str, typer.Option("--release-source", help="Where that norm is published.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Register an agency with its county; the activation date is the county's. Register it again to change it.

    Example: tenprint agency add --ori WVTEST000 --county 54039 --zone America/New_York --db county.db --as ada
    """
    with opened(db) as exchange:
        row = {
            "ori": ori, "county": county, "zone": zone, "name": title, "second_response": second_response,
            "registered_from": registered_from, "registered_to": registered_to, "inactive_from": inactive_from,
            "release_minutes": release_minutes, "release_source": release_source,
        }  # fmt: skip
        agency = _agency(row)
        exchange.add_agency(agency, exchange.act(name, "register", stated(exchange, at, name=name)))
    _say([agency], json=json)


@app.command()
def office(
    code: Annotated[str, typer.Argument(help="Code of the field office, as its people are registered.")],
    db: Db,
    name: As,
    covers: Annotated[list[str], typer.Option("--covers", help="A state (TX) or a county (48453). Repeat it.")],
    at: At = None,
) -> None:
    """Register which states and counties a field office covers; ERO is headquarters and covers all.

    Example: tenprint agency office SNA --covers TX --db county.db --as ada
    """
    with opened(db) as exchange:
        exchange.add_office(code, tuple(covers), exchange.act(name, "register", stated(exchange, at, name=name)))
    out.print(f"{code} covers {', '.join(covers)}", markup=False)


@app.command()
def rate(
    ori: Annotated[str, typer.Argument(help="The facility.")],
    db: Db,
    name: As,
    cents: Annotated[int, typer.Option("--cents-per-day", help="Cost of a bed-day, in cents, as published.")],
    source: Annotated[str, typer.Option("--source", help="Where it is published.")],
    since: Annotated[str, typer.Option("--since", help="First day on which it holds.")],
    at: At = None,
) -> None:
    """Register what a facility publishes as the cost of a bed-day, from a day on: costs are computed with it.

    Example: tenprint agency rate TXSYN4530 --cents-per-day 5500 --source "county budget FY2013, p. 88"
    --since 2012-10-01 --db county.db --as ada
    """
    from tenprint.cli.case import day

    with opened(db) as exchange:
        act = exchange.act(name, "register", stated(exchange, at, name=name))
        exchange.add_bed_rate(ori, cents, source, day(since), act)
    out.print(f"{ori}: {cents} cents a bed-day from {since} ({source})", markup=False)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV: ori, county, zone, name, second_response, registered_from, ...")],
    db: Db,
    name: As,
    at: At = None,
    json: Json = False,
) -> None:
    """Register the agencies of a CSV file, all or none.

    Example: tenprint agency import agencies.csv --db county.db --as ada
    """
    import csv

    with existing(file).open(newline="", encoding="utf-8") as lines, opened(db) as exchange:
        from tenprint.exchange.directory import check_agency

        agencies = []
        for number, row in enumerate(csv.DictReader(lines), start=2):
            if not row.get("ori") or not row.get("county"):
                fail(f"{file}, line {number}: expected columns ori and county with a value, got {dict(row)}")
            no = (row.get("second_response") or "yes").strip().lower() in {"no", "false", "0"}
            agencies.append(_agency({**{k: v or None for k, v in row.items()}, "second_response": not no}))
            check_agency(agencies[-1])
        act = exchange.act(name, "register", stated(exchange, at, name=name))
        for agency in agencies:
            exchange.add_agency(agency, act)
    _say(agencies, json=json)


@app.command()
def show(
    ori: Annotated[str, typer.Argument(help="Identifier of the agency.")],
    db: Db,
    on: Annotated[str | None, typer.Option("--on", help="A day; today, or the simulated today, when left out.")] = None,
    json: Json = False,
) -> None:
    """One agency: county, clock, since when its county is active, and what its jurisdiction can do on a day.

    Example: tenprint agency show TXSYN4530 --on 2010-07-01 --db county.db
    """
    from tenprint.cases.card.gate import policy_on_choice
    from tenprint.cli.case import day
    from tenprint.cli.jurisdiction import lines
    from tenprint.exchange import places, views

    with opened(db) as exchange:
        when = day(on) if on else exchange.ledger.now().date()
        found = views.agency_on(exchange, ori, when)
        place = places.on_day(exchange, found.agency.county, when)
    if json:
        import msgspec

        jurisdiction = msgspec.to_builtins(place)
        emit({**msgspec.to_builtins(found), "policy": policy_on_choice(when), "jurisdiction": jurisdiction})
        return
    _say([found.agency], json=False)
    out.print(f"  on {when}: {'active' if found.active else 'not active'}", markup=False)
    out.print(f"  a county that does not want to take part: {policy_on_choice(when)}", markup=False)
    out.print(f"  jurisdiction {place.fips}, {place.name}, {place.state}:", markup=False)
    for line in lines(place):
        out.print(f"    {line}", markup=False)


def _agency(row: Mapping[str, object]) -> Agency:
    import msgspec

    from tenprint.exchange import Agency
    from tenprint.exchange.registry import county

    fields = {k: v for k, v in row.items() if v is not None and k in Agency.__struct_fields__}
    found = county(str(fields.get("county")))
    fields = {"zone": found.zone, "name": f"{found.name}, {found.state}"} | {k: v for k, v in fields.items() if v != ""}
    try:
        return msgspec.convert({**fields, "source": "ledger"}, Agency)
    except msgspec.ValidationError as wrong:
        fail(f"agency {fields.get('ori')}: {wrong}. Dates look like 2011-04-26")


def _say(agencies: list[Agency], *, json: bool) -> None:
    import msgspec

    if json:
        emit([{**msgspec.to_builtins(a), "active_since": a.active_since.isoformat()} for a in agencies])
        return
    for a in agencies:
        second = "" if a.second_response else ", cannot receive the second answer"
        out.print(
            f"{a.ori}  {a.name}  county {a.county}, {a.zone}, published activation {a.active_since}{second}",
            markup=False,
        )
