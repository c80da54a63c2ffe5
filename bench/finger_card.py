"""A full card from bytes to candidates, time by stage.

Usage: python -m bench.finger_card [CARD.eft] [--people N]     (two synthetic fingers of each are in the gallery)
Without a card: ten rolled fingers and two plain thumbs of a synthetic person. Its plain thumbs are the old encounter.
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


def synthetic_card() -> bytes:
    """A card of a person who does not exist: fingers 1 to 12, compressed as WSQ."""
    person = synthetic.person(1)
    images = [
        itl.build.FingerImage(position=p, impression=int(p <= 10), pixels=person.impression(p, 1)) for p in range(1, 13)
    ]
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
    data, stages = options.card.read_bytes() if options.card else synthetic_card(), {}

    def clock(stage: str, begin: float) -> float:
        now = time.perf_counter()
        stages[stage] = now - begin
        return now

    begin = time.perf_counter()
    records = itl.read(data).of_type(4, 14)
    begin = clock("read the transaction", begin)
    pictures = [image for record in records if (image := record.image()) is not None]
    pixels = [(image.position, image.pixels(), image.ppi) for image in pictures]
    begin = clock(f"decode {len(pixels)} pictures", begin)
    templates = {p: finger.extract(rows, ppi) for p, rows, ppi in pixels if p <= 12}
    begin = clock(f"extract {len(templates)} fingers", begin)
    if not set(PLAIN) <= set(templates):
        print(f"not run: expected plain thumbs (FGP 11 and 12) as the old encounter, the card has {sorted(templates)}")
        return
    for plain, rolled in PLAIN.items():
        gallery.add("old encounter", rolled, templates[plain])
    probe = {p: one for p, one in templates.items() if p <= 10}
    gallery.search(probe)  # compiled before the clock runs
    begin = time.perf_counter()
    best = gallery.search(probe)[0]
    clock(f"search {people} people with {len(probe)} fingers", begin)
    for stage, seconds in stages.items():
        print(f"{stage:40} {1000 * seconds:9.1f} ms")
    print(f"{'together':40} {1000 * sum(stages.values()):9.1f} ms")
    print(
        f"first candidate: {best.person}, score {best.score:.2f}: {finger.meaning(best.score, len(best.fingers)).text}"
    )


if __name__ == "__main__":
    main()
