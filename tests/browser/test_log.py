"""Log a mistake by keyboard at the desk and by touch on a phone; count what it takes.

An interaction is one key or chord, one tap, or one visit to a field to type into it (however
much is typed). docs/desk-speed.md holds these counts.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Customer, Incident
from tests import make
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 14


class Hands:
    """Does what a person does, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += 1

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()
        self.count += 1

    def tab_to(self, name: str) -> None:
        while not self.page.evaluate("name => document.activeElement.name === name", name):
            assert self.count < 40, f"no way to {name} by Tab"
            self.press("Tab")


@pytest.fixture
def cast(live_server: object) -> make.Cast:
    return make.make_cast()


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/?next=/customers/")
    page.fill("[name=login]", "dora@example.com")
    page.fill("[name=password]", make.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/customers/")


def has_focus(page: Page, name: str) -> None:
    expect(page.locator(f"[name={name}]").first).to_be_focused()


def ready(page: Page) -> None:
    """The customer field has the focus and listens."""
    expect(page.locator("[name=customer_name][role=combobox]")).to_be_focused()


def logged(page: Page) -> Incident:
    page.wait_for_url("**/incidents/R-*/", timeout=15_000)
    incident = Incident.objects.select_related("customer", "category").get()
    expect(page.get_by_text(f"Logged, {incident.reference}")).to_be_visible()
    return incident


def test_known_customer_by_keyboard(cast: make.Cast, page: Page) -> None:
    known = make.make_customer("Nora Novak")
    sign_in(page)
    hands = Hands(page)
    hands.press("n")
    page.wait_for_url("**/incidents/new/")
    ready(page)
    hands.type("nov")
    expect(page.get_by_role("option", name="Nora Novak")).to_be_visible()
    hands.press("Enter")
    has_focus(page, "what_happened")
    hands.type("Her order came two hours late and nobody had told her.")
    hands.press("Tab")
    hands.press("1")
    expect(page.locator("[name=value_order_ref]")).to_be_visible()
    check_accessible(page)
    hands.press("Control+Enter")
    incident = logged(page)
    assert (incident.customer, incident.category.key) == (known, "late")
    assert hands.count == 7 <= MOST


def test_new_customer_by_keyboard(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    hands = Hands(page)
    hands.press("n")
    page.wait_for_url("**/incidents/new/")
    ready(page)
    hands.type("Ada Stone")
    expect(page.get_by_role("option", name="Ada Stone")).to_be_visible()
    hands.press("Enter")
    has_focus(page, "new_phone")
    hands.type("312 555 0142")
    hands.tab_to("what_happened")
    hands.type("The projector in the meeting room did not start.")
    hands.press("Tab")
    hands.press("3")
    expect(page.locator("#id_category_2")).to_be_checked()
    hands.press("Control+Enter")
    customer = logged(page).customer
    assert customer is not None
    assert (customer.name, customer.contact_points.get().normalized) == ("Ada Stone", "+13125550142")
    assert hands.count == 12 <= MOST


def test_known_customer_by_touch(cast: make.Cast, open_browser: OpenBrowser) -> None:
    known = make.make_customer("Nora Novak")
    phone = open_browser(**PHONE)
    sign_in(phone)
    hands = Hands(phone)
    hands.tap(".bottombar a[href='/incidents/new/']")
    phone.wait_for_url("**/incidents/new/")
    button = phone.get_by_role("button", name="Log it").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 844, "Log it is visible without scrolling"
    ready(phone)
    hands.tap("[name=customer_name]")
    phone.keyboard.type("nov")
    hands.tap("[role=option]")
    phone.locator("[name=what_happened]").tap()
    hands.type("Her order came two hours late.")
    hands.tap("#id_category_0")
    expect(phone.locator("[name=value_order_ref]")).to_be_visible()
    check_accessible(phone)
    hands.tap("button:has-text('Log it')")
    assert logged(phone).customer == known
    assert hands.count == 6 <= MOST


def test_new_customer_by_touch(cast: make.Cast, open_browser: OpenBrowser) -> None:
    phone = open_browser(**PHONE)
    sign_in(phone)
    hands = Hands(phone)
    hands.tap(".bottombar a[href='/incidents/new/']")
    phone.wait_for_url("**/incidents/new/")
    ready(phone)
    hands.tap("[name=customer_name]")
    phone.keyboard.type("Ada Stone")
    hands.tap(".combo-new")
    has_focus(phone, "new_phone")
    hands.type("312 555 0142")
    phone.locator("[name=what_happened]").tap()
    hands.type("The projector did not start.")
    hands.tap("#id_category_2")
    hands.tap("button:has-text('Log it')")
    assert logged(phone).customer == Customer.objects.get(name="Ada Stone")
    assert hands.count == 7 <= MOST


def test_back_and_again_lands_on_the_same_one(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    page.goto("/incidents/new/")
    page.fill("[name=customer_name]", "Ada Stone")
    page.fill("[name=what_happened]", "The lift stood still.")
    page.check("[name=category][value=room]", force=True)
    page.keyboard.press("Control+Enter")
    first = logged(page)
    page.go_back()
    page.get_by_role("button", name="Log it").click()
    page.wait_for_url(f"**/incidents/{first.reference}/")
    assert Incident.objects.count() == 1


def test_what_was_typed_is_offered_again(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    page.goto("/incidents/new/")
    page.fill("[name=what_happened]", "The lift stood")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.goto("/customers/")
    page.goto("/incidents/new/")
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("[name=what_happened]")).to_have_value("The lift stood")


def test_the_customer_pages(cast: make.Cast, phone: Page) -> None:
    incident = make.make_incident(cast.desk, customer=make.make_customer(account="Rowing Club"))
    foreign = make.make_incident(cast.outsider, customer=incident.customer)
    make.give(foreign, cast.outsider, "refund", actual_amount="20")
    sign_in(phone)
    check_accessible(phone)
    for path in (f"/customers/{incident.customer_id}/", f"/customers/{incident.customer_id}/change/"):
        phone.goto(path)
        check_accessible(phone)
    phone.goto(f"/incidents/{incident.reference}/change/")
    check_accessible(phone)
