"""Real files for this room: read in place, never copied into the project."""

from __future__ import annotations

from pathlib import Path

import pytest

SUFFIXES = {".an2", ".an2k", ".eft", ".ebts"}


@pytest.fixture(scope="session")
def files(data: Path) -> list[Path]:
    """Every transaction of the traditional encoding in the reference data."""
    found = sorted(path for path in (data / "itl").rglob("*") if path.suffix in SUFFIXES)
    assert len(found) >= 20, f"only {len(found)} transactions under {data / 'itl'}"
    return found
