"""Lets the spec tests of cases import their story, and gives each test a fresh one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from story import PlaceStory, Story


@pytest.fixture
def story() -> Story:
    """A case of which nothing has happened yet."""
    return Story()


@pytest.fixture
def place() -> PlaceStory:
    """A jurisdiction of which nothing has happened yet."""
    return PlaceStory()
