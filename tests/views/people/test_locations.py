"""Locations: listed, added, changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Location
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]


def filled(place: Location | None = None, **over: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": "Lake Shop", "time_zone": "Europe/Berlin", "currency": "EUR", "country": "DE"}
    if place is None:
        fields["submit_key"] = str(uuid4())
    else:
        fields = {name: getattr(place, name) for name in (*fields, "version")}
        fields["fallback_assignee"] = place.fallback_assignee_id or ""
    return fields | over


@pytest.mark.parametrize("address", ["/locations/", "/locations/new/", "/locations/{pk}/"])
def test_administrators_only(address: str, cast: Cast, sign_in: SignIn, client: Client) -> None:
    address = address.format(pk=cast.here.pk)
    assert sign_in(cast.owner).get(address).status_code == 200
    for other in (cast.desk, cast.manager, cast.outsider):
        assert sign_in(other).get(address).status_code == 403
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_a_bad_id_is_404_and_post_on_the_list_405(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert client.get("/locations/999999/").status_code == 404
    assert client.get("/locations/99999999999999999999/").status_code == 404
    assert client.post("/locations/").status_code == 405


def test_adding_one(cast: Cast, sign_in: SignIn) -> None:
    sent = filled(time_zone="berlin", currency="eur", fallback_assignee=cast.owner.pk)
    assert sign_in(cast.owner).post("/locations/new/", sent)["Location"] == "/locations/"
    place = Location.objects.get(name="Lake Shop")
    assert (place.time_zone, place.currency, place.country) == ("Europe/Berlin", "EUR", "DE")
    assert place.fallback_assignee == cast.owner


def test_changing_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    sent = filled(cast.here, name="Harbour House", fallback_assignee=cast.desk.pk)
    assert client.post(f"/locations/{cast.here.pk}/", sent).status_code == 302
    cast.here.refresh_from_db()
    assert (cast.here.name, cast.here.fallback_assignee, cast.here.version) == ("Harbour House", cast.desk, 1)
    assert "Dora Desk" in client.get("/locations/").content.decode()


def test_a_saving_in_between_shows_both(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    late = filled(cast.here, name="Late House")
    client.post(f"/locations/{cast.here.pk}/", filled(cast.here, name="First House"))
    answer = client.post(f"/locations/{cast.here.pk}/", late)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "First House" in text
    assert "Late House" in text
    assert Location.objects.get(pk=cast.here.pk).name == "First House"
    assert client.post(f"/locations/{cast.here.pk}/", late | {"version": 1}).status_code == 302


def test_the_currency_stays_once_there_are_incidents(cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk)
    answer = sign_in(cast.owner).post(f"/locations/{cast.here.pk}/", filled(cast.here, currency="EUR"))
    assert answer.status_code == 409
    assert "so the currency stays" in answer.content.decode()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "HARBOUR hotel"}, "Another location has this name."),
        ({"time_zone": "../../etc/passwd"}, "is not a time zone"),
        ({"time_zone": "<script>"}, "&lt;script&gt; is not a time zone"),
        ({"currency": "12!"}, "A currency has three letters"),
        ({"country": "U"}, "Select a valid choice."),
        ({"fallback_assignee": "999999"}, "Select a valid choice."),
    ],
)
def test_bad_input_is_said_and_kept(over: dict[str, Any], words: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post("/locations/new/", filled() | over)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'value="DE" selected' in text or over.get("country")


def test_an_outsider_is_no_fallback(cast: Cast, sign_in: SignIn) -> None:
    sent = filled(cast.here, fallback_assignee=cast.outsider.pk)
    assert sign_in(cast.owner).post(f"/locations/{cast.here.pk}/", sent).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_few_statements(
    number: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        place.fallback_assignee = make.make_staff(f"Person{turn} Here", place)
        place.save(update_fields=["fallback_assignee"])
    client = sign_in(cast.owner)
    with django_assert_num_queries(4):
        client.get("/locations/")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07:00, 15:00, 23:00", ["07:00", "15:00", "23:00"]),
        ("23.00;7:00 7:00\t15:00", ["07:00", "15:00", "23:00"]),
        ("", []),
    ],
)
def test_when_shifts_end(cast: Cast, sign_in: SignIn, typed: str, kept: list[str]) -> None:
    client = sign_in(cast.owner)
    assert client.post(f"/locations/{cast.here.pk}/", filled(cast.here, shift_ends=typed)).status_code == 302
    cast.here.refresh_from_db()
    assert [f"{time:%H:%M}" for time in cast.here.shift_ends] == kept
    if kept:
        assert 'value="07:00, 15:00, 23:00"' in client.get(f"/locations/{cast.here.pk}/").content.decode()


@pytest.mark.parametrize("typed", ["25:00", "07:60", "seven", "7", "07:00, x", "-1:00", "0" * 199, "07:00:00"])
def test_what_is_no_time_is_said_so(cast: Cast, sign_in: SignIn, typed: str) -> None:
    answer = sign_in(cast.owner).post(f"/locations/{cast.here.pk}/", filled(cast.here, shift_ends=typed))
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert "Write times like 07:00, 15:00, 23:00." in answer.content.decode()


def test_more_shifts_than_a_day_has_are_refused(cast: Cast, sign_in: SignIn) -> None:
    typed = ", ".join(f"{hour:02}:00" for hour in range(13))
    answer = sign_in(cast.owner).post(f"/locations/{cast.here.pk}/", filled(cast.here, shift_ends=typed))
    assert answer.status_code == 422
    assert "That is more than 12 times." in answer.content.decode()


@pytest.mark.parametrize(("chosen", "kept"), [("True", True), ("False", False), ("", None)])
def test_whether_meetings_talk_about_every_mistake(cast: Cast, sign_in: SignIn, chosen: str, kept: bool | None) -> None:
    Location.objects.filter(pk=cast.here.pk).update(reviews_all=not kept)
    client, address = sign_in(cast.owner), f"/locations/{cast.here.pk}/"
    assert client.post(address, filled(cast.here, reviews_all=chosen)).status_code == 302
    cast.here.refresh_from_db()
    assert cast.here.reviews_all is kept
    assert f'value="{chosen}" selected' in client.get(address).content.decode()
    assert client.post(address, filled(cast.here, reviews_all="maybe")).status_code == 422
