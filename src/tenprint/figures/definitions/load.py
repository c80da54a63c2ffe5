"""Reads definition files: a TOML front matter in the leading comment, then one SELECT over the tables of facts.

The SELECT gives one row for each thing counted: the columns of the cell it belongs to, ``case_id``, ``numerator``
and, for shares and means, ``denominator``. Tables are seen as they were known at the as-of date, up to the valid date;
both are variables (``getvariable('as_of')``, ``getvariable('valid')``).

A version that supersedes another says which file by its hash, from which day, and what changed; the earlier file stays.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from tenprint.facts import TABLES
from tenprint.figures.definitions.statement import check_statement
from tenprint.figures.errors import FiguresError

Kind = Literal["count", "share", "mean"]
_ID = re.compile(r"[a-z0-9-]+@[0-9a-f]{16}")
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
LONGEST = 100_000
"""Bytes of a definition file."""


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure counts, in one file."""

    name: str
    title: str
    kind: Kind
    unit: str
    cells: tuple[str, ...]
    """Columns that name a cell, such as state and county."""
    population: str
    """What is counted, in words."""
    source: str
    """Who used this figure in the debate, or where its definition comes from."""
    counted: tuple[str, ...]
    """Tables whose rows are counted: all of one origin."""
    references: tuple[str, ...] = ()
    """Tables that only describe what is counted."""
    people: bool = False
    """Counts people rather than cases: cases of one person depend on each other."""
    in_force: date | None = None
    """First day of the periods that this version is meant for; nothing: since ever."""
    supersedes: str = ""
    """Id (``name@hash``) of the version before this one; its file stays."""
    changed: str = ""
    """What is counted otherwise than in the version before."""
    published_series: str = ""
    """Series of published cells that state the same figure; empty when nobody published it."""
    sql: str
    content: bytes
    """The bytes of the file."""

    @property
    def hash(self) -> str:
        """``sha256:`` of the file's bytes."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    @property
    def id(self) -> str:
        """``name@`` and the first 16 digits of the hash: this stands beside every number."""
        return f"{self.name}@{self.hash[7:23]}"

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables that the SELECT may name."""
        return (*self.counted, *self.references)


def parse(name: str, content: bytes) -> Definition:
    """A definition from the bytes of its file, whoever wrote it: read as data, nothing in it is run.

    Raises:
        FiguresError: when the front matter is missing, incomplete or names an unknown table, or the rest is anything
            but one SELECT over the tables that it names, made of what ``statement`` allows.
    """
    found = _read(name, content)
    if found.hash not in shipped():
        try:
            check_statement(found.sql, found.tables)
        except ValueError as wrong:
            raise FiguresError(f"definition {name}: {wrong}") from None
    return found


def _read(name: str, content: bytes) -> Definition:
    if len(content) > LONGEST:
        raise FiguresError(f"definition {name}: expected at most {LONGEST} bytes, got {len(content)}")
    try:
        text = content.decode()
    except UnicodeDecodeError as wrong:
        raise FiguresError(f"definition {name}: expected UTF-8 text: {wrong}") from None
    if not text.startswith("/*") or "*/" not in text:
        raise FiguresError(f"definition {name}: expected a front matter in a leading comment /* ... */")
    front, sql = text[2:].split("*/", 1)
    try:
        fields = tomllib.loads(front)
        statement = sql.strip().rstrip(";")
        statement += "\n" * ("--" in statement.rpartition("\n")[2])  # what is written behind it is no comment
        found = msgspec.convert(fields | {"name": name, "sql": statement, "content": content}, Definition)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as wrong:
        raise FiguresError(f"definition {name}: front matter: {wrong}") from None
    odd = [c for c in found.cells if not _COLUMN.fullmatch(c)]
    if odd:
        raise FiguresError(f"definition {name}: cells: expected names such as fiscal_year, got {odd[0]!r}")
    unknown = [t for t in found.tables if t not in TABLES]
    if unknown:
        raise FiguresError(f"definition {name}: no table {', '.join(unknown)} in the waist; it has {', '.join(TABLES)}")
    if found.supersedes and (not _ID.fullmatch(found.supersedes) or found.in_force is None or not found.changed):
        raise FiguresError(
            f'definition {name}: expected supersedes = "name@16 digits" with in_force (a date) and changed (what), '
            f"got {found.supersedes!r}, {found.in_force}, {found.changed!r}"
        )
    return found


@functools.cache
def all_definitions() -> dict[str, Definition]:
    """Every definition that comes with the program, by name."""
    folder = resources.files("tenprint.figures.definitions")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return {f.name[:-4]: _read(f.name[:-4], f.read_bytes()) for f in files}


@functools.cache
def superseded() -> dict[str, Definition]:
    """Every earlier version that comes with the program, by id: files ``superseded/<name>.<which>.sql``."""
    folder = resources.files("tenprint.figures.definitions") / "superseded"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    found = [_read(f.name.partition(".")[0], f.read_bytes()) for f in files]
    return {d.id: d for d in found}


@functools.cache
def shipped() -> frozenset[str]:
    """Hashes of the definitions that come with this program, earlier versions too."""
    return frozenset(d.hash for d in (*all_definitions().values(), *superseded().values()))


def versions(newest: Definition) -> tuple[Definition, ...]:
    """A definition and all that it supersedes, oldest first.

    Raises:
        FiguresError: when no file has the hash that is superseded, or a version is not older than its successor.
    """
    chain = [newest]
    while chain[0].supersedes:
        earlier = superseded().get(chain[0].supersedes)
        if earlier is None:
            raise FiguresError(
                f"definition {chain[0].id}: supersedes {chain[0].supersedes}, and no file has that hash; "
                f"there are {', '.join(superseded())}"
            )
        since = chain[0].in_force
        if earlier.in_force is not None and since is not None and earlier.in_force >= since:
            raise FiguresError(
                f"definition {chain[0].id}: in force since {since}, {earlier.id} since {earlier.in_force}"
            )
        chain.insert(0, earlier)
    return tuple(chain)


def find(name: str) -> Definition:
    """A definition by its name, by its id (``name@hash``), or by the path of a file of one's own.

    Raises:
        FiguresError: when there is none, or the hash is another one.
    """
    path = Path(name)
    if path.suffix == ".sql":
        if not path.is_file():
            raise FiguresError(f"definition {name}: no such file")
        return parse(path.stem, path.read_bytes())
    short, _, wanted = name.partition("@")
    found = all_definitions().get(short)
    if found is None:
        raise FiguresError(f"no definition {short!r}. See: tenprint figures list")
    if wanted and not found.hash[7:].startswith(wanted):
        for earlier in superseded().values():
            if earlier.name == short and earlier.hash[7:].startswith(wanted):
                return earlier
        raise FiguresError(f"definition {short}: expected the file with hash {wanted}, this program has {found.id}")
    return found
