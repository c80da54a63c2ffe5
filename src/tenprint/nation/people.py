"""The people of a synthetic country one by one, as rows of facts: definitions count from them what the arrays hold.

Everybody who stands in `Nation.people` gets a booking, a card, a charge with its end, where prints were forwarded a
search, and where it matched a decision and perhaps a detainer. Nobody carries a group.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tenprint.facts.folder import Folder
from tenprint.facts.schema import TABLES
from tenprint.nation.draw import DETAINED, FREED, LACKING, LOW, MATCHED, Nation

ORIGIN = "synthetic-nation"
"""Of every row."""
KIND = "nation"
ZONE = "America/Chicago"
_EPOCH = date(1970, 1, 1)
_DAY = 86_400_000_000
_HOUR = 3_600_000_000
_NOON, _LATER = 12, 15
"""Hours, UTC: within the same day in every zone of the country."""
_CODES = ((("1313", "2304", "3502"), "felony"), (("2399", "3562", "2999"), "misdemeanor"),
          (("5499", "5311", "5405"), "misdemeanor"))  # fmt: skip
"""NCIC codes and grade of the charges of each class."""
_FIRST_AGE, _LAST_AGE = np.array([18, 25, 40]), np.array([24, 39, 70])
Columns = dict[str, Any]
Whole = NDArray[np.int64]


def write(nation: Nation, folder: Path) -> Folder:
    """Write a country as a folder of facts; the same country gives the same bytes.

    Args:
        nation: The country.
        folder: A new folder, or a folder of facts: what other sources put there stays.

    Raises:
        FactsError: when something else is there.
    """
    out = Folder.create(folder)
    out.write(KIND, tables(nation), {"origin": ORIGIN, "seed": nation.plan.seed, "counties": nation.plan.counties})
    return out


def tables(nation: Nation) -> dict[str, pa.Table]:
    """The tables of a country."""
    people = _everybody(nation)
    return _places(nation) | _local(nation, people) | _federal(nation, people)


class _People:
    """Columns of everybody booked, in order of quarters and agencies."""

    def __init__(self, nation: Nation, at: Whole, day: Whole, rng: np.random.Generator) -> None:
        self.agency, self.kind, self.freed, self.outcome, self.lacking = at[1], at[3], at[4], at[5], at[6]
        self.day = day
        number = np.arange(len(day))
        self.case = np.array([f"{n:016x}" for n in number])
        spread = 1 + _LAST_AGE[at[2]] - _FIRST_AGE[at[2]]
        self.age = _FIRST_AGE[at[2]] + (rng.random(len(day)) * spread).astype(np.int64)
        self.ended = day + 5 + rng.integers(0, 60, len(day))
        self.code = rng.integers(0, 3, len(day))
        active = np.array([_days(d) if d else np.iinfo(np.int64).max for d in nation.active_on])
        self.forwarded = day >= active[nation.county[self.agency]]


def _everybody(nation: Nation) -> _People:
    """One entry for each that was counted, on a day of the quarter on which it can have happened."""
    rng = np.random.default_rng([nation.plan.seed, 7])
    cells = np.nonzero(nation.people)
    at = np.repeat(np.array(cells), nation.people[cells], axis=1)
    first = np.array([_days(nation.plan.first_day(q)) for q in range(nation.plan.quarters + 1)])
    since, until = first[at[0]], first[at[0] + 1]
    active = np.array([_days(d) if d else 0 for d in nation.active_on])[nation.county[at[1]]]
    since = np.where(at[5] >= MATCHED, np.maximum(since, active), since)
    day = since + (rng.random(len(since)) * (until - since)).astype(np.int64)
    return _People(nation, at, day, rng)


def _places(nation: Nation) -> dict[str, pa.Table]:
    plan = nation.plan
    start = np.full(len(nation.agencies), _days(plan.first_day(0)))
    agency = _agency_columns(nation, np.arange(len(nation.agencies)))
    keys = np.array([f"agency/{a.ori}" for a in nation.agencies])
    whole = np.array([int(np.flatnonzero(nation.county == c)[0]) for c in range(plan.counties)])
    county = _agency_columns(nation, whole)
    place = {name: county[name] for name in ("jurisdiction", "state", "county")}
    active = np.array([c for c, day in enumerate(nation.active_on) if day])
    days = np.array([_days(d) for d in nation.active_on if d], dtype=np.int64)
    return {
        "jurisdiction": _table("jurisdiction", county["jurisdiction"], start[: len(whole)], place | {"zone": ZONE}),
        "agency": _table("agency", keys, start, agency | {"zone": ZONE}),
        "activation": _table(
            "activation", county["jurisdiction"][active], days,
            {n: v[active] for n, v in place.items()} | {"active_on": _dates(days)},
        ) if len(active) else _table("activation", np.empty(0, "U5"), days, {}),
    }  # fmt: skip


def _local(nation: Nation, people: _People) -> dict[str, pa.Table]:
    agency = _agency_columns(nation, people.agency)
    place = {name: agency[name] for name in ("jurisdiction", "state", "county")}
    case, arrested = {"case_id": people.case}, _dates(people.day)
    lacking = people.lacking == LACKING
    codes = np.array([kinds for kinds, _ in _CODES])[people.kind, people.code]
    grades = np.array([grade for _, grade in _CODES])[people.kind]
    traffic = (people.kind == LOW) & np.char.startswith(codes, "54")
    charge = case | {
        "number": np.ones(len(people.day), np.int64), "ncic": codes, "offense_on": arrested, "grade": grades,
        "categories": pa.array([["minor_traffic"] if t else [] for t in traffic], pa.list_(pa.string())),
    }  # fmt: skip
    ends = charge | {
        "disposition": np.where(people.freed == FREED, "not_filed", "convicted"), "disposed_on": _dates(people.ended)
    }  # fmt: skip
    charged = people.freed != FREED
    conviction = {
        "case_id": people.case[charged], "convicted_on": _dates(people.ended[charged]), "ncic": codes[charged],
        "grade": grades[charged], "juvenile": np.zeros(charged.sum(), bool), "charge": np.ones(charged.sum(), np.int64),
    }  # fmt: skip
    key = np.char.add("charge/", people.case)
    return {
        "booking": _table("booking", people.case, people.day, case | agency | {
            "arrested_on": arrested, "charges": np.ones(len(people.day), np.int64)}),
        "submission": _table("submission", people.case, people.day, case | place | {
            "person_id": people.case, "submitting_ori": "SY0000000", "controlling_ori": agency["ori"], "tot": "CAR",
            "accepted": True, "retain": True, "arrested_on": pa.array(arrested, mask=lacking),
            "age_at_arrest": people.age, "treat_as_adult": False, "fingers": 10, "charges": 1,
            "forwarded": people.forwarded,
            "gate_reason": pa.array(np.full(len(people.day), "inactive"), mask=people.forwarded)}),
        "charge": pa.concat_tables([
            _table("charge", key, people.day, charge | {"disposition": "pending"}, ended=people.ended),
            _table("charge", key, people.day, ends, recorded=people.ended)]),
        "conviction": _table("conviction", np.char.add("conviction/", people.case[charged]), people.ended[charged],
                             conviction),
    }  # fmt: skip


def _federal(nation: Nation, people: _People) -> dict[str, pa.Table]:
    searched, matched = people.forwarded, people.outcome >= MATCHED
    held = people.outcome == DETAINED
    basis = pa.array([["no conviction known"]] * int(matched.sum()), pa.list_(pa.string()))
    agency = _agency_columns(nation, people.agency[held])
    place = {name: agency[name] for name in ("jurisdiction", "state", "county")}
    detainer = place | {
        "case_id": people.case[held], "person_id": people.case[held], "form": "I-247 (8/10)",
        "recipient": agency["ori"],
        "state_of_form": "issued", "issued_at": _moments(people.day[held], _LATER),
        "criteria": pa.array([["investigation"]] * int(held.sum()), pa.list_(pa.string())),
    }  # fmt: skip
    match = {"case_id": people.case[searched], "system": "immigration", "matched": matched[searched], "fingers": 10}
    decision = {
        "case_id": people.case[matched], "version": 1, "choice": np.where(held[matched], "DETAINER", "NO_ACTION"),
        "regime": "DET-2010", "override": False, "reviewed": False, "basis": basis,
    }  # fmt: skip
    keys = {name: np.char.add(f"{name}/", people.case) for name in ("match", "decision", "detainer")}
    return {
        "match": _table("match", keys["match"][searched], people.day[searched], match),
        "decision": _table("decision", keys["decision"][matched], people.day[matched], decision, hour=_LATER),
        "detainer": _table("detainer", keys["detainer"][held], people.day[held], detainer, hour=_LATER),
    }


def _agency_columns(nation: Nation, which: Whole) -> Columns:
    return {
        name: np.array([getattr(a, name) for a in nation.agencies])[which]
        for name in ("jurisdiction", "state", "county", "ori")
    }


def _table(
    name: str, key: NDArray[np.str_], day: Whole, own: Mapping[str, Any], *, hour: int = _NOON,
    recorded: Whole | None = None, ended: Whole | None = None,
) -> pa.Table:  # fmt: skip
    """Rows of a table: a value that is not a column stands in every row, what is not given is empty."""
    common: Columns = {
        "key": key, "origin": ORIGIN, "valid_from": _moments(day, hour),
        "recorded_at": _moments(day if recorded is None else recorded, hour), "change": "late",
        "source": f"nation/{name}",
    }  # fmt: skip
    if ended is not None:
        common |= {"superseded_at": _moments(ended), "change_end": "late"}
    given, schema, arrays = common | dict(own), TABLES[name].schema, []
    for field in schema:
        value = given.get(field.name)
        if value is None:
            arrays.append(pa.nulls(len(key), field.type))
        elif isinstance(value, np.ndarray | pa.Array):
            arrays.append(pa.array(value, field.type) if isinstance(value, np.ndarray) else value.cast(field.type))
        else:
            arrays.append(pa.repeat(pa.scalar(value, field.type), len(key)))
    return pa.Table.from_arrays(arrays, schema=schema)


def _days(day: date) -> int:
    return (day - _EPOCH).days


def _dates(days: Whole) -> NDArray[np.datetime64]:
    return days.astype("datetime64[D]")


def _moments(days: Whole, hour: int = _NOON) -> pa.Array:
    return pa.array(days * _DAY + hour * _HOUR, pa.timestamp("us", tz="UTC"))
