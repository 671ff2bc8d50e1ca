"""The bell by itself: asks while somebody can see it, says politely what is new, leaves the focus where it is."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from incidents.models import Notice
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HIDE = "Object.defineProperty(document, 'hidden', {get: () => Boolean(window.isHidden)});"


@pytest.fixture
def watching(open_browser: OpenBrowser, live_server: LiveServer) -> Page:
    """A page whose clock stands until the test moves it."""
    page = open_browser()
    page.clock.install()
    page.add_init_script(HIDE)
    return page


def tell(cast: make.Cast, occurrence: str) -> None:
    incident = cast.desk.incidents.first() or make.make_incident(cast.desk, now=timezone.now())
    Notice.objects.create(
        recipient=cast.desk,
        incident=incident,
        kind="unhappy",
        subject_id=incident.pk,
        occurrence=occurrence,
        at=timezone.now(),
    )


def test_what_is_new_is_said_and_the_focus_stays(watching: Page, people: make.Cast) -> None:
    enter(watching, people.desk, "/profile/")
    field = watching.get_by_role("textbox", name="Phone")
    field.focus()
    tell(people, "1")
    watching.clock.run_for(16_000)
    expect(watching.locator("#bell .count")).to_have_text("1")
    watching.clock.run_for(200)
    expect(watching.locator("#say")).to_have_text("1 new notice")
    expect(field).to_be_focused()
    tell(people, "2")
    watching.locator("#bell").focus()
    watching.clock.run_for(16_000)
    expect(watching.locator("#bell .count")).to_have_text("2")
    watching.clock.run_for(200)
    expect(watching.locator("#say")).to_have_text("2 new notices")
    expect(watching.locator("#bell")).to_be_focused()


def test_it_asks_while_it_can_be_seen_only(watching: Page, people: make.Cast) -> None:
    asked: list[int] = []
    watching.on("response", lambda answer: asked.append(answer.status) if "/notices/bell/" in answer.url else None)
    enter(watching, people.desk, "/profile/")
    watching.evaluate("window.isHidden = true")
    watching.clock.run_for(120_000)
    watching.evaluate("window.isHidden = false")
    with watching.expect_response("**/notices/bell/") as found:
        watching.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert found.value.status == 304
    assert asked == [304], "nothing was asked while the page was hidden"
    expect(watching.locator("#say")).to_have_text("")
