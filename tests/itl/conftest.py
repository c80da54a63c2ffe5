"""Real files for this room: read in place, never copied into the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.itl import cards


@pytest.fixture(scope="session")
def files(data: Path) -> list[Path]:
    """Every transaction of the traditional encoding in the reference data."""
    return cards.real_files(data)
