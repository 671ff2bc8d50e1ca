"""A whole meeting on two screens: the wall with a clicker, the phone of whoever writes; and what came of it later."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.actions import causes, practice, prevention
from incidents.models import (
    Incident,
    Meeting,
    Minutes,
    PreventionAction,
    Review,
    RootCause,
    Scenario,
    Staff,
)
from tests import make, meetings
from tests.browser.entering import enter
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible
from tests.make import DAY
from tests.paper import read_paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
NAMES = ("Keller", "Bruno", "Osei", "Grace", "312 555")
ENOUGH = 5  # before a change, for "not seen again"


@pytest.fixture
def cast(live_server: object, patience: None) -> make.Cast:
    return make.make_cast()


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def misfiled(cast: make.Cast, now: dt.datetime) -> Incident:
    """Story 001; the same has happened five times before."""
    cause = RootCause.objects.get(key="wrong_information")
    for number in range(ENOUGH):
        before = make.make_incident(cast.desk, category="misfiled", severity=4, now=now - (20 + number) * DAY)
        causes.set_cause(incident_id=before.pk, root_cause=cause, by=cast.manager, now=now)
    bruno = make.make_customer("Bruno Keller", phone="+1 312 555 0177")
    incident = meetings.on_the_list(
        cast.desk,
        now=now - 3 * DAY,
        category="misfiled",
        customer=bruno,
        what_happened="Bruno Keller rang: the order he placed on Friday never came. Call 312 555 0177.",
        severity=2,
    )
    make.apologize(incident, cast.desk, now=now - 3 * DAY, words="We lost it, Bruno. I am sorry.")
    make.give(incident, cast.desk, "redo", now=now - 3 * DAY, what="The whole order", minutes=25)
    return incident


@pytest.fixture
def dropped(cast: make.Cast, now: dt.datetime) -> Incident:
    """Story 004: nobody rang her back; no routine is written down."""
    return meetings.on_the_list(
        cast.desk,
        now=now - 2 * DAY,
        category="routine",
        customer=make.make_customer("Grace Osei", phone="+1 312 555 0188"),
        what_happened="Grace Osei asked for a late key. Nobody told the night shift, and she stood outside.",
    )


@pytest.fixture
def scenario(cast: make.Cast, now: dt.datetime) -> Scenario:
    """Story 003, with three answers."""
    made = practice.make_scenario(
        location=cast.here,
        incident=None,
        category=make.category("reservation"),
        title="A room that is not there",
        story="It is late, there is a queue, and no room is left for somebody who booked one.",
        question="What would you do first?",
        ending="They were brought to another house by taxi, and called there the next morning.",
        by=cast.manager,
        now=now,
        submit_key=uuid4(),
    )
    practice.publish(scenario_id=made.pk, by=cast.manager, now=now)
    for words in ("Say sorry before anything else", "Ring the house next door", "Make tea for the queue"):
        practice.answer(scenario_id=made.pk, words=words)
    return made


def sign_in(page: Page, path: str) -> None:
    enter(page, Staff.objects.get(email="mona@example.com"), path)


def on_the_wall(wall: Page, words: str) -> None:
    expect(wall.locator("#main")).to_contain_text(words)
    shown = wall.locator("body").inner_text()
    assert not [name for name in NAMES if name in shown], shown


def click_on(wall: Page, times: int = 1) -> None:
    """The clicker sends PageDown."""
    for _ in range(times):
        before = wall.locator("[data-at]").get_attribute("data-at")
        wall.keyboard.press("PageDown")
        expect(wall.locator("[data-at]")).not_to_have_attribute("data-at", before or "")


def agree(phone: Page, what: str, kind: str) -> None:
    phone.get_by_label("What will we change?").fill(what)
    phone.get_by_label("How", exact=True).select_option(kind)
    phone.get_by_label("Who does it").select_option(label="Cole League")
    phone.get_by_role("button", name="Agreed").click()
    expect(phone.get_by_label("What will we change?")).to_have_value("")
    phone.get_by_role("button", name="We change something").click()
    expect(phone.locator("#desk")).to_contain_text("Outcome: We change something")


@pytest.mark.usefixtures("scenario")
def test_a_whole_meeting(
    cast: make.Cast,
    misfiled: Incident,
    dropped: Incident,
    open_browser: OpenBrowser,
) -> None:
    now = misfiled.reported_at + 3 * DAY
    meeting = meetings.call(cast, now=now)
    wall, phone = open_browser(**PROJECTOR), open_browser(**PHONE)
    sign_in(wall, f"/meetings/{meeting.pk}/room/")
    expect(wall.get_by_role("heading", name="Before we begin")).to_be_visible()
    check_accessible(wall)
    wall.get_by_role("button", name="Begin", exact=True).click()

    on_the_wall(wall, "the order he placed on Friday never came")
    check_accessible(wall)
    sign_in(phone, f"/meetings/{meeting.pk}/write/")
    review_the_order(wall, phone)
    review_the_key(wall, phone)
    practise(wall, phone)
    pdf = end(wall, phone, meeting)
    assert not [name for name in NAMES if name in pdf]
    for words in ("Stamp each order", "Ring through to the night", "Pass on the key", "By a count at noon"):
        assert words in pdf, words
    later(cast, dropped, now)


def review_the_order(wall: Page, phone: Page) -> None:
    """Typed on the phone, seen on the wall."""
    expect(phone.locator("#bar")).to_contain_text("Paperwork misfiled or lost")
    check_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the phone scrolls sideways"
    click_on(wall)
    on_the_wall(wall, "What it cost")
    click_on(wall)
    phone.get_by_label("How could we have known first?").fill("By a count at noon")
    phone.get_by_label("Misfiled or wrong information").first.check()
    on_the_wall(wall, "By a count at noon")
    expect(wall.locator(".cause.is-chosen")).to_contain_text("Misfiled or wrong information")
    click_on(wall)
    agree(phone, "Stamp each order on the day it comes", "remove")
    on_the_wall(wall, "Stamp each order")
    on_the_wall(wall, "Outcome: We change something")
    wall.keyboard.press("b")
    expect(wall.locator("#black")).to_be_visible()
    wall.keyboard.press("b")
    expect(wall.locator("#black")).to_be_hidden()
    click_on(wall)


def review_the_key(wall: Page, phone: Page) -> None:
    """Steps that nobody had written down are typed as they are said; names are shown only when asked for."""
    on_the_wall(wall, "asked for a late key")
    wall.keyboard.press("h")
    wall.get_by_role("button", name="Show names").click()
    expect(wall.locator("#main")).to_contain_text("Grace Osei")
    wall.get_by_role("button", name="Hide names").click()
    expect(wall.locator("#main")).not_to_contain_text("Grace Osei")
    expect(phone.locator("#bar")).to_contain_text("2/")
    for words in ("Pass on the key", "Write it in the night book"):
        phone.get_by_label("A step that was missed and is not listed").fill(words)
        phone.get_by_role("button", name="Add it").click()
        expect(phone.get_by_role("button", name=words)).to_have_attribute("aria-pressed", "true")
    phone.get_by_label("Step missed").first.check()
    click_on(wall, 2)
    on_the_wall(wall, "Pass on the key")
    agree(phone, "Ring through to the night shift at ten", "checklist")


def practise(wall: Page, phone: Page) -> None:
    phone.get_by_text("Agenda", exact=True).click()
    phone.locator(".bar-agenda").get_by_role("button", name="Practice").click()
    on_the_wall(wall, "no room is left")
    assert "by taxi" not in wall.locator("body").inner_text()
    click_on(wall)
    on_the_wall(wall, "Make tea for the queue")
    check_accessible(wall)
    click_on(wall)
    on_the_wall(wall, "brought to another house by taxi")
    phone.get_by_label("What was said").fill("We would ring before the bus comes.")
    on_the_wall(wall, "We would ring before the bus comes.")


def end(wall: Page, phone: Page, meeting: Meeting) -> str:
    """Not before everything has an outcome; both screens say that it is over. The text of the minutes on paper."""
    for _ in range(6):
        if wall.get_by_role("heading", name="What we agreed").count():
            break
        click_on(wall)
    on_the_wall(wall, "What we agreed")
    expect(wall.locator(".line")).to_have_count(2)
    wall.get_by_role("button", name="End the meeting").click()
    wall.wait_for_url("**/minutes/")
    expect(phone.locator("#desk")).to_contain_text("That was it. Thank you.")
    assert Minutes.objects.get(meeting=meeting).number == 1
    answer = wall.request.get(f"/meetings/{meeting.pk}/minutes/pdf/", timeout=60_000)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return read_paper(answer.body())


def later(cast: make.Cast, dropped: Incident, now: dt.datetime) -> None:
    """Ninety days later: one was not seen again, one came back."""
    for change in PreventionAction.objects.order_by("pk"):
        prevention.finish(action_id=change.pk, evidence="It is done so.", by=cast.colleague, now=timezone.now())
    again = make.make_incident(cast.desk, category="routine", now=now + 30 * DAY)
    cause = Review.objects.get(incident=dropped).root_cause
    causes.set_cause(incident_id=again.pk, root_cause=cause, by=cast.manager, now=now + 30 * DAY)
    prevention.check_due(now=timezone.now() + 91 * DAY)
    stamp, ring = PreventionAction.objects.order_by("pk")
    assert (stamp.verdict, stamp.done_at is not None) == ("not_seen", True)
    assert (ring.verdict, ring.done_at, ring.reopened_count) == ("recurred", None, 1)
    assert make.fresh(dropped).review_state == "preventing"


def test_both_versions_are_shown_when_two_write_at_once(
    cast: make.Cast, dropped: Incident, now: dt.datetime, open_browser: OpenBrowser
) -> None:
    meeting = meetings.begin(meetings.call(cast, now=now), cast.manager, now=now)
    phone = open_browser(**PHONE)
    phone.watched.expect("409")  # type: ignore[attr-defined]
    sign_in(phone, f"/meetings/{meeting.pk}/write/")
    field = phone.get_by_label("How could we have known first?")
    field.press_sequentially("M")
    meetings.save(Review.objects.get(), cast.manager, known_first="Theirs: a list", now=now)
    field.press_sequentially("ine: a bell")
    expect(phone.locator(".both")).to_contain_text("Theirs: a list")
    expect(phone.get_by_label("How could we have known first?")).to_have_value("Mine: a bell")
    phone.get_by_role("button", name="Save").first.click()
    expect(phone.locator(".both")).to_have_count(0)
    assert Review.objects.get().known_first == "Mine: a bell"
