"""Which tests reach a line: a plugin of pytest that keeps, for every line of some files, the tests that ran it.

    REACHED=map.json REACHED_IN=src/tenprint/law python -m pytest -p tools.reached tests/law

A line that runs when its module is read (a default, a table) belongs to no test and is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

_measured: coverage.Coverage | None = None
_seconds: dict[str, float] = {}


def pytest_configure() -> None:
    """Begin to measure."""
    global _measured  # noqa: PLW0603 - pytest calls functions of a module
    _measured = coverage.Coverage(data_file=None, source=os.environ["REACHED_IN"].split(os.pathsep))
    _measured.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What runs from here on is this test's."""
    if _measured is not None:
        _measured.switch_context(item.nodeid)
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep how long each test took."""
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration


def pytest_unconfigure() -> None:
    """Write the map: file, line, tests; the quickest test first."""
    if _measured is None:
        return
    _measured.stop()
    data = _measured.get_data()
    found = {
        str(Path(file).resolve()): {
            str(line): sorted((t for t in tests if t), key=lambda t: _seconds.get(t, 0.0))
            for line, tests in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    Path(os.environ["REACHED"]).write_text(json.dumps(found), "utf-8")
