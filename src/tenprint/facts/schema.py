"""The waist: the tables from which everything published is computed, as Arrow schemas (read from ``tables.toml``).

One row is one version of one record. Two time axes stand on every row: ``valid_from``/``valid_to`` say when something
held in the world, ``recorded_at``/``superseded_at`` since when and until when it was known. Nothing is deleted: a late
conviction or a correction adds a version and supersedes the one before it. Intervals are half open, moments are UTC.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, Literal

import msgspec
import pyarrow as pa

Change = Literal["late", "correction", "deduplication", "unknown"]
"""Why a version was recorded or ended: in the ordinary course (which may be late), by a correction, because two
records were found to be one, or, for what others published, nobody outside can say."""

TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "exact": pa.decimal128(18, 6),
    "truth": pa.bool_(),
    "day": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
    "labels": pa.map_(pa.string(), pa.string()),
}
"""Arrow types by the names that ``tables.toml`` uses."""

REQUIRED = frozenset({"key", "origin", "valid_from", "recorded_at", "change", "source"})
"""Columns that no row may leave empty."""


class Column(msgspec.Struct, frozen=True):
    """One column: its name, type, meaning, unit and code list."""

    name: str
    type: str
    about: str
    unit: str = ""
    codes: str = ""

    @property
    def field(self) -> pa.Field:
        """The Arrow field, with meaning, unit and code list as metadata."""
        about = {"about": self.about, "unit": self.unit, "codes": self.codes}
        return pa.field(
            self.name, TYPES[self.type], self.name not in REQUIRED, {name: text for name, text in about.items() if text}
        )


class Table(msgspec.Struct, frozen=True):
    """One table: what a row stands for, and its own columns (the common ones come first in every table)."""

    name: str
    row: str
    columns: tuple[Column, ...]
    counted: bool
    """False for places and agencies: they describe rows of other tables and are never counted."""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        return pa.schema([c.field for c in (*COMMON, *self.columns)], metadata={"row": self.row})


def _column(name: str, row: list[str], codes: dict[str, str]) -> Column:
    return Column(name, row[0], row[1], row[2] if len(row) > 2 else "", codes.get(name, ""))


def _columns(rows: dict[str, list[str]], codes: dict[str, str]) -> tuple[Column, ...]:
    return tuple(_column(name, row, codes) for name, row in rows.items())


def _table(name: str, spec: dict[str, Any], document: dict[str, Any]) -> Table:
    rows: dict[str, list[str]] = {}
    for group in spec.get("shared", ()):
        rows |= document["shared"][group]
    rows |= spec.get("columns", {})
    return Table(name, spec["row"], _columns(rows, document["codes_of"].get(name, {})), spec.get("counted", True))


def _read() -> dict[str, Any]:
    return tomllib.loads(resources.files("tenprint.facts").joinpath("tables.toml").read_text(encoding="utf-8"))


_DOCUMENT = _read()

CODES: dict[str, tuple[str, ...]] = {name: tuple(values) for name, values in _DOCUMENT["codes"].items()}
"""Code lists by name. A value outside its list is reported, never dropped."""

COMMON: tuple[Column, ...] = _columns(_DOCUMENT["shared"]["common"], _DOCUMENT["codes_of"]["common"])
"""The columns of every table."""

SYNTHETIC_ORIGINS = frozenset({"simulated-ledger", "synthetic-nation"})
"""Origins whose people are made up: receipts and reports say so."""

TABLES: dict[str, Table] = {name: _table(name, spec, _DOCUMENT) for name, spec in _DOCUMENT["table"].items()}
"""Every table by name."""
