"""The browser: Debian's Chromium, driven by Playwright, watched for errors and for requests off the machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.programs import wait_for

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1,  # a real one has finer points; to draw them here helps nobody
    "is_mobile": True,
    "has_touch": True,
}


# How a page may look. Most pages are looked at the first way; the others are slow ones.
LOOKS = [
    pytest.param(PHONE, "dark", id="dark-phone"),
    pytest.param({}, "light", id="light-desk", marks=pytest.mark.slow),
    pytest.param({}, "dark", id="dark-desk", marks=pytest.mark.slow),
    pytest.param(PHONE, "light", id="light-phone", marks=pytest.mark.slow),
]
in_every_look = pytest.mark.parametrize(("device", "theme"), LOOKS)
in_both_looks = pytest.mark.parametrize(("device", "theme"), LOOKS[:2])


# The first has no window at all, and needs half the processor's time for the same pages.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """CHROMIUM, else what the system has."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright, once per process."""
    # Its event loop lives in our thread; Django would take every query for one made inside a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A running browser; without one the test is skipped, in CI (RECOVERY_REQUIRE_BROWSER=1) it fails."""
    path = find_chromium()
    if path is None:
        if os.environ.get("RECOVERY_REQUIRE_BROWSER") == "1":
            pytest.fail("No Chromium found, and RECOVERY_REQUIRE_BROWSER=1 asks for one.")
        pytest.skip("no Chromium on this machine: install it (apt-get install chromium) or set CHROMIUM")
    driver: Playwright = request.getfixturevalue("playwright_driver")
    # Chromium's own sandbox refuses root, as which containers run.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Dates are typed in the order of the browser's own language, whatever the machine speaks.
    language: dict[str, Any] = {**os.environ, "LANGUAGE": "en_US"}
    browser = driver.chromium.launch(executable_path=path, args=flags, env=language)
    yield browser
    browser.close()


class Watched:
    """Pages whose console and requests are written down; `check()` fails when something was wrong."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.context = context
        self.home = home
        self.problems: list[str] = []
        self.expected: list[str] = []
        context.on("page", self._watch)
        context.on("request", self._request)

    def _watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.problems.append(f"request off the machine: {request.url}")

    def expect(self, words: str) -> None:
        """This test provokes a console message with these words, such as "422"."""
        self.expected.append(words)

    def check(self) -> None:
        """Fail on any problem that was not expected."""
        bad = [problem for problem in self.problems if not any(words in problem for words in self.expected)]
        assert not bad, "\n".join(bad)


OpenBrowser = Callable[..., Page]


@pytest.fixture
def answered() -> Iterator[Callable[[], None]]:
    """Waits until the test's own server has answered all that it was asked.

    A browser that is closed leaves its last request behind; emptying the tables meanwhile ends in a deadlock.
    """
    asked: list[str] = []

    def began(**_signal: object) -> None:
        asked.append("one more")

    def ended(**_signal: object) -> None:
        asked.pop()

    request_started.connect(began)
    request_finished.connect(ended)
    yield lambda: wait_for(lambda: not asked)
    request_started.disconnect(began)
    request_finished.disconnect(ended)


@pytest.fixture
def open_browser(
    chromium: Browser, committed: None, live_server: LiveServer, answered: Callable[[], None]
) -> Iterator[OpenBrowser]:
    """Opens pages on the test's own server: `open_browser(**PHONE)`. `page.watched` is its Watched.

    The server sees committed rows only.
    """
    opened: list[Watched] = []

    def open_one(**options: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en-GB", **{**DESKTOP, **options})
        context.set_default_timeout(20_000)  # where much else runs, the first page takes its time
        opened.append(Watched(context, live_server.url))
        page = context.new_page()
        page.watched = opened[-1]  # type: ignore[attr-defined]
        return page

    yield open_one
    for watched in opened:
        watched.context.close()
    answered()
    for watched in opened:
        watched.check()


@pytest.fixture
def page(open_browser: OpenBrowser) -> Page:
    """A desktop page."""
    return open_browser()


@pytest.fixture
def phone(open_browser: OpenBrowser) -> Page:
    """A phone's page: narrow and touched."""
    return open_browser(**PHONE)


# It would fetch every style sheet for a rule that is off (css-orientation-lock, an experiment of theirs).
HOW_AXE_RUNS = "{resultTypes: ['violations'], preload: {assets: ['media']}}"


def check_accessible(page: Page) -> None:
    """Run axe on the page as it stands; fail with each rule that is broken and where."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {HOW_AXE_RUNS})")
    told = [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found["violations"]]
    assert not told, "\n".join(told)
