"""What the stories have in common: log, apologize, give, ask. Told with a hand, in the words of the page."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from incidents.models import Incident
from incidents.vocabulary import Stage
from tests.browser.hands import Hand

INCIDENT = re.compile(r"/incidents/(R-\d{4}-\d+)/")


def said(hand: Hand, words: str) -> None:
    expect(hand.page.locator(".notices")).to_contain_text(words)


def step(hand: Hand, stage: Stage) -> Locator:
    return hand.page.locator(f"#step-{stage}")


def facts(hand: Hand) -> Locator:
    """What is known of the incident."""
    return hand.page.locator(".facts").first


def fact(hand: Hand, label: str) -> Locator:
    """The value of a fact of the incident."""
    name = hand.page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$"))
    return hand.page.locator(".facts .fact", has=name).locator("dd")


def button(place: Hand | Locator, name: str) -> Locator:
    root = place.page.locator("main") if isinstance(place, Hand) else place
    return root.get_by_role("button", name=name, exact=True)


def radio(place: Hand | Locator, name: str) -> Locator:
    root = place.page.locator("main") if isinstance(place, Hand) else place
    return root.get_by_role("radio", name=name, exact=True)


def listening(hand: Hand) -> None:
    """The log form is there and its scripts have started."""
    expect(hand.page.locator("[name=customer_name][role=combobox]")).to_be_visible()


def name_customer(hand: Hand, name: str, *, is_new: bool = False) -> None:
    """By typing, and taking what is suggested."""
    listening(hand)
    hand.write(hand.page.get_by_role("combobox", name="Customer"), name if is_new else name[:6])
    shown = f"Add “{name}” as a new customer" if is_new else name
    hand.take(hand.page.get_by_role("option", name=shown))


def tell(hand: Hand, what: str, tile: str) -> None:
    """A sentence and a tile; whatever the tile asks need not be answered."""
    hand.write(hand.page.get_by_label("What happened?"), what)
    hand.pick(radio(hand, tile))
    expect(hand.page.locator(".kind-panel")).to_be_visible()
    expect(hand.page.locator(".kind-panel [required]")).to_have_count(0)


def answer(hand: Hand, label: str, text: str) -> None:
    """A question of the tile."""
    hand.write(hand.page.locator(".kind-panel").get_by_label(label), text)


def log_it(hand: Hand) -> Incident:
    hand.send(button(hand, "Log it"))
    hand.page.wait_for_url(INCIDENT)
    found = INCIDENT.search(hand.page.url)
    assert found
    said(hand, f"Logged, {found[1]}")
    return Incident.objects.get(reference=found[1])


def apologize(hand: Hand) -> None:
    hand.press(button(step(hand, Stage.APOLOGIZE), "Record the apology"))
    said(hand, "Apology recorded.")


def remedy_form(hand: Hand) -> Locator:
    """Unfolded, whatever it is called just now."""
    box = hand.page.locator("details#remedy")
    hand.open("", box)
    return box


def give(hand: Hand, kind: str, what: str, *, amount: str = "", by: str = "", is_done: bool = False) -> None:
    """A remedy: we will do it, or it is done already."""
    box = remedy_form(hand)
    hand.choose(box.get_by_label("What do we do or give?"), kind)
    hand.write(box.get_by_label("In a few words"), what)
    if amount:
        hand.write(box.get_by_label("About how much"), amount)
    if by:
        hand.open("Until when, and who else", box)
        hand.write(box.get_by_label("Or someone without a login"), by)
    hand.press(button(box, "Already done" if is_done else "We will do it"))
    said(hand, f"Saved: {what}")


def ask(hand: Hand, kind: str, what: str, *, amount: str, why: str) -> None:
    """A remedy that is more than one may give alone."""
    box = remedy_form(hand)
    hand.choose(box.get_by_label("What do we do or give?"), kind)
    hand.write(box.get_by_label("In a few words"), what)
    hand.write(box.get_by_label("About how much"), amount)
    hand.write(box.get_by_label("Why they should have it"), why)
    hand.press(button(box, "Ask"))
    said(hand, f"Asked: {what}")


def remedy(hand: Hand, what: str) -> Locator:
    return hand.page.locator("li.remedy", has_text=what)


def deliver(hand: Hand, what: str) -> None:
    """In one tap."""
    hand.press(remedy(hand, what).get_by_role("button", name=re.compile("^They have it.+")))
    said(hand, "Delivered")


def add_receipt(hand: Hand, what: str, picture: Path) -> None:
    hand.attach(remedy(hand, what).get_by_label("The receipt"), picture)
    hand.press(button(hand, "Add the receipt"))
    said(hand, "File added.")


def promise(hand: Hand, what: str) -> None:
    hand.open("Add a promise")
    form = hand.page.locator("#promises form", has=hand.page.get_by_label("What did we promise?"))
    hand.write(form.get_by_label("What did we promise?"), what)
    hand.press(button(form, "In 3 days"))
    hand.press(button(form, "Note the promise"))
    said(hand, "Promise noted.")
