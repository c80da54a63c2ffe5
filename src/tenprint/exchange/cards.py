"""A card as the exchange uses it: who sent it, what it says, and the templates of its fingers.

The only place where transactions (ANSI/NIST-ITL 1-2011, EBTS) and fingers meet, with `minutiae` for Type-9 records.
Race (2.025) is not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint import finger, itl
from tenprint.cases.card.events import Charge, Personal, SubmissionAccepted
from tenprint.exchange import sequence
from tenprint.exchange.errors import UnreadableCardError
from tenprint.finger.matching import LEAST_MINUTIAE
from tenprint.finger.ridges import resolution
from tenprint.finger.segmentation import segment

Extract = Callable[[NDArray[np.uint8], float], finger.Template]
"""Pixels (h, w) and resolution in ppi to a template; `finger.extract` unless a test says otherwise."""

PLAIN_THUMBS = {11: 1, 12: 6}
"""Plain impressions of the thumbs (FGP 11, 12): the same fingers as the rolled ones, and sometimes the better print."""

IMAGE_RECORDS = (4, 14)
SLAPS = (13, 14, 15)
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom excluded."""
UNKNOWN_DATE = "00000000"


class Card(msgspec.Struct, frozen=True):
    """One transaction as it came, with its digest."""

    content: bytes
    digest: str
    transaction: itl.Transaction

    @property
    def tcn(self) -> str:
        """Transaction control number (1.009)."""
        return self._field("1.009")

    @property
    def submitting_ori(self) -> str:
        """Identifier of the agency that sent it, the state's bureau (1.008)."""
        return self._field("1.008")

    @property
    def controlling_ori(self) -> str:
        """Identifier of the booking agency (2.073 CRI); empty when the card names none."""
        return self._field("2.073")

    @property
    def tot(self) -> str:
        """Type of transaction (1.004)."""
        return self._field("1.004")

    @property
    def retain(self) -> bool:
        """Whether the prints may be kept (2.005 RET). Anything but Y means no."""
        return self._field("2.005").upper() == "Y"

    @property
    def fingers(self) -> tuple[int, ...]:
        """Finger positions (FGP) that have an image, in the order of the card."""
        return tuple(position for position, _ in self.images())

    def images(self) -> Iterator[tuple[int, itl.Image]]:
        """Positions with their images: Type-4 and Type-14 records of one finger each; unreadable ones are left out."""
        for record in self.transaction.of_type(*IMAGE_RECORDS):
            with suppress(itl.ItlError):
                image = record.image()
                if image is not None and image.position is not None and 1 <= image.position <= 12:
                    yield image.position, image

    def missing(self) -> set[int]:
        """Positions that are amputated or bandaged, by 2.084 and 14.018 (AMP: position, reason)."""
        stated = [record.items(tag) for kind, tag in ((2, "2.084"), (14, "14.018"))
                  for record in self.transaction.of_type(kind)]  # fmt: skip
        return {int(items[0]) for each in stated for items in each if items and items[0].strip().isdigit()}

    def slaps(self) -> Iterator[tuple[int, itl.Image, dict[int, Box]]]:
        """Images of several fingers (FGP 13 to 15), each with the segments that its 14.021 states, by position."""
        for record in self.transaction.of_type(*IMAGE_RECORDS):
            with suppress(itl.ItlError):
                image = record.image()
                if image is not None and image.position in SLAPS:
                    yield image.position, image, _segments(record, image)

    def _field(self, tag: str) -> str:
        return (self.transaction.get(tag) or "").strip()


def _segments(record: itl.Record, image: itl.Image) -> dict[int, Box]:
    """Segments of a record (14.021: finger, left, right, top, bottom) that lie within its image."""
    found: dict[int, Box] = {}
    if record.type != 14 or not record.get("14.021"):
        return found
    for items in record.items("14.021"):
        with suppress(ValueError):
            position, left, right, top, bottom = (int(text) for text in items[:5])
            inside = 0 <= left < right <= image.width and 0 <= top < bottom <= image.height
            if 1 <= position <= 10 and inside:
                found[position] = (left, top, right, bottom)
    return found


class Probe(msgspec.Struct, frozen=True):
    """The usable fingers of one card."""

    templates: Mapping[int, finger.Template]
    """By position, FGP 1 to 10."""
    unusable: tuple[str, ...] = ()
    """Images that did not decode or gave no template, one line each."""
    corrected: tuple[str, ...] = ()
    """Images whose stated resolution their ridges contradict, and as what they were taken, one line each."""
    order: tuple[str, ...] = ()
    """What the fingers of the card say of each other: `tenprint.exchange.sequence.within`."""


def read_card(content: bytes) -> Card:
    """Read a card.

    Raises:
        UnreadableCardError: when no answer could be addressed: not a transaction, or without 1.008 and 1.009.
    """
    try:
        card = Card(content, hashlib.sha256(content).hexdigest(), itl.read(content))
        sender, tcn = card.submitting_ori, card.tcn
    except itl.ItlError as error:
        raise UnreadableCardError(f"not a readable ANSI/NIST transaction: {error}") from error
    if not sender or not tcn:
        raise UnreadableCardError(
            "expected 1.008 ORI and 1.009 TCN in the Type-1 record, so that an answer can be sent"
        )
    return card


def remembered(taken: SubmissionAccepted) -> Card:
    """What a case remembers of a card whose bytes are gone: enough to address an answer, without images."""
    first = {4: taken.tot, 7: taken.submitting_ori, 8: taken.submitting_ori, 9: taken.tcn}
    known = {9: taken.agency_case, 18: taken.personal.name if taken.personal else "", 73: taken.controlling_ori}
    second = {number: text for number, text in known.items() if text}
    made = itl.build.compose(first, second, when=datetime.now(UTC))
    return Card(b"", taken.card, made)


def accepted(card: Card) -> SubmissionAccepted:
    """What the card says, as the event of its acceptance."""
    arrested = _date(card.transaction.get("2.045"))
    return SubmissionAccepted(
        tcn=card.tcn,
        submitting_ori=card.submitting_ori,
        controlling_ori=card.controlling_ori,
        tot=card.tot,
        card=card.digest,
        retain=card.retain,
        date_of_arrest=arrested,
        date_printed=_date(card.transaction.get("2.038")),
        agency_case=card.transaction.get("2.009") or "",
        age_at_arrest=_age(card, arrested or _date(card.transaction.get("1.005"))),
        treat_as_adult=(card.transaction.get("2.087") or "").strip().upper() == "Y",
        charges=tuple(_charges(card.transaction)),
        fingers=card.fingers,
        personal=_personal(card.transaction),
    )


def probe(card: Card, extract: Extract) -> Probe:
    """Templates of the card's fingers; images that cannot be used are listed, never a crash.

    Of a rolled and a plain impression of one finger the one of higher quality is taken; the rolled one when equal.
    Slaps (FGP 13 to 15) are cut into fingers, and used where the card has no image of the finger by itself.
    """
    templates: dict[int, finger.Template] = {}
    plain: dict[int, finger.Template] = {}
    unusable: list[str] = []
    corrected: list[str] = []
    for position, image in sorted(card.images(), key=lambda found: found[0]):
        target = PLAIN_THUMBS.get(position, position)
        try:
            pixels = image.pixels()
            found = extract(pixels, image.ppi)
        except (itl.ItlError, finger.FingerError) as error:
            unusable.append(f"finger {position}: {error}")
            continue
        if len(found) < LEAST_MINUTIAE:
            unusable.append(f"finger {position}: no finger is seen in this image")
            continue
        if (told := resolution(pixels, image.ppi)) != image.ppi:
            corrected.append(f"finger {position}: {image.ppi:g} ppi cannot be, by its ridges; taken as {told:g} ppi")
        if position in PLAIN_THUMBS:
            plain[target] = found
        if target not in templates or found.quality > templates[target].quality:
            templates[target] = found
    if not templates:
        templates, more = _from_slaps(card, extract)
        unusable += more
    return Probe(templates, tuple(unusable), tuple(corrected), sequence.within(templates, plain))


def _from_slaps(card: Card, extract: Extract) -> tuple[dict[int, finger.Template], list[str]]:
    """Templates of the fingers of a card's slaps, by the segments that the card states or those that are seen."""
    templates: dict[int, finger.Template] = {}
    unusable: list[str] = []
    missing = card.missing()
    for slap, image, stated in card.slaps():
        try:
            pixels = image.pixels()
            cut = stated or {
                one.position: one.box for one in segment(pixels, image.ppi, slap, missing) if one.position is not None
            }
        except (itl.ItlError, finger.FingerError) as error:
            unusable.append(f"slap {slap}: {error}")
            continue
        if not cut:
            unusable.append(f"slap {slap}: not as many fingers are seen as it should show, so that none has a position")
        for position, (left, top, right, bottom) in sorted(cut.items()):
            try:
                found = extract(np.ascontiguousarray(pixels[top:bottom, left:right]), image.ppi)
            except finger.FingerError as error:
                unusable.append(f"finger {position} of slap {slap}: {error}")
                continue
            if len(found) < LEAST_MINUTIAE:
                unusable.append(f"finger {position} of slap {slap}: no finger is seen there")
            elif position not in templates or found.quality > templates[position].quality:
                templates[position] = found
    return templates, unusable


def _date(text: str | None) -> date | None:
    digits = (text or "").strip()
    if len(digits) != 8 or not digits.isdigit() or digits == UNKNOWN_DATE:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _age(card: Card, on: date | None) -> int | None:
    """Age on the day of arrest by the youngest of the stated birth dates: a doubt counts for the child."""
    record = card.transaction.first(2)
    born = [_date(items[0]) for items in record.items("2.022")] if record else []
    known = [b for b in born if b is not None]
    if on is None or not known:
        return None
    youngest = max(known)
    return on.year - youngest.year - ((on.month, on.day) < (youngest.month, youngest.day))


def _charges(transaction: itl.Transaction) -> Iterator[Charge]:
    """Arrest segments (2.047 ASL): date of offense and free text. The card has no offense code, so none is guessed."""
    record = transaction.first(2)
    for number, items in enumerate(record.items("2.047") if record else (), start=1):
        offense, literal = (items[0], items[1]) if len(items) > 1 else ("", items[0])
        yield Charge(number=number, literal=literal.strip(), offense_date=_date(offense))


def _personal(transaction: itl.Transaction) -> Personal:
    record = transaction.first(2)
    citizenship = tuple(items[0].strip() for items in record.items("2.021") if items[0].strip()) if record else ()

    def text(tag: str) -> str:
        return (transaction.get(tag) or "").strip()

    return Personal(
        name=text("2.018"),
        date_of_birth=text("2.022")[:8],
        place_of_birth=text("2.020"),
        sex=text("2.024"),
        citizenship=citizenship,
    )


def content_of(source: str | Path | bytes) -> tuple[bytes, str]:
    """The bytes of a card and the name of its file; no name for bytes."""
    return (source, "") if isinstance(source, bytes) else (Path(source).read_bytes(), str(source))
