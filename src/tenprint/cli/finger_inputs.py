"""What a finger at the command line may be: a picture, a minutiae record, or a box of a card (``booking.eft#2``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tenprint.cli.common import Refused, existing, fail, out

if TYPE_CHECKING:
    from tenprint.finger import Template
    from tenprint.finger.evaluation import Extraction

RECORDS = {".fmr": "iso-2005", ".fir": "iso-2005", ".iso": "iso-2005", ".ansi": "ansi-2004", ".xyt": "xyt"}
"""Ends of names of minutiae records, with the format that is written under each."""
CARDS = (".eft", ".an2", ".nist", ".int")


class Given(msgspec.Struct, frozen=True, eq=False):
    """A finger that was named.

    Attributes:
        name: as typed.
        template: its minutiae.
        pixels: (h, w) uint8; nothing for a minutiae record.
        ppi: of the pixels, as they were understood.
        notes: what a person should know before reading a score, a sentence each.
    """

    name: str
    template: Template
    pixels: Any = None
    ppi: float = 500.0
    notes: tuple[str, ...] = ()


def finger_of(path: Path, ppi: float | None = None, extractor: Extraction = "leader") -> Given:
    """The finger that a path names.

    Raises:
        Refused: when nothing usable is there.
    """
    from tenprint.finger import FingerError
    from tenprint.itl import ItlError

    name, box = _parted(path)
    try:
        if box is not None or name.suffix.lower() in CARDS:
            return _from_card(name, box, extractor)
        data = existing(name).read_bytes()
        if name.suffix.lower() in RECORDS or data[:4] == b"FMR\0":
            return _from_record(path, data)
        from tenprint.finger import read_image

        pixels, own = read_image(data)
        return _from_pixels(str(path), pixels, own if ppi is None else ppi, extractor)
    except (FingerError, ItlError, IsADirectoryError) as error:
        fail(f"{path}: {str(error).removeprefix('the bytes given: ')}")


def _parted(path: Path) -> tuple[Path, int | None]:
    """A path and the number behind its last ``#``, when no file has the whole name."""
    text = str(path)
    front, mark, number = text.rpartition("#")
    if mark and number.isdigit() and not path.exists():
        return Path(front), int(number)
    return path, None


def _from_pixels(name: str, pixels: Any, ppi: float, extractor: Extraction) -> Given:
    from tenprint.finger import evaluation, look, ridges

    template = evaluation.EXTRACTORS[extractor](pixels, ppi)
    return Given(name, template, pixels, ridges.resolution(pixels, ppi), look(pixels, ppi))


def _from_record(path: Path, data: bytes) -> Given:
    from tenprint.finger import interchange, xyt

    imported = "minutiae of a record: scores are calibrated for those that this program finds in a picture"
    if path.suffix.lower() == ".xyt":
        return Given(str(path), xyt.read(data), notes=(imported,))
    views = interchange.read(data)
    more = f"the first of {len(views)} views of the record is taken" if len(views) > 1 else ""
    return Given(str(path), views[0].template, notes=tuple(filter(None, (imported, more))))


def _from_card(path: Path, box: int | None, extractor: Extraction) -> Given:
    from tenprint.exchange.cards import Card
    from tenprint.exchange.minutiae import views
    from tenprint.itl import read

    card = Card(b"", "", read(existing(path)))
    images = dict(reversed(list(card.images())))
    known = sorted(images)
    if box is None:
        fail(
            f"{path}: a card has several fingers; say which, as {path}#2. It has {', '.join(map(str, known)) or 'none'}"
        )
    if box in images:
        image = images[box]
        return _from_pixels(f"{path}#{box}", image.pixels(), image.ppi, extractor)
    recorded = {view.position: view for view in views(card.transaction)}
    if box in recorded:
        note = "minutiae of the card's Type-9 record: scores are calibrated for those that this program finds"
        return Given(f"{path}#{box}", recorded[box].template, notes=(note,))
    has = ", ".join(map(str, known)) or "no image of a single finger"
    raise Refused(f"{path}: no finger {box} on this card; it has {has}")


def written(template: Template, path: Path) -> bytes:
    """A template in the format that the end of a name says (.fmr, .ansi, .xyt); ISO/IEC 19794-2:2005 for any other."""
    from tenprint.finger import interchange, xyt

    kind = RECORDS.get(path.suffix.lower(), "iso-2005")
    if kind == "xyt":
        return xyt.write(template)
    return interchange.write([interchange.View(0, template)], interchange.Format(kind))


def noted(*given: Given) -> None:
    """Print what a person should know of fingers, a line each."""
    for one in given:
        for note in one.notes:
            out.print(f"note: {one.name}: {note}", markup=False)
