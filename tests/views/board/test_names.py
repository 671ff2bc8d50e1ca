"""What somebody typed is text on a card and in a row of the board, never markup."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest
from django.test import Client

from incidents.models import Incident, Staff
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
NASTY = """<script>"a" & 'b'</script> {} {0} {{x}} %(who)s %s"""


@pytest.mark.parametrize("query", ["", "?as=table"])
def test_names_are_escaped(query: str, cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    Incident.objects.update(customer=None, customer_hint=f"who {NASTY}", place=f"place {NASTY}")
    Staff.objects.filter(pk=incident.assignee_id).update(name=f"staff {NASTY}")
    text = sign_in(cast.manager).get("/board/" + query).content.decode()
    assert incident.reference in text
    for word in ("who", "place", "staff"):
        assert f"{word} {escape(NASTY)}" in text
        assert f"{word} <script>" not in text
