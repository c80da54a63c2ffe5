"""Cards of synthetic people: a transaction of EBTS with new impressions of fingers that belong to nobody."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tenprint.cli.demonstration.script import Person, Script, Step
from tenprint.finger import synthetic
from tenprint.itl import build
from tenprint.itl.record import Value

PLAIN, ROLLED = 0, 1
"""Type of impression (IMP): live-scan plain, live-scan rolled."""
INK = 150
"""Gray levels below are ridges."""
MARGIN = 20
"""Pixels at 500 ppi."""


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
            pixels=framed(skin.impression(position, encounter, condition)),
        )
        for position in step.fingers
    ]
    day = f"{step.at:%Y%m%d}"
    fields: dict[str, Value] = {
        "ORI": script.bureau,
        "TCN": control_number(step, script),
        "CRI": step.what if booked else script.bureau,
        "NAM": f"{person.name.upper()},SYNTHETIC",
        "DOB": f"{person.born:%Y%m%d}",
    }
    if booked or step.what == "criminal":
        arrest: dict[str, Value] = {"DOA": day, "ASL": [[day, step.charge or "EARLIER ARREST"]]}
        return build.sample(fields | arrest, images, when=step.at).to_bytes()
    civil: dict[str, Value] = {"RFP": "IMMIGRATION ENCOUNTER", "DPR": day}
    absent = [[f"{finger:02d}", "UP"] for finger in build.missing_fingers(step.fingers)]
    whole = {**build.SAMPLE, **fields, **civil, "AMP": absent}
    return build.criminal(whole, images, tot="FANC", when=step.at).to_bytes()


def framed(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture as a scanner frames it: the finger with a margin of a millimeter."""
    inked = picture < INK
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    top, left = (max(0, int(line[0]) - MARGIN) for line in (rows, columns))
    return picture[top : int(rows[-1]) + MARGIN, left : int(columns[-1]) + MARGIN]
