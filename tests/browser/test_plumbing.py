import pytest
from playwright.sync_api import Page

from tests.browser.plumbing import check_accessible

pytestmark = pytest.mark.browser


def test_the_browser_reaches_the_server(page: Page) -> None:
    page.goto("/accounts/login/")
    assert page.get_by_role("heading", level=1).is_visible()
    check_accessible(page)
