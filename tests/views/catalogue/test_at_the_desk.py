"""What is set up takes effect where people choose."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Category, CategoryField, CategoryHere, Incident, Membership, RemedyType, RemedyTypeHere
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
NEW = "/incidents/new/"


def logged(**over: Any) -> dict[str, Any]:
    fields = {"submit_key": str(uuid4()), "draft_key": str(uuid4()), "what_happened": "Cold.", "category": "room"}
    return fields | {"source": "customer", "customer_hint": "A man with a hat"} | over


@pytest.fixture
def desk(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.desk)


def tiles(client: Client, at: str = NEW) -> list[str]:
    form: Any = client.get(at).context["form"]
    return [row.key for row in form.fields["category"].rows]


def test_a_kind_that_is_not_offered_here_has_no_tile_here(cast: Cast, desk: Client, sign_in: SignIn) -> None:
    CategoryHere.objects.create(category=make.category(), location=cast.here, is_offered=False)
    assert "room" not in tiles(desk)
    assert "room" in tiles(sign_in(cast.outsider))
    assert desk.post(NEW, logged()).status_code == 422


def test_a_retired_kind_that_a_place_keeps(cast: Cast, desk: Client, sign_in: SignIn) -> None:
    Category.objects.filter(key="room").update(is_active=False)
    CategoryHere.objects.create(category=make.category(), location=cast.here, is_offered=True)
    assert "room" in tiles(desk)
    assert "room" not in tiles(sign_in(cast.outsider))
    assert desk.post(NEW, logged()).status_code == 302


def test_the_order_of_tiles(cast: Cast, desk: Client) -> None:
    Category.objects.filter(key="waiting").update(position=0)
    Category.objects.filter(key="late").update(position=9)
    assert tiles(desk)[0] == "waiting"


def test_how_bad_it_is_here(cast: Cast, desk: Client, sign_in: SignIn) -> None:
    CategoryHere.objects.create(category=make.category(), location=cast.here, severity=1)
    page: Any = desk.get(f"{NEW}fields/?category=room")
    assert page.context["form"]["severity"].value() == 1
    desk.post(NEW, logged())
    sign_in(cast.outsider).post(NEW, logged())
    assert [row.severity for row in Incident.objects.order_by("id")] == [1, 3]


def test_the_chosen_place_counts(cast: Cast, desk: Client) -> None:
    Membership.objects.create(staff=cast.desk, location=cast.elsewhere)
    CategoryHere.objects.create(category=make.category(), location=cast.elsewhere, is_offered=False)
    assert desk.get(f"{NEW}fields/?category=room&location={cast.here.pk}").status_code == 200
    assert desk.get(f"{NEW}fields/?category=room&location={cast.elsewhere.pk}").status_code == 404
    assert desk.post(NEW, logged(location=cast.elsewhere.pk)).status_code == 422
    assert desk.post(NEW, logged(location=cast.here.pk)).status_code == 302


def test_another_place_shows_its_tiles(cast: Cast, desk: Client) -> None:
    Membership.objects.create(staff=cast.desk, location=cast.elsewhere)
    CategoryHere.objects.create(category=make.category(), location=cast.elsewhere, is_offered=False)
    assert "room" in tiles(desk)
    assert "room" not in tiles(desk, f"{NEW}?location={cast.elsewhere.pk}")
    assert "room" in tiles(desk, f"{NEW}?location=999999")
    assert 'id="kind-tiles"' in desk.get(NEW).content.decode()


def test_an_incident_keeps_a_kind_that_is_retired(cast: Cast, desk: Client) -> None:
    incident = make.make_incident(cast.desk)
    Category.objects.filter(key="room").update(is_active=False)
    address = f"{incident.get_absolute_url()}change/"
    sent = {"version": make.fresh(incident).version, "customer": incident.customer_id, "customer_name": "Nora Novak"}
    sent |= {"what_happened": "Colder still.", "category": "room", "severity": "3"}
    assert desk.post(address, sent).status_code == 302
    assert make.fresh(incident).what_happened == "Colder still."


def test_a_new_question_is_asked_and_a_retired_one_is_not(cast: Cast, desk: Client) -> None:
    CategoryField.objects.filter(category__key="room", key="place").update(is_active=False)
    page = desk.get(f"{NEW}fields/?category=room").content.decode()
    assert 'name="value_fault"' in page
    assert 'name="value_place"' not in page


def offered(client: Client, incident: Incident) -> dict[str, RemedyType]:
    page: Any = client.get(incident.get_absolute_url())
    return {row.key: row for row in page.context["story"].rows.types if row.is_offered}


def test_remedies_are_those_of_the_place(cast: Cast, desk: Client) -> None:
    incident = make.make_incident(cast.desk)
    for key, own in (("points", {"is_offered": False}), ("refund", {"typical_amount": Decimal(80)})):
        RemedyTypeHere.objects.create(type=make.remedy_type(key), location=cast.here, **own)
    RemedyTypeHere.objects.create(type=make.remedy_type("upgrade"), location=cast.here, needs_receipt=True)
    found = offered(desk, incident)
    assert "points" not in found
    assert (found["refund"].typical_amount, found["upgrade"].needs_receipt) == (Decimal(80), True)
    spot: Any = desk.get(NEW).context["form"].fields["remedy_type"].rows
    assert "points" not in [row.key for row in spot]


def test_put_right_may_be_off(cast: Cast, desk: Client) -> None:
    RemedyType.objects.filter(key="put_right").update(is_active=False)
    answer = desk.post(NEW, logged(is_on_the_spot="on", remedy_type=""))
    assert answer.status_code == 422
    assert "Say what they got." in answer.content.decode()
    assert desk.post(NEW, logged(is_on_the_spot="on", remedy_type="points")).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_logging_reads_no_more(
    number: int, cast: Cast, desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for row in Category.objects.all()[:number]:
        CategoryHere.objects.create(category=row, location=cast.here, severity=1)
    desk.get(NEW)  # counts once a day which kinds are used
    with django_assert_max_num_queries(12):
        desk.get(NEW)
