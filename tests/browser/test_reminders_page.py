"""The Reminders page, the release of mail, the profile and the banner, as axe sees them; and trying again by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import ClockGap, Heartbeat, OutboxHold
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser, check_accessible, in_every_look
from tests.views.deliveries.rows import MINUTE, dead, mail, reminder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/reminders/",
    "/reminders/?state=dead",
    "/reminders/?what=mails",
    "/reminders/?what=mails&state=failed",
    "/reminders/?state=sent",
    "/reminders/release/",
    "/profile/",
    "/calls/",
)


def stage(cast: make.Cast) -> None:
    """One of everything, the clock process silent, mail on hold."""
    now = timezone.now()
    Heartbeat.objects.create(name="worker_sweep", at=now - 12 * MINUTE)
    ClockGap.objects.create(started_at=now - 30 * make.HOUR, ended_at=now - 24 * make.HOUR)
    incident = make.make_incident(cast.desk, now=now)
    reminder(incident, due_at=now - 12 * MINUTE)
    reminder(incident, due_at=now + make.DAY, kind="promise_due", rung=3)
    reminder(incident, state="claimed", lease_until=now + MINUTE, tries=1)
    reminder(incident, kind="receipt_missing", rung=0, tries=2, last_error="KeyError")
    dead(incident)
    mail(cast.desk, next_try_at=now - make.DAY)
    mail(cast.manager, tries=2, last_error="smtp 451", next_try_at=now + 5 * MINUTE)
    mail(cast.colleague, state="failed", tries=1, last_error="smtp 550")
    OutboxHold.objects.create(since=now - dt.timedelta(hours=3), reason="restored")


@in_every_look
def test_everything_is_accessible(device: dict[str, object], theme: str, open_browser: OpenBrowser) -> None:
    cast = make.make_cast()
    stage(cast)
    cast.owner.theme = theme
    cast.owner.save(update_fields=["theme"])
    page = open_browser(**device)
    for address in PAGES:
        enter(page, cast.owner, address)
        check_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"


def test_a_dead_reminder_is_tried_again_by_keyboard(open_browser: OpenBrowser) -> None:
    cast = make.make_cast()
    stage(cast)
    page = open_browser()
    enter(page, cast.manager, "/calls/")
    page.get_by_role("link", name="See what waits").press("Enter")
    page.get_by_role("navigation", name="State").get_by_role("link", name="Given up 1").press("Enter")
    page.get_by_role("button", name="Try again Call due: Nora Novak").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("It is tried again within ten seconds.")
    expect(page.get_by_role("heading", name="Nothing is stuck")).to_be_visible()


def test_release_asks_first(open_browser: OpenBrowser) -> None:
    cast = make.make_cast()
    stage(cast)
    page = open_browser()
    enter(page, cast.owner, "/reminders/")
    page.get_by_role("link", name="Release…").click()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("dialog")).to_contain_text("What was sent cannot be called back")
    assert OutboxHold.objects.exists()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(page.get_by_role("status").first).to_contain_text("Released. Mail goes out.")
    assert not OutboxHold.objects.exists()
