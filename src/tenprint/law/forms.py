"""The versions of Form I-247: when each was in use, whether it asks for a hold, and which days its clock leaves out."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache

import msgspec

from tenprint.law.errors import LawError, did_you_mean
from tenprint.law.vocabulary import TABLES


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of the form."""

    name: str
    title: str
    in_use_from: date
    in_use_to: date | None = None
    """The first day on which it may no longer be issued; None: still in use."""
    hold_hours: int | None = None
    """Longest hold past release that it asks for, in hours; None: it asks for no hold."""
    excludes: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    probable_cause: bool = False
    warrant: bool = False
    effective_when_served: bool = False
    says: str
    source: tuple[str, ...]
    standing: str
    doubt: str = ""


@cache
def all_forms() -> tuple[Form, ...]:
    """Every version, oldest first."""
    raw = tomllib.loads((TABLES / "forms.toml").read_text(encoding="utf-8"))
    return tuple(msgspec.convert(row, Form) for row in raw["form"])


def forms(on: date) -> tuple[str, ...]:
    """Names of the versions that could be issued on a day, oldest first."""
    return tuple(f.name for f in all_forms() if f.in_use_from <= on and (f.in_use_to is None or on < f.in_use_to))


def form(name: str) -> Form:
    """The version of that name.

    Raises:
        LawError: when there is none.
    """
    for version in all_forms():
        if version.name == name:
            return version
    names = [version.name for version in all_forms()]
    raise LawError(f"there is no form {name!r}{did_you_mean(name, names)}; forms are {', '.join(names)}")
