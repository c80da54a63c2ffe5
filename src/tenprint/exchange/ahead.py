"""Fingers of the next cards of a batch are looked at ahead, in processes of their own; cards go down the road in order.

What a card becomes is the same as without: searches and acts stay one after the other, and only pixels become templates
beside them. An image that fails ahead fails again, with its reason, when its card is taken in.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenprint.exchange.cards import Extract, content_of, read_card
from tenprint.exchange.errors import ExchangeError
from tenprint.finger import FingerError, Template
from tenprint.itl import ItlError

Key = tuple[str, float]
DEPTH = 2
"""Cards a worker that are looked at before their turn."""


@contextmanager
def ahead(extract: Extract, files: Sequence[Path], jobs: int) -> Iterator[Extract]:
    """An extractor that has begun on the next files.

    Args:
        extract: Pixels to template; a function that another process can import.
        files: Cards, in the order in which they will be taken in.
        jobs: Processes.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        looked: dict[Key, Template] = {}
        waiting: list[Future[dict[Key, Template]]] = []
        rest = iter(files)

        def begin() -> None:
            if (file := next(rest, None)) is not None:
                with suppress(BrokenExecutor):  # a process was killed: what it looked at is looked at in its turn
                    waiting.append(pool.submit(templates, extract, file))

        for _ in range(DEPTH * jobs):
            begin()

        def found(pixels: NDArray[np.uint8], ppi: float) -> Template:
            named = key(pixels, ppi)
            while named not in looked and waiting:
                if len(looked) > 40 * DEPTH * jobs:
                    looked.clear()  # of cards that are done
                with suppress(BrokenExecutor):
                    looked.update(waiting.pop(0).result())
                begin()
            return looked[named] if named in looked else extract(pixels, ppi)

        yield found
        for future in waiting:
            future.cancel()


def key(pixels: NDArray[np.uint8], ppi: float) -> Key:
    """An image by its content."""
    return hashlib.sha256(str(pixels.shape).encode() + np.ascontiguousarray(pixels).tobytes()).hexdigest(), ppi


def templates(extract: Extract, file: Path) -> dict[Key, Template]:
    """The templates of a file's images; what cannot be used is left out."""
    made: dict[Key, Template] = {}
    try:
        images = read_card(content_of(file)[0]).images()
    except (ExchangeError, ItlError, OSError):
        return made
    for _position, image in images:
        try:
            pixels = image.pixels()
            made[key(pixels, image.ppi)] = extract(pixels, image.ppi)
        except (ItlError, FingerError):
            continue
    return made
