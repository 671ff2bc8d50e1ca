"""Folds of the incident page: fetched when they are opened, and without a script by a link."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser import walk
from tests.browser.entering import enter
from tests.browser.hands import Hand
from tests.browser.plumbing import OpenBrowser

MOST_REQUESTS = 12  # of a page that nothing is kept of


def test_a_fold_is_fetched_when_it_is_opened_and_keeps_what_is_typed(hand: Hand, people: make.Cast) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    hand.come_in(people.desk, incident.get_absolute_url())
    asked: list[str] = []
    hand.page.on("request", lambda request: asked.append(request.url) if "/part/" in request.url else None)
    place = hand.page.locator("#hand-over")
    summary = place.locator("summary").first
    note = place.get_by_label("What they should know")
    expect(note).to_have_count(0)
    hand.open("Hand over", hand.page.locator("aside"))
    expect(summary).to_be_focused()
    hand.write(note, "She is back at six.")
    hand.check()
    for _twice in range(2):
        hand.press(summary)
    expect(note).to_have_value("She is back at six.")
    assert len(asked) == 1
    hand.choose(place.get_by_label("To whom"), "Cole League")
    hand.press(place.get_by_role("button", name="Hand it over"))
    walk.said(hand, "Cole League")
    assert make.fresh(incident).assignee == people.colleague


def test_when_it_fails_it_can_be_opened_again(open_browser: OpenBrowser, people: make.Cast, patience: None) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    page = open_browser()
    page.watched.expect("ERR_FAILED")  # type: ignore[attr-defined]
    page.watched.expect("Failed to fetch")  # type: ignore[attr-defined]
    enter(page, people.desk, incident.get_absolute_url())
    page.route("**/part/**", lambda route: route.abort())
    summary = page.locator("#close summary")
    summary.click()
    expect(page.locator("#alerts")).to_contain_text("No connection")
    page.unroute("**/part/**")
    summary.click()
    summary.click()
    expect(page.locator("#close").get_by_label("Why, in a few words")).to_be_visible()


def test_without_a_script_a_link_opens_it(open_browser: OpenBrowser, people: make.Cast, patience: None) -> None:
    incident = make.make_incident(people.desk, now=timezone.now())
    page = open_browser(java_script_enabled=False)
    enter(page, people.desk, incident.get_absolute_url())
    page.get_by_role("link", name="Hand over").click()
    assert page.url.endswith("?open=hand_over#hand-over")
    place = page.locator("#hand-over")
    place.get_by_label("To whom").select_option(label="Cole League")
    place.get_by_role("button", name="Hand it over").click()
    expect(page.locator("main")).to_contain_text("Cole League")
    assert make.fresh(incident).assignee == people.colleague


def test_the_page_asks_for_few_files(open_browser: OpenBrowser, people: make.Cast, patience: None) -> None:
    """With everything that a module stands for: the coach, usual remedies, quick times."""
    incident = make.make_incident(people.desk, now=timezone.now())
    make.limit(people.desk)
    page = open_browser()
    enter(page, people.desk, "/calls/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{incident.get_absolute_url()}?open=remedy", wait_until="networkidle")
    assert len({*asked}) <= MOST_REQUESTS, asked
