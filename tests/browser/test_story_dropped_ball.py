"""The dropped ball: a calm call, two steps missed, put right without compensation, thanks, and a good end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents.vocabulary import CloseReason, Severity, Source, Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand
from tests.browser.walk import button, fact, radio

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


CHANGE = "Tell her what we changed because of her call"


def test_a_dropped_ball(hand: Hand, people: make.Cast) -> None:
    make.make_customer("Hilde Brandt")
    hand.sign_in(people.desk, "/incidents/new/")
    walk.name_customer(hand, "Hilde Brandt")
    walk.tell(hand, "Nobody confirmed her order. None of us had noticed.", "Routine step missed")
    walk.answer(hand, "Which steps", "Confirm on the day\nRing when it leaves")
    expect(radio(hand, "Customer told us")).to_be_checked()
    expect(radio(hand, "Minor")).to_be_checked()
    hand.check()
    incident = walk.log_it(hand)
    assert (incident.source, incident.severity) == (Source.CUSTOMER, Severity.MINOR)
    assert incident.field_values == {"steps": ["Confirm on the day", "Ring when it leaves"]}
    expect(fact(hand, "Which steps")).to_have_text("Confirm on the day, Ring when it leaves")

    walk.apologize(hand)
    hand.press(button(hand, "It is put right, and they want nothing more"))
    expect(hand.page.locator("li.remedy")).to_contain_text("Put right, no compensation")
    hand.check()
    call = walk.step(hand, Stage.FOLLOW_UP)
    hand.open("Their words, a score, an apology in this call", call)
    hand.write(call.get_by_label("What they said"), "Thank you for listening.")
    hand.open("And I promised something", call)
    hand.write(call.get_by_label("What did you promise?"), CHANGE)
    hand.press(button(call, "In 3 days"))
    hand.press(button(call, "Satisfied"))
    walk.said(hand, "Recovered: well done.")
    expect(hand.page.locator(".timeline")).to_contain_text("Thank you for listening.")
    hand.check()

    tell_what_changed(hand)
    incident.refresh_from_db()
    assert (incident.close_reason, incident.reopen_count) == (CloseReason.RECOVERED, 0)
    assert incident.remedies.get().actual_amount is None
    assert incident.promises.get().kept_at is not None


def tell_what_changed(hand: Hand) -> None:
    """A promise is kept, and nothing is reopened by it."""
    promises = hand.page.locator("#promises")
    expect(promises).to_contain_text(CHANGE)
    hand.press(promises.get_by_role("button", name="Kept").first)
    walk.said(hand, "Promise kept.")
    expect(hand.page.locator(".ihead")).to_contain_text("Closed: Recovered")
    hand.check()
