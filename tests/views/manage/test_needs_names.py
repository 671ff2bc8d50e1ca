"""Names on the first page: shown as they are, whatever they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Incident, NeedKind
from tests import dangers
from tests.make import Cast

SignIn = Callable[..., Client]


@pytest.mark.parametrize("kind", NeedKind)
def test_no_place_of_a_template_is_left_open(kind: NeedKind, cast: Cast, sign_in: SignIn) -> None:
    """Templates are made once and filled in: whatever somebody is called stays what they are called."""
    dangers.one_of(kind, cast, timezone.now())
    client = sign_in(cast.manager)
    assert "@@" not in (text := client.get("/").content.decode())
    assert "R-0000-00000" not in text
    Incident.objects.update(customer=None, customer_hint="@@user@@ <b>R-0000-00000")
    text = client.get("/").content.decode()
    assert text.count("@@user@@ &lt;b&gt;R-0000-00000") >= 2, "in the name and in what the buttons are about"
    assert "<b>R-" not in text
