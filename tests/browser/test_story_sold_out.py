"""Sold out at eleven at night: a name, a tile, a sentence; another hotel and the taxi there; the call plans itself."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_no_room_at_night(hand: Hand, people: make.Cast) -> None:
    hand.sign_in(people.desk, "/incidents/new/")
    walk.name_customer(hand, "Emeka Sands", is_new=True)
    walk.tell(hand, "Confirmed for tonight, it is eleven, and we are sold out.", "Reservation not honoured")
    hand.check()
    incident = walk.log_it(hand)
    assert (incident.category.key, incident.field_values) == ("reservation", {})
    hand.check()

    walk.apologize(hand)
    walk.give(hand, "Alternative provider and transport", "the Tern and a taxi there", amount="212.50")
    hand.check()
    walk.deliver(hand, "the Tern")
    expect(walk.remedy(hand, "the Tern")).to_contain_text("212.50")
    expect(walk.step(hand, Stage.FOLLOW_UP)).to_contain_text("asks whether it is all right now")
    hand.check()

    incident.refresh_from_db()
    assert incident.stage == Stage.FOLLOW_UP
    remedy = incident.remedies.get()
    assert (remedy.state, str(remedy.actual_amount)) == (RemedyState.DELIVERED, "212.50")
    assert make.planned_call(incident).due_at > timezone.now()
