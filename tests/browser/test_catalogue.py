"""The catalogue's pages as axe sees them; and a place's limit set by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from incidents.models import CategoryHere, Limit, Membership
from tests import make
from tests.browser.entering import enter
from tests.browser.plumbing import OpenBrowser, check_accessible, in_both_looks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@in_both_looks
def test_accessible(open_browser: OpenBrowser, cast: make.Cast, device: dict[str, object], theme: str) -> None:
    room, refund, at = make.category(), make.remedy_type("refund"), f"?at={cast.here.pk}"
    CategoryHere.objects.create(category=room, location=cast.here, severity=1, is_offered=False)
    Limit.objects.create(role="front_desk", location=cast.here, amount=80)
    pages = [f"/catalogue/{name}{query}" for query in ("", at) for name in ("", "categories/", "remedies/", "limits/")]
    pages += [f"/catalogue/categories/{room.pk}/{query}" for query in ("", at)]
    pages += [f"/catalogue/remedies/{refund.pk}/{query}" for query in ("", at)]
    pages += [f"/catalogue/playbooks/{room.pk}/{at}", f"/catalogue/delays/{at}", "/catalogue/playbooks/"]
    pages += ["/catalogue/categories/new/", f"/catalogue/categories/{room.pk}/ask/"]
    cast.owner.theme = theme
    cast.owner.save(update_fields=["theme"])
    page = open_browser(**device)
    enter(page, cast.owner, pages[0])
    for address in pages:
        page.goto(address)
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_a_limit_by_keyboard(open_browser: OpenBrowser, cast: make.Cast) -> None:
    page = open_browser()
    enter(page, cast.manager, f"/catalogue/limits/?at={cast.here.pk}")
    page.get_by_label("Front desk, Any remedy").focus()
    page.keyboard.type("50")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Limits saved.")).to_be_visible()
    expect(page.get_by_text("Front desk may give up to 50.00 USD in one incident without asking.")).to_be_visible()
    page.get_by_role("button", name="Back to the business default").press("Enter")
    expect(page.get_by_text("Front desk may give anything without asking.")).to_be_visible()


def test_another_place_brings_its_own_tiles(open_browser: OpenBrowser, cast: make.Cast) -> None:
    Membership.objects.create(staff=cast.desk, location=cast.elsewhere)
    CategoryHere.objects.create(category=make.category(), location=cast.elsewhere, is_offered=False)
    page = open_browser()
    enter(page, cast.desk, "/incidents/new/")
    expect(page.get_by_role("radio", name="Room or facility")).to_have_count(1)
    page.get_by_label("Waiting").check(force=True)
    page.locator("#id_location").select_option(label="Paper Shop")
    expect(page.get_by_role("radio", name="Room or facility")).to_have_count(0)
    expect(page.get_by_label("Waiting")).to_be_checked()
