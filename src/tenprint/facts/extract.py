"""From a ledger to facts: a pure fold over its entries, then Parquet.

People and cases become keys of this extraction. Moments of recording are the ledger's own clock, so a figure can be
computed as of any day of the ledger's life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from tenprint.facts.entries import Entry
from tenprint.facts.folder import Folder
from tenprint.facts.keys import Keys
from tenprint.facts.places import Places
from tenprint.facts.reading import Reader
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

    def checkpoint(self) -> str:
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
    reader = Reader(versions, keys or Keys(), places)
    last, first_recorded = 0, None
    for entry in entries:
        if first_recorded is None:
            first_recorded = _begin(versions, places, entry.recorded_at)
        reader.read(entry)
        last = entry.seq
        if advance is not None:
            advance()
    return versions.tables(), last


def _begin(versions: Versions, places: Places, recorded_at: datetime) -> datetime:
    places.put_reference(versions, recorded_at)
    return recorded_at


def extract(
    ledger: Ledger, out: Path, *, salt: bytes | None = None, advance: Callable[[], None] | None = None
) -> Folder:
    """Write the facts of a ledger into a folder; what another source put there stays.

    Args:
        ledger: Any storage that reads entries in order.
        out: A new folder, or an existing folder of facts.
        salt: Secret for the keys of people and cases; fresh by default, so that two extractions cannot be joined.
        advance: Called once for each entry, for a progress bar.

    Raises:
        FactsError: when something else is in ``out``.
    """
    folder = Folder.create(out)
    origin = "simulated-ledger" if ledger.simulated else "ledger"
    checkpoint = ledger.checkpoint()
    tables, through = entries_to_tables(ledger.read(), origin=origin, keys=Keys(salt), advance=advance)
    folder.write(
        KIND, tables, {"origin": origin, "ledger": ledger.origin, "simulated": ledger.simulated, "through": through,
                       "checkpoint": checkpoint, "verifier": str(ledger.verifier)},
    )  # fmt: skip
    return folder
