"""Where a section of the first page is cut short, its link says what it leads to."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import NeedKind
from tests import dangers
from tests.make import Cast

# Lists that hold more than the section does, and what all of them have in common.
WIDER = {
    NeedKind.REOPENED_TWICE: "See all that were tried again",
    NeedKind.STEP_LATE: "See all that are late",
    NeedKind.RECEIPT_STUCK: "See all that lack a receipt",
    NeedKind.UNREACHABLE: "See all that wait for a call",
    NeedKind.DEAD_DELIVERY: "See all that goes out by itself",
}


@pytest.mark.parametrize("kind", NeedKind)
def test_the_link_says_what_it_leads_to(
    kind: NeedKind, cast: Cast, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.board.needs.SHOWN", 1)
    for number in range(2):
        dangers.one_of(kind, cast, timezone.now(), f"Guest {number}")
    client = sign_in(cast.manager)
    page = client.get("/")
    [section] = page.context["needs"].sections
    text = unescape(page.content.decode())
    words = WIDER.get(kind, "See all of them")
    assert f'href="{section.more_url}">{words}<' in text
    listed = client.get(section.more_url)
    assert listed.status_code == 200
    if section.more_url.startswith("/incidents/") and kind not in WIDER:  # all of them, and nothing else
        assert {row.incident.pk for row in section.rows} <= {card.incident.pk for card in listed.context["cards"]}
        assert len(listed.context["cards"]) == section.number
