"""The fast desk in a browser: nothing typed is lost or greets somebody else, and the list of keys is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import Account, Attachment, Draft, Incident, Staff
from tests import make, pictures
from tests.browser.entering import enter
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible
from tests.browser.thumb import tap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]

NEW = "/incidents/new/"


@pytest.fixture
def cast(live_server: object) -> make.Cast:
    return make.make_cast()


def sign_in(page: Page, email: str = "dora@example.com", path: str = NEW) -> None:
    enter(page, Staff.objects.get(email=email), path)


def credentials(page: Page, email: str = "dora@example.com") -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", make.PASSWORD)
    page.press("[name=password]", "Enter")


def lose_session(page: Page) -> None:
    page.context.clear_cookies(name="recovery_session")


def saved(page: Page) -> None:
    expect(page.get_by_text("Draft saved").first).to_be_visible()


def story(page: Page) -> str:
    return page.locator("[name=what_happened]").input_value()


def test_signing_in_again_lands_on_the_form_with_everything_typed(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    page.fill("[name=customer_name]", "Ada Stone")
    page.locator("#id_category_0").check(force=True)
    page.fill("[name=value_order_ref]", "A 17")
    page.fill("[name=what_happened]", "The lift stood")
    saved(page)
    lose_session(page)
    page.fill("[name=what_happened]", "The lift stood still for an hour.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/accounts/login/**")
    credentials(page)
    page.wait_for_url("**/incidents/new/?resume")
    expect(page.locator("[name=what_happened]")).to_have_value("The lift stood still for an hour.")
    expect(page.locator("[name=value_order_ref]")).to_have_value("A 17")
    expect(page.locator("#id_category_0")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/R-*/")
    assert Incident.objects.get().order_reference == "A17"
    page.goto(NEW)
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def test_never_saved_on_the_server_it_comes_back_from_this_device(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    lose_session(page)
    page.fill("[name=customer_name]", "Ada Stone")
    page.locator("#id_category_0").check(force=True)
    page.fill("[name=what_happened]", "The lift stood still.")
    page.keyboard.press("Tab")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.get_by_role("link", name="Sign in again").click()
    credentials(page)
    page.wait_for_url("**/incidents/new/?resume")
    expect(page.locator("[name=what_happened]")).to_have_value("The lift stood still.")
    expect(page.locator("[name=value_order_ref]")).to_be_visible()


def test_a_shared_desk_greets_nobody_with_another_s_words(cast: make.Cast, page: Page) -> None:
    sign_in(page)
    page.fill("[name=what_happened]", "The lift stood")
    saved(page)
    lose_session(page)
    page.fill("[name=what_happened]", "The lift stood still.")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Sign in again").click()
    credentials(page, "cole@example.com")
    page.wait_for_url("**/incidents/new/?resume")
    expect(page.locator("[name=customer_name][role=combobox]")).to_be_visible()
    assert story(page) == ""
    expect(page.locator("[data-draft-offer]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_another_device_and_a_crash_go_on_where_it_was(cast: make.Cast, page: Page, open_browser: OpenBrowser) -> None:
    sign_in(page)
    page.fill("[name=what_happened]", "The lift stood still.")
    saved(page)
    page.close()  # as a crash does: nothing is said to the page
    phone = open_browser(**PHONE)
    sign_in(phone)
    tap(phone.get_by_role("link", name="Continue"))
    expect(phone.locator("[name=what_happened]")).to_have_value("The lift stood still.")


def test_words_on_the_incident_s_page_survive(cast: make.Cast, page: Page) -> None:
    incident = make.make_incident(cast.desk)
    path = incident.get_absolute_url()
    sign_in(page, path=path)
    page.get_by_label("What was said").fill("I am sorry that you had to")
    saved(page)
    lose_session(page)
    page.get_by_label("What was said").fill("I am sorry that you had to wait in the cold.")
    page.get_by_role("button", name="Record the apology").click()
    page.wait_for_url("**/accounts/login/**")
    credentials(page)
    page.wait_for_url(f"**{path}?resume")
    expect(page.get_by_label("What was said")).to_have_value("I am sorry that you had to wait in the cold.")
    check_accessible(page)
    page.get_by_role("button", name="Record the apology").click()
    expect(page.get_by_text("Apology recorded.")).to_be_visible()
    assert incident.apologies.get().words == "I am sorry that you had to wait in the cold."
    assert not Draft.objects.exists()
    page.goto(path)
    assert page.locator("[data-draft-offer]:visible").count() == 0


def test_their_first_order_and_a_key_account(cast: make.Cast, page: Page) -> None:
    make.make_customer("Nora Novak", account="Rowing Club")
    Account.objects.update(is_key=True, note="Rosa looks after them.")
    sign_in(page)
    page.locator("[name=category][value=room]").check(force=True)
    chosen = page.locator("#how-bad input:checked")
    expect(chosen).to_have_value("3")
    page.get_by_label("It is their first order with us").check()
    expect(page.get_by_text("Major, since it is their first order.")).to_be_visible()
    expect(chosen).to_have_value("2")
    page.locator("#id_severity_2").check(force=True)
    page.get_by_label("It is their first order with us").uncheck()
    expect(chosen).to_have_value("3")
    page.fill("[name=customer_name]", "nov")
    page.get_by_role("option", name="Nora Novak").click()
    expect(page.get_by_text("Rosa looks after them.")).to_be_visible()
    expect(page.get_by_text("Major, since they belong to a key account.")).to_be_visible()
    check_accessible(page)


def test_the_order_is_asked_about_while_it_is_typed(cast: make.Cast, page: Page) -> None:
    old = make.make_incident(cast.colleague, category="late", field_values={"order_ref": "AB 1234"})
    make.give(old, cast.colleague, "refund", actual_amount="20", now=timezone.now())
    sign_in(page)
    page.locator("#id_category_0").check(force=True)
    page.locator("[name=value_order_ref]").press_sequentially("ab1234")
    expect(page.get_by_text("for this order")).to_be_visible()
    expect(page.locator("[name=value_order_ref]")).to_be_focused()
    check_accessible(page)


def test_photos_add_up_and_one_is_left_out(
    cast: make.Cast, open_browser: OpenBrowser, tmp_path: Path, settings: object
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    files = []
    for name, colour in (("one.jpg", "red"), ("two.jpg", "blue"), ("three.jpg", "green")):
        files.append(tmp_path / name)
        files[-1].write_bytes(pictures.photo(colour=colour))
    phone = open_browser(**PHONE)
    sign_in(phone)
    phone.fill("[name=customer_name]", "Ada Stone")
    phone.fill("[name=what_happened]", "The box was crushed.")
    tap(phone.locator("#id_category_2"))
    for file in files:
        phone.set_input_files("[name=photos]", file)
    tap(phone.get_by_role("button", name="Leave out two.jpg"))
    check_accessible(phone)
    tap(phone.get_by_role("button", name="Log it"))
    phone.wait_for_url("**/incidents/R-*/")
    assert sorted(Attachment.objects.values_list("original_name", flat=True)) == ["one.jpg", "three.jpg"]


@pytest.mark.parametrize(
    ("path", "there", "missing"),
    [
        (NEW, ["Handled on the spot", "Choose by number", "Save the form"], ["Next and previous row"]),
        ("/customers/", ["Search", "Log a mistake"], ["Choose by number", "Handled on the spot"]),
    ],
)
def test_the_list_of_keys_is_true(cast: make.Cast, page: Page, path: str, there: list[str], missing: list[str]) -> None:
    sign_in(page, path=path)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    shown = page.locator("#keys-help .key-list").inner_text()
    assert [words for words in there if words not in shown] == []
    assert [words for words in missing if words in shown] == []
    check_accessible(page)


def test_letters_off_says_so_and_does_nothing(cast: make.Cast, page: Page) -> None:
    cast.desk.has_letter_keys = False
    cast.desk.save(update_fields=["has_letter_keys"])
    sign_in(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    expect(page.locator("#id_is_on_the_spot")).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_hidden()
    page.locator("details[data-menu] > summary").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_text("Single letters are turned off.")).to_be_visible()
    expect(page.locator("#keys-help").get_by_text("Log a mistake")).to_be_hidden()
