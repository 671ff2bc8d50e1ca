"""The two-minute morning: forty open, nine in danger of different kinds; all dealt with in place, none left."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.actions import needs
from incidents.board.needs.danger import dangers
from incidents.models import Handled, Incident, NeedKind, Staff
from tests import dangers as making
from tests import make
from tests.browser import morning as walked
from tests.browser.counted import check
from tests.browser.entering import enter
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible
from tests.browser.thumb import tap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPEN, IN_DANGER = 40, (
    NeedKind.CRITICAL,
    NeedKind.APOLOGY_LATE,
    NeedKind.UNHAPPY,
    NeedKind.APPROVAL,
    NeedKind.STEP_LATE,
    NeedKind.NEEDS_ASSIGNEE,
    NeedKind.RECEIPT_STUCK,
    NeedKind.UNREACHABLE,
    NeedKind.WENT_AHEAD,
)  # fmt: skip


@pytest.fixture
def cast(live_server: object, patience: None) -> make.Cast:
    return make.make_cast()


@pytest.fixture
def morning(cast: make.Cast) -> dict[NeedKind, Incident]:
    now = timezone.now()
    found = {kind: making.one_of(kind, cast, now) for kind in IN_DANGER}
    for number in range(OPEN - len(IN_DANGER)):
        making.calm(cast, now, f"Calm Guest {number}")
    assert Incident.objects.open().count() == OPEN
    return found


def sign_in(page: Page) -> None:
    enter(page, Staff.objects.get(email="mona@example.com"), "/")
    expect(page.get_by_role("heading", name="Needs you now")).to_be_visible()
    page.wait_for_load_state("load")


def none_left(page: Page, cast: make.Cast) -> None:
    expect(page.locator("#needs-count")).to_have_text("Nothing needs you now.")
    assert not any(dangers(cast.manager, timezone.now()).values())
    page.reload()
    expect(page.locator("#needs-count")).to_have_text("Nothing needs you now.")


def test_the_morning_by_keyboard(cast: make.Cast, morning: dict[NeedKind, Incident], page: Page) -> None:
    sign_in(page)
    expect(page.locator("#needs-count")).to_have_text("9 need you")
    check_accessible(page)
    count = walked.morning_by_keyboard(page)
    none_left(page, cast)
    assert make.fresh(morning[NeedKind.NEEDS_ASSIGNEE]).assignee == cast.manager
    assert make.fresh(morning[NeedKind.UNREACHABLE]).close_reason == "unreachable"
    check("morning_by_keyboard", count)


def test_the_morning_by_touch(cast: make.Cast, morning: dict[NeedKind, Incident], open_browser: OpenBrowser) -> None:
    phone = open_browser(**PHONE)
    sign_in(phone)
    check_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    count = walked.morning_by_touch(phone)
    none_left(phone, cast)
    assert morning[NeedKind.APOLOGY_LATE].apologies.get().author == cast.desk
    assert make.fresh(morning[NeedKind.NEEDS_ASSIGNEE]).assignee == cast.desk
    check("morning_by_touch", count)


def test_undo_brings_it_back(cast: make.Cast, page: Page) -> None:
    making.one_of(NeedKind.STEP_LATE, cast, timezone.now(), "Petra Late")
    sign_in(page)
    page.get_by_role("button", name="Remind Dora").click()
    expect(page.locator("#needs-count")).to_have_text("Nothing needs you now.")
    expect(page.locator("#needs-count")).to_have_count(1)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Remind Dora")).to_be_visible()
    expect(page.locator(".toast")).to_have_text(re.compile("It needs you again."))
    assert not Handled.objects.exists()


def test_the_next_one_takes_the_place_of_what_was_dealt_with(cast: make.Cast, open_browser: OpenBrowser) -> None:
    """On a long page: nobody scrolls down again, and Undo shows what came back."""
    for number in range(6):
        making.one_of(NeedKind.STEP_LATE, cast, timezone.now(), f"Petra Late {number}")
    phone = open_browser(**PHONE)
    sign_in(phone)
    rows = phone.locator("#needs li.need[id]")
    last, next_but_one = rows.nth(5), rows.nth(4)
    name = next_but_one.locator(".need-who").inner_text()
    expected = last.locator(".need-who").inner_text()
    tap(next_but_one.get_by_role("button", name="Remind Dora"))
    expect(rows).to_have_count(5)
    expect(phone.get_by_role("link", name=expected)).to_be_focused()
    expect(phone.get_by_role("link", name=expected)).to_be_in_viewport()
    assert phone.evaluate("scrollY") > 0
    tap(phone.locator(".toast").get_by_role("button", name="Undo"))
    expect(rows).to_have_count(6)
    expect(phone.get_by_role("link", name=name)).to_be_focused()
    expect(phone.get_by_role("link", name=name)).to_be_in_viewport()


def test_closing_is_undone_from_the_first_page(cast: make.Cast, page: Page) -> None:
    incident = making.one_of(NeedKind.UNREACHABLE, cast, timezone.now(), "Petra Silent")
    sign_in(page)
    page.get_by_role("button", name="Close: could not be reached").click()
    expect(page.locator("#needs-count")).to_have_text("Nothing needs you now.")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#needs-count")).to_have_text("1 needs you")
    assert make.fresh(incident).is_open


def test_somebody_else_was_faster(cast: make.Cast, page: Page) -> None:
    """It says who, and shows the list as it is now; nobody is reminded twice."""
    now = timezone.now()
    first = making.one_of(NeedKind.STEP_LATE, cast, now, "Petra Late")
    making.one_of(NeedKind.APPROVAL, cast, now + dt.timedelta(seconds=1), "Ann Other")
    sign_in(page)
    page.watched.expect("409")  # type: ignore[attr-defined]
    needs.nudge(incident_id=first.pk, kind=NeedKind.STEP_LATE, by=cast.owner, now=timezone.now())
    page.get_by_role("button", name="Remind Dora").click()
    expect(page.locator("#alerts")).to_contain_text("Olga Owner reminded them")
    expect(page.locator("#needs-count")).to_have_text("1 needs you")
    assert Handled.objects.get().by == cast.owner


def test_without_a_script(cast: make.Cast, morning: dict[NeedKind, Incident], open_browser: OpenBrowser) -> None:
    page = open_browser(java_script_enabled=False)
    page.goto("/accounts/login/?next=/")
    page.fill("[name=login]", "mona@example.com")
    page.fill("[name=password]", make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for left in range(len(IN_DANGER), 0, -1):
        expect(page.locator("#needs-count")).to_have_text(f"{left} need{'s' * (left == 1)} you")
        page.locator("#needs .need-acts button[type=submit]").first.click()
    expect(page.locator("#needs-count")).to_have_text("Nothing needs you now.")
