"""The unused microphone: an apology, a refusal, a second thought, a receipt, a promise, and a laugh at the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Locator, expect

from incidents.models import Incident, Staff
from incidents.vocabulary import CloseReason, RemedyState, Source, Stage
from tests import make
from tests.browser import walk
from tests.browser.hands import Hand, touch_first
from tests.browser.walk import button, radio

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAUSE = "Clarify the clause about microphones"


@touch_first
def test_an_unused_microphone(hand: Hand, people: make.Cast, tmp_path: Path) -> None:
    make.make_customer("Greta Holm", account="Northern Teachers")
    incident = log(hand, people.desk)
    walk.apologize(hand)
    closing_is_refused(hand)
    assert_crafted_close_is_refused(people.desk, incident)

    walk.promise(hand, CLAUSE)
    hand.press(button(hand, "We thought again"))
    walk.said(hand, "We go back to the customer")
    expect(hand.page.locator(".ihead")).to_contain_text("2nd try")
    pay_back(hand, tmp_path / "receipt.png")

    call = walk.step(hand, Stage.FOLLOW_UP)
    expect(call).to_contain_text(f"We promised: {CLAUSE}")
    hand.check()
    hand.pick(radio(call, "Asked them just now, face to face"))
    hand.press(button(call, "Delighted"))
    walk.said(hand, "Recovered: well done.")
    expect(hand.page.locator(".timeline")).to_contain_text("Asked in person: Delighted")
    expect(walk.facts(hand)).to_contain_text("15 minutes")
    hand.check()

    incident.refresh_from_db()
    assert (incident.close_reason, incident.round_number) == (CloseReason.RECOVERED, 2)
    paid = incident.remedies.get()
    assert (paid.state, str(paid.actual_amount), paid.minutes) == (RemedyState.DELIVERED, "45.00", 15)


def log(hand: Hand, desk: Staff) -> Incident:
    """She did not complain: she was asked. It is hers, not that of the president of her delighted group."""
    hand.come_in(desk, "/incidents/new/")
    walk.name_customer(hand, "Greta Holm")
    asked = "“It was fine”, but she rented a second microphone for us."
    walk.tell(hand, asked, "Agreement misunderstood, or unused extra")
    hand.pick(radio(hand, "We asked"))
    hand.check()
    incident = walk.log_it(hand)
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text("Greta Holm Northern Teachers")
    hand.check()
    assert (incident.source, incident.customer and incident.customer.name) == (Source.ASKED, "Greta Holm")
    return incident


def closing_is_refused(hand: Hand) -> None:
    hand.page.watched.expect("422")  # type: ignore[attr-defined]
    hand.open("Close it")
    hand.pick(radio(hand, "Recovered"))
    hand.press(button(hand, "Close it"))
    expect(hand.page.locator(".error-summary")).to_contain_text("An apology alone is not a recovery.")
    expect(hand.page.locator("details#remedy")).to_have_attribute("open", "")
    hand.check()


def assert_crafted_close_is_refused(staff: Staff, incident: Incident) -> None:
    client = Client()
    client.force_login(staff)
    answer = client.post(f"{incident.get_absolute_url()}close/", {"reason": "recovered", "note": "x"})
    assert answer.status_code == 422
    assert "An apology alone is not a recovery." in answer.content.decode()
    incident.refresh_from_db()
    assert incident.stage == Stage.REMEDY


def pay_back(hand: Hand, receipt: Path) -> None:
    """How much is not known before the receipt is there."""
    walk.give(hand, "Reimburse an expense", "lavaliere mic")
    expect(walk.step(hand, Stage.REMEDY)).to_contain_text("Awaiting the receipt")
    paying_needs_the_receipt(hand)
    receipt.write_bytes(hand.page.screenshot(clip={"x": 0, "y": 0, "width": 80, "height": 80}))
    walk.add_receipt(hand, "lavaliere mic", receipt)
    form = paid_back(hand)
    hand.write(form.get_by_label("What it came to"), "45.00")
    hand.write(form.get_by_label("Minutes it took"), "15")
    hand.press(button(form, "Paid back"))
    walk.said(hand, "Delivered")


def paid_back(hand: Hand) -> Locator:
    """The form for it, unfolded."""
    card = walk.remedy(hand, "lavaliere mic")
    hand.open("It is paid back", card)
    return card.locator("form[action$='/deliver/']")


def paying_needs_the_receipt(hand: Hand) -> None:
    """It comes late: until then nothing is paid back, and what was typed stays."""
    hand.page.watched.expect("409")  # type: ignore[attr-defined]
    form = paid_back(hand)
    hand.write(form.get_by_label("What it came to"), "45.00")
    hand.press(button(form, "Paid back"))
    expect(hand.page.locator("main")).to_contain_text("The receipt is not here yet.")
    expect(form.get_by_label("What it came to")).to_have_value("45.00")
    hand.check()
