"""Somebody taps twice in the board's dialog, as one does on a slow line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.entering import enter
from tests.browser.test_board import card, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]


def test_tapped_twice_it_is_given_once_and_no_empty_dialog_stays(page: Page, people: make.Cast) -> None:
    [incident] = told(people, 1)
    enter(page, people.manager, "/board/")
    card(page, incident).get_by_role("link", name="Give it to somebody else than Dora Desk").click()
    page.get_by_role("button", name="Cole League").dblclick()
    expect(card(page, incident)).to_contain_text("Cole League")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert incident.handovers.count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(card(page, incident)).to_contain_text("Dora Desk")
