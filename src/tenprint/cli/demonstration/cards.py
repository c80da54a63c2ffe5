"""Cards of synthetic people: a transaction of EBTS with new impressions of fingers that belong to nobody."""

from __future__ import annotations

from tenprint.cli.demonstration.script import Person, Script, Step
from tenprint.finger import synthetic
from tenprint.itl import build

PLAIN, ROLLED = 0, 1
"""Type of impression (IMP): live-scan plain, live-scan rolled."""


def control_number(step: Step, script: Script) -> str:
    """Transaction control number (1.009): agency, day, and the person's number."""
    agency = step.what if step.kind == "book" else script.bureau
    return f"{agency}-{step.at:%Y%m%d}-{script.person(step.person).seed:04d}"


def compose(step: Step, person: Person, encounter: int, script: Script) -> bytes:
    """The card of one encounter.

    Args:
        step: A booking, or the enrolment of an earlier encounter.
        person: Whose fingers.
        encounter: Number of the meeting: another number, another impression.
        script: Where bureau and zone are written.
    """
    booked = step.kind == "book"
    skin = synthetic.person(person.seed)
    plain = not booked and len(step.fingers) == 2
    condition = synthetic.ROLLED.plain() if plain else synthetic.ROLLED
    images = [
        build.FingerImage(
            position=position,
            impression=PLAIN if plain else ROLLED,
            pixels=skin.impression(position, encounter, condition),
        )
        for position in step.fingers
    ]
    day = f"{step.at:%Y%m%d}"
    fields = {
        "ORI": script.bureau,
        "TCN": control_number(step, script),
        "CRI": step.what if booked else script.bureau,
        "NAM": f"{person.name.upper()},SYNTHETIC",
        "DOB": f"{person.born:%Y%m%d}",
        "DOA": day,
        "ASL": [[day, step.charge or "NONE"]],
    }
    return build.sample(fields, images, when=step.at).to_bytes()
