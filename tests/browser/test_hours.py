"""Opening hours, holidays and targets as axe sees them, by hand, and without a script."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import ClockTarget, Location, OpenHours, SpecialDay
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser, check_accessible, in_both_looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def give_hours(place: Location) -> None:
    for day in range(5):
        OpenHours.objects.create(location=place, weekday=day, opens=dt.time(9), closes=dt.time(12, 30))
        OpenHours.objects.create(location=place, weekday=day, opens=dt.time(13, 30), closes=dt.time(17, 30))
    Location.objects.filter(pk=place.pk).update(holiday_region="US")


@in_both_looks
def test_accessible(open_browser: OpenBrowser, cast: make.Cast, device: dict[str, object], theme: str) -> None:
    give_hours(cast.here)
    SpecialDay.objects.create(location=cast.here, date=timezone.now().date() + dt.timedelta(days=9), name="Stocktaking")
    ClockTarget.objects.create(location=cast.here, severity=3, clock="apologize", minutes=120)
    cast.owner.theme = theme
    cast.owner.save(update_fields=["theme"])
    own, at = f"/catalogue/hours/{cast.here.pk}/", f"?at={cast.here.pk}"
    pages = ["/catalogue/hours/", own, f"{own}days/", f"/catalogue/hours/{cast.elsewhere.pk}/", "/locations/"]
    pages += [f"/catalogue/targets/{rest}" for rest in ("", at, "3/", f"3/{at}", f"1/{at}")]
    pages += [f"/catalogue/ladders/{rest}" for rest in ("", at, "3/apology_due/", f"1/follow_up_due/{at}")]
    page = open_browser(**device)
    enter(page, cast.owner, pages[0])
    for address in pages:
        page.goto(address)
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_week_by_hand(open_browser: OpenBrowser, cast: make.Cast) -> None:
    page = open_browser()
    enter(page, cast.manager, f"/catalogue/hours/{cast.here.pk}/")
    expect(page.get_by_label("Monday, 1. from")).to_be_hidden()  # always open: nothing to fill in
    page.get_by_role("radio", name="At the hours below").check()
    page.get_by_label("Monday, 1. until").fill("12:30")
    page.get_by_label("Monday, 2. from").fill("13:30")
    page.get_by_label("Monday, 2. until").fill("17:30")
    page.get_by_role("button", name="Add an interval Monday").click()
    expect(page.get_by_label("Monday, 3. from")).to_be_focused()
    page.get_by_label("Monday, 3. from").fill("20:00")
    page.get_by_label("Monday, 3. until").fill("01:00")
    page.get_by_role("button", name="Copy Monday to the other weekdays").click()
    expect(page.get_by_label("Friday, 3. until")).to_have_value("01:00")
    page.get_by_label("Sunday", exact=True).select_option("all_day")
    expect(page.get_by_label("Sunday, 1. from")).to_be_hidden()
    page.get_by_role("button", name="Save for Harbour Hotel").click()
    expect(page.get_by_text("Opening hours saved.")).to_be_visible()
    expect(page.get_by_text("Mon–Fri 09:00–12:30, 13:30–17:30, 20:00–01:00 the next day")).to_be_visible()
    expect(page.get_by_text("Sun around the clock")).to_be_visible()


@pytest.mark.parametrize(("keys", "has_script"), [("Enter", True), ("Control+Enter", True), ("Enter", False)])
def test_enter_saves_the_week(open_browser: OpenBrowser, cast: make.Cast, keys: str, has_script: bool) -> None:
    give_hours(cast.here)
    page = open_browser(java_script_enabled=has_script)
    enter(page, cast.manager, f"/catalogue/hours/{cast.here.pk}/")
    page.get_by_label("Monday, 2. until").fill("18:45")
    page.get_by_label("Monday, 2. until").press(keys)
    expect(page.get_by_text("Opening hours saved.")).to_be_visible()
    assert OpenHours.objects.filter(weekday=0, closes=dt.time(18, 45)).exists()


def test_a_week_without_a_script(open_browser: OpenBrowser, cast: make.Cast) -> None:
    page = open_browser(java_script_enabled=False)
    enter(page, cast.manager, f"/catalogue/hours/{cast.here.pk}/")
    page.get_by_role("radio", name="At the hours below").check()
    page.get_by_role("button", name="Add an interval Monday").click()
    page.get_by_label("Monday, 3. from").fill("20:00")
    page.get_by_label("Monday, 3. until").fill("22:00")
    page.get_by_role("button", name="Copy Monday to the other weekdays").click()
    page.get_by_role("button", name="Save for Harbour Hotel").click()
    expect(page.get_by_text("Mon–Fri 09:00–17:00, 20:00–22:00")).to_be_visible()


def test_another_country_brings_its_parts_and_a_tap_opens(open_browser: OpenBrowser, cast: make.Cast) -> None:
    give_hours(cast.here)
    page = open_browser()
    enter(page, cast.manager, f"/catalogue/hours/{cast.here.pk}/days/")
    page.get_by_label("Country", exact=False).first.select_option(label="Germany")
    page.get_by_label("Part of the country").select_option(label="Bayern")
    page.get_by_role("button", name="Save the region").click()
    row = page.get_by_role("listitem").filter(has_text="Epiphany")
    row.get_by_role("button").click()
    row = page.get_by_role("listitem").filter(has_text="Epiphany")
    expect(row.locator(".pill")).to_have_text("Open as usual")


def test_the_preview_follows_the_typing(open_browser: OpenBrowser, cast: make.Cast) -> None:
    page = open_browser()
    enter(page, cast.manager, f"/catalogue/targets/3/?at={cast.here.pk}")
    expect(page.get_by_label("Apologize: how many")).to_be_hidden()
    page.get_by_label("Apologize: minutes, hours or days").select_option("day_end")
    expect(page.locator("#preview")).to_contain_text("apology by 24:00")
    page.get_by_role("button", name="Save for Harbour Hotel").click()
    expect(page.get_by_text("Here by the end of the day, elsewhere within 4 opening hours")).to_be_visible()
