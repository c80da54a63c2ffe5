"""Random and corrupted pictures, templates and minutiae records: a clear error or an empty template, never a crash.

Usage: python -m bench.finger_fuzz [COUNT]     (default 2000; RESULTS.md: 20000; one case in fifty runs the network)
Exit code 1 when anything else than a `FingerError` came out.
"""

from __future__ import annotations

import io
import sys
import traceback
from collections import Counter

import numpy as np
import wsq  # noqa: F401 - registers WSQ with Pillow
from PIL import Image

from tenprint import finger
from tenprint.finger import FingerError, interchange
from tenprint.finger.template import Template


def scribble(generator: np.random.Generator, raw: bytes) -> bytes:
    """The bytes with some overwritten, cut, doubled or joined to noise."""
    data = bytearray(raw)
    for _ in range(int(generator.integers(1, 6))):
        at = int(generator.integers(0, max(1, len(data))))
        how = int(generator.integers(0, 5))
        noise = generator.integers(0, 256, int(generator.integers(1, 9)), dtype=np.uint8).tobytes()
        if how == 0:
            data[at : at + len(noise)] = noise
        elif how == 1:
            del data[at:]
        elif how == 2:
            data[at:at] = noise
        elif how == 3:
            del data[at : at + len(noise)]
        elif data:
            data[at % len(data)] ^= 1 << int(generator.integers(0, 8))
    return bytes(data)


def made(generator: np.random.Generator) -> Template:
    """A template of anything."""
    count = int(generator.integers(0, 60))
    rows = np.column_stack(
        [generator.uniform(0, 400, (count, 2)), generator.uniform(0, 7, count), generator.random(count)]
    )
    if count and generator.random() < 0.2:
        rows[:, :2] = rows[0, :2]
    return Template.make(
        rows, generator.integers(0, 3, count), width=400, height=400, quality=float(generator.random())
    )


def picture(generator: np.random.Generator) -> np.ndarray:
    """Gray pixels of strange sizes: noise, stripes, flat."""
    height, width = (int(n) for n in generator.integers(1, 90, 2))
    kind = int(generator.integers(0, 4))
    if kind == 0:
        return generator.integers(0, 256, (height, width), dtype=np.uint8)
    if kind == 1:
        return np.full((height, width), int(generator.integers(0, 256)), np.uint8)
    wave = np.sin(
        np.arange(width)[None] * generator.uniform(0.2, 2) + np.arange(height)[:, None] * generator.uniform(0, 1)
    )
    return np.asarray(127 + 100 * wave, np.uint8)


def packed(generator: np.random.Generator) -> bytes:
    """A picture file."""
    store, form, pixels = io.BytesIO(), str(generator.choice(["PNG", "BMP", "TIFF", "JPEG", "WSQ"])), picture(generator)
    if form == "WSQ":  # its encoder wants at least a wavelet's worth of pixels
        pixels = np.tile(pixels, (-(-160 // pixels.shape[0]), -(-160 // pixels.shape[1])))[:160, :160]
        pixels = np.ascontiguousarray(pixels // 2 + np.arange(160, dtype=np.uint8)[:, None] // 2)
    Image.fromarray(pixels).save(store, form)
    return store.getvalue()


def main() -> int:
    """Run, count, say what happened."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    generator, seen, bad = np.random.default_rng(20_261_121), Counter(), 0
    previous = made(generator)
    for n in range(count):
        kind = n % 5
        try:
            if kind == 0:
                template = made(generator)
                Template.from_bytes(scribble(generator, template.to_bytes()))
            elif kind == 1:
                form = list(interchange.Format)[n // 5 % 4]
                view = interchange.View(int(generator.integers(0, 11)), made(generator))
                interchange.read(scribble(generator, interchange.write([view], form)))
            elif kind == 2:
                template = made(generator)
                value = finger.compare(template, previous)
                if not np.isfinite(value) or value < 0:
                    raise AssertionError(f"score {value}")  # noqa: TRY301
                previous = template
            elif kind == 3:
                finger.read_image(scribble(generator, packed(generator)))
            elif n // 5 % 10 == 0:
                finger.extract(picture(generator), float(generator.choice([500, 333, 1000, 0, -1, 1e9])))
            else:
                finger.extract(
                    generator.integers(0, 3, tuple(generator.integers(0, 30, int(generator.integers(0, 4)))))
                )
            seen["answered"] += 1
        except FingerError:
            seen["refused"] += 1
        except Exception:  # noqa: BLE001 - everything else is what this looks for
            bad += 1
            print(f"case {n}:", file=sys.stderr)
            traceback.print_exc()
    print(f"{count} cases: {seen['answered']} answered, {seen['refused']} refused with a message, {bad} crashes")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
