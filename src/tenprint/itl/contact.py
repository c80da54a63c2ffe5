"""All images of a transaction on one sheet, with finger names: the ten rolled ones as on a card, the others below."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from tenprint.itl.codes import impression_name, position_name
from tenprint.itl.errors import ItlError
from tenprint.itl.image import Image
from tenprint.itl.transaction import Transaction

CELL = 220
CAPTION = 60
MARGIN = 12
COLUMNS = 5
PAPER, INK, FAINT, LINE = 255, 0, 110, 200


class _Cell(msgspec.Struct, frozen=True):
    row: int
    column: int
    title: str
    detail: str
    image: Image | None
    trouble: str


def contact_sheet(transaction: Transaction) -> Picture.Image:
    """One grey picture of all images; what cannot be decoded is an empty frame that says why."""
    cells = list(_cells(transaction))
    rows = 1 + max((cell.row for cell in cells), default=0)
    width = COLUMNS * (CELL + MARGIN) + MARGIN
    sheet = Picture.new("L", (width, rows * (CELL + CAPTION + MARGIN) + 2 * MARGIN + 16), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    title = f"{transaction.tot}  {transaction.tcn}".strip()
    draw.text((MARGIN, MARGIN // 2), _ascii(title), fill=INK, font=font)
    for cell in cells:
        _draw(sheet, draw, font, cell)
    return sheet


def _cells(transaction: Transaction) -> Iterator[_Cell]:
    taken: set[tuple[int, int]] = set()
    later: list[tuple[str, str, Image | None, str]] = []
    for record in transaction.records:
        try:
            image = record.image()
        except ItlError as fault:
            later.append((f"Type-{record.type}", "", None, fault.detail))
            continue
        if image is None:
            continue
        title = (
            f"{image.position} {position_name(image.position)}" if image.position is not None else f"Type-{record.type}"
        )
        detail = (
            f"{image.format} {image.width} x {image.height}, {image.ppi:.0f} ppi\n{impression_name(image.impression)}"
        )
        place = divmod((image.position or 0) - 1, COLUMNS)
        if image.position and 1 <= image.position <= 10 and place not in taken:
            taken.add(place)
            yield _Cell(*place, title, detail, image, "")
        else:
            later.append((title, detail, image, ""))
    first = 2 if taken else 0
    for count, (title, detail, image, trouble) in enumerate(later):
        row, column = divmod(count, COLUMNS)
        yield _Cell(first + row, column, title, detail, image, trouble)


def _draw(
    sheet: Picture.Image, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, cell: _Cell
) -> None:
    left = MARGIN + cell.column * (CELL + MARGIN)
    top = 2 * MARGIN + 8 + cell.row * (CELL + CAPTION + MARGIN)
    draw.rectangle((left - 1, top - 1, left + CELL, top + CELL), outline=LINE)
    trouble = cell.trouble
    if cell.image is not None:
        try:
            picture = Picture.fromarray(cell.image.pixels())
        except ItlError as fault:
            trouble = fault.detail
        else:
            picture.thumbnail((CELL, CELL))
            sheet.paste(picture, (left + (CELL - picture.width) // 2, top + (CELL - picture.height) // 2))
    for line, text in enumerate(_wrapped(trouble)):
        draw.text((left + 6, top + 6 + 16 * line), text, fill=FAINT, font=font)
    draw.text((left, top + CELL + 4), _ascii(cell.title)[:34], fill=INK, font=font)
    draw.text((left, top + CELL + 21), _ascii(cell.detail), fill=FAINT, font=font)


def _wrapped(text: str, width: int = 30) -> list[str]:
    lines: list[str] = []
    for word in _ascii(text).split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word[:width])
    return lines[:12]


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")
