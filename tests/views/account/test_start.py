"""The first page of an empty installation."""

from __future__ import annotations

import pytest
from django.test import Client

from incidents.access import Role
from incidents.actions import people
from incidents.actions.refusals import Refused
from incidents.models import Business, Location, Staff
from tests.make import NOW, Cast

pytestmark = pytest.mark.django_db
GOOD = {
    "business": "Finch & Alder",
    "location": "Harbour House",
    "time_zone": "chicago",
    "currency": "usd",
    "country": "US",
    "name": "Ada Alder",
    "email": "Ada@Example.org",
    "password": "quiet-harbour-9",
    "again": "quiet-harbour-9",
}


def test_it_makes_the_business_and_signs_its_administrator_in(client: Client) -> None:
    answer = client.post("/start/", GOOD, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert answer.status_code == 200
    ada, place = Staff.objects.get(), Location.objects.get()
    assert (ada.email, ada.role, ada.is_superuser) == ("ada@example.org", Role.ADMINISTRATOR, True)
    assert (place.time_zone, place.currency, place.fallback_assignee) == ("America/Chicago", "USD", ada)
    assert Business.objects.get().name == "Finch & Alder"
    assert answer.wsgi_request.user == ada
    assert client.get("/profile/").status_code == 200


def test_the_page_offers_zones_and_countries(client: Client) -> None:
    text = client.get("/start/").content.decode()
    assert '<option value="Europe/Berlin"></option>' in text
    assert ">Germany</option>" in text


def test_the_second_time_it_is_404(client: Client, cast: Cast) -> None:
    assert client.get("/start/").status_code == 404
    assert client.post("/start/", GOOD).status_code == 404
    assert not Staff.objects.filter(email="ada@example.org").exists()


def test_two_at_once_make_one() -> None:
    facts = {name: value for name, value in GOOD.items() if name != "again"} | {"time_zone": "UTC", "currency": "USD"}
    people.start_business(now=NOW, **facts)
    with pytest.raises(Refused):
        people.start_business(now=NOW, **facts | {"email": "second@example.org"})
    assert Staff.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("business", "", "Fill this in."),
        ("business", "a\x00b", "Null characters are not allowed."),
        ("location", "x" * 200, "at most 120 characters"),
        ("time_zone", "Atlantis", "Atlantis is not a time zone."),
        ("currency", "dollars", "at most 3 characters"),
        ("currency", "$$$", "A currency has three letters"),
        ("country", "ZZ", "Select a valid choice."),
        ("email", "nobody", "Enter a valid email address."),
        ("password", "short", "too short"),
        ("password", "1234567890123", "entirely numeric"),
        ("again", "something-else", "The two passwords differ."),
    ],
)
def test_bad_input_is_said_and_kept(field: str, value: str, words: str, client: Client) -> None:
    answer = client.post("/start/", GOOD | {field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "There is a problem" in text
    if field != "name":
        assert 'value="Ada Alder"' in text
    assert "quiet-harbour-9" not in text
    assert not Staff.objects.exists()
