import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_browser_reaches_the_server(page: Page) -> None:
    page.goto("/health/live")
    assert page.inner_text("body") == "ok"
