"""Two databases for every test of the ledger's contract: a SQLite file and a PostgreSQL server started here."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenprint.ledger import Act, Ledger, NewEvent

_numbers = itertools.count(1)


def _server_programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    found = sorted(
        (folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()),
        key=lambda folder: float(folder.parent.name),
    )
    if found:
        return found[-1]
    path = shutil.which("initdb")
    return Path(path).parent if path and shutil.which("pg_ctl") else None


@pytest.fixture(scope="session")
def postgres():
    """URL prefix of a private PostgreSQL server on a Unix socket; skipped where none can be started."""
    programs = _server_programs()
    if programs is None or importlib.util.find_spec("psycopg") is None:
        message = "PostgreSQL not checked: expected initdb under /usr/lib/postgresql/*/bin and the package psycopg"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="tenprint-pg-", dir="/tmp"))
    account = None
    if os.geteuid() == 0:  # the server refuses to run as root
        account = next(name for name in ("postgres", "nobody") if name in {u.pw_name for u in pwd.getpwall()})
        shutil.chown(folder, account)

    def run(*command: object) -> None:
        done = subprocess.run(
            [str(c) for c in command], user=account, cwd=folder, capture_output=True, text=True, timeout=120,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, extra_groups=[] if account else None, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"

    data, log = folder / "data", folder / "log"
    run(programs / "initdb", "-D", data, "-U", "tenprint", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=40"
    run(programs / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start")
    try:
        yield lambda name: f"postgresql://tenprint@/{name}?host={folder}"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request, tmp_path) -> str:
    """The address of a database that does not hold a ledger yet."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    import psycopg

    prefix = request.getfixturevalue("postgres")
    name = f"t{next(_numbers)}"
    with psycopg.connect(prefix("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return prefix(name)


@pytest.fixture
def ledger(db):
    """A real ledger, empty but for its first event, on each database."""
    with Ledger.create(db, origin="exchange.example.org") as made:
        yield made


@pytest.fixture
def small(tmp_path):
    """A simulated ledger on SQLite with twelve entries: three streams, two sealed subjects, one idempotency key."""
    start = datetime(2011, 3, 1, tzinfo=UTC)
    with Ledger.create(tmp_path / "small.db", origin="county.example.org", simulated_from=start) as made:
        act = Act("officer.one", "office", "decide", "8 CFR 287.7", datetime(2011, 3, 2, 9, 30, tzinfo=UTC))
        made.append(
            "case/A", [NewEvent("a.opened", {"n": 1}, {"name": "One Person"}, "person-1")], act, expected_version=0
        )
        made.append("case/B", [NewEvent("b.opened", {"n": 2, "x": None}), NewEvent("b.went", {"n": 3})], act,
                    expected_version=0, idempotency_key="once")  # fmt: skip
        for version in range(1, 5):
            event = NewEvent("a.noted", {"note": f"é{version}"}, {"word": f"w{version}"}, "person-1")
            made.append("case/A", [event], act, expected_version=version)
        made.append("case/C", [NewEvent("c.opened", {}, {"name": "Two"}, "person-2")], act, expected_version=0)
        made.append("case/B", [NewEvent("b.ended", {"how": "RELEASED"})] * 3, act, expected_version=2)
        assert made.size() == 12
        yield made


@pytest.fixture
def act() -> Act:
    """Somebody acts, in 2012."""
    return Act("examiner.one", "examiner", "identify", "28 U.S.C. 534", datetime(2012, 11, 9, 15, tzinfo=UTC))
