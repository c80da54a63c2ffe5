"""C40: an earlier encounter has a kind, and most were applications; a flag is words and decides nothing."""

from __future__ import annotations

from tests.custody.county import County

from tenprint import itl


def answer(county: County, tcn: str, kind: str) -> str:
    (file,) = (county.folder / "answers").glob(f"{tcn}.{kind}*")
    return itl.read(file.read_bytes()).to_bytes().decode("latin-1")


def test_c40_the_answer_says_what_every_earlier_encounter_was(county: County) -> None:
    first = county.card(21, "OLDAPPL001", "2009-01-10")
    again = county.card(21, "OLDWATC002", "2010-01-10")
    unsaid = county.card(22, "OLDNONE003", "2010-01-10")
    county.run(f"enrol --system immigration {first} --was benefit-applicant --at 2009-02-01")
    county.run(f"enrol --system immigration {again} --was watch-list --flag 'name under review' --at 2010-02-01")
    county.run(f"enrol --system immigration {unsaid} --at 2010-02-01")
    for person, tcn in ((21, "KINDS00001"), (22, "KINDS00002")):
        county.run(f"submit {county.card(person, tcn, '2013-02-01')} --as ben --at 2013-02-01T10:00 --answers answers")
    told = answer(county, "KINDS00001", "IDR")
    assert "Encounter 1: benefit applicant, entered 2009-02-01" in told
    assert "Encounter 2: watch list, entered 2010-02-01" in told
    assert "flag of its source, for a person to read: name under review" in told
    assert "Encounter 1: kind not recorded" in answer(county, "KINDS00002", "IDR")


def test_c40_a_flag_decides_nothing(county: County) -> None:
    plain, flagged = county.card(21, "OLDPLAI001", "2009-01-10"), county.card(22, "OLDFLAG002", "2009-01-10")
    county.run(f"enrol --system immigration {plain} --at 2009-02-01")
    county.run(f"enrol --system immigration {flagged} --was watch-list --flag 'stop this person' --at 2009-02-01")
    permitted = []
    for person, tcn in ((21, "FLAGS00001"), (22, "FLAGS00002")):
        county.person(person, tcn, "2013-02-01", "REMOVABLE_SUSPECTED")
        permitted.append(county.read(f"office decide {tcn} --at 2013-02-01T12:00", 0)["finding"]["permitted"])
    assert permitted[0] == permitted[1]


def test_m4_the_earlier_of_two_switches_ends_forwarding(county: County) -> None:
    off = "--reason 'order of a court' --document 'order 5' --at"
    county.run("agency add --ori TXTEST001 --county 48453 --zone America/Chicago --inactive-from 2013-03-01")
    county.run("agency add --ori CATEST001 --county 06073 --zone America/Los_Angeles --inactive-from 2013-02-01")
    county.run(f"jurisdiction deactivate 48453 {off} 2013-02-01T00:30")
    county.run(f"jurisdiction deactivate 06073 {off} 2013-03-01T00:30")
    for number, ori in enumerate(("TXTEST001", "CATEST001"), start=1):
        for day in ("2013-01-15", "2013-02-15"):
            tcn = f"SWITCH{number}{day.replace('-', '')}"
            county.run(f"submit {county.card(number, tcn, day, CRI=ori)} --as ada --at {day}T12:00")
            shown = county.run(f"case show {tcn}")
            kept = "do not go to the immigration system: inactive" in " ".join(shown.split())
            assert kept == (day == "2013-02-15"), f"{ori} on {day}: {shown}"
