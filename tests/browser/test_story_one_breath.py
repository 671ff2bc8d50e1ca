"""Late, broken after one use, too dear, and then not believed: four mistakes that one customer tells together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from incidents.models import Incident
from incidents.vocabulary import Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand, touch_first
from tests.browser.walk import answer, button, fact

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS_USED = "You must have dropped it."


@touch_first
def test_three_things_in_one_breath(new_hand: Callable[[], Hand], people: make.Cast) -> None:
    make.make_customer("Vera Lindqvist")
    hand = new_hand()
    hand.come_in(people.desk, "/incidents/new/")
    late = tell_it_is_late(hand, timezone.now().astimezone(people.here.zone) - 2 * make.HOUR)
    broken = tell_it_broke(hand, late)
    dear = tell_it_was_dear(hand, broken)
    blamed = tell_of_blame(hand, dear)

    hand.press(walk.facts(hand).get_by_role("link", name=late.reference))
    hand.page.wait_for_url(f"**{late.get_absolute_url()}")
    for other in (broken, dear, blamed):
        expect(hand.page.locator(".facts .fact", has_text=other.reference)).to_contain_text("Told together with")
    without = hand.page.locator(".glance-item", has_text="Time without an apology")
    expect(without).to_contain_text("2 hours")
    hand.check()
    facts = Incident.objects.values_list("customer__name", "assignee", "stage").distinct()
    assert list(facts) == [("Vera Lindqvist", people.desk.pk, Stage.APOLOGIZE)]
    somebody_else_talks_to_her(hand, blamed, people)

    manager = new_hand()
    manager.sign_in(people.manager, blamed.get_absolute_url())
    expect(fact(manager, "Words used")).to_contain_text(WORDS_USED)
    expect(fact(manager, "Words used")).to_contain_text("Managers only")
    manager.check()


def somebody_else_talks_to_her(hand: Hand, blamed: Incident, people: make.Cast) -> None:
    """We made it worse, so another contact is proposed."""
    hand.press(walk.facts(hand).get_by_role("link", name=blamed.reference))
    hand.page.wait_for_url(f"**{blamed.get_absolute_url()}")
    expect(hand.page.locator("main")).to_contain_text("Somebody else should talk to them from here.")
    form = hand.page.locator("#hand-over form")
    hand.choose(form.get_by_label("To whom"), str(people.colleague))
    hand.write(form.get_by_label("What they should know"), "She would rather not talk to me.")
    hand.check()
    hand.press(button(form, "Hand it over"))
    walk.said(hand, f"{people.colleague} has it now.")
    blamed.refresh_from_db()
    assert (blamed.is_second_failure, blamed.assignee) == (True, people.colleague)


def tell_it_is_late(hand: Hand, told: dt.datetime) -> Incident:
    """She rang two hours ago; the delay is reckoned from two moments."""
    walk.name_customer(hand, "Vera Lindqvist")
    walk.tell(hand, "The kettle came a day late.", "Late or missed delivery")
    answer(hand, "Order number", "K-1")
    asked = hand.page.locator(".kind-panel")
    hand.write_moment(asked.get_by_label("Promised for"), dt.datetime(2026, 3, 2, 10, tzinfo=told.tzinfo))
    hand.write_moment(asked.get_by_label("Arrived"), dt.datetime(2026, 3, 3, 16, tzinfo=told.tzinfo))
    hand.open("Add more: when, where, what they ask for")
    hand.write_moment(hand.page.get_by_label("When were we told?"), told)
    hand.check()
    incident = walk.log_it(hand)
    expect(fact(hand, "Late by")).to_have_text("1 day 6 hours")
    hand.check()
    return incident


def add_another(hand: Hand, before: Incident) -> None:
    hand.press(hand.page.locator(".notices").get_by_role("link", name="Add another for this customer"))
    hand.page.wait_for_url("**/incidents/new/?with=*")
    walk.listening(hand)
    expect(hand.page.get_by_text(f"Told together with {before.reference}")).to_be_visible()
    expect(hand.page.get_by_role("combobox", name="Customer")).to_have_value("Vera Lindqvist")


def tell_it_broke(hand: Hand, before: Incident) -> Incident:
    add_another(hand, before)
    hand.check()
    walk.tell(hand, "It broke after a single use.", "Broken or defective")
    answer(hand, "Uses before it failed", "1")
    incident = walk.log_it(hand)
    expect(fact(hand, "Uses before it failed")).to_have_text("1")
    return incident


def tell_it_was_dear(hand: Hand, before: Incident) -> Incident:
    add_another(hand, before)
    walk.tell(hand, "The bill was higher than we had said.", "Price or billing")
    answer(hand, "Quoted", "49")
    answer(hand, "Charged", "69.00")
    incident = walk.log_it(hand)
    expect(fact(hand, "Charged too much")).to_have_text("20.00 USD")
    return incident


def tell_of_blame(hand: Hand, before: Incident) -> Incident:
    """What was said to her is for managers alone: the desk sees it neither on the page nor when changing it."""
    add_another(hand, before)
    walk.tell(hand, "She rang about it and was not believed.", "Treated as in the wrong")
    answer(hand, "Words used", WORDS_USED)
    incident = walk.log_it(hand)
    expect(hand.page.locator("main")).to_contain_text("not believed")
    assert WORDS_USED not in hand.page.content()
    hand.press(hand.page.get_by_role("link", name="Change what happened"))
    hand.page.wait_for_url("**/change/")
    expect(hand.page.get_by_label("What happened?")).to_have_value("She rang about it and was not believed.")
    assert WORDS_USED not in hand.page.content()
    hand.check()
    hand.press(hand.page.get_by_role("link", name=f"Back to {incident.reference}"))
    hand.page.wait_for_url(f"**{incident.get_absolute_url()}")
    return incident
