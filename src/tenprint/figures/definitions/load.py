"""Reads definition files: a TOML front matter in the leading comment, then one SELECT over the tables of facts.

The SELECT gives one row for each thing counted: the columns of the cell it belongs to, ``case_id``, ``numerator``
and, for shares and means, ``denominator``. Tables are seen as they were known at the as-of date, up to the valid date;
both are variables (``getvariable('as_of')``, ``getvariable('valid')``).
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from tenprint.facts import TABLES
from tenprint.figures.errors import FiguresError

Kind = Literal["count", "share", "mean"]


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
    in_force: str = ""
    supersedes: str = ""
    """Name of the earlier version of this definition, and what changed."""
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
    """A definition from the bytes of its file.

    Raises:
        FiguresError: when the front matter is missing, incomplete or names an unknown table.
    """
    text = content.decode()
    if not text.startswith("/*") or "*/" not in text:
        raise FiguresError(f"definition {name}: expected a front matter in a leading comment /* ... */")
    front, sql = text[2:].split("*/", 1)
    try:
        fields = tomllib.loads(front)
        found = msgspec.convert(fields | {"name": name, "sql": sql.strip().rstrip(";"), "content": content}, Definition)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise FiguresError(f"definition {name}: front matter: {wrong}") from None
    unknown = [t for t in found.tables if t not in TABLES]
    if unknown:
        raise FiguresError(f"definition {name}: no table {', '.join(unknown)} in the waist; it has {', '.join(TABLES)}")
    return found


@functools.cache
def all_definitions() -> dict[str, Definition]:
    """Every definition that comes with the program, by name."""
    folder = resources.files("tenprint.figures.definitions")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return {f.name[:-4]: parse(f.name[:-4], f.read_bytes()) for f in files}


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
        raise FiguresError(f"definition {short}: expected the file with hash {wanted}, this program has {found.id}")
    return found
