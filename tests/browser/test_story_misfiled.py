"""The misfiled order: three things at once, a note that travels with the delivery, and the call that plans itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import Incident
from incidents.vocabulary import CloseReason, RemedyState, Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand, touch_first
from tests.browser.walk import button, fact, radio

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@touch_first
def test_a_misfiled_order(hand: Hand, people: make.Cast) -> None:
    make.make_customer("Bruno Keller", phone="+1 312 555 0177")
    hand.sign_in(people.desk, "/incidents/new/")
    incident = log(hand, timezone.now().astimezone(people.here.zone).date())
    fill_in_later(hand)

    walk.give(hand, "Redo or replace", "the whole order")
    walk.give(hand, "Personal delivery", "to his door", by="Sal, the sales manager")
    walk.give(hand, "Gift card or credit", "for the lost time", amount="25.00")
    something_better(hand)
    write_the_note(hand)
    walk.deliver(hand, "the whole order")
    walk.deliver(hand, "to his door")
    walk.deliver(hand, "off this order")
    hand.check()

    incident.refresh_from_db()
    assert incident.stage == Stage.FOLLOW_UP
    assert incident.apologies.get().made_at is not None
    declined, better = (incident.remedies.get(type__key=key) for key in ("gift_card", "bill_credit"))
    assert (declined.state, better.replaces) == (RemedyState.DECLINED, declined)
    assert set(incident.remedies.exclude(pk=declined.pk).values_list("state", flat=True)) == {RemedyState.DELIVERED}
    assert make.planned_call(incident).due_at > timezone.now()
    call_back(hand)
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.RECOVERED


def log(hand: Hand, today: dt.date) -> Incident:
    """He is on the phone; all we know is his name and an order from three days ago."""
    walk.name_customer(hand, "Bruno Keller")
    walk.tell(hand, "His order from Friday never came.", "Paperwork misfiled or lost")
    hand.open("Add more: when, where, what they ask for")
    hand.write_day(hand.page.get_by_label("Another day"), today - dt.timedelta(days=3))
    hand.check()
    incident = walk.log_it(hand)
    expect(walk.facts(hand)).to_contain_text("3 days later, customer found it first")
    hand.check()
    assert incident.field_values == {}
    return incident


def fill_in_later(hand: Hand) -> None:
    """Where the paper should have been, and where it was."""
    hand.press(hand.page.get_by_role("link", name="Change what happened"))
    hand.page.wait_for_url("**/change/")
    walk.answer(hand, "Document", "Order form")
    walk.answer(hand, "Should have been in", "Daily deliveries")
    walk.answer(hand, "Found in", "Pending")
    hand.check()
    hand.send(button(hand, "Save"))
    hand.page.wait_for_url(walk.INCIDENT)
    expect(fact(hand, "Should have been in")).to_have_text("Daily deliveries")
    expect(fact(hand, "Found in")).to_have_text("Pending")


def something_better(hand: Hand) -> None:
    """A card is not enough; something else takes its place."""
    hand.press(walk.remedy(hand, "for the lost time").get_by_role("button", name="Not enough"))
    walk.said(hand, "Offer something else in its place.")
    expect(walk.remedy(hand, "for the lost time")).to_contain_text("Not enough")
    hand.check()
    box = walk.remedy_form(hand)
    expect(box.get_by_label("Takes the place of").locator("option:checked")).to_contain_text("for the lost time")
    walk.give(hand, "Bill credit", "off this order", amount="40.00")
    expect(walk.remedy(hand, "for the lost time")).to_contain_text("Something else took its place")


def write_the_note(hand: Hand) -> None:
    apologize = walk.step(hand, Stage.APOLOGIZE)
    hand.pick(radio(apologize, "Handwritten note"))
    hand.choose(apologize.get_by_label("Travels with"), "to his door")
    hand.write(apologize.get_by_label("What was said"), "We lost your order in our own office. I am sorry.")
    hand.press(button(apologize, "Record the apology"))
    walk.said(hand, "it counts when the delivery does")
    hand.check()


def call_back(hand: Hand) -> None:
    hand.visit("/calls/", "t")
    row = hand.page.locator("li.call", has_text="Bruno Keller")
    if hand.page.locator("details.more", has=row).count():
        hand.open("Later")
    expect(row.locator("a[href='tel:+13125550177']")).to_be_visible()
    hand.check()
    hand.press(button(row, "It’s fine"))
    expect(hand.page.get_by_role("status").filter(has_text="Bruno Keller")).to_contain_text("Recovered: well done.")
    assert "/calls/" in hand.page.url
    hand.check()
