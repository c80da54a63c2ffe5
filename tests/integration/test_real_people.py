"""Eight people made of real fingers, sixty-four cards: every enrolled person is found, the two others never.

Each folder of the reference fingerprints has ten fingers with eight impressions. Cut in two it gives two people of five
fingers each; impression k is the card of session k. Session 1 of six of them is enrolled; sessions 2 to 8 of all are
submitted. The cards ask to be kept (RET=Y), so whoever was unknown to the criminal system at the first booking is found
there, as the same person, at every later one. Only the counts and scores are printed; no image leaves the folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tenprint import finger
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Exchange
from tenprint.exchange.cards import probe, read_card
from tenprint.itl import build
from tenprint.itl.names import number

SETS = ("fvc2002/DB1_B", "fvc2002/DB3_B", "fvc2004/DB1_B", "fvc2004/DB3_B")
SESSIONS = range(1, 9)
PEOPLE = [(name, half) for name in SETS for half in (0, 1)]
IMMIGRATION = (0, 1, 2, 3)  # people, by number
CRIMINAL = (2, 3, 4, 5)
STRANGERS = (6, 7)
AGENCY = "TXSYN4530"
FIELDS = {
    "RET": "Y", "POB": "XX", "DOB": "19800115", "RAC": "U", "HGT": "510", "WGT": "170", "EYE": "BRO",
    "HAI": "BLK", "DOA": "20121105", "ASL": [["20121104", "LITTERING"]], "CRI": AGENCY, "SEX": "X",
}  # fmt: skip


class Once:
    """Extracts every image once in a test session."""

    def __init__(self) -> None:
        self._seen: dict[bytes, finger.Template] = {}

    def __call__(self, pixels: NDArray[np.uint8], ppi: float) -> finger.Template:
        key = sha256(pixels.tobytes() + str((pixels.shape, ppi)).encode()).digest()
        if key not in self._seen:
            self._seen[key] = finger.extract(pixels, ppi)
        return self._seen[key]


@pytest.fixture(scope="module")
def extract() -> Once:
    return Once()


WHEN = datetime(2012, 11, 5, 18, tzinfo=UTC)
HEADER = {"ORI": "TXSIB0000", "DAI": "WVIAFIS0Z", "TOT": "CAR"}


def images_of(data: Path, person: int, session: int) -> list[NDArray[np.uint8]]:
    """Five fingers of one person in one session."""
    name, half = PEOPLE[person]
    folder = data / "fvc" / name
    return [finger.read_image(folder / f"{101 + half * 5 + place}_{session}.png")[0] for place in range(5)]


def compressed(person: int, session: int, images: list[NDArray[np.uint8]]) -> bytes:
    """A card of WSQ images in Type-4 records, 500 ppi."""
    fields = {**FIELDS, **HEADER, "NAM": f"PERSON,{'ABCDEFGH'[person]}", "TCN": tcn(person, session)}
    prints = [build.FingerImage(position=at, impression=0, pixels=p) for at, p in enumerate(images, start=1)]
    return build.criminal(fields, prints, when=WHEN).to_bytes()


def raw(person: int, session: int, images: list[NDArray[np.uint8]]) -> bytes:
    """A card of raw images in Type-14 records, 512 ppi: the WSQ library cannot code pictures of this sensor."""
    bare = {**FIELDS, **HEADER, "NAM": f"PERSON,{'ABCDEFGH'[person]}", "TCN": tcn(person, session)}
    first = {4: "CAR", 7: HEADER["DAI"], 8: HEADER["ORI"], 9: tcn(person, session)}
    second = {number(2, k): v for k, v in bare.items() if k not in {*HEADER, "TCN"}}
    records = []
    for at, pixels in enumerate(images, start=1):
        height, width = pixels.shape
        values = {
            2: f"{at:02d}", 3: "0", 4: HEADER["ORI"], 5: "20121105", 6: str(width), 7: str(height), 8: "1", 9: "512",
            10: "512", 11: "NONE", 12: "8", 13: str(at),
        }  # fmt: skip
        records.append((14, at, build.tagged(14, values, pixels.tobytes())))
    return build.compose(first, second, records, when=WHEN).to_bytes()


def tcn(person: int, session: int) -> str:
    return f"REAL-{person}-{session}-CARD"


@pytest.fixture(scope="module")
def cards(data: Path) -> dict[tuple[int, int], bytes]:
    """The card of every person in every session."""
    return {
        (person, session): (raw if PEOPLE[person][0] == "fvc2004/DB3_B" else compressed)(
            person, session, images_of(data, person, session)
        )
        for person in range(len(PEOPLE))
        for session in SESSIONS
    }


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory, extract: Once) -> Iterator[Exchange]:
    start = datetime(2012, 1, 1, tzinfo=UTC)
    db = tmp_path_factory.mktemp("people") / "x.db"
    with Exchange.create(db, "ada", simulated_from=start, extract=extract) as made:
        yield made


def test_every_enrolled_person_is_found_in_the_right_system_and_strangers_never(
    exchange: Exchange, cards: dict[tuple[int, int], bytes], extract: Once, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(2) as pool:  # the slow part, once: pictures to templates
        list(pool.map(lambda content: probe(read_card(content), extract), cards.values()))
    act = exchange.act("ada", "enrol")
    known = {
        system: {p: exchange.enrol(system, cards[p, 1], act).identity for p in people}
        for system, people in (("immigration", IMMIGRATION), ("criminal", CRIMINAL))
    }
    assert len(set(known["immigration"].values())) == len(IMMIGRATION)
    assert len(set(known["criminal"].values())) == len(CRIMINAL)
    counts: Counter[str] = Counter()
    submit = exchange.act("ada", AcceptSubmission, datetime(2012, 11, 5, 18, tzinfo=UTC))
    for (person, session), content in cards.items():
        if session == 1:
            continue
        result = exchange.submit(content, submit)
        assert result.accepted, result.messages
        for system, found in (("criminal", result.criminal), ("immigration", result.immigration)):
            expected = known[system].get(person)
            assert found.identity == expected, f"person {person}, session {session}, {system}: {found}"
            counts[f"{system}: {'found' if expected else 'not found, and not there'}"] += 1
        with exchange.reading() as connection:
            kept = exchange.criminal.existing(connection, sha256(content).hexdigest())
        assert kept is not None, "a card with RET=Y was not kept"
        known["criminal"].setdefault(person, kept.identity)
    assert len(set(known["criminal"].values())) == len(PEOPLE)
    genuine, impostor = score_ranges(cards, extract)
    least = finger.threshold(5)
    with capsys.disabled():
        print(f"\n{sum(session > 1 for _, session in cards)} real cards of {len(PEOPLE)} people: {dict(counts)}")
        print(f"  threshold of five fingers {least:.3f} ({finger.CALIBRATION})")
        print(f"  {len(genuine)} genuine comparisons: {min(genuine):.3f} to {max(genuine):.3f}")
        print(f"  {len(impostor)} impostor comparisons: {min(impostor):.3f} to {max(impostor):.3f}")
    assert max(impostor) < least < min(genuine)


def score_ranges(cards: dict[tuple[int, int], bytes], extract: Once) -> tuple[list[float], list[float]]:
    """Fused scores of sessions 2 to 8 against session 1 of all eight people."""
    gallery = finger.Gallery()
    for person in range(len(PEOPLE)):
        for position, template in probe(read_card(cards[person, 1]), extract).templates.items():
            gallery.add(str(person), position, template)
    genuine, impostor = [], []
    for (person, session), content in cards.items():
        if session == 1:
            continue
        found = gallery.search(probe(read_card(content), extract).templates, limit=len(PEOPLE))
        for candidate in found:
            (genuine if candidate.person == str(person) else impostor).append(candidate.score)
    return genuine, impostor
