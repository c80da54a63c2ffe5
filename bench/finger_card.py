"""A full card from bytes to candidates, time by stage.

Usage: python -m bench.finger_card [CARD.eft] [--people N]     (two synthetic fingers of each are in the gallery)
Without a card: fourteen images of a synthetic person, as on a card: ten rolled fingers, two plain thumbs and two slaps.
The plain thumbs are the old encounter. Pictures are decoded in a process of their own, whose time only the clock sees.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from bench._crowd import composed
from tenprint import finger, itl
from tenprint.finger import synthetic

PLAIN = {11: 1, 12: 6}
SLAPS = {13: (2, 3, 4, 5), 14: (10, 9, 8, 7)}
"""Plain right and left four fingers, from left to right in the picture."""


def synthetic_card() -> bytes:
    """A card of a person who does not exist: positions 1 to 14, compressed as WSQ."""
    person = synthetic.person(1)
    images = [
        itl.build.FingerImage(position=p, impression=int(p <= 10), pixels=person.impression(p, 1)) for p in range(1, 13)
    ]
    for slap, fingers in SLAPS.items():
        rows = np.hstack([person.impression(p, 2) for p in fingers])
        images.append(itl.build.FingerImage(position=slap, impression=0, pixels=rows))
    return itl.build.sample({}, images).to_bytes()


def main() -> None:
    """Read, decode, extract, describe, search; slaps (13 to 15) are not fingers and are only decoded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("card", nargs="?", type=Path, help="a transaction with rolled fingers and plain thumbs")
    parser.add_argument("--people", type=int, default=300)
    options = parser.parse_args()
    people = options.people
    finger.extract(np.random.default_rng(1).integers(0, 255, (320, 320), dtype=np.uint8))
    generator, gallery = np.random.default_rng(1), finger.Gallery()
    for n in range(people):
        for position in (1, 6):
            gallery.add(f"synthetic-{n}", position, composed(generator))
    data = options.card.read_bytes() if options.card else synthetic_card()
    stages: dict[str, tuple[float, float]] = {}

    def now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def clock(stage: str, begin: tuple[float, float]) -> tuple[float, float]:
        end = now()
        stages[stage] = (end[0] - begin[0], end[1] - begin[1])
        return now()

    begin = now()
    records = itl.read(data).of_type(4, 14)
    begin = clock("read the transaction", begin)
    pictures = [image for record in records if (image := record.image()) is not None]
    pixels = [(image.position, image.pixels(), image.ppi) for image in pictures]
    begin = clock(f"decode {len(pixels)} pictures", begin)
    templates = {p: finger.extract(rows, ppi) for p, rows, ppi in pixels if p is not None and p <= 12}
    begin = clock(f"extract {len(templates)} fingers", begin)
    if not set(PLAIN) <= set(templates):
        print(f"not run: expected plain thumbs (FGP 11 and 12) as the old encounter, the card has {sorted(templates)}")
        return
    for plain, rolled in PLAIN.items():
        gallery.add("old encounter", rolled, templates[plain])
    probe = {p: one for p, one in templates.items() if p <= 10}
    gallery.search(probe)  # compiled before the clock runs
    begin = now()
    best = gallery.search(probe)[0]
    clock(f"search {people} people with {len(probe)} fingers", begin)
    print(f"{'':40} {'by the clock':>15} {'of one core':>15}")
    for stage, taken in [*stages.items(), ("together", tuple(map(sum, zip(*stages.values(), strict=True))))]:
        print(f"{stage:40} {1000 * taken[0]:12.1f} ms {1000 * taken[1]:12.1f} ms")
    print(
        f"first candidate: {best.person}, score {best.score:.2f}: {finger.meaning(best.score, len(best.fingers)).text}"
    )


if __name__ == "__main__":
    main()
