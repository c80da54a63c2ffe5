"""Extraction that goes on where the last one ended, exactly: the same bytes as reading the whole ledger again.

Living versions are read back from the tables, for the cases that the new entries touch. What the tables do not say,
which identities were found to be one person, is kept beside them under the same keys. It goes on only with the same
ledger, the same salt, the same program and undamaged files; else everything is read again.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from tenprint.facts.custody import DERIVED, Cards, following
from tenprint.facts.entries import Entry
from tenprint.facts.errors import FactsError
from tenprint.facts.folder import Folder, file_hash
from tenprint.facts.keys import Keys
from tenprint.facts.places import Place, Places
from tenprint.facts.reading import HANDLERS
from tenprint.facts.steps import Case, Reader
from tenprint.facts.versions import Versions

CONTINUE = "continue"
"""Where a manifest keeps what a later extraction needs."""
NUMBERED = ("response", "determination", "decision", "detainer", "forward", "proceeding", "outcome", "cost")
"""Tables whose keys are numbered within a case, under the name of the table."""
READERS = (
    "custody.py",
    "jurisdictions.py",
    "steps.py",
    "entries.py",
    "keys.py",
    "places.py",
    "reading.py",
    "rights.py",
    "rows.py",
    "versions.py",
    "tables.toml",
)
"""Files that decide what an entry becomes."""


class People(msgspec.Struct):
    """Which keys stand for which person, and the cases of each person."""

    person_of: dict[str, str]
    cases_of: dict[str, list[str]]
    root_of: dict[str, str] = {}
    """First card of the custody that a card joined."""
    norms: dict[str, int] = {}


@functools.cache
def program() -> str:
    """A hash of everything that decides what an entry becomes: with another program, rows may differ."""
    here, digest = resources.files("tenprint.facts"), hashlib.sha256()
    for file in (*(here / name for name in READERS), resources.files("tenprint") / "exchange/registry/counties.csv"):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def same_ledger(folder: Folder, kind: str, origin: str, verifier: str, size: int) -> None:
    """Refuse a folder that holds the facts of another ledger.

    Raises:
        FactsError: when its origin or key is another one, or it is older than the facts.
    """
    earlier = folder.source(kind)
    if earlier is None or "ledger" not in earlier:
        return
    found = (earlier["ledger"], earlier.get("verifier"))
    if found != (origin, verifier):
        raise FactsError(
            f"{folder.path}: holds the facts of ledger {found[0]} (key {found[1]}), and this is {origin} "
            f"(key {verifier}). Name a new folder: two ledgers are never added up."
        )
    if earlier["through"] > size:
        raise FactsError(
            f"{folder.path}: was extracted through entry {earlier['through']}, and this ledger ends at {size}: "
            "an older copy? Name a new folder."
        )


def position(folder: Folder, kind: str, keys: Keys) -> int:
    """The last entry already in the folder, where going on from it is exact; 0 where everything has to be read."""
    source = folder.source(kind) or {}
    kept = source.get(CONTINUE)
    if not kept or kept["keys"] != keys.fingerprint or kept["program"] != program():
        return 0
    people = folder.path / kept["people"]
    if folder.check() or not people.is_file() or file_hash(people) != kept["people_sha256"]:
        return 0
    return int(source["through"])


def base(folder: Folder, kind: str) -> dict[str, Path]:
    """The files of the last extraction by table."""
    return {p.table: folder.path / p.file for p in folder.manifest.parts if p.kind == kind}


def cards(
    folder: Folder, kind: str, stream: Callable[[str], Iterable[Entry]], streams: Collection[str], through: int
) -> tuple[Cards, set[str]]:
    """The custodies that new entries touch, as they were when the last extraction ended.

    Args:
        folder: The facts.
        kind: Whose.
        stream: Entries of a stream of the ledger.
        streams: Streams that new entries touch.
        through: Last entry of the last extraction.

    Returns:
        The cards, and every stream that belongs to a custody of a touched one.
    """
    known, found = _read_people(folder, kind), Cards()
    found.norms = dict(known.norms)
    roots = {known.root_of.get(s, s) for s in streams}
    wider = {*streams, *roots, *(s for s, root in known.root_of.items() if root in roots)}
    for name in sorted(wider):
        for entry in stream(name):
            if entry.seq <= through:
                found.take(entry)
    found.root_of = {**known.root_of, **found.root_of}
    return found, wider


def _read_people(folder: Folder, kind: str) -> People:
    file = folder.path / (folder.source(kind) or {})[CONTINUE]["people"]
    return msgspec.msgpack.decode(file.read_bytes(), type=People)


def wake(
    folder: Folder, kind: str, versions: Versions, keys: Keys, places: Places, streams: Collection[str], known: Cards
) -> Reader:
    """A reader that knows of the touched streams what it knew when the last extraction ended."""
    reader = Reader(versions, keys, places, HANDLERS, following(known))
    people = _read_people(folder, kind)
    reader.person_of, reader.cases_of = people.person_of, people.cases_of
    cases = {stream: keys.key("case", stream) for stream in streams}
    touched = set(cases.values())
    for name, growing in versions.growing.items():
        # Two identities found to be one revise the cards of cases that no new entry names.
        growing.wake(None if name == "submission" else touched)
    for table in DERIVED:
        for key in versions.growing[table].live:
            known.write(table, key)
    for key in versions.growing["agency"].live:
        county, ori = (versions.living("agency", key, column) for column in ("jurisdiction", "ori"))
        places.register({"ori": ori, "county": county})
    numbers = _numbers(versions)
    for stream, key in cases.items():
        case = reader.cases[stream] = Case(key)
        case.numbers = numbers.get(key, {})
        person = versions.living("submission", key, "person_id")
        case.identified = person is not None and person != key
        if person is not None:
            case.place = Place(*(versions.living("submission", key, c) for c in ("jurisdiction", "state", "county")))
    return reader


def _numbers(versions: Versions) -> dict[str, dict[str, int]]:
    """The last number of each kind in each case."""
    found: dict[str, dict[str, int]] = {}
    for name in NUMBERED:
        for key in versions.growing[name].live:
            case, _, number = key.split("/")
            mine = found.setdefault(case, {})
            mine[name] = max(mine.get(name, 0), int(number))
    return found


def keep(folder: Folder, kind: str, reader: Reader, keys: Keys, known: Cards) -> dict[str, Any]:
    """Write down what a later extraction needs beside the tables; gives what goes into the manifest."""
    file = _people(folder, kind)
    hidden = file.with_name(f"{file.name}.new")
    hidden.write_bytes(msgspec.msgpack.encode(People(reader.person_of, reader.cases_of, known.root_of, known.norms)))
    hidden.replace(file)
    return {"keys": keys.fingerprint, "program": program(), "people": file.name, "people_sha256": file_hash(file)}


def forget(folder: Folder, kind: str) -> None:
    """Remove what an earlier extraction kept: keys that were drawn for once cannot go on."""
    _people(folder, kind).unlink(missing_ok=True)


def _people(folder: Folder, kind: str) -> Path:
    return folder.path / f"people.{kind}.msgpack"
