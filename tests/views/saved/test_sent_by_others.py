"""One page, two people at the same desk."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.test import Client

from incidents.models import SavedView, Staff
from tests.make import Cast

SignIn = Callable[[Staff], Client]


def test_a_form_that_somebody_else_sent_already(cast: Cast, sign_in: SignIn) -> None:
    form = {"name": "Late", "query": "overdue=1", "submit_key": str(uuid4())}
    assert sign_in(cast.desk).post("/views/new/", form).status_code == 302
    answer = sign_in(cast.colleague).post("/views/new/", form)
    assert answer.status_code == 409
    assert "Somebody else sent this form already" in answer.content.decode()
    assert SavedView.objects.filter(owner=cast.colleague).count() == 0
