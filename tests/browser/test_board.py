"""The board in a browser: it renews itself without disturbing anybody, and a move asks what its step asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from incidents.models import Incident
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import PHONE, OpenBrowser, check_accessible
from tests.browser.thumb import tap

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]
TOP = "(card) => Math.round(card.getBoundingClientRect().top)"


def told(people: make.Cast, number: int) -> list[Incident]:
    """Nobody has apologized yet; the first is due first."""
    now = timezone.now()
    return [
        make.make_incident(
            people.desk, now=now - (number - n) * make.HOUR, severity=2, customer=make.make_customer(f"Guest {n}")
        )
        for n in range(number)
    ]


def card(page: Page, incident: Incident) -> Locator:
    return page.locator(f"#card-{incident.reference}")


def link(page: Page, incident: Incident) -> Locator:
    return card(page, incident).locator("h3 a")


def in_column(page: Page, stage: str, incident: Incident) -> Locator:
    return page.locator(f"#column-{stage} #card-{incident.reference}")


def renew(page: Page) -> None:
    page.clock.run_for(16_000)


@pytest.fixture
def watching(open_browser: OpenBrowser) -> Page:
    """A page whose clock stands until the test moves it."""
    page = open_browser()
    page.clock.install()
    return page


def test_somebody_else_moves_a_card_and_focus_and_place_stay(watching: Page, people: make.Cast) -> None:
    many = told(people, 14)
    enter(watching, people.manager, "/board/")
    check_accessible(watching)
    mine = link(watching, many[9])
    mine.focus()
    watching.evaluate("scrollBy(0, 40)")
    top = card(watching, many[9]).evaluate(TOP)
    make.apologize(many[1], people.desk, now=timezone.now())
    make.apologize(many[12], people.desk, now=timezone.now())
    renew(watching)
    for moved in (many[1], many[12]):
        expect(in_column(watching, "remedy", moved)).to_be_attached()
        expect(in_column(watching, "apologize", moved)).to_have_count(0)
    expect(mine).to_be_focused()
    assert abs(card(watching, many[9]).evaluate(TOP) - top) <= 2


def test_what_is_new_waits_where_somebody_reads(watching: Page, people: make.Cast) -> None:
    many = told(people, 6)
    enter(watching, people.manager, "/board/")
    link(watching, many[2]).focus()
    new = make.make_incident(people.desk, now=timezone.now() - make.DAY, severity=2)
    make.apologize(other := make.make_incident(people.desk, now=timezone.now()), people.desk, now=timezone.now())
    renew(watching)
    pill = watching.get_by_role("button", name="1 new")
    expect(pill).to_be_visible()
    expect(card(watching, new)).to_be_hidden()
    expect(card(watching, other)).to_be_visible()  # nobody reads that column
    renew(watching)
    expect(card(watching, new)).to_be_hidden()
    pill.click()
    expect(link(watching, new)).to_be_focused()
    expect(pill).to_be_hidden()
    renew(watching)
    expect(card(watching, new)).to_be_visible()


COUNT = """(region) => {
  region.changes = 0;
  const count = () => { region.changes += 1; };
  new MutationObserver(count).observe(region, { childList: true, characterData: true, subtree: true });
}"""


def test_what_waits_is_said_aloud_once_each_time_it_grows(watching: Page, people: make.Cast) -> None:
    many = told(people, 6)
    enter(watching, people.manager, "/board/")
    link(watching, many[2]).focus()
    said = watching.locator("[role=status]#board-says")
    expect(said).to_have_text("")
    make.make_incident(people.desk, now=timezone.now() - make.DAY, severity=2)
    renew(watching)
    expect(said).to_have_text("Apologize: 1 new")
    said.evaluate(COUNT)
    make.close(many[5], people.manager, "withdrawn", now=timezone.now())
    renew(watching)
    expect(card(watching, many[5])).to_have_count(0)  # it did renew
    assert said.evaluate("(region) => region.changes") == 0
    make.make_incident(people.desk, now=timezone.now() - make.DAY, severity=2)
    renew(watching)
    expect(said).to_have_text("Apologize: 2 new")
    expect(link(watching, many[2])).to_be_focused()
    check_accessible(watching)
    watching.get_by_role("button", name="2 new").click()
    expect(said).to_have_text("")


def test_an_open_dialog_stays_and_whoever_had_a_card_goes_on_at_the_next(watching: Page, people: make.Cast) -> None:
    many = told(people, 4)
    enter(watching, people.manager, "/board/")
    card(watching, many[0]).get_by_role("link", name="Move to").click()
    dialog = watching.get_by_role("dialog")
    expect(dialog.get_by_text("Record the apology", exact=True)).to_be_visible()
    make.close(many[2], people.manager, "withdrawn", now=timezone.now())
    renew(watching)
    expect(card(watching, many[2])).to_have_count(0)
    expect(dialog).to_be_visible()
    watching.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    link(watching, many[1]).focus()
    make.close(many[1], people.manager, "withdrawn", now=timezone.now())
    renew(watching)
    expect(card(watching, many[1])).to_have_count(0)
    expect(link(watching, many[3])).to_be_focused()


def asked(page: Page) -> str:
    """What the dialog asks, but for its keys."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Record the apology")).to_be_visible()
    return dialog.inner_text()


def test_drag_and_move_to_lead_to_the_same_form(page: Page, people: make.Cast) -> None:
    [incident] = told(people, 1)
    enter(page, people.manager, "/board/")
    with page.expect_request(f"**/incidents/{incident.reference}/move/?to=remedy") as dragged:
        card(page, incident).drag_to(page.locator("#column-remedy"))
    by_drag = asked(page)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    card(page, incident).get_by_role("link", name="Move to").click()
    with page.expect_request("**/move/?to=remedy") as chosen:
        page.get_by_role("dialog").get_by_role("link", name="Put it right").click()
    assert asked(page) == by_drag
    assert chosen.value.url == dragged.value.url
    check_accessible(page)
    page.get_by_role("button", name="Record the apology").click()
    expect(in_column(page, "remedy", incident)).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("Apology recorded.")
    assert make.fresh(incident).stage == "remedy"


def test_what_is_refused_is_said_in_the_dialog(page: Page, people: make.Cast) -> None:
    [incident] = told(people, 1)
    page.watched.expect("422")  # type: ignore[attr-defined]
    enter(page, people.manager, "/board/")
    card(page, incident).get_by_role("link", name="Move to").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="Closed").click()
    dialog.get_by_role("radio", name="Recovered").check(force=True)
    dialog.get_by_label("Why, in a few words").fill("She was nice about it")
    dialog.get_by_role("button", name="Close it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nobody has apologized to the customer yet.")
    expect(dialog.get_by_role("alert")).to_be_focused()
    expect(dialog.get_by_label("Why, in a few words")).to_have_value("She was nice about it")
    check_accessible(page)


def test_reassigned_in_two_taps_and_undone(phone: Page, people: make.Cast) -> None:
    [incident] = told(people, 1)
    enter(phone, people.manager, "/board/")
    tap(card(phone, incident).get_by_role("link", name="Give it to somebody else than Dora Desk"))
    expect(phone.get_by_role("button", name="Cole League")).to_be_visible()
    check_accessible(phone)
    tap(phone.get_by_role("button", name="Cole League"))
    expect(card(phone, incident)).to_contain_text("Cole League")
    expect(phone.get_by_role("dialog")).to_be_hidden()
    assert make.fresh(incident).assignee == people.colleague
    here = phone.url  # it says how deep it is shown
    tap(phone.get_by_role("button", name="Undo"))
    expect(card(phone, incident)).to_contain_text("Dora Desk")
    assert make.fresh(incident).assignee == people.desk
    assert phone.url == here
    expect(phone.get_by_role("dialog")).to_be_hidden()


def test_by_keyboard_alone(page: Page, people: make.Cast) -> None:
    many = told(people, 3)
    enter(page, people.manager, "/profile/")
    page.locator("#main").focus()
    page.keyboard.press("b")
    page.wait_for_url("**/board/")
    for _ in range(2):
        page.keyboard.press("j")
    expect(link(page, many[1])).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page, many[1]).locator("a.bcard-person")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Put it right")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Record the apology")).to_be_visible()
    page.keyboard.press("2")  # by phone
    page.keyboard.press("Control+Enter")
    expect(in_column(page, "remedy", many[1])).to_be_visible()
    assert many[1].apologies.get().channel == "phone"
    expect(page.locator(":focus")).not_to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[data-card]') !== null")


def test_a_phone_shows_one_column(phone: Page, people: make.Cast) -> None:
    many = told(people, 3)
    make.apologize(many[0], people.desk, now=timezone.now())
    enter(phone, people.manager, "/board/")
    columns: Any = phone.locator(".column:visible")
    expect(columns).to_have_count(1)
    expect(card(phone, many[1])).to_be_visible()
    tap(phone.get_by_role("link", name="Put it right 1"))
    expect(columns).to_have_count(1)
    expect(card(phone, many[0])).to_be_visible()
    assert "col=remedy" in phone.url
    phone.reload()
    expect(card(phone, many[0])).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    check_accessible(phone)


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_the_table_is_as_good(theme: Any, open_browser: OpenBrowser, people: make.Cast) -> None:
    many = told(people, 3)
    page = open_browser(color_scheme=theme)
    enter(page, people.manager, "/board/?as=table")
    check_accessible(page)
    page.get_by_role("link", name="Customer", exact=True).click()
    page.wait_for_url("**sort=customer**")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Customer")
    page.locator(f"#row-{many[2].reference}").get_by_role("link", name="Move to").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.goto("/board/")
    expect(card(page, many[0])).to_be_visible()
    check_accessible(page)


def test_without_a_script(open_browser: OpenBrowser, people: make.Cast) -> None:
    [incident] = told(people, 1)
    page = open_browser(java_script_enabled=False)
    enter(page, people.manager, "/board/?severity=major")
    card(page, incident).get_by_role("link", name="Move to").click()
    page.get_by_role("link", name="Put it right").click()
    page.get_by_role("button", name="Record the apology").click()
    page.wait_for_url("**/board/?severity=major")
    expect(in_column(page, "remedy", incident)).to_be_visible()
    card(page, incident).get_by_role("link", name="Give it to somebody else").click()
    page.get_by_role("button", name="I take it").click()
    expect(card(page, incident)).to_contain_text("Mona Manager")
    page.get_by_role("button", name="Undo").click()
    assert make.fresh(incident).assignee == people.desk


def test_a_dialog_closed_while_its_next_page_is_on_the_way_stays_closed(
    open_browser: OpenBrowser, people: make.Cast
) -> None:
    [new] = told(people, 1)
    page = open_browser()
    held: list[Route] = []

    def hold(route: Route) -> None:  # Playwright marks what it is given: it takes no method of a list
        held.append(route)

    enter(page, people.manager, "/board/")
    page.route("**/move/?to=*", hold)
    card(page, new).get_by_role("link", name="Move to").click()
    dialog = page.get_by_role("dialog")
    with page.expect_request("**/move/?to=*"):
        dialog.get_by_role("link", name="Put it right").click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    held[0].continue_()
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('[data-card]')?.id") == f"card-{new.reference}"
