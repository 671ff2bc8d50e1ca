"""Three of the source stories, walked in a browser: three things in one breath, no room at night, a dropped ball."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from incidents.models import Incident, Staff
from incidents.workflow import CloseReason, RemedyState, Severity, Source, Stage
from tests import make
from tests.browser.plumbing import OpenBrowser, check_accessible
from tests.browser.test_recover import add_remedy, enter, said, step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
INCIDENT = re.compile(r"/incidents/(R-\d{4}-\d+)/$")
WORDS_USED = "You must have dropped it."


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine may take its time."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def people(live_server: object) -> make.Cast:
    return make.make_cast()


def start(page: Page, staff: Staff, path: str = "/incidents/new/") -> None:
    page.context.set_default_timeout(PATIENCE)
    enter(page, staff, path)
    if "/new/" in path:
        listening(page)


def listening(page: Page) -> None:
    """The log form is there and its scripts have started."""
    expect(page.locator("[name=customer_name][role=combobox]")).to_be_visible()


def choose_customer(page: Page, name: str) -> None:
    tab_to(page, "customer_name")
    page.keyboard.type(name[:6])
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.press("Enter")


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way to {name} by Tab")


def fact(page: Page, label: str) -> Locator:
    return page.locator(".facts .fact", has=page.locator("dt", has_text=re.compile(f"^{label}$"))).locator("dd")


def tell(page: Page, what: str, tile: str, **answers: str) -> None:
    """Type what happened, choose a tile by its keys, type what is known of its own questions."""
    tab_to(page, "what_happened")
    page.keyboard.type(what)
    tab_to(page, "category")
    for key in tile.split():
        page.keyboard.press(key)
    for name, text in answers.items():
        expect(page.locator(f"[name=value_{name}]")).to_be_visible()
        tab_to(page, f"value_{name}")
        page.keyboard.type(text)
    expect(page.locator(".kind-panel [required]")).to_have_count(0)


def send(page: Page, *, button: bool = False) -> Incident:
    if button:
        page.get_by_role("button", name="Log it").tap()
    else:
        page.keyboard.press("Control+Enter")
    page.wait_for_url(INCIDENT)
    found = INCIDENT.search(page.url)
    assert found
    said(page, f"Logged, {found[1]}")
    return Incident.objects.get(reference=found[1])


def add_another(page: Page, reference: str) -> None:
    page.locator(".notices").get_by_role("link", name="Add another for this customer").press("Enter")
    page.wait_for_url(lambda url: "/incidents/new/" in url)
    listening(page)
    expect(page.get_by_text(f"Told together with {reference}")).to_be_visible()
    expect(page.locator("[name=customer_name]")).to_have_value("Vera Lindqvist")


def test_three_things_in_one_breath(open_browser: OpenBrowser, people: make.Cast) -> None:
    """Late, broken after one use, too dear, and then not believed: four, told together."""
    make.make_customer("Vera Lindqvist")
    page = open_browser()
    start(page, people.desk)
    late, broken, dear, blamed = tell_all_four(page)

    page.goto(late.get_absolute_url())
    for other in (broken, dear, blamed):
        expect(page.locator(".facts .fact", has_text=other.reference)).to_contain_text("Told together with")
    Incident.objects.filter(pk=late.pk).update(reported_at=timezone.now() - 2 * make.HOUR)
    page.reload()
    expect(page.locator(".glance-item", has_text="Time without an apology")).to_contain_text("2 hours")
    check_accessible(page)

    facts = Incident.objects.values_list("customer__name", "assignee", "stage").distinct()
    assert list(facts) == [("Vera Lindqvist", people.desk.pk, Stage.APOLOGIZE)]

    for path in ("", "change/"):
        page.goto(blamed.get_absolute_url() + path)
        expect(page.locator("main")).to_contain_text("not believed")
        assert WORDS_USED not in page.content()
    page = open_browser()
    start(page, people.manager, blamed.get_absolute_url())
    expect(fact(page, "Words used")).to_contain_text(WORDS_USED)
    expect(fact(page, "Words used")).to_contain_text("Managers only")
    check_accessible(page)


def tell_all_four(page: Page) -> tuple[Incident, Incident, Incident, Incident]:
    choose_customer(page, "Vera Lindqvist")
    tell(page, "The kettle came a day late.", "1", order_ref="K-1")
    page.locator("[name=value_promised_at]").fill("2026-03-02T10:00")
    page.locator("[name=value_actual_at]").fill("2026-03-03T16:00")
    late = send(page)
    expect(fact(page, "Late by")).to_have_text("1 day 6 hours")

    add_another(page, late.reference)
    check_accessible(page)
    tell(page, "It broke after a single use.", "3", uses="1")
    broken = send(page)
    expect(fact(page, "Uses before it failed")).to_have_text("1")

    add_another(page, broken.reference)
    tell(page, "The bill was higher than we had said.", "4", quoted="49", charged="69.00")
    dear = send(page)
    expect(fact(page, "Charged too much")).to_have_text("20.00 USD")

    add_another(page, dear.reference)
    tell(page, "She rang about it and was not believed.", "9 ArrowRight", words_used=WORDS_USED)
    return late, broken, dear, send(page)


def test_no_room_at_night_on_a_phone(phone: Page, people: make.Cast) -> None:
    """A name, a tile, a sentence; another hotel and the taxi there; the call plans itself."""
    page = phone
    start(page, people.desk)
    page.locator("[name=customer_name]").tap()
    page.keyboard.type("Emeka Sands")
    page.locator(".combo-new").tap()
    page.locator("[name=what_happened]").tap()
    page.keyboard.type("Confirmed for tonight, it is eleven, and we are sold out.")
    page.get_by_role("radio", name="Reservation not honoured").tap()
    expect(page.locator("[name=value_confirmation]")).to_be_visible()
    check_accessible(page)
    incident = send(page, button=True)
    assert (incident.category.key, incident.field_values) == ("reservation", {})

    step(page, Stage.APOLOGIZE).get_by_role("button", name="Record the apology").tap()
    said(page, "Apology recorded.")
    add_remedy(page, "Alternative provider and transport", "the Tern and a taxi there", amount="212.50")
    card = page.locator("li.remedy", has_text="the Tern")
    card.get_by_role("button", name="They have it").first.tap()
    said(page, "Delivered")
    expect(card).to_contain_text("212.50")
    expect(step(page, Stage.FOLLOW_UP)).to_contain_text("asks whether it is right now")
    check_accessible(page)

    incident.refresh_from_db()
    remedy, call = incident.remedies.get(), make.planned_call(incident)
    assert incident.stage == Stage.FOLLOW_UP
    assert (remedy.state, str(remedy.actual_amount)) == (RemedyState.DELIVERED, "212.50")
    assert call.due_at > timezone.now()


def test_a_dropped_ball(page: Page, people: make.Cast) -> None:
    """A calm call, two steps missed, put right without compensation, thanks, and a good end."""
    make.make_customer("Hilde Brandt")
    start(page, people.desk)
    choose_customer(page, "Hilde Brandt")
    tell(
        page,
        "Nobody confirmed her order. None of us had noticed.",
        "8",
        steps="Confirm on the day\nRing when it leaves",
    )
    expect(page.locator(f"[name=source][value={Source.CUSTOMER.value}]")).to_be_checked()
    expect(page.locator(f"[name=severity][value='{Severity.MINOR.value}']")).to_be_checked()
    incident = send(page)
    assert (incident.source, incident.severity) == (Source.CUSTOMER, Severity.MINOR)
    assert incident.field_values == {"steps": ["Confirm on the day", "Ring when it leaves"]}
    expect(fact(page, "Which steps")).to_have_text("Confirm on the day, Ring when it leaves")

    step(page, Stage.APOLOGIZE).get_by_role("button", name="Record the apology").press("Enter")
    said(page, "Apology recorded.")
    page.get_by_role("button", name="It is put right, and they want nothing more").press("Enter")
    expect(page.locator("li.remedy")).to_contain_text("Put right, no compensation")
    check_accessible(page)
    page.get_by_role("button", name="Satisfied").press("Enter")
    said(page, "Recovered: well done.")
    check_accessible(page)
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.RECOVERED
    assert incident.remedies.get().actual_amount is None
