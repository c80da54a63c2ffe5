"""A real browser and a real server. Without a browser these tests skip and say so; when CI is set that is an error."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.conftest import QUICK, START
from tests.exchange.people import extract

from tenprint.exchange import Exchange
from tenprint.exchange.rights import OfficeKey, Rights

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-sync", "--disable-extensions", "--no-first-run", "--mute-audio",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, as this machine has it."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium on this machine: install it (Debian: apt-get install chromium) to run the browser tests"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield opened
        opened.close()


class Desk:
    """The public pages on a free port, and the office behind them."""

    def __init__(self, rights: Rights, folder: Path) -> None:
        from tenprint.desk import Settings, public_app, staff_app
        from tenprint.desk.limits import Limits
        from tenprint.desk.server import server

        self.rights = rights
        self.folder = folder
        generous = Limits(filings=10_000, guesses=10_000, everybody=100_000)
        staff, secret = staff_app(rights, "rita")
        apps = {"address": public_app(rights, Settings(limits=generous)), "staff": staff}
        self.address, self.staff = "", ""
        self._servers = []
        for name, app in apps.items():
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            running = server(app, "127.0.0.1", port)
            threading.Thread(target=running.run, daemon=True).start()
            self._servers.append(running)
            setattr(self, name, f"http://127.0.0.1:{port}" + (f"/{secret}" if name == "staff" else ""))
        while not all(running.started for running in self._servers):
            time.sleep(0.02)

    def close(self) -> None:
        for running in self._servers:
            running.should_exit = True


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Desk]:
    """A rights office with its pages."""
    folder = tmp_path_factory.mktemp("desk")
    with Exchange.create(folder / "x.db", "ada", simulated_from=START, extract=extract) as made:
        made.add_principal("rita", "rights", "CRCL", made.act("ada", "register"))
        rights = Rights(made, cost=QUICK)
        rights.publish_key(OfficeKey.generate(), "rita")
        running = Desk(rights, folder)
        yield running
        running.close()
