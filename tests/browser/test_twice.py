"""Somebody taps twice, on the first page and in the board's dialog, as one does on a slow line."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import ApprovalRequest, NeedKind
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


# As if each tap were the first of its own: what the page has against it does not see the second.
BLIND = "Object.defineProperty(MouseEvent.prototype, 'detail', { get: () => 1 })"


@pytest.mark.parametrize("is_blind", [False, True], ids=["as it is", "without it"])
@pytest.mark.parametrize(("address", "left"), [("/approvals/", 1), ("/", 1)])
def test_the_second_tap_does_not_hit_what_came_after_the_first(
    address: str, left: int, is_blind: bool, page: Page, people: make.Cast
) -> None:
    """Two wait for a yes, of money. The answer is there before the second tap: the other stands in its place."""
    for _each in range(2):
        dangers.one_of(NeedKind.APPROVAL, people, timezone.now())
    if is_blind:
        page.add_init_script(BLIND)
    enter(page, people.manager, address)
    page.get_by_role("button", name="Approve").first.hover()
    for tap in (1, 2):
        page.mouse.down(click_count=tap)
        page.mouse.up(click_count=tap)
        expect(page.locator("#toasts")).to_contain_text("You said yes.")
        expect(page.locator(".htmx-request")).to_have_count(0)
    waiting = ApprovalRequest.objects.filter(verdict="").count()
    assert waiting == (0 if is_blind else left)
