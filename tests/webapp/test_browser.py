"""The panel in a real Chromium: by keyboard alone, on a phone's width, and checked by axe.

Chromium is needed; HADIR_NO_BROWSER=1 says that a machine has none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from store.db import Database
from store.log import LogEntry
from tests.webapp.office import PASSWORD, SICK_TEXT, Office

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = pytest.mark.skipif(
    os.environ.get("HADIR_NO_BROWSER") == "1", reason="HADIR_NO_BROWSER=1: no browser here"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


def _page(browser: Browser, address: str, width: int) -> Page:
    """A fresh page that fails the test on any outside request, script error or broken policy."""
    page = browser.new_context(viewport={"width": width, "height": 780}).new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:"))
            else pytest.fail(f"outside request: {request.url}")
        ),
    )
    page.on(
        "console",
        lambda message: (
            pytest.fail(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    return page


def _log_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(re.compile(f"{address}/(terminals)?$"))  # where the role's work begins


def _speak(page: Page, language: str) -> None:
    """On a phone: the menu first, and only when it stands open the language."""
    page.click(".navbar-toggler")
    page.locator(".navbar-collapse.show").wait_for()
    with page.expect_navigation():
        page.click(f"button[name=language][value={language}]")


def _pages_of(hadir: Office) -> dict[str, tuple[str, ...]]:
    return {
        "dewi": (
            "/",
            "/operator",
            "/operator/duty",
            "/operator/file",
            "/unread",
            "/terminals",
            "/terminals/1",
            "/outages",
            f"/outages/paper/{hadir.unit['RSUD']}/2026-11-24/2026-11-25",
            "/account",
            f"/person/{hadir.person['budi']}/2026-11",
            "/nowhere",
        ),
        "rahmat": ("/kasubag", "/closing?month=2026-11"),
        "tono": ("/terminals/2", "/terminals/new", "/outages"),
        "yusuf": ("/", "/messages"),
    }


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_passes_axe_and_fits_a_phone(
    browser: Browser, live: str, hadir: Office, language: str
) -> None:
    faults = []
    axe = Axe()
    for login, addresses in _pages_of(hadir).items():
        page = _page(browser, live, 360)
        page.goto(f"{live}/login")
        if language == "en":
            with page.expect_navigation():
                page.click("button[name=language][value=en]")
        faults += _faults(axe, page, "/login")
        _log_in(page, live, login)
        if page.locator("html").get_attribute("lang") != language:
            _speak(page, language)
        for address in addresses:
            page.goto(live + address)
            assert page.locator("html").get_attribute("lang") == language
            for details in page.locator("main details").all():
                details.evaluate("found => { found.open = true }")
            faults += _faults(axe, page, address)
        page.context.close()
    assert faults == []


def _faults(axe: Axe, page: Page, address: str) -> list[str]:
    found = [
        f"{address}: {violation['id']} at {violation['nodes'][0]['target']}"
        for violation in axe.run(page).response["violations"]
    ]
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{address}: {wider} px too wide"] if wider > 0 else [])


def _tab_to(page: Page, words: str) -> None:
    """Tab until the element with these words has the focus, and the focus can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.innerText || e.name || '', s.outlineStyle, s.outlineWidth] })()"
        )
        assert focused[1] != "none" and focused[2] != "0px", f"no visible focus on {focused[0]}"
        if words in focused[0]:
            return
    raise AssertionError(f"{words!r} cannot be reached by Tab")


def test_rahmat_logs_in_and_passes_on_by_keyboard_alone(
    browser: Browser, live: str, office_db: Database, hadir: Office
) -> None:
    page = _page(browser, live, 1100)
    page.goto(f"{live}/login?next=/kasubag")
    _tab_to(page, "login")
    page.keyboard.type("rahmat")
    _tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live}/kasubag")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Langsung ke isi halaman"
    page.keyboard.press("Enter")
    _tab_to(page, "Teruskan ke operator")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Permohonan diteruskan ke operator.")
    with office_db.read() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "pass_on")).one()
    assert entry.subject_id == str(hadir.case["budi_leave"])
    page.context.close()


def test_the_raw_sms_opens_in_place_by_a_click(browser: Browser, live: str, hadir: Office) -> None:
    page = _page(browser, live, 1100)
    _log_in(page, live, "dewi")
    page.goto(f"{live}/person/{hadir.person['siti']}/2026-11")
    assert SICK_TEXT not in page.content()
    page.click("text=Buka SMS asli (dicatat)")
    page.wait_for_selector(f"text={SICK_TEXT}")
    assert page.url.endswith("/2026-11")
    page.context.close()


def test_dewi_gives_a_case_back_and_types_duty_on_a_phone(browser: Browser, live: str) -> None:
    page = _page(browser, live, 360)
    _log_in(page, live, "dewi")
    page.click(".navbar-toggler")
    page.click("text=Meja operator")
    page.click("summary:has-text('Kembalikan')")
    page.click("label:has-text('Kasubag') >> nth=0")
    page.fill("input[name=why]", "suratnya belum lengkap")
    page.click("button:has-text('Kembalikan')")
    page.wait_for_selector("text=Permohonan dikembalikan.")
    page.click("text=Ketik dinas luar")
    page.fill("#people", "Putri Handayani\nTidak Dikenal")
    page.fill("#start", "2026-11-25")
    page.fill("#place", "Samarinda")
    page.click("text=Simpan dinas luar")
    page.wait_for_selector("text=Dinas luar tersimpan untuk 1 orang.")
    assert page.input_value("#people") == "Tidak Dikenal"
    assert page.input_value("#place") == "Samarinda"
    page.context.close()
