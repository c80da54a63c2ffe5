"""What every test may ask for: the reference data, where it is on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")
"""A machine that does other things too is no finding."""


def data_folder() -> Path:
    """The folder of real reference data, which the project never contains."""
    return Path(os.environ.get("TENPRINT_DATA", ROOT / ".." / "shared" / "data")).resolve()


@pytest.fixture(scope="session")
def data() -> Path:
    """The reference data, or a skip that says what was not checked."""
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip(f"no reference data at {folder}: set TENPRINT_DATA to run the tests on real files")
    return folder
