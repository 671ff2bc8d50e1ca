"""Two people at the same call."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.vocabulary import CloseReason, Outcome
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand, touch_first

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_at_once_see_who_was_faster(hand: Hand, people: make.Cast) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    make.apologize(incident, people.desk, now=timezone.now())
    make.give(incident, people.desk, now=timezone.now())
    hand.come_in(people.desk, "/calls/?who=everyone")
    hand.open("Later")
    make.call(incident, people.colleague, "satisfied", now=timezone.now(), submit_key=uuid4())
    hand.page.watched.expect("409")  # type: ignore[attr-defined]
    hand.press(walk.button(hand.page.locator("li.call"), "Still unhappy"))
    expect(hand.page.get_by_role("alert").filter(has_text="Nora Novak")).to_contain_text(
        "Someone has already made this call."
    )


@touch_first
def test_who_wants_no_contact_is_left_alone(hand: Hand, people: make.Cast) -> None:
    """The way to close it is one link away, and unfolds."""
    incident = make.make_incident(people.desk, now=timezone.now(), customer=make.make_customer())
    make.apologize(incident, people.desk, now=timezone.now())
    make.give(incident, people.desk, now=timezone.now())
    make.call(incident, people.desk, Outcome.DO_NOT_CONTACT, now=timezone.now(), submit_key=uuid4())
    hand.come_in(people.desk, incident.get_absolute_url())
    hand.press(hand.page.get_by_role("link", name="Close it as “Wants no contact”"))
    hand.pick(walk.radio(hand, "Wants no contact"))
    hand.write(hand.page.locator("#close").get_by_label("Why, in a few words"), "He asked us to stop.")
    hand.check()
    hand.press(walk.button(hand.page.locator("#close"), "Close it"))
    expect(hand.page.locator(".ihead")).to_contain_text("Closed: Wants no contact")
    assert make.fresh(incident).close_reason == CloseReason.NO_CONTACT_WANTED
