"""Two prints side by side: the card's and the candidate's, with minutiae and correspondences drawn over the images.

An examiner sees no name, no history and no conclusion of anybody else: the second one is blind to the first.
"""

from __future__ import annotations

import contextlib
import io
import math

import msgspec
import numpy as np
from PIL import Image
from sqlalchemy import select

from tenprint import finger
from tenprint.cases.card.examination import CloseCall, close_calls
from tenprint.exchange import UnknownError, archive
from tenprint.exchange.audit import PRINTS
from tenprint.exchange.cards import Card, read_card
from tenprint.exchange.core import Core
from tenprint.finger.images import to_500_ppi
from tenprint.finger.matching import correspondences
from tenprint.itl import ItlError

TAIL = 14.0
"""Pixels of the line that shows a minutia's direction."""
ZOOMS = (1, 2, 4)
SIDES = ("card", "candidate")


class Dot(msgspec.Struct, frozen=True):
    """A minutia as it is drawn, in pixels at 500 ppi of its own picture, y down."""

    x: float
    y: float
    to_x: float
    to_y: float
    mate: int
    """Number of the correspondence, from 1; 0: none."""


class Print(msgspec.Struct, frozen=True, kw_only=True):
    """One picture with its minutiae."""

    width: int
    height: int
    dots: tuple[Dot, ...]
    image: bool
    """Whether the picture itself is kept here; without it minutiae alone are shown."""


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """The same finger of the card and of the candidate."""

    position: int
    score: float
    card: Print
    candidate: Print
    mates: int


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """What an examiner looks at."""

    tcn: str
    ori: str
    system: str
    score: float
    threshold: float
    meaning: str
    compared: int
    """People in the searched gallery."""
    pairs: tuple[Pair, ...]
    gone: str
    """Why there is nothing to compare; empty when there is."""


def examination(exchange: Core, who: str, ori: str, tcn: str) -> list[Examination]:
    """The close calls of a card that wait for this examiner.

    Raises:
        UnknownError: when none does.
    """
    case = exchange.load(exchange.stream_of(tcn, ori)).case
    mine = [c for c in close_calls(case) if c.is_open and who not in {e.examiner for e in c.conclusions}]
    if not mine or case.submission is None:
        raise UnknownError("no close call of that card waits for you")
    return [_examined(exchange, call, ori, tcn, case.submission.card) for call in mine]


def _examined(exchange: Core, call: CloseCall, ori: str, tcn: str, digest: str) -> Examination:
    search = call.search
    pairs: tuple[Pair, ...] = ()
    gone = "the card is no longer here: nobody can compare"
    with exchange.reading() as connection:
        kept = archive.has_card(connection, digest)
    if kept:
        mine, theirs = _of_card(exchange, digest), _of_candidate(exchange, call.system, search.candidate)
        shared = sorted(mine.keys() & theirs.keys())
        pairs = tuple(_pair(position, mine[position], theirs[position]) for position in shared)
        gone = "" if pairs else "no finger of the card is kept of the candidate too"
    return Examination(
        tcn=tcn, ori=ori, system=call.system, score=search.score or 0.0, threshold=search.threshold,
        meaning=search.meaning, compared=search.compared, pairs=pairs, gone=gone,
    )  # fmt: skip


Side = tuple[finger.Template, str]
"""Minutiae of one finger, and the hash of the card whose picture shows it; empty when that is not kept."""


def _of_card(exchange: Core, digest: str) -> dict[int, Side]:
    with exchange.reading() as connection:
        templates = archive.kept_templates(connection, digest)
    if not templates:
        for position, image in _card(exchange, digest).images():
            with contextlib.suppress(finger.FingerError, ItlError):
                templates[position] = exchange.extract(image.pixels(), image.ppi)
    found: dict[int, Side] = {}
    for position, template in sorted(templates.items()):
        found.setdefault(_finger(position), (template, digest))
    return found


def _of_candidate(exchange: Core, system: str, candidate: str | None) -> dict[int, Side]:
    """Enrolled prints of a candidate, of each finger those of its newest encounter."""
    prints, enrolments = PRINTS[system]
    newest = (prints.c.encounter.desc(), prints.c.position)
    with exchange.reading() as connection:
        rows = connection.execute(select(prints).where(prints.c.identity == candidate).order_by(*newest)).all()
        made = connection.execute(select(enrolments).where(enrolments.c.identity == candidate)).all()
        cards = {e.encounter: e.card for e in made if archive.has_card(connection, e.card)}
    found: dict[int, Side] = {}
    for row in rows:
        template = finger.Template.from_bytes(row.template)
        found.setdefault(_finger(row.position), (template, cards.get(row.encounter, "")))
    return found


def _card(exchange: Core, digest: str) -> Card:
    with exchange.reading() as connection:
        return read_card(archive.card_content(connection, digest))


def _finger(position: int) -> int:
    """Plain thumbs (11, 12) are the fingers 1 and 6."""
    return {11: 1, 12: 6}.get(position, position)


def _pair(position: int, card: Side, candidate: Side) -> Pair:
    mates = correspondences(card[0], candidate[0])
    numbers = [{int(row[side]): n for n, row in enumerate(mates, start=1)} for side in (0, 1)]
    return Pair(
        position=position, score=finger.compare(card[0], candidate[0]), mates=len(mates),
        card=_print(card, numbers[0]), candidate=_print(candidate, numbers[1]),
    )  # fmt: skip


def _print(side: Side, mates: dict[int, int]) -> Print:
    template, card = side
    dots = []
    for n, (x, y, angle, _) in enumerate(template.minutiae.tolist()):
        to = (round(x + TAIL * math.cos(angle), 1), round(y - TAIL * math.sin(angle), 1))
        dots.append(Dot(round(x, 1), round(y, 1), *to, mates.get(n, 0)))
    return Print(width=template.width, height=template.height, dots=tuple(dots), image=bool(card))


def picture(exchange: Core, who: str, which: tuple[str, str], what: tuple[str, str, int]) -> bytes:
    """A finger's picture as PNG at 500 ppi, for an examiner who is waited for.

    Args:
        exchange: Where.
        who: The examiner.
        which: Submitting agency and control number.
        what: System of the close call; ``card`` or ``candidate``; the finger, 1 to 10.

    Raises:
        UnknownError: when there is no such picture for this reader.
    """
    (ori, tcn), (system, side, position) = which, what
    case = exchange.load(exchange.stream_of(tcn, ori)).case
    for call in close_calls(case):
        if (
            side not in SIDES
            or call.system != system
            or not call.is_open
            or who in {e.examiner for e in call.conclusions}
        ):
            continue
        digest = case.submission.card if case.submission is not None else ""
        if side == "candidate":
            digest = _of_candidate(exchange, system, call.search.candidate).get(position, (None, ""))[1]
        images = sorted(_card(exchange, digest).images(), key=lambda found: found[0]) if digest else []
        shown = next((image for at, image in images if _finger(at) == position), None)
        if shown is not None:
            return _png(to_500_ppi(shown.pixels(), shown.ppi))
    raise UnknownError("no such picture here")


def _png(pixels: np.ndarray) -> bytes:
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "PNG")
    return written.getvalue()
