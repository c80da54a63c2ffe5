"""The desks in a real browser: by keyboard, without scripts; axe on every page, light and dark, narrow and wide."""

from __future__ import annotations

import io
import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.browser.test_desk import enter, focus_on
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import card
from tests.exchange.test_close_calls import WORN, extract

from tenprint.cases.card.commands import AcceptSubmission, MakeClaim, RecordReleaseEligible
from tenprint.exchange import Exchange
from tenprint.exchange.reads import break_glass
from tenprint.ledger import Act

PICTURES = Path(
    os.environ.get("TENPRINT_PICTURES_IN") or Path(__file__).resolve().parents[2] / "docs" / "pictures" / "service"
)
ORI, TCN, WORN_TCN = "TXSIB0000", "NEW-0000001", "NEW-0000009"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[str]:
    """The desks of a county on a free port: one card waits for an answer, one person is free to go."""
    from tenprint.desk.server import server
    from tenprint.desk.service import service_app

    start = datetime(2012, 1, 1, tzinfo=UTC)
    folder = tmp_path_factory.mktemp("service")
    with Exchange.create(folder / "x.db", "ada", simulated_from=start, extract=extract) as made:
        more = {"bill": ("bureau", ORI), "eve": ("examiner", "LAB"), "cal": ("jail", "CASYN0730")}
        for name, (role, agency) in {**PEOPLE, **more}.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
        made.enrol("immigration", card(1, "OLD-0000001", fingers=(11, 12)), made.act("ada", "enrol"))
        made.enrol("immigration", card(1, "OLD-0000002", fingers=(2,)), made.act("ada", "enrol"))
        at = datetime(2012, 11, 5, 16, tzinfo=UTC)
        for person in (1, 2):
            made.submit(card(person, f"NEW-000000{person}"), made.act("ben", AcceptSubmission, at))
        made.submit(card(3, WORN_TCN, fingers=(2,), grays={2: WORN}), made.act("ben", AcceptSubmission, at))
        made.submit(card(4, "NEW-0000004", NAM=None), made.act("ben", AcceptSubmission, at))
        claim = MakeClaim(claim="CITIZEN", channel="hotline")
        made.do(TCN, claim, made.act("rita", MakeClaim, at))
        glass = Act("cal", "jail", "local custody", "policy of the desks", at)
        break_glass(made, f"case/{ORI}/{TCN}", "unconscious, allergy unknown", glass)
        leaves = datetime(2012, 11, 6, 16, tzinfo=UTC)
        free = RecordReleaseEligible(at=leaves, reason="bond_posted", document="receipt 1")
        made.do("NEW-0000002", free, made.act("jane", RecordReleaseEligible, leaves))
        with socket.socket() as port:
            port.bind(("127.0.0.1", 0))
            number = port.getsockname()[1]
        running = server(service_app(made), "127.0.0.1", number)
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{number}"
        running.should_exit = True
        thread.join(timeout=10)


def sign_in(page: Any, address: str, name: str) -> None:
    """Sign in with the keyboard."""
    page.goto(f"{address}/sign-in")
    focus_on(page, f"form:has(input[value={name}]) button")
    enter(page)


PAGES = {
    "ben": ("/booking", f"/booking/{ORI}/{TCN}"),
    "lea": ("/center", f"/center/{ORI}/{TCN}"),
    "oscar": ("/office", f"/office/{ORI}/{TCN}"),
    "sue": ("/", "/supervisor", f"/supervisor/{ORI}/{TCN}"),
    "jane": ("/jail", f"/jail/{ORI}/NEW-0000002", "/nothing", "/sign-in"),
    "bill": ("/bureau", f"/bureau/{ORI}/{TCN}"),
    "eve": ("/examiner", f"/examiner/{ORI}/{WORN_TCN}", f"/examiner/{ORI}/{WORN_TCN}?zoom=2"),
    "rita": ("/rights", f"/rights/{ORI}/{TCN}"),
    "cal": ("/jail", f"/jail/{ORI}/{TCN}"),
    "audrey": ("/audit", f"/audit/{ORI}/{TCN}"),
    "ada": ("/administrator",),
}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1600), ("dark", 320)])
def test_t5_axe_finds_nothing_on_any_page_of_the_desks(browser: Any, service: str, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for name, paths in PAGES.items():
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page = context.new_page()
        sign_in(page, service, name)
        for path in paths:
            page.goto(service + path)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            found = Axe().run(page).response["violations"]
            assert not found, [(path, v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} pixels wide on a screen of {width}"
            keep(page, f"{scheme}{path.replace('/', '-')}")
        context.close()


def keep(page: Any, name: str) -> None:
    """Keep a picture for the documentation, when asked to (TENPRINT_PICTURES=1)."""
    if os.environ.get("TENPRINT_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        shown = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        shown.quantize(24).save(PICTURES / f"{name.rstrip('-')}.png", optimize=True)


def test_t5_a_release_is_recorded_by_keyboard_without_scripts(browser: Any, service: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 400, "height": 900})
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(service) else elsewhere.append(r.url))
    sign_in(page, service, "jane")
    assert page.locator("section[aria-labelledby=free] li").count() == 1
    focus_on(page, "section[aria-labelledby=free] a")
    enter(page)
    focus_on(page, "details.act[open] input[type=radio]")
    page.keyboard.press("Space")
    focus_on(page, "#release-when")
    page.locator("#release-when").fill("2012-11-06T11:00")
    focus_on(page, "details.act[open] button")
    enter(page)
    assert "Recorded:" in page.locator("[role=status]").inner_text()
    page.goto(f"{service}/jail")
    assert page.locator("section[aria-labelledby=free] a").count() == 0
    assert not elsewhere
    context.close()
