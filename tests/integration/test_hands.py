"""Cards of real hands whose fingers are not in their boxes: named before anybody reads that nobody was found.

The hands lie in the reference data and are used in place: nothing of them is shown or kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tenprint import finger
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Exchange, UnreadableCardError
from tenprint.itl import build

NOON = datetime(2012, 11, 5, 18, tzinfo=UTC)
FIELDS = {
    "RET": "Y", "NAM": "SAMPLE,PAT", "POB": "XX", "DOB": "19800115", "SEX": "X", "RAC": "U", "HGT": "510", "WGT": "170",
    "EYE": "BRO", "HAI": "BLK", "DOA": "20121105", "ASL": [["20121104", "LITTERING"]], "CRI": "TXSYN4530",
}  # fmt: skip
EVERY = range(1, 11)
Boxes = Mapping[int, tuple[int, int, int]]
"""By box of the card: person, true position of the finger, session."""


def other(position: int) -> int:
    return position + 5 if position <= 5 else position - 5


ENROLLED: dict[str, Boxes] = {"a": {p: (13, p, 1) for p in EVERY}, "b": {p: (12, p, 1) for p in EVERY}}
IN_ORDER: dict[str, Boxes] = {"right": {p: (13, p, 2) for p in EVERY}, "also": {p: (12, p, 2) for p in EVERY}}
WRONG: dict[str, tuple[Boxes, str]] = {
    "F1 swapped": ({p: (13, other(p), 2) for p in EVERY}, "the hands are exchanged"),
    "F5 two": ({p: (13 if p <= 5 else 12, p, 2) for p in EVERY}, "two people are on this card"),
    "F5 three": ({p: (12 if p <= 3 else 13, p, 2) for p in EVERY}, "two people are on this card"),
    "F6 exchanged": (
        {p: (13, {2: 3, 3: 2}.get(p, p), 2) for p in EVERY},
        "the box of the right index holds the right middle",
    ),
    "F6 twice": ({p: (13, p if p <= 5 else p - 5, 2) for p in EVERY}, "one finger is in several boxes"),
    "F6 one": (dict.fromkeys(EVERY, (13, 2, 2)), "one finger is in several boxes"),
    "F1 turned round": ({p: (13, 11 - p, 2) for p in EVERY}, "the box of the right thumb holds the left little"),
}
FOUND = {"F1 swapped", "F6 exchanged", "F6 twice", "F1 turned round"}
"""Cards of one enrolled person, who is found whatever the order."""


def content(folder: Path, boxes: Boxes, tcn: str) -> bytes:
    """A card of Type-14 records with these pictures in its boxes."""
    images = []
    for box, (person, position, session) in boxes.items():
        number = position + 5 if position <= 5 else 11 - position  # see the folder's README
        pixels, _ = finger.read_image(folder / f"{person}{number:02d}_{session}.png")
        images.append(build.FingerImage(position=box, impression=1, pixels=pixels))
    header = {"TOT": "CAR", "ORI": "TXSIB0000", "DAI": "TXSIB0000", "TCN": tcn}
    return build.criminal({**FIELDS, **header}, images, form="type-14", when=NOON).to_bytes()


@pytest.fixture(scope="module")
def extract() -> object:
    """Extraction that remembers: the same pictures are on many cards."""
    known: dict[str, finger.Template] = {}

    def remembered(pixels: NDArray[np.uint8], ppi: float) -> finger.Template:
        key = sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()
        if key not in known:
            known[key] = finger.extract(pixels, ppi)
        return known[key]

    return remembered


@pytest.fixture(scope="module")
def hands(data: Path) -> Path:
    folder = data / "fingers" / "neurotechnology-uareu"
    if not folder.exists():
        pytest.skip(f"no hands at {folder}")
    return folder


@pytest.fixture
def exchange(tmp_path: Path, hands: Path, extract: object) -> Iterator[Exchange]:
    with Exchange.create(str(tmp_path / "x.db"), "ada", simulated_from=NOON, extract=extract) as made:
        made.add_principal("ben", "booking", "TXSYN4530", made.act("ada", "register"))
        for name, boxes in ENROLLED.items():
            made.enrol("criminal", content(hands, boxes, f"OLD-000000{name}"), made.act("ada", "enrol"))
        yield made


@pytest.mark.parametrize("name", WRONG)
def test_f1_f5_f6_what_is_wrong_with_a_card_is_named_and_the_card_is_not_kept(
    exchange: Exchange, hands: Path, name: str
) -> None:
    boxes, words = WRONG[name]
    row = exchange.submit(content(hands, boxes, "NEW-0000001"), exchange.act("ben", AcceptSubmission, NOON))
    assert row.accepted
    assert any(words in line for line in row.sequence), row.sequence
    assert (row.criminal.identity == "C00000001") == row.criminal.hit == (name in FOUND)
    sent = next(each for each in row.answers if each.kind == "SRE")
    assert words.encode() in exchange.answer(sent.digest)
    with exchange.reading() as connection:
        assert exchange.criminal.existing(connection, exchange.case("NEW-0000001").submission.card) is None


def test_f1_a_card_in_order_gets_no_word(exchange: Exchange, hands: Path) -> None:
    for number, boxes in enumerate(IN_ORDER.values()):
        row = exchange.submit(content(hands, boxes, f"NEW-000000{number}"), exchange.act("ben", AcceptSubmission, NOON))
        assert row.criminal.hit
        assert row.sequence == row.messages == ()


def test_f6_a_card_that_would_make_people_unknown_is_not_enrolled(exchange: Exchange, hands: Path) -> None:
    with pytest.raises(UnreadableCardError, match="one finger is in several boxes"):
        exchange.enrol("immigration", content(hands, WRONG["F6 twice"][0], "OLD-0000009"), exchange.act("ada", "enrol"))


def test_f11_a_card_of_slaps_alone_is_cut_and_searched(exchange: Exchange, data: Path) -> None:
    def slap(taking: int, tcn: str) -> bytes:
        pixels, _ = finger.read_image(data / "fingers" / "slaps" / f"Image_00_1_{taking}.png")
        images = [build.FingerImage(position=13, impression=0, pixels=pixels)]
        header = {"TOT": "CAR", "ORI": "TXSIB0000", "DAI": "TXSIB0000", "TCN": tcn}
        return build.criminal({**FIELDS, **header}, images, form="type-14", when=NOON).to_bytes()

    enrolled = exchange.enrol("immigration", slap(1, "OLD-0000008"), exchange.act("ada", "enrol"))
    assert enrolled.fingers == (2, 3, 4, 5)
    row = exchange.submit(slap(2, "NEW-0000008"), exchange.act("ben", AcceptSubmission, NOON))
    assert (row.accepted, row.criminal.hit, row.criminal.fingers) == (True, False, 4)
    assert row.immigration.identity == enrolled.identity
    assert row.sequence == ()


def test_f7_f9_f13_images_that_are_not_what_they_should_be_are_told_in_the_answer(
    exchange: Exchange, hands: Path
) -> None:
    images = []
    for box, number in {1: 6, 2: 7, 3: 8, 4: 9, 5: 10}.items():
        pixels, _ = finger.read_image(hands / f"13{number:02d}_2.png")
        if box == 2:  # scanned at 1,000 ppi, said to be 500
            pixels = np.asarray(Image.fromarray(pixels).resize((pixels.shape[1] * 2, pixels.shape[0] * 2)))
        if box == 3:
            pixels = np.full_like(pixels, 255)
        if box == 4:  # two fingers in one box, apart
            other_, _ = finger.read_image(hands / "1207_2.png")
            pixels = np.hstack([pixels, np.full((pixels.shape[0], 60), 255, np.uint8), other_])
        images.append(build.FingerImage(position=box, impression=1, pixels=pixels))
    header = {"TOT": "CAR", "ORI": "TXSIB0000", "DAI": "TXSIB0000", "TCN": "NEW-0000007"}
    made = build.criminal({**FIELDS, **header}, images, form="type-14", when=NOON).to_bytes()
    row = exchange.submit(made, exchange.act("ben", AcceptSubmission, NOON))
    assert (row.accepted, row.criminal.identity, row.criminal.fingers, row.sequence) == (True, "C00000001", 3, ())
    told = {line.partition(":")[0]: line for line in row.messages}
    assert set(told) == {"finger 2", "finger 3", "finger 4"}
    assert told["finger 2"] == "finger 2: 500 ppi cannot be, by its ridges; taken as 1000 ppi"
    assert "no finger is seen" in told["finger 3"]
    assert "the picture shows 2 beside each other" in told["finger 4"]
    sent = next(each for each in row.answers if each.kind == "SRE")
    assert all(line.encode() in exchange.answer(sent.digest) for line in row.messages)
