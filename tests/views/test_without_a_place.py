"""Somebody who belongs to no place (any more): every page is there, and empty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from incidents.models import Membership, Staff
from tests import make
from tests.make import HOUR, Cast

SignIn = Callable[[Staff], Client]
PAGES = (
    *("home", "incident-list", "board", "export", "bulk", "view-list", "view-new", "pattern-list", "open-work"),
    *("call-unanswered", "call-list", "approval-list", "delivery-list", "notice-list", "job-list"),
)


@pytest.mark.parametrize("who", ["desk", "manager"])
def test_every_page_is_there_and_empty(cast: Cast, sign_in: SignIn, who: str) -> None:
    secret = make.make_incident(cast.desk, now=timezone.now() - HOUR)
    staff: Staff = getattr(cast, who)
    Membership.objects.filter(staff=staff).delete()
    client = sign_in(staff)
    managed = {"pattern-list", "open-work", "delivery-list"}
    for name in PAGES:
        status = 403 if who == "desk" and name in managed else 200
        assertNotContains(client.get(reverse(name)), secret.reference, status_code=status)
    for query in ("?as=table", "?q=shower", "?view=closed", "?assignee=me"):
        assertNotContains(client.get(reverse("board") + query), secret.reference)
        assertNotContains(client.get(reverse("export") + query), secret.reference)
