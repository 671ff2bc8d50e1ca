"""What the first page offers to take back, and what it does not."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import NeedKind, Staff
from tests import dangers, make
from tests.make import Cast

SignIn = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("is_gone", [True, False])
@pytest.mark.parametrize("way", ["take", "give"])
def test_nothing_goes_back_to_somebody_who_is_gone(way: str, is_gone: bool, cast: Cast, sign_in: SignIn) -> None:
    """An Undo that is offered and then refused helps nobody."""
    late = dangers.one_of(NeedKind.APOLOGY_LATE, cast, timezone.now(), "Petra Late")
    Staff.objects.filter(pk=cast.desk.pk).update(is_active=not is_gone)
    client = sign_in(cast.manager)
    (row,) = client.get("/").context["needs"].rows
    sent = {"kind": row.kind, "occurrence": row.danger.occurrence, "next": "/", "to": cast.colleague.pk}
    address = row.take_url if way == "take" else f"/incidents/{late.reference}/hand-over/"
    answer = client.post(address, sent, follow=True, headers=HTMX)
    assert make.fresh(late).assignee == (cast.manager if way == "take" else cast.colleague)
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert ("undo" in toast) is not is_gone
    if not is_gone:
        assert client.post(toast["undo"], toast.get("fields", {})).status_code == 302
        assert make.fresh(late).assignee == cast.desk


def test_a_receipt_that_is_waited_for_after_all(cast: Cast, sign_in: SignIn) -> None:
    stuck = dangers.one_of(NeedKind.RECEIPT_STUCK, cast, timezone.now())
    client = sign_in(cast.manager)
    (row,) = client.get("/").context["needs"].rows
    remedy = row.about
    address = f"/incidents/{stuck.reference}/remedy/{remedy.pk}/no-receipt/"
    answer = client.post(address, {"note": "The shop gave none.", "next": "/"}, follow=True, headers=HTMX)
    assert not answer.context["needs"].rows
    toast = json.loads(answer["HX-Trigger"])["toast"]
    back = client.post(toast["undo"], toast["fields"], follow=True, headers=HTMX)
    assert [row.incident.pk for row in back.context["needs"].rows] == [stuck.pk]
