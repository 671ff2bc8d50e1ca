"""Sold out at eleven at night: another hotel and a taxi, more than the clerk may give, and nobody there to ask.

The call reaches the guest at the other hotel before he leaves it, and hears that he is not happy yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import ApprovalRequest, Incident, Verdict
from incidents.vocabulary import RemedyState, Severity, Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand
from tests.browser.walk import button, radio

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


NEW_HOTEL = "the Tern and a taxi there"


def test_no_room_at_night(new_hand: Callable[[], Hand], people: make.Cast) -> None:
    make.limit(people.desk, amount=120)
    hand = new_hand()
    hand.come_in(people.desk, "/incidents/new/")
    walk.name_customer(hand, "Emeka Sands", is_new=True)
    walk.tell(hand, "Confirmed for tonight, it is eleven, and we are sold out.", "Reservation not honoured")
    hand.pick(radio(hand, "Critical"))
    hand.check()
    incident = walk.log_it(hand)
    assert (incident.category.key, incident.field_values) == ("reservation", {})
    assert incident.severity == Severity.CRITICAL
    walk.apologize(hand)
    nobody_answers(hand)
    walk.deliver(hand, "the Tern")
    expect(walk.remedy(hand, "the Tern")).to_contain_text("212.50")
    reach_him_there(hand, incident)
    he_is_not_happy_yet(hand)

    incident.refresh_from_db()
    assert (incident.stage, incident.round_number) == (Stage.REMEDY, 2)
    assert incident.apologies.filter(round__number=2).get().author == people.desk
    remedy = incident.remedies.get()
    assert (remedy.state, str(remedy.actual_amount)) == (RemedyState.DELIVERED, "212.50")
    a_manager_looks_at_it(new_hand(), people)


def nobody_answers(hand: Hand) -> None:
    """Five minutes are long in the middle of the night; then the clerk goes ahead, and says why."""
    walk.ask(hand, "Alternative provider", NEW_HOTEL, amount="212.50", why="He stands here with two suitcases.")
    card = walk.remedy(hand, "the Tern")
    expect(card).to_contain_text("You may go ahead in 5 minutes.")
    expect(button(card, "Go ahead")).to_have_count(0)
    hand.check()
    ApprovalRequest.objects.update(proposed_at=timezone.now() - dt.timedelta(minutes=6))
    hand.page.reload()
    hand.write(card.get_by_label("Why it cannot wait"), "It is their last room, and nobody answers.")
    hand.check()
    hand.press(card.get_by_role("button", name="Go ahead"))
    walk.said(hand, "A manager looks at it afterwards.")


def reach_him_there(hand: Hand, incident: Incident) -> None:
    """The call comes before he leaves the other hotel."""
    hand.press(walk.step(hand, Stage.FOLLOW_UP).get_by_role("link", name="What to know before the call"))
    hand.page.wait_for_url("**/call/*/")
    hand.open("They leave, or are somewhere else")
    leaves = (timezone.now() + 20 * make.HOUR).astimezone(incident.location.zone).replace(second=0, microsecond=0)
    hand.write(hand.page.get_by_label("Where can we reach them?"), "The Tern, room 9")
    hand.write_moment(hand.page.get_by_label("They can be reached until"), leaves)
    hand.press(button(hand, "Note it"))
    expect(hand.page.locator("main")).to_contain_text("The Tern, room 9")
    hand.check()
    assert make.planned_call(incident).due_at <= leaves - dt.timedelta(minutes=30)


def he_is_not_happy_yet(hand: Hand) -> None:
    """What is said in that call counts as the next apology."""
    hand.open("Their words, a score, an apology in this call")
    hand.write(hand.page.get_by_label("What they said"), "Nobody there knew that I was coming.")
    hand.tick(hand.page.get_by_label("I apologized in this call"))
    hand.press(button(hand, "Still unhappy"))
    hand.page.wait_for_url(walk.INCIDENT)
    walk.said(hand, "A new try begins: say what you will do.")
    expect(hand.page.locator(".ihead")).to_contain_text("2nd try")
    hand.check()


def a_manager_looks_at_it(manager: Hand, people: make.Cast) -> None:
    manager.come_in(people.manager, "/approvals/?view=review")
    asked = manager.page.locator(".asked-one")
    expect(asked).to_contain_text("It is their last room, and nobody answers.")
    manager.check()
    manager.press(manager.page.get_by_role("button", name="It was right"))
    expect(asked).to_contain_text("Nothing to look at")
    request = ApprovalRequest.objects.get()
    assert (request.verdict, request.was_right, request.reviewed_by) == (Verdict.WENT_AHEAD, True, people.manager)
