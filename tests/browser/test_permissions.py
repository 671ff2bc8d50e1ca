"""Who may what, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import check_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("patience")]
# Where each of the three begins, and what stands under its role.
CELLS = "(cells) => cells.map((cell) => [cell.getBoundingClientRect().top, getComputedStyle(cell).display])"


def test_the_three_answers_stand_side_by_side(phone: Page, people: make.Cast) -> None:
    enter(phone, people.manager, "/permissions/")
    row = phone.locator("table.may tbody tr").first
    cells = row.locator("td").evaluate_all(CELLS)
    assert len(cells) == 3
    assert len({top for top, _display in cells}) == 1
    assert {display for _top, display in cells} == {"inline-block"}  # the role over its answer, not beside it
    check_accessible(phone)
