"""Several recoveries ticked on the list and handed over: by mouse, by keys, without a script; as axe sees it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.actions import jobs
from incidents.models import Incident, Job, Staff
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser, check_accessible, in_every_look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]
LIST = "/incidents/?view=all"


def told(cast: make.Cast, number: int = 4) -> list[Incident]:
    now = timezone.now()
    return [
        make.make_incident(cast.desk, now=now - (number - n) * make.HOUR, customer=make.make_customer(f"Guest {n}"))
        for n in range(number)
    ]


def hand_over(page: Page, to: Staff) -> None:
    page.get_by_label("To whom").select_option(label=to.name)
    page.get_by_role("button", name="See what that means").click()
    page.get_by_role("button", name="Hand 2 over").click()
    page.wait_for_url("**/jobs/*/")


def work() -> Job:
    jobs.work(budget=dt.timedelta(minutes=1))
    return Job.objects.get()


def test_ticked_by_mouse_and_key_handed_over_and_given_back(open_browser: OpenBrowser, people: make.Cast) -> None:
    first, second, third, _fourth = told(people)
    page = open_browser()
    enter(page, people.manager, LIST)
    expect(page.locator(".tick").first).to_be_hidden()
    page.get_by_text("Choose several").click()
    page.get_by_label(f"Choose {first.who}, {first.reference}").check()
    page.get_by_label(f"Choose {second.who}, {second.reference}").focus()
    page.keyboard.press("Space")
    expect(page.locator(".bulk-bar")).to_be_visible()
    expect(page.locator(".tick > :checked")).to_have_count(2)
    check_accessible(page)
    page.locator(".bulk-bar").get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 recoveries")
    hand_over(page, people.colleague)
    work()
    page.reload()
    expect(page.get_by_text("2 were handed over.").last).to_be_visible()
    check_accessible(page)
    assert [make.fresh(one).assignee for one in (first, third)] == [people.colleague, people.desk]
    page.get_by_role("button", name="Give all back").click()
    page.get_by_role("dialog").get_by_role("button", name="Give all back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give 2 recoveries back")


def test_the_card_is_still_the_link(open_browser: OpenBrowser, people: make.Cast) -> None:
    first = told(people)[0]
    page = open_browser()
    enter(page, people.manager, LIST)
    page.get_by_text("Choose several").click()
    page.locator(".rcard").first.click(position={"x": 300, "y": 20})
    page.wait_for_url(f"**{first.get_absolute_url()}")


def test_without_a_script_it_is_all_the_same(open_browser: OpenBrowser, people: make.Cast) -> None:
    first, second, *_rest = told(people)
    page = open_browser(java_script_enabled=False)
    enter(page, people.manager, LIST)
    page.get_by_text("Choose several").click()
    for one in (first, second):
        page.get_by_label(f"Choose {one.who}, {one.reference}").check()
    page.locator(".bulk-bar").get_by_role("button", name="Hand over").click()
    hand_over(page, people.colleague)
    work()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("2 were handed over.").last).to_be_visible()


@in_every_look
def test_every_page_is_accessible(
    device: dict[str, object], theme: str, open_browser: OpenBrowser, people: make.Cast
) -> None:
    told(people)
    people.manager.theme = theme
    people.manager.save(update_fields=["theme"])
    page = open_browser(**device)
    for asks in ("", "?act=meeting", "?act=reassign", f"?act=reassign&to={people.colleague.pk}"):
        enter(page, people.manager, f"/bulk/{asks}")
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
