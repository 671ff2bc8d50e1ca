"""A manager's morning on the first page, walked with either hand; counted as desk_speed.py counts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.desk_speed import K_SCREEN, Count, Hands


def _settled(hands: Hands, key: str) -> None:
    hands.wait(lambda: expect(hands.page.locator(f"#{key}")).to_have_count(0))


def _rows(page: Page) -> list[str]:
    """What needs the manager, in the order of the page."""
    keys: list[str] = page.locator("#needs li.need").evaluate_all("rows => rows.map(row => row.id).filter(Boolean)")
    return keys


def morning_by_keyboard(page: Page) -> Count:
    """On the first page: each row by its first act; the key leads to the one that is on top."""
    hands = Hands(page)
    while rows := _rows(page):
        hands.press("a")
        _settled(hands, rows[0])
    return hands.count


# What takes two taps on a phone, by the kind of the row.
TWO_TAPS = {"apology_late": ("Somebody did apologize", "By phone"), "needs_assignee": ("Give it to", "Dora Desk")}


def morning_by_touch(page: Page) -> Count:
    """The same with a thumb; who apologized and to whom something goes is said with a second tap.

    Once somebody has apologized, what comes next may be late as well: it is one row more.
    """
    hands = Hands(page, k=K_SCREEN)
    while rows := _rows(page):
        key = rows[0]
        row = page.locator(f"#{key}")
        if two := TWO_TAPS.get(key.partition("-")[0]):
            hands.tap(row.locator("summary", has_text=two[0]))
            hands.tap(row.get_by_role("button", name=two[1]))
        else:
            hands.tap(row.locator(".need-acts button[type=submit]").first)
        _settled(hands, key)
    return hands.count
