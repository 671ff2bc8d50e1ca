"""Search everywhere by keyboard, by thumb and without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.actions.words import count_words
from incidents.models import Incident
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import DESKTOP, PHONE, OpenBrowser, check_accessible

WIDE = DESKTOP | {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def cold(people: make.Cast) -> Incident:
    told = "The shower stayed cold all morning."
    incident = make.make_incident(people.desk, now=timezone.now(), what_happened=told)
    count_words()
    return incident


@pytest.fixture
def desk(open_browser: OpenBrowser, people: make.Cast, patience: None) -> Page:
    page = open_browser(**WIDE)
    enter(page, people.desk, "/customers/")
    return page


def test_from_the_bar(desk: Page, cold: Incident) -> None:
    desk.keyboard.press("/")
    field = desk.get_by_role("combobox", name="Search everything")
    expect(field).to_be_focused()
    desk.keyboard.type("showre")
    expect(desk.get_by_role("option").first).to_contain_text(cold.reference)
    expect(desk.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(desk.locator("#say")).to_have_text("1 found")
    check_accessible(desk)
    desk.keyboard.press("ArrowDown")
    expect(desk.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{cold.get_absolute_url()}")


def test_from_any_field_by_one_key(desk: Page, cold: Incident) -> None:
    desk.goto("/incidents/new/")
    desk.locator("textarea").first.focus()
    desk.keyboard.press("Control+k")
    palette = desk.locator("#palette")
    expect(palette.get_by_role("combobox")).to_be_focused()
    expect(palette.get_by_role("option").first).to_contain_text("Log a mistake")
    check_accessible(desk)
    desk.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(desk.locator("textarea").first).to_be_focused()
    desk.keyboard.press("Control+k")
    desk.keyboard.type(cold.reference)
    expect(palette.get_by_role("option").first).to_contain_text(cold.reference)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{cold.get_absolute_url()}")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("hand ov")
    fold = palette.get_by_role("option", name="Hand over", exact=True)
    expect(fold).to_be_visible()
    fold.click()
    expect(desk.locator("#hand-over")).to_have_attribute("open", "")
    expect(desk.locator("#hand-over summary").first).to_be_focused()


@pytest.mark.parametrize("device", [PHONE, PHONE | {"java_script_enabled": False}], ids=["phone", "no script"])
def test_by_thumb_and_without_a_script(
    open_browser: OpenBrowser, people: make.Cast, cold: Incident, patience: None, device: dict[str, Any]
) -> None:
    page = open_browser(**device)
    enter(page, people.desk, "/customers/")
    page.get_by_role("link", name="Search", exact=True).click()
    field = page.get_by_label("Reference, order number, customer, phone or what happened")
    field.fill("cold shwoer")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.get_by_text("Showing results for")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    if device is PHONE:
        check_accessible(page)
    page.get_by_role("main").get_by_role("link", name=cold.reference).click()
    page.wait_for_url(f"**{cold.get_absolute_url()}")
