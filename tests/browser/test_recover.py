"""Two people at the same call."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser import walk
from tests.browser.hands import Hand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_at_once_see_who_was_faster(hand: Hand, people: make.Cast) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    make.apologize(incident, people.desk, now=timezone.now())
    make.give(incident, people.desk, now=timezone.now())
    hand.sign_in(people.desk, "/calls/?who=everyone")
    hand.open("Later")
    make.call(incident, people.colleague, "satisfied", now=timezone.now(), submit_key=uuid4())
    hand.page.watched.expect("409")  # type: ignore[attr-defined]
    hand.press(walk.button(hand.page.locator("li.call"), "Still unhappy"))
    expect(hand.page.get_by_role("alert").filter(has_text="Nora Novak")).to_contain_text(
        "Someone has already made this call."
    )
