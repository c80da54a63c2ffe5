"""The page of a quarterly review in a real browser: nothing to find for axe, and whole on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.monitor.handmade import small

from tenprint.monitor import report


def test_axe_finds_nothing_on_the_report_and_a_phone_shows_it_whole(browser: Any, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    wrong = []
    for name, made in (("registered", small()), ("not", small(registered_at=None, flags=()))):
        file = report.write(made, tmp_path / name)[0]
        for width in (320, 1200):
            opened = browser.new_page(viewport={"width": width, "height": 900})
            opened.goto(file.as_uri())
            found = Axe().run(opened).response["violations"]
            wrong += [f"{name} {width}: {v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]
            if opened.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{name}: wider than {width}")
            opened.close()
    assert wrong == []
