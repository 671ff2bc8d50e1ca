"""Log a mistake by keyboard at the desk and by touch on a phone; count what it takes.

The ways and what counts are in desk_speed.py; docs/desk-speed.md holds the counts.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Customer, Incident, Staff
from tests import make
from tests.browser import desk_speed
from tests.browser.counted import check
from tests.browser.entering import enter
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(live_server: object) -> make.Cast:
    return make.make_cast()


def sign_in(page: Page) -> None:
    enter(page, Staff.objects.get(email="dora@example.com"), "/customers/")


def logged(page: Page) -> Incident:
    page.wait_for_url("**/incidents/R-*/", timeout=15_000)
    incident = Incident.objects.select_related("customer", "category").get()
    expect(page.get_by_text(f"Logged, {incident.reference}")).to_be_visible()
    return incident


def test_known_customer_by_keyboard(cast: make.Cast, page: Page) -> None:
    known = make.make_customer("Nora Novak")
    sign_in(page)
    count = desk_speed.known_by_keyboard(page, look=lambda: check_accessible(page))
    incident = logged(page)
    assert (incident.customer, incident.category.key) == (known, "late")
    assert incident.what_happened == desk_speed.SENTENCE
    check("known_by_keyboard", count)


def test_new_customer_by_keyboard(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    count = desk_speed.new_by_keyboard(page)
    customer = logged(page).customer
    assert customer is not None
    assert (customer.name, customer.contact_points.get().normalized) == (desk_speed.NEW_NAME, "+13125550142")
    check("new_by_keyboard", count)


def test_known_customer_by_touch(cast: make.Cast, open_browser: OpenBrowser) -> None:
    known = make.make_customer("Nora Novak")
    phone = open_browser(**PHONE)
    sign_in(phone)

    def look() -> None:
        button = phone.get_by_role("button", name="Log it").bounding_box()
        assert button is not None
        assert button["y"] + button["height"] <= 844, "Log it is visible without scrolling"
        check_accessible(phone)

    count = desk_speed.known_by_touch(phone, look)
    assert logged(phone).customer == known
    check("known_by_touch", count)


def test_new_customer_by_touch(cast: make.Cast, open_browser: OpenBrowser) -> None:
    phone = open_browser(**PHONE)
    sign_in(phone)
    count = desk_speed.new_by_touch(phone)
    assert logged(phone).customer == Customer.objects.get(name=desk_speed.NEW_NAME)
    check("new_by_touch", count)


def on_the_spot(incident: Incident) -> None:
    remedy = incident.remedies.get()
    assert (remedy.type.key, remedy.what, str(remedy.actual_amount)) == ("free_item", desk_speed.DONE, "4.50")
    assert incident.stage == "follow_up"


def test_handled_on_the_spot_by_keyboard(cast: make.Cast, page: Page) -> None:
    make.make_customer("Nora Novak")
    sign_in(page)
    base = desk_speed.known_by_keyboard(page)
    count = desk_speed.known_by_keyboard(page, is_on_the_spot=True)
    on_the_spot(Incident.objects.latest("id"))
    check("spot_by_keyboard", count, base)


def test_handled_on_the_spot_by_touch(cast: make.Cast, open_browser: OpenBrowser) -> None:
    make.make_customer("Nora Novak")
    phone = open_browser(**PHONE)
    sign_in(phone)
    base = desk_speed.known_by_touch(phone)
    phone.goto("/customers/")
    count = desk_speed.known_by_touch(phone, is_on_the_spot=True)
    on_the_spot(Incident.objects.latest("id"))
    check("spot_by_touch", count, base)


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
