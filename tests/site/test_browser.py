"""The site in a real browser without a window: search, year, phone, keyboard, no request away."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.base import KnowledgeBase
from bot.site.build import write_site

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine"),
]
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


HAS_WEBASSEMBLY = """
() => { try { return !!new WebAssembly.Memory({initial: 64}); } catch { return false; } }
"""


class _Server(ThreadingHTTPServer):
    request_queue_size = 64


class _Quiet(SimpleHTTPRequestHandler):
    # Not what this machine holds for them: a browser takes no module that is called anything else.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: Any) -> None:
        """Nothing: a test's output is its own."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("web") / "ilr"
    write_site(KnowledgeBase.load(), folder, date(2026, 11, 28))
    # Served below another folder, as a college would beside its other pages.
    handler = partial(_Quiet, directory=str(folder.parent))
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/ilr/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(address: str) -> Iterator[Any]:
    """A browser, opened once the site stands: both want an event loop of their own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context()
    opened = context.new_page()
    opened.asked = []
    opened.faults = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.told = []
    opened.on("console", lambda line: opened.told.append(f"{line.type}: {line.text}"))
    opened.on("requestfailed", lambda one: opened.told.append(f"{one.url}: {one.failure}"))
    yield opened
    away = [url for url in opened.asked if not url.startswith((address, "data:"))]
    assert (away, opened.faults) == ([], [])
    context.close()


@pytest.fixture
def searching(page: Any) -> Any:
    """A page in a browser that can search: what searches is WebAssembly."""
    if not page.evaluate(HAS_WEBASSEMBLY):
        pytest.skip("this Chromium runs no WebAssembly")
    return page


def wait_for(page: Any, what: str) -> None:
    """Until it is in the page; else with what the page and its console say instead."""
    from playwright.sync_api import TimeoutError as Late

    try:
        page.wait_for_selector(what)
    except Late:
        instead = page.locator("#found").inner_text()
        pytest.fail(f"no {what}; the page says {instead!r}, its console {page.told}")


def test_a_search_finds_by_other_words_and_leads_to_the_page(searching: Any, address: str) -> None:
    searching.goto(address)
    searching.fill("#q", "wkex aim")
    wait_for(searching, "#found li")
    titles = searching.locator("#found a").all_inner_texts()
    assert any("work experience" in title for title in titles)
    searching.fill("#q", "R96")
    wait_for(searching, "#found a:has-text('R_96')")
    searching.locator("#found a:has-text('R_96:')").first.click()
    assert searching.locator("h1").inner_text().startswith("R_96")


def test_a_search_in_the_address_is_made(searching: Any, address: str) -> None:
    searching.goto(f"{address}entry/why-r04-matters/?q=safeguarding")
    wait_for(searching, "#found a:has-text('safeguarding concern')")


def test_the_year_that_is_chosen_stands_first_and_others_are_marked(
    page: Any, address: str
) -> None:
    page.goto(f"{address}entry/returns-and-dates/")
    first = page.locator("article > .answer").first
    assert "2026-27" in first.locator("h2").inner_text()
    page.select_option("#year", "2020-21")
    first = page.locator("article > .answer").first
    assert first.locator("h2").inner_text() == "2020-21 only"
    assert "later: not for 2020-21" in page.locator("article > .answer").nth(1).inner_text()
    page.goto(f"{address}rule/R_96/")
    assert page.input_value("#year") == "2020-21"


def test_old_advice_is_marked_without_a_script(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}entry/returns-and-dates/")
    assert page.locator(".past").count() >= 4
    assert "past: not for 2026-27" in page.locator(".past h2").first.inner_text()
    context.close()


@pytest.mark.parametrize(
    "path", ["", "entry/returns-and-dates/", "rule/R_96/", "codes/LDM/", "rules/"]
)
def test_a_phone_shows_it_without_scrolling_sideways(page: Any, address: str, path: str) -> None:
    page.set_viewport_size({"width": 340, "height": 700})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 340


def test_the_keyboard_reaches_content_search_and_results(searching: Any, address: str) -> None:
    searching.goto(address)
    searching.keyboard.press("Tab")
    assert searching.evaluate("document.activeElement.textContent") == "To the content"
    searching.keyboard.press("Enter")
    assert searching.evaluate("document.activeElement.id") == "main"
    searching.focus("#q")
    searching.keyboard.type("safeguarding")
    searching.keyboard.press("Enter")
    wait_for(searching, "#found a:focus")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(page: Any, address: str, scheme: str) -> None:
    """WCAG AA: 4.5 to 1 for all text that is shown."""
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}entry/returns-and-dates/")
    poor = page.evaluate(Path(__file__).with_name("contrast.js").read_text(encoding="utf-8"))
    assert poor == []


def test_print_leaves_out_what_paper_cannot_do(page: Any, address: str) -> None:
    page.goto(f"{address}rule/R_96/")
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert page.locator("article").is_visible()


def test_headings_language_and_names_are_there_for_screen_readers(page: Any, address: str) -> None:
    page.goto(f"{address}entry/returns-and-dates/")
    assert page.get_attribute("html", "lang") == "en-GB"
    assert page.locator("h1").count() == 1
    for name in ("#q", "#year"):
        assert page.locator(f"label[for={name[1:]}]").count() == 1
