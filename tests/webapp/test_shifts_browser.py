"""The shift roster in a real Chromium: by arrow keys, on a phone's width, checked by axe."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from store.db import Database
from tests.webapp.office import Office
from tests.webapp.test_browser import _faults, _log_in, _page, _speak, browser, pytestmark
from tests.webapp.test_shifts import published, ward

__all__ = ["browser", "pytestmark", "ward"]


def test_dewi_fills_a_month_by_arrow_keys_and_publishes_it(
    browser: Browser, live: str, ward: str, office_db: Database, hadir: Office
) -> None:
    page = _page(browser, live, 1200)
    _log_in(page, live, "dewi")
    page.goto(live + ward)
    page.focus(f"#c{hadir.person['budi']}-1")
    for letter in "pss":
        page.keyboard.type(letter)
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("m")
    page.keyboard.press("Enter")  # moves on, never publishes
    assert page.url == live + ward and published(office_db, hadir, "budi") == ""
    page.click("text=Terbitkan")
    page.wait_for_selector("text=Jadwal terbit; 4 sel berubah.")
    assert published(office_db, hadir, "budi") == "P S S"
    assert published(office_db, hadir, "siti") == "M"
    page.context.close()


def test_on_a_phone_a_bad_cell_is_led_to_and_mended(
    browser: Browser, live: str, ward: str, office_db: Database, hadir: Office
) -> None:
    page = _page(browser, live, 360)
    _log_in(page, live, "dewi")
    page.goto(live + ward)
    assert _faults(Axe(), page, ward) == []
    cell = f"#c{hadir.person['siti']}-20"
    page.fill(cell, "X")
    page.click("text=Terbitkan")
    page.wait_for_selector("text=Belum terbit. Perbaiki dulu:")
    assert _faults(Axe(), page, ward) == []
    page.click(".alert a")
    page.fill(cell, "L")
    page.click("text=Terbitkan")
    page.wait_for_selector("text=Jadwal terbit; 1 sel berubah.")
    assert published(office_db, hadir, "siti") == "L"
    page.context.close()


def test_the_roster_reads_well_in_english_too(
    browser: Browser, live: str, ward: str, hadir: Office
) -> None:
    page = _page(browser, live, 360)
    _log_in(page, live, "dewi")
    _speak(page, "en")
    for address in (ward, "/shifts", "/operator"):
        page.goto(live + address)
        for details in page.locator("main details").all():
            details.evaluate("found => { found.open = true }")
        assert _faults(Axe(), page, address) == []
    page.goto(live + ward)
    assert page.locator("text=Publish").count() >= 1
    page.context.close()
