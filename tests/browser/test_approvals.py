"""Giving more than one may: asked at the desk, answered by key and by thumb; what one act costs in keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import ApprovalRequest, Verdict
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand, Keyboard, touch_first

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_KEYS = 3


def question(people: make.Cast, name: str, ago: int) -> ApprovalRequest:
    """Asked `ago` minutes ago."""
    now = timezone.now() - dt.timedelta(minutes=ago)
    incident = make.make_incident(people.desk, customer=make.make_customer(name), now=now, severity=2)
    make.apologize(incident, people.desk, now=now)
    return make.ask_for(incident, people.desk, now=now, what="the night")


def heading(page: Page, name: str) -> None:
    """That question is up, and the keys are listened to."""
    expect(page.locator(".asked-one")).to_contain_text(f"wants to give it to {name}")
    page.wait_for_load_state("load")


@touch_first
def test_asked_at_the_desk_and_answered(new_hand: Callable[[], Hand], people: make.Cast) -> None:
    incident = make.make_incident(people.desk, now=timezone.now(), severity=2)
    make.limit(people.desk, amount=50)
    make.apologize(incident, people.desk, now=timezone.now())
    clerk = new_hand()
    clerk.come_in(people.desk, incident.get_absolute_url())
    box = clerk.page.locator("details#remedy")
    expect(box).to_contain_text("Up to 50.00 USD without asking.")
    clerk.choose(box.get_by_label("What do we do or give?"), "Gift card")
    clerk.write(box.get_by_label("In a few words"), "dinner for two")
    clerk.write(box.get_by_label("About how much"), "80")
    expect(walk.button(box, "We will do it")).to_have_count(0)
    clerk.write(box.get_by_label("Why they should have it"), "She leaves at noon.")
    clerk.check()
    clerk.press(walk.button(box, "Ask"))
    walk.said(clerk, "Asked: dinner for two.")
    expect(walk.remedy(clerk, "dinner for two")).to_contain_text("You may go ahead in 30 minutes.")

    manager = new_hand()
    manager.come_in(people.manager, "/")
    manager.press(manager.page.get_by_role("link", name="Look first"))
    heading(manager.page, "Nora Novak")
    expect(manager.page.locator(".asked-one")).to_contain_text("She leaves at noon.")
    manager.check()
    manager.press(manager.page.get_by_role("button", name="Approve"))
    expect(manager.page.locator(".asked-one")).to_contain_text("Nobody waits for your answer")

    clerk.page.reload()
    card = walk.remedy(clerk, "dinner for two")
    expect(card).to_contain_text("Mona Manager said yes")
    clerk.press(card.get_by_role("button", name="They take it"))
    walk.said(clerk, "They take it")
    walk.deliver(clerk, "dinner for two")
    assert make.fresh(incident).stage == Stage.FOLLOW_UP


def test_one_key_says_yes_and_the_next_comes_up(people: make.Cast, open_browser: Callable[..., Page]) -> None:
    """`a` says yes, `d` opens the reason; a key held down answers one question."""
    first, second, third = (question(people, *told) for told in (("Ann One", 9), ("Bea Two", 8), ("Cleo Three", 7)))
    hand = Keyboard(open_browser(**Keyboard.device))
    page = hand.page
    hand.come_in(people.manager, "/customers/")
    expect(page.get_by_role("heading", name="Customers", level=1)).to_be_visible()
    page.wait_for_load_state("load")
    keys = ["q", "a"]
    page.keyboard.press(keys[0])
    heading(page, "Ann One")
    page.keyboard.press(keys[1])
    heading(page, "Bea Two")
    first.refresh_from_db()
    assert (first.verdict, len(keys) <= MOST_KEYS) == (Verdict.APPROVED, True)
    expect(page.locator("#question-title")).to_be_focused()
    page.keyboard.press("d")
    field = page.get_by_label("Why not")
    expect(field).to_be_focused()
    page.keyboard.type("a bad idea")  # in a field an "a" is a letter
    second.refresh_from_db()
    assert second.is_waiting
    page.keyboard.press("Control+Enter")
    heading(page, "Cleo Three")
    second.refresh_from_db()
    assert (second.verdict, second.reason) == (Verdict.DECLINED, "a bad idea")
    third.refresh_from_db()
    assert third.is_waiting
    third.remedy.refresh_from_db()
    assert third.remedy.state == RemedyState.PROPOSED


def test_letters_off_answer_nothing(people: make.Cast, open_browser: Callable[..., Page]) -> None:
    people.manager.has_letter_keys = False
    people.manager.save(update_fields=["has_letter_keys"])
    asked = question(people, "Ann One", 9)
    hand = Keyboard(open_browser(**Keyboard.device))
    hand.come_in(people.manager, "/approvals/")
    heading(hand.page, "Ann One")
    hand.page.keyboard.press("a")
    hand.page.keyboard.press("d")
    heading(hand.page, "Ann One")
    asked.refresh_from_db()
    assert asked.is_waiting


def test_the_usual_amount_is_filled_in_softly(hand: Hand, people: make.Cast) -> None:
    gift, redo = make.remedy_type("gift_card"), make.remedy_type("redo")
    gift.typical_amount, redo.typical_amount = Decimal(25), Decimal(60)
    for each in (gift, redo):
        each.save(update_fields=["typical_amount"])
    incident = make.make_incident(people.desk, now=timezone.now())
    make.apologize(incident, people.desk, now=timezone.now())
    hand.come_in(people.desk, incident.get_absolute_url())
    box = hand.page.locator("details#remedy")
    amount = box.get_by_label("About how much")
    hand.choose(box.get_by_label("What do we do or give?"), "Gift card")
    expect(amount).to_have_value("25.00")
    hand.write(box.get_by_label("In a few words"), "a dinner")
    hand.choose(box.get_by_label("What do we do or give?"), "Redo")
    expect(amount).to_have_value("60.00")
    hand.write(amount, "33")
    hand.choose(box.get_by_label("What do we do or give?"), "Gift card")
    expect(amount).to_have_value("33")
