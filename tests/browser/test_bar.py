"""The bar at the top holds everything between a phone and a desk."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import DESKTOP, OpenBrowser


def test_no_width_makes_the_page_scroll_sideways(
    open_browser: OpenBrowser, people: make.Cast, patience: None, settings: Settings
) -> None:
    settings.DEMO = True
    incident = make.make_incident(people.desk, now=timezone.now())
    make.limit(people.desk, "gift_card", 10)
    make.give(incident, people.desk, "gift_card", now=timezone.now(), estimated_amount=50, is_delivered=False)
    page: Page = open_browser(**DESKTOP)
    enter(page, people.manager, "/search/")
    expect(page.get_by_role("link", name="Approvals 1")).to_be_visible()
    for width in (768, 820, 899, 900, 1024, 1099, 1100, 1180, 1280):
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("link", name="Recovery")).to_be_attached()
