"""Still not right, or happened again? Asked of what was closed lately; a person chooses."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.models import Incident
from tests import make
from tests.make import DAY

NEW, OPEN = "/incidents/new/", "/incidents/new/open/"


@pytest.fixture
def closed(cast: make.Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    return make.close(incident, cast.desk, "withdrawn", now=timezone.now() - DAY)


def sent(incident: Incident, **over: Any) -> dict[str, Any]:
    facts = {"category": "room", "what_happened": "Cold again.", "source": "customer", "told_by": "in_person"}
    return facts | {"customer": incident.customer_id, "submit_key": uuid4(), "draft_key": uuid4()} | over


def newest() -> Incident:
    return Incident.objects.latest("id")


def test_both_ways_are_proposed_and_nothing_is_set(cast: make.Cast, sign_in: Any, closed: Incident) -> None:
    client = sign_in(cast.desk)
    for page in (OPEN, NEW, f"/customers/{closed.customer_id}/"):
        html = client.get(page, {"customer": closed.customer_id}).content.decode()
        assert f"Still not right: go back to {closed.reference}" in html
        assert f"{closed.get_absolute_url()}#go-back" in html
        assert "It happened again" in html
    assert client.post(NEW, sent(closed)).status_code == 302
    assert newest().repeat_of is None


def test_it_happened_again(cast: make.Cast, sign_in: Any, closed: Incident) -> None:
    client = sign_in(cast.desk)
    assert client.post(NEW, sent(closed, again=closed.reference)).status_code == 302
    assert newest().repeat_of == closed
    assert newest().told_with is None
    assert "This happened again after" in client.get(newest().get_absolute_url()).content.decode()


def test_from_the_page_of_the_first_one(cast: make.Cast, sign_in: Any, closed: Incident) -> None:
    client = sign_in(cast.desk)
    link = f"{NEW}?again={closed.reference}"
    assert link in client.get(closed.get_absolute_url()).content.decode()
    html = client.get(link).content.decode()
    assert closed.customer
    assert closed.customer.name in html
    assert f'value="{closed.reference}" id="again-{closed.pk}" checked' in html


def test_of_an_open_or_an_old_one_it_is_said_once(cast: make.Cast, sign_in: Any) -> None:
    incident = make.make_incident(cast.desk)
    html = sign_in(cast.desk).get(NEW, {"again": incident.reference}).content.decode()
    assert f'<input type="hidden" name="again" value="{incident.reference}">' in html
    assert f"It happened again after {incident.reference}." in html


def test_a_choice_survives_what_was_forgotten(cast: make.Cast, sign_in: Any, closed: Incident) -> None:
    answer = sign_in(cast.desk).post(NEW, sent(closed, again=closed.reference, what_happened=""))
    assert answer.status_code == 422
    assert f'id="again-{closed.pk}" checked' in answer.content.decode()


@pytest.mark.parametrize("days", [1, 91])
def test_ninety_days_and_nothing_logged_by_mistake(cast: make.Cast, sign_in: Any, days: int) -> None:
    incident = make.make_incident(cast.desk)
    make.close(incident, cast.manager, "void" if days == 1 else "withdrawn", now=timezone.now() - days * DAY)
    html = sign_in(cast.desk).get(OPEN, {"customer": incident.customer_id}).content.decode()
    assert not html.strip()


def test_of_another_place_or_restricted_is_a_404(cast: make.Cast, sign_in: Any) -> None:
    client = sign_in(cast.desk)
    for hidden in (make.make_incident(cast.outsider), make.make_incident(cast.manager, category="safety")):
        make.close(hidden, cast.owner, "withdrawn", now=timezone.now())
        assert client.get(NEW, {"again": hidden.reference}).status_code == 404
        assert client.post(NEW, sent(hidden, again=hidden.reference)).status_code == 404
        assert hidden.reference not in client.get(OPEN, {"customer": hidden.customer_id}).content.decode()
