"""Wide tables: nothing in them is cut off, and no row moves the others when it arrives."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]
# How far the widest table reaches beyond what it stands in.
BEYOND = "(tables) => Math.max(...tables.map((table) => table.scrollWidth - table.parentElement.clientWidth))"
LEFTS = "(heads) => heads.map((head) => head.getBoundingClientRect().left)"
TABLES = {"/board/?view=all&as=table": "Customer", "/open-work/": "Name", "/permissions/": "What"}


@pytest.mark.parametrize("width", [768, 820, 1024, 1280])
def test_a_wide_table_stands_still_and_ends_where_its_panel_does(
    width: int, open_browser: OpenBrowser, people: make.Cast
) -> None:
    now = timezone.now()
    for name in ("Al", "Konstantinopolitanidis von Hohenzollern"):
        customer = make.make_customer(name)
        incident = make.make_incident(people.desk, severity=2, customer=customer, now=now - 300 * make.HOUR)
        make.give(incident, people.desk, now=now)
    page = open_browser(viewport={"width": width, "height": 900})
    enter(page, people.manager, "/board/?view=all&as=table")
    for address, first in TABLES.items():
        page.goto(address)
        assert page.locator("table.register").evaluate_all(BEYOND) <= 0, address
        heads = page.locator("table.register").first.locator("thead th")
        assert heads.first.inner_text() == first
        before = heads.evaluate_all(LEFTS)
        page.locator("table.register").first.locator("tbody tr").last.evaluate("(row) => row.remove()")
        assert heads.evaluate_all(LEFTS) == before, address
