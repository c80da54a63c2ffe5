"""A county for every test, copied from one that is founded once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.custody.county import County, copied, founded


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a county in which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("county")
    with pytest.MonkeyPatch.context() as patch:
        founded(folder, patch)
    return folder


@pytest.fixture
def county(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    """A county of one's own."""
    return copied(base, tmp_path, monkeypatch)
