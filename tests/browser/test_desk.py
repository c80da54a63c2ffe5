"""The desk in a real browser: without JavaScript and by keyboard alone; axe on every page in every language."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tenprint.cases.complaint import commands as cmd
from tenprint.desk import catalogue
from tenprint.proof import verify

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "desk"
STORIES = {
    "en": "A deputy kept me three days after my bond was paid.",
    "es": "Un alguacil me retuvo tres días después de pagar la fianza.",
    "ar": "احتجزني نائب الشريف ثلاثة أيام بعد دفع الكفالة.",
}
ANSWERS = {
    "en": "We have asked the jail for its log.",
    "es": "Hemos pedido a la cárcel su registro.",
    "ar": "طلبنا من السجن سجله.",
}


def focus_on(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus: what a person without a mouse does."""
    for _ in range(80):
        if page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def enter(page: Any) -> None:
    """Press Enter and wait for the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def picture(page: Any, name: str) -> None:
    """Keep a picture for the documentation, when asked to (TENPRINT_PICTURES=1)."""
    if os.environ.get("TENPRINT_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        shown = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        shown.quantize(24).save(PICTURES / f"{name}.png", optimize=True)  # small: pages have few colors


@pytest.mark.parametrize("code", ["en", "es", "ar"])
def test_without_scripts_and_by_keyboard_alone(browser: Any, desk: Any, code: str) -> None:
    """File, keep the receipt, leave, come back, read an answer, reply; then check the proof without the exchange."""
    say = catalogue.load(code).say
    context = browser.new_context(java_script_enabled=False, viewport={"width": 760, "height": 900})
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(desk.address) else elsewhere.append(r.url))
    page.goto(desk.address)
    focus_on(page, f"a[hreflang={code}]")
    enter(page)
    assert page.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
    picture(page, f"{code}-start")

    focus_on(page, "main a.usa-button")
    enter(page)
    focus_on(page, "button[type=submit]")
    enter(page)
    assert page.locator(".usa-alert--error a").inner_text() == say("error_empty")
    focus_on(page, "#text")
    page.keyboard.type(STORIES[code])
    focus_on(page, "input[type=radio]")
    page.keyboard.press("ArrowUp")
    focus_on(page, "#topic-unlawful_hold")
    page.keyboard.press("Space")
    picture(page, f"{code}-file")
    focus_on(page, "button[type=submit]")
    enter(page)

    words = page.locator(".receipt li").all_inner_texts()
    assert len(words) == 8
    picture(page, f"{code}-receipt")
    focus_on(page, "#words")
    page.keyboard.type("wrong words")
    enter(page)
    assert page.locator("#words-error").inner_text() == say("error_words_differ")
    focus_on(page, "#words")
    page.keyboard.type(" ".join(words))
    enter(page)
    assert page.locator("h1").inner_text() == say("done_title")
    focus_on(page, "button[type=submit]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    proof = desk.folder / f"{code}.proof.json"
    download.value.save_as(proof)
    assert context.cookies() == []
    context.close()

    number = json.loads(json.loads(proof.read_text("utf-8"))["entry"]["data"])["number"]
    desk.rights.do(number, cmd.Triage(route="RETAINED", reason="within scope"), "rita")
    desk.rights.do(number, cmd.Write(writer="office", text=ANSWERS[code]), "rita")

    context = browser.new_context(java_script_enabled=False, viewport={"width": 760, "height": 900})
    page = context.new_page()
    page.goto(f"{desk.address}/{code}/open")
    focus_on(page, "#words")
    page.keyboard.type(", ".join(words))
    enter(page)
    assert ANSWERS[code] in page.locator(".message--office").inner_text()
    assert STORIES[code] in page.locator("main").inner_text()
    focus_on(page, "#text")
    page.keyboard.type(STORIES[code])
    focus_on(page, "button[type=submit]")
    enter(page)
    assert page.locator(".usa-alert--success").inner_text() == say("reply_sent")
    assert page.locator(".message").count() == 2
    picture(page, f"{code}-conversation")
    context.close()
    assert elsewhere == []

    key = str(desk.rights.ledger.verifier)
    ran = [sys.executable, "-I", verify.__file__, str(proof), "--key", key]
    assert subprocess.run(ran, capture_output=True, check=False).returncode == 0
    text = proof.read_text("utf-8")
    word = max(STORIES[code].split(), key=len)
    assert word in text
    proof.write_text(text.replace(word, word[::-1], 1), "utf-8")
    assert subprocess.run(ran, capture_output=True, check=False).returncode == 1


def violations(axe: Any, page: Any) -> list[str]:
    """What axe says against a page (WCAG 2.1 A and AA, and its best practices)."""
    found = axe.run(page).response["violations"]
    return [f"{page.url}: {v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize("code", catalogue.LANGUAGES)
def test_axe_finds_nothing_on_any_page(browser: Any, desk: Any, code: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong = Axe(), []
    context = browser.new_context(bypass_csp=True, viewport={"width": 760, "height": 900})  # axe is a script
    page = context.new_page()
    page.goto(f"{desk.address}/{code}/")
    wrong += violations(axe, page)
    page.goto(f"{desk.address}/{code}/file")
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    page.fill("#text", STORIES["en"])
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    words = " ".join(page.locator(".receipt li").all_inner_texts())
    page.fill("#words", words)
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    page.goto(f"{desk.address}/{code}/open")
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    page.fill("#words", words)
    page.click("button[type=submit]")
    page.fill("#text", STORIES["en"])
    page.locator("button[type=submit]").first.click()
    wrong += violations(axe, page)
    page.goto(f"{desk.address}/{code}/paper")
    wrong += violations(axe, page)
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    if code in {"en", "ar"}:
        picture(page, f"{code}-paper")
    page.goto(f"{desk.address}/{code}/nothing")
    wrong += violations(axe, page)
    context.close()
    assert wrong == []


def test_axe_finds_nothing_in_the_dark_on_the_language_list_and_in_the_office(browser: Any, desk: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong = Axe(), []
    context = browser.new_context(bypass_csp=True, color_scheme="dark", viewport={"width": 760, "height": 900})
    page = context.new_page()
    page.goto(desk.address)
    wrong += violations(axe, page)
    picture(page, "languages-dark")
    for path in ("en/", "ar/file", "en/open"):
        page.goto(f"{desk.address}/{path}")
        wrong += violations(axe, page)
    page.goto(f"{desk.address}/en/file")
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    page.fill("#text", STORIES["en"])
    page.click("button[type=submit]")
    for path in ("", "paper", "hotline"):
        page.goto(f"{desk.staff}/{path}")
        wrong += violations(axe, page)
    page.goto(f"{desk.staff}/")
    page.locator("table a").first.click()
    wrong += violations(axe, page)
    page.fill("#purpose", "triage")
    page.click("button[type=submit]")
    wrong += violations(axe, page)
    context.close()
    assert wrong == []


def test_a_phone_and_large_letters_lose_nothing(browser: Any, desk: Any) -> None:
    """At 320 px (WCAG 1.4.10) no page scrolls sideways."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    wide = []
    for code in ("en", "ru", "ar", "so"):
        for path in ("", "file", "open", "paper"):
            page.goto(f"{desk.address}/{code}/{path}")
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append(page.url)
    context.close()
    assert wide == []
