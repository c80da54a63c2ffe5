"""From a ledger to facts: a pure fold over its entries, then Parquet.

People and cases become keys of this extraction. Moments of recording are the ledger's own clock, so a figure can be
computed as of any day of the ledger's life.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from tenprint.facts import continuing, custody
from tenprint.facts.entries import Entry
from tenprint.facts.folder import Folder
from tenprint.facts.keys import Keys
from tenprint.facts.places import Places
from tenprint.facts.reading import HANDLERS
from tenprint.facts.steps import Reader
from tenprint.facts.versions import Versions

KIND = "ledger"


class Ledger(Protocol):
    """What is asked of a ledger."""

    @property
    def origin(self) -> str:
        """Its name, as in its checkpoints."""

    @property
    def simulated(self) -> bool:
        """Whether it was declared simulated when it was created."""

    @property
    def verifier(self) -> object:
        """The key that checks its checkpoints; its text is a C2SP verifier key."""

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Entries in order."""

    def stream(self, name: str) -> Sequence[Entry]:
        """Entries of one stream, in order."""

    def size(self) -> int:
        """How many entries it has."""

    def checkpoint(self, *, keep: bool = True) -> str:
        """A signed note over all entries."""


def entries_to_tables(
    entries: Iterable[Entry],
    *,
    origin: str,
    keys: Keys | None = None,
    places: Places | None = None,
    advance: Callable[[], None] | None = None,
) -> tuple[dict[str, pa.Table], int]:
    """Fold ledger entries into the tables of facts.

    Args:
        entries: In ledger order.
        origin: Written on every row: ``ledger`` or ``simulated-ledger``.
        keys: Keys of cases and people; a fresh secret by default.
        places: Counties and agencies; the reference table by default.
        advance: Called once for each entry, for a progress bar.

    Returns:
        All tables by name (empty ones included), and the last position read.
    """
    versions, places = Versions(origin), places or Places()
    last = _fold(entries, _reader(versions, keys or Keys(), places), places, advance)
    return versions.tables(), last


def extract(
    ledger: Ledger, out: Path, *, salt: bytes | None = None, advance: Callable[[], None] | None = None
) -> Folder:
    """Write the facts of a ledger into a folder; what another source put there stays.

    With the salt of an earlier extraction into the folder only new entries are read, and the files are those that
    reading all of them would give.

    Args:
        ledger: Any storage that reads entries in order.
        out: A new folder, or an existing folder of facts.
        salt: Secret for the keys of people and cases; fresh by default, so that two extractions cannot be joined.
        advance: Called once for each entry, for a progress bar.

    Raises:
        FactsError: when something else is in ``out``, or the facts of another ledger.
    """
    folder = Folder.create(out)
    origin = "simulated-ledger" if ledger.simulated else "ledger"
    verifier = str(ledger.verifier)
    size = ledger.size()
    continuing.same_ledger(folder, KIND, ledger.origin, verifier, size)
    checkpoint, keys, places = ledger.checkpoint(keep=False), Keys(salt), Places()
    through = continuing.position(folder, KIND, keys)
    with tempfile.TemporaryDirectory(prefix="tenprint-facts-") as spill:
        versions = Versions(origin, continuing.base(folder, KIND) if through else None, Path(spill))
        if through:
            streams = {entry.stream for entry in _between(ledger, through, size)}
            cards, streams = continuing.cards(folder, KIND, ledger.stream, streams, through)
            reader = continuing.wake(folder, KIND, versions, keys, places, streams, cards)
        else:
            cards = custody.Cards()
            reader = _reader(versions, keys, places, cards)
        last = _fold(_between(ledger, through, size), reader, places, advance) or through
        source = {"origin": origin, "ledger": ledger.origin, "simulated": ledger.simulated, "through": last,
                  "checkpoint": checkpoint, "verifier": verifier}  # fmt: skip
        if salt is not None:
            source[continuing.CONTINUE] = continuing.keep(folder, KIND, reader, keys, cards)
        unchanged = [name for name, growing in versions.growing.items() if growing.base and not growing.changed]
        folder.write(KIND, {n: g for n, g in versions.growing.items() if n not in unchanged}, source, keep=unchanged)
    if salt is None:
        continuing.forget(folder, KIND)
    return folder


def _reader(versions: Versions, keys: Keys, places: Places, cards: custody.Cards | None = None) -> Reader:
    """A reader that follows custodies from the first entry on."""
    return Reader(versions, keys, places, HANDLERS, custody.following(cards or custody.Cards()))


def _between(ledger: Ledger, after: int, size: int) -> Iterator[Entry]:
    """Entries after a position, up to the last of a size: what is appended meanwhile waits for the next extraction."""
    return itertools.takewhile(lambda entry: entry.seq <= size, ledger.read(after=after))


def _fold(entries: Iterable[Entry], reader: Reader, places: Places, advance: Callable[[], None] | None) -> int:
    """Read entries; gives the position of the last one, 0 when there is none."""
    last = 0
    for entry in entries:
        if not reader.versions.growing["jurisdiction"].num_rows:
            places.put_reference(reader.versions, entry.recorded_at)
        reader.read(entry)
        last = entry.seq
        if advance is not None:
            advance()
    return last
