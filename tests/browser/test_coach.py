"""The coach reads along while somebody writes, and a usual remedy is one tap."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from incidents.models import Category, Incident, Playbook, PlaybookRemedy, RemedyType
from incidents.vocabulary import Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand, touch_first

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def write_playbook() -> RemedyType:
    kind = RemedyType.objects.get(key="upgrade")
    RemedyType.objects.filter(pk=kind.pk).update(typical_amount=Decimal("45.00"))
    book = Playbook.objects.create(
        category=Category.objects.get(key="room"), words="You should sleep well here.", steps=["Offer another room"]
    )
    PlaybookRemedy.objects.create(playbook=book, type=kind, pre_approved_up_to=Decimal("80.00"))
    return kind


def words_of(hand: Hand) -> Locator:
    return walk.step(hand, Stage.APOLOGIZE).get_by_label("What was said")


def test_it_warns_while_somebody_writes_and_saves_all_the_same(hand: Hand, people: make.Cast) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    hand.come_in(people.desk, incident.get_absolute_url())
    step = walk.step(hand, Stage.APOLOGIZE)
    region = step.locator("[data-coach]")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(region.locator("li")).to_have_count(0)
    hand.write(words_of(hand), "We apologize for any inconvenience. Cole forgot it.")
    expect(region.locator("li")).to_have_count(2)
    expect(region).to_contain_text("“any inconvenience” fits everybody")
    expect(region).to_contain_text("a colleague’s fault")
    hand.check()
    hand.write(words_of(hand), "We let you wait in the cold. I am sorry.")
    expect(region.locator("li")).to_have_count(0)
    hand.write(words_of(hand), "Mistakes were made.")
    expect(region.locator("li")).to_have_count(1)
    assert hand.page.url.endswith(incident.get_absolute_url()), "no word of it is in the address"
    walk.apologize(hand)
    expect(hand.page.locator("main")).not_to_contain_text("For next time")
    assert incident.apologies.get().words == "Mistakes were made."


def test_the_tips_unfold(hand: Hand, people: make.Cast) -> None:
    write_playbook()
    incident = make.make_incident(people.desk, now=timezone.now())
    hand.come_in(people.desk, incident.get_absolute_url())
    hand.open("What to say")
    hand.open("What makes a good apology")
    step = walk.step(hand, Stage.APOLOGIZE)
    for tip in ("You should sleep well here.", "Offer another room", "Thank them for telling us."):
        expect(step.get_by_text(tip)).to_be_visible()
    hand.check()


@touch_first
def test_a_usual_remedy_is_one_tap(hand: Hand, people: make.Cast) -> None:
    kind = write_playbook()
    incident = make.make_incident(people.desk, now=timezone.now())
    make.apologize(incident, people.desk, now=timezone.now())
    hand.come_in(people.desk, incident.get_absolute_url())
    box = hand.page.locator("details#remedy")
    hand.press(box.get_by_role("link", name="Upgrade"))
    expect(box.get_by_label("What do we do or give?")).to_have_value(str(kind.pk))
    expect(box.get_by_label("About how much")).to_have_value("45")
    expect(box.get_by_label("In a few words")).to_be_focused()
    hand.check()
    hand.press(walk.button(box, "We will do it"))
    walk.said(hand, "Upgrade")
    remedy = Incident.objects.get(pk=incident.pk).remedies.get()
    assert (remedy.type_id, remedy.estimated_amount) == (kind.pk, Decimal("45.00"))


def test_an_unheard_coach_is_silent(hand: Hand, people: make.Cast) -> None:
    """No answer from the server: no alarm, and it is saved."""
    incident = make.make_incident(people.desk, now=timezone.now())
    hand.come_in(people.desk, incident.get_absolute_url())
    for words in ("Failed to load resource", "htmx:error"):
        hand.page.watched.expect(words)  # type: ignore[attr-defined]
    hand.page.route("**/coach/", lambda route: route.abort())
    with hand.page.expect_event("requestfailed", lambda request: request.url.endswith("/coach/")):
        hand.write(words_of(hand), "Mistakes were made.")
    expect(hand.page.locator("#alerts .toast")).to_have_count(0)
    walk.apologize(hand)
    expect(hand.page.locator("main")).to_contain_text("For next time: “mistakes were made”")
