"""Somebody taps twice, on the first page and in the board's dialog, as one does on a slow line."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import NeedKind
from tests import dangers, make
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


@pytest.mark.parametrize(
    ("kind", "button", "said"),
    [
        (NeedKind.APPROVAL, "Approve", "You said yes."),
        (NeedKind.UNREACHABLE, "Close: could not be reached", "Closed: Could not be reached."),
        (NeedKind.WENT_AHEAD, "It was right", "Noted."),
    ],
)
def test_settled_twice_on_the_first_page_it_is_settled_once_and_nothing_is_refused(
    kind: NeedKind, button: str, said: str, page: Page, people: make.Cast
) -> None:
    dangers.one_of(kind, people, timezone.now())
    enter(page, people.manager, "/")
    page.locator("#needs").get_by_role("button", name=button).dblclick()
    expect(page.locator("#toasts")).to_contain_text(said)
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator("#alerts")).to_be_empty()
