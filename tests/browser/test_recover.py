"""Two of the source stories, walked in a browser: the unused microphone and the misfiled order."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from incidents.models import Incident, Remedy, Staff
from incidents.workflow import CloseReason, RemedyState, Stage
from tests import make
from tests.browser.plumbing import check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(live_server: object) -> make.Cast:
    return make.make_cast()


def enter(page: Page, staff: Staff, path: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(staff.email)
    page.locator("input[name=password]").fill(make.PASSWORD)
    page.locator(".entrance-card button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(path)


def said(page: Page, words: str) -> None:
    expect(page.locator(".notices")).to_contain_text(words)


def step(page: Page, stage: str) -> Locator:
    return page.locator(f"#step-{stage}")


def add_remedy(page: Page, kind: str, what: str, *, amount: str = "", done: bool = False, by: str = "") -> None:
    box = page.locator("details#remedy")
    if box.get_attribute("open") is None:
        box.locator("> summary").click()
    box.get_by_label("What do we do or give?").select_option(label=kind)
    box.get_by_label("In a few words").fill(what)
    if amount:
        box.get_by_label("About how much").fill(amount)
    if by:
        box.get_by_text("Until when, and who else").click()
        box.get_by_label("Or someone without a login").fill(by)
    box.get_by_role("button", name="Already done" if done else "We will do it").click()
    said(page, "Saved")


def test_an_unused_microphone(page: Page, people: make.Cast, tmp_path: Path) -> None:
    """An apology, a refusal, a second thought, a receipt, a promise, and a laugh at the table."""
    incident = make.make_incident(
        people.desk,
        now=timezone.now(),
        category="agreement",
        source="asked",
        customer=make.make_customer("Greta Holm", account="Northern Teachers"),
        what_happened="It was fine, she said, but we made her rent a second microphone that nobody used.",
    )
    enter(page, people.desk, incident.get_absolute_url())
    check_accessible(page)
    step(page, "apologize").get_by_role("button", name="Record the apology").press("Enter")
    said(page, "Apology recorded.")

    page.watched.expect("422")  # type: ignore[attr-defined]
    page.get_by_text("Close it", exact=True).first.click()
    page.locator(".chip", has_text="Recovered").locator("input").check()
    page.get_by_role("button", name="Close it").click()
    expect(page.locator(".error-summary")).to_contain_text("An apology alone is not a recovery.")
    expect(page.locator("details#remedy")).to_have_attribute("open", "")
    check_accessible(page)
    assert_crafted_close_is_refused(people.desk, incident)

    page.goto(incident.get_absolute_url())
    promise(page, "Clarify the clause about microphones")
    page.get_by_role("button", name="We thought again").click()
    said(page, "We go back to the customer")
    expect(page.locator(".ihead")).to_contain_text("2nd try")

    add_remedy(page, "Reimburse an expense", "lavaliere mic")
    expect(step(page, "remedy")).to_contain_text("Awaiting the receipt")
    add_receipt(page, tmp_path / "receipt.png")
    remedy = step(page, "remedy").locator("li.remedy")
    remedy.get_by_label("What it came to").fill("45.00")
    remedy.get_by_label("Minutes it took").fill("15")
    remedy.get_by_role("button", name="Paid back").click()
    said(page, "Delivered")

    expect(step(page, "follow_up")).to_contain_text("Clarify the clause about microphones")
    page.get_by_label("Asked them just now, face to face").check()
    page.get_by_role("button", name="Delighted").click()
    said(page, "Recovered: well done.")
    expect(page.locator(".timeline")).to_contain_text("Asked in person: Delighted")
    expect(page.locator(".facts")).to_contain_text("15 minutes")
    check_accessible(page)
    incident.refresh_from_db()
    assert (incident.close_reason, incident.round_number) == (CloseReason.RECOVERED, 2)


def add_receipt(page: Page, picture: Path) -> None:
    picture.write_bytes(page.screenshot(clip={"x": 0, "y": 0, "width": 80, "height": 80}))
    step(page, "remedy").locator("input[type=file]").set_input_files(picture)
    page.get_by_role("button", name="Add the receipt").click()
    said(page, "File added.")


def promise(page: Page, what: str) -> None:
    page.get_by_text("Add a promise").click()
    form = page.locator("#promises form", has=page.get_by_label("What did we promise?"))
    form.get_by_label("What did we promise?").fill(what)
    form.get_by_role("button", name="In 3 days").click()
    form.get_by_role("button", name="Note the promise").click()
    said(page, "Promise noted.")


def assert_crafted_close_is_refused(staff: Staff, incident: Incident) -> None:
    client = Client()
    client.force_login(staff)
    answer = client.post(f"{incident.get_absolute_url()}close/", {"reason": "recovered", "note": "x"})
    assert answer.status_code == 422
    assert "An apology alone is not a recovery." in answer.content.decode()
    incident.refresh_from_db()
    assert incident.stage == Stage.REMEDY


def test_a_misfiled_order_on_a_phone(phone: Page, people: make.Cast) -> None:
    """Three things at once, a note that travels with the delivery, and the call that plans itself."""
    today = timezone.now().astimezone(people.here.zone).date()
    incident = make.make_incident(
        people.desk,
        now=timezone.now(),
        category="misfiled",
        customer=make.make_customer("Bruno Keller", phone="+1 312 555 0177"),
        what_happened="His order from Friday never came.",
        occurred_on=today - dt.timedelta(days=3),
    )
    page = phone
    enter(page, people.desk, incident.get_absolute_url())
    expect(page.locator(".facts")).to_contain_text("3 days later, customer found it first")
    add_remedy(page, "Redo or replace", "the whole order")
    add_remedy(page, "Personal delivery", "to his door", by="Sal, the sales manager")
    add_remedy(page, "Gift card or credit", "for the lost time", amount="25.00", done=True)

    apologize = step(page, "apologize")
    apologize.get_by_label("Handwritten note").check()
    delivery = Remedy.objects.get(incident=incident, type__key="personal_delivery")
    apologize.get_by_label("Travels with").select_option(value=str(delivery.pk))
    apologize.get_by_label("What was said").fill("We lost your order in our own office. I am sorry.")
    apologize.get_by_role("button", name="Record the apology").tap()
    said(page, "it counts when the delivery does")
    check_accessible(page)

    for what in ("the whole order", "to his door"):
        card = page.locator("li.remedy", has_text=what)
        card.get_by_role("button", name="They have it").first.tap()
        said(page, "Delivered")
    incident.refresh_from_db()
    assert incident.stage == Stage.FOLLOW_UP
    assert incident.apologies.get().made_at is not None
    assert set(incident.remedies.values_list("state", flat=True)) == {RemedyState.DELIVERED}

    incident.follow_ups.planned().update(due_at=timezone.now() - make.HOUR)
    page.goto("/calls/")
    row = page.locator("li.call", has_text="Bruno Keller")
    expect(row).to_contain_text("Late by")
    expect(row.locator("a[href='tel:+13125550177']")).to_be_visible()
    check_accessible(page)
    row.get_by_role("button", name="It’s fine").tap()
    expect(page.get_by_role("status").filter(has_text="Bruno Keller")).to_contain_text("Recovered: well done.")
    assert "/calls/" in page.url
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.RECOVERED


def test_two_at_once_see_who_was_faster(page: Page, people: make.Cast) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    make.apologize(incident, people.desk, now=timezone.now())
    make.give(incident, people.desk, now=timezone.now())
    enter(page, people.desk, "/calls/?who=everyone")
    page.locator("details.more > summary").first.click()
    make.call(incident, people.colleague, "satisfied", now=timezone.now(), submit_key=uuid4())
    page.watched.expect("409")  # type: ignore[attr-defined]
    page.locator("li.call").get_by_role("button", name="Still unhappy").click()
    expect(page.get_by_role("alert").filter(has_text="Nora Novak")).to_contain_text(
        "Someone has already made this call."
    )
