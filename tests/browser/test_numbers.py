"""The numbers in a browser: nothing moves when the charts come, and on a phone each group is one line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible
from tests.views.reports.test_numbers import lived

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]
MOST_MOVED = 0.01
WATCH = """window.moved = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.moved += each.value;
}).observe({ type: "layout-shift", buffered: true });"""


def numbers(page: Page, people: make.Cast) -> None:
    """With every chart there."""
    lived(people, 6)
    enter(page, people.manager, "/numbers/")
    expect(page.locator(".chart-comes")).to_have_count(0)
    expect(page.locator(".charts > .chart")).to_have_count(5)


@pytest.mark.parametrize(
    "size",
    [
        (820, 1180),
        (1024, 1366),
        pytest.param((768, 1024), marks=pytest.mark.slow),
        pytest.param((912, 1368), marks=pytest.mark.slow),
        pytest.param((1440, 1200), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_nothing_moves_when_the_charts_come(
    open_browser: OpenBrowser, people: make.Cast, size: tuple[int, int]
) -> None:
    page = open_browser(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(WATCH)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    way = {"offline": False, "latency": 200, "downloadThroughput": -1, "uploadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", way)  # so that what waits for them is painted first
    numbers(page, people)
    assert page.evaluate("window.moved") <= MOST_MOVED


def test_on_a_phone_a_group_is_opened_by_key_and_paper_has_all(open_browser: OpenBrowser, people: make.Cast) -> None:
    page = open_browser(**PHONE)
    page.add_init_script(WATCH)
    numbers(page, people)
    assert page.evaluate("window.moved") <= MOST_MOVED
    rows, folds = page.locator(".figure-row"), page.locator("details.figure-fold")
    expect(folds).to_have_count(5)
    expect(page.locator("details.figure-fold[open]")).to_have_count(0)
    expect(rows.last).to_be_hidden()
    expect(folds.first.get_by_text("Mistakes: 6")).to_be_visible()
    check_accessible(page)
    folds.first.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_be_visible()
    expect(rows.last).to_be_hidden()
    check_accessible(page)
    page.emulate_media(media="print")
    expect(rows.last).to_be_visible()
    page.emulate_media(media="screen")
    expect(rows.last).to_be_hidden()
    expect(rows.first).to_be_visible()  # as its reader left it


@pytest.mark.parametrize("options", [{}, {**PHONE, "java_script_enabled": False}], ids=["desk", "phone, no script"])
def test_elsewhere_all_of_it_stands_open(
    open_browser: OpenBrowser, people: make.Cast, options: dict[str, object]
) -> None:
    lived(people, 1)
    page = open_browser(**options)
    enter(page, people.manager, "/numbers/")
    expect(page.locator(".figure-row").first).to_be_visible()
    expect(page.locator(".figure-row").last).to_be_visible()
