"""Tables that a user brings: comma-separated files with a header, read row by row with errors that say where.

A code stays text, so a county's leading zero survives. A number that is not one is refused, never guessed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec


class TableError(ValueError):
    """A table cannot be used: the message says which file, which row, what was expected and what came."""


class Row(msgspec.Struct, frozen=True):
    """One row of a user's table under our names."""

    file: str
    line: int
    """Line of the file, the header being line 1."""
    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """The value, which may not be empty."""
        value = self.values[name].strip()
        if not value:
            raise self.wrong(name, "a value", "")
        return value

    def whole(self, name: str) -> int:
        """A whole number, 0 or more; ``334.0`` is one."""
        number = self.number(name)
        if number < 0 or number != int(number):
            raise self.wrong(name, "a whole number, 0 or more", self.values[name])
        return int(number)

    def number(self, name: str) -> float:
        """A finite number."""
        value = self.values[name].strip()
        try:
            number = float(value)
        except ValueError:
            raise self.wrong(name, "a number", value) from None
        if number - number != 0:  # not a number, or infinite
            raise self.wrong(name, "a finite number", value)
        return number

    def day(self, name: str) -> date:
        """A date, ISO 8601."""
        value = self.values[name].strip()
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.wrong(name, "a date such as 2011-04-26", value) from None

    def quarter(self, name: str) -> int:
        """A calendar quarter as a running number (see `quarter_number`)."""
        value = self.values[name].strip()
        try:
            return quarter_number(value)
        except ValueError:
            raise self.wrong(name, "a quarter such as 2011Q2", value) from None

    def county(self, name: str) -> str:
        """A county's FIPS code, five digits; four are one that lost its leading zero in a spreadsheet."""
        value = self.values[name].strip()
        if not re.fullmatch(r"\d{4,5}", value):
            raise self.wrong(name, "a county code of five digits", value)
        return value.zfill(5)

    def has(self, name: str) -> bool:
        """Whether the column is there and filled in."""
        return bool(self.values.get(name, "").strip())

    def wrong(self, name: str, expected: str, got: str) -> TableError:
        """The error for one value."""
        return TableError(f"{self.file}, line {self.line}, {name}: expected {expected}, got {got!r}")


def rows(
    file: Path, needed: Sequence[str], optional: Sequence[str] = (), columns: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """The rows of a file.

    Args:
        file: Comma-separated, UTF-8, header in the first line.
        needed: Columns that must be there, by our names.
        optional: Columns that are read where they are there.
        columns: Our name to the file's name, for those that differ.

    Raises:
        TableError: when the file cannot be read as such or lacks a column.
    """
    named = columns or {}
    unknown = sorted(set(named) - {*needed, *optional})
    if unknown:
        raise TableError(f"column {', '.join(unknown)}: expected one of {', '.join((*needed, *optional))}")
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            header = reader.fieldnames or []
            missing = [named.get(n, n) for n in needed if named.get(n, n) not in header]
            missing += [named[n] for n in optional if n in named and named[n] not in header]
            if missing:
                raise TableError(f"{file}: no column {', '.join(missing)}. It has: {', '.join(header) or 'nothing'}")
            wanted = [(n, named.get(n, n)) for n in (*needed, *optional) if named.get(n, n) in header]
            for record in reader:
                if None in record or None in record.values():
                    raise TableError(f"{file}, line {reader.line_num}: expected {len(header)} values, as in the header")
                yield Row(str(file), reader.line_num, {ours: record[theirs] for ours, theirs in wanted})
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{file}: expected a comma-separated table in UTF-8: {error}") from error


def header(file: Path) -> list[str]:
    """The names in the first line.

    Raises:
        TableError: when the file cannot be read as text.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return next(csv.reader(stream), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{file}: expected a comma-separated table in UTF-8: {error}") from error


def quarter_number(text: str) -> int:
    """Quarters counted from year 0: ``2011Q2`` is 4 * 2011 + 1.

    Raises:
        ValueError: when the text is not a quarter.
    """
    found = re.fullmatch(r"(\d{4})[- ]?Q([1-4])", text.strip())
    if not found:
        raise ValueError(f"expected a quarter such as 2011Q2, got {text!r}")
    return 4 * int(found[1]) + int(found[2]) - 1


def quarter_name(number: int) -> str:
    """The quarter with that running number."""
    return f"{number // 4:04d}Q{number % 4 + 1}"


def quarter_of(day: date) -> int:
    """Running number of the quarter in which a day lies."""
    return 4 * day.year + (day.month - 1) // 3
