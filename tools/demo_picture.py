"""Draw the picture of the demonstration in README: the end of ``tenprint demo`` as an SVG, some of its people only.

python tools/demo_picture.py docs/pictures/demo.svg      # plays the demonstration first (about a minute)
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from tenprint.cli.demonstration import account, checks, play, script, show

PEOPLE = ("Alder", "Birch", "Cedar", "Elder", "Fir", "Laurel")
PAPER = TerminalTheme(
    (252, 252, 250),
    (38, 38, 38),
    [
        (38, 38, 38),
        (178, 34, 34),
        (0, 112, 72),
        (176, 112, 0),
        (0, 72, 140),
        (128, 48, 128),
        (0, 104, 128),
        (90, 90, 90),
    ],
    [
        (90, 90, 90),
        (178, 34, 34),
        (0, 112, 72),
        (176, 112, 0),
        (0, 72, 140),
        (128, 48, 128),
        (0, 104, 128),
        (38, 38, 38),
    ],
)


def main(out: Path) -> None:
    """Play, draw, write."""
    with tempfile.TemporaryDirectory() as folder, play.play(script.load(), Path(folder) / "demo") as played:
        told, checked = account.take(played), checks.check(played)
    some = msgspec.structs.replace(told, bookings=tuple(b for b in told.bookings if b.person in PEOPLE))
    console = Console(width=show.WIDTH, record=True, file=io.StringIO(), highlight=False, force_terminal=True)
    show.show(console, played.script, some, checked)
    out.write_text(drawn(console), encoding="utf-8")


def drawn(console: Console) -> str:
    """What the console shows, without fonts from elsewhere."""
    svg = console.export_svg(title="tenprint demo (six of its ten people)", theme=PAPER, unique_id="demo")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code, monospace", "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
