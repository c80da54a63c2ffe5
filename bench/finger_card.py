"""A full card from bytes to candidates, time by stage.

Usage: python bench/finger_card.py CARD.eft [PEOPLE]    (default 1000 synthetic people of two fingers in the gallery)
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from gallery import composed
from tenprint import finger, itl

PLAIN = {11: 1, 12: 6}


def main() -> None:
    """Read, decode, extract, describe, search; slaps (13 to 15) are not fingers and are only decoded."""
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    finger.extract(np.random.default_rng(1).integers(0, 255, (320, 320), dtype=np.uint8))
    generator, gallery = np.random.default_rng(1), finger.Gallery()
    for n in range(people):
        for position in (1, 6):
            gallery.add(f"synthetic-{n}", position, composed(generator))
    data, stages = Path(sys.argv[1]).read_bytes(), {}

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
    gallery.add("old encounter", 1, templates[11])
    gallery.add("old encounter", 6, templates[12])
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
