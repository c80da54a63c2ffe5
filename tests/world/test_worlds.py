"""Worlds against the program: every minute without authority is an incident and in the figure, and no other is.

A world knows the truth to the minute and acts through commands only. ``TENPRINT_LONG=1`` runs 1,000 worlds.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from tests.custody.county import County, copied, founded
from tests.world.person import Person
from tests.world.stories import END, STORIES, moment, people

LONG = os.environ.get("TENPRINT_LONG") == "1"
WORLDS = int(os.environ.get("TENPRINT_WORLDS", "1000" if LONG else "20"))
HELD = {"held-past-deadline", "held-without-request"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        founded(folder, patch)
    return folder


def play(county: County, folk: list[Person]) -> None:
    """Everything that is done, in the order of time."""
    steps = [(at, n, i) for n, p in enumerate(folk) for i, (at, _, _) in enumerate(p.steps)]
    for _, number, place in sorted(steps):
        person = folk[number]
        _, line, code = person.steps[place]
        text = line if isinstance(line, str) else line(county, person)
        try:
            county.run(text, code)
        except AssertionError as wrong:
            raise AssertionError(f"{person.tcn}, {person.faults}: {wrong}") from wrong


def incidents(county: County, person: Person) -> list[tuple[str, int]]:
    """Kind and first minute of every incident of a person, over all their cards."""
    found = []
    for tcn in (person.tcn, person.tcn.replace("A", "B")):
        said = county.run(f"ledger show --stream case/TXSIB0000/{tcn} --limit 1000 --json", None)
        rows = json.loads(said)["entries"] if said.startswith("{") else []
        opened = [r["data"] for r in rows if r["kind"] == "incident.opened"]
        found += [(d["what"], moment(person.life.first, d["since"].replace("Z", "+00:00"))) for d in opened]
    return found


def check(county: County, person: Person) -> int:
    """Compare the truth with what the program shows; the minutes without authority."""
    story = f"{person.tcn}, {person.faults}"
    truth = person.life.without_authority(END)
    shown = county.read(f"custody show {person.tcn} --at {person.life.when(END)}", 0)["without_authority"]
    first = person.life.first
    minutes = [m for g in shown for m in range(moment(first, g["from"]), moment(first, g["to"]))]
    true = [m for start, end in truth for m in range(start, end)]
    missed, invented = sorted(set(true) - set(minutes)), sorted(set(minutes) - set(true))
    assert not missed, f"{story}: {len(missed)} minutes missed from {person.life.when(missed[0])}: {shown}"
    assert not invented, f"{story}: {len(invented)} minutes invented from {person.life.when(invented[0])}: {shown}"
    assert len(minutes) == len(set(minutes)), f"{story}: minutes twice"
    told = incidents(county, person)
    for start, end in truth:
        assert any(what in HELD and start <= at < end for what, at in told), f"{story}: {start} is no incident: {told}"
    if not person.in_doubt:
        for what, at in told:
            assert what not in HELD or any(s <= at < e for s, e in truth), f"{story}: an incident of nothing: {what}"
    for what in person.expects:
        assert what in {kind for kind, _ in told}, f"{story}: {what} is missing: {told}"
    return len(true)


def live(seed: int, base: Path, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """A whole world, played and compared.

    Raises:
        AssertionError: where the program and the truth part.
    """
    county = copied(base, folder, patch)
    folk = people(seed)
    play(county, folk)
    end = folk[0].life.when(END)
    county.run(f"watch --at {end}", None)
    true = sum(check(county, person) for person in folk)
    asked = f"figures compute detained-without-authority --facts county.db --as-of 2030-01-01 --valid {end}"
    counted = round(60 * sum(r["value"] for r in county.read(asked, 0)["rows"]))
    assert counted == true, f"{[p.faults for p in folk]}: the figure has {counted} minutes, and {true} are true"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_minute_is_missed_and_none_invented(
    seed: int, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(seed, base, tmp_path, monkeypatch)
    shutil.rmtree(tmp_path, ignore_errors=True)


def test_every_fault_is_planted() -> None:
    planted = Counter(fault for seed in range(WORLDS) for person in people(seed) for fault in person.faults)
    assert set(planted) == set(STORIES)
    assert min(planted.values()) >= (50 if LONG else 1), planted
