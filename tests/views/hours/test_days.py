"""Public holidays, taps on them, and closed days of one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import Location, OpenHours, SpecialDay
from incidents.models.hours import calendar_of
from incidents.models.regions import upcoming
from tests.kept import kept_rows
from tests.make import Cast

SignIn = Callable[..., Client]


@pytest.fixture
def client(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.manager)


@kept_rows
def shop(cast: Cast) -> Location:
    """Open every day from nine to five, with the holidays of the United States."""
    for day in range(7):
        OpenHours.objects.create(location=cast.here, weekday=day, opens=dt.time(9), closes=dt.time(17))
    Location.objects.filter(pk=cast.here.pk).update(holiday_region="US")
    return Location.objects.get(pk=cast.here.pk)


def address(place: Location, name: str = "days") -> str:
    return f"/catalogue/hours/{place.pk}/{name}/"


def next_holiday(place: Location) -> tuple[dt.date, str]:
    today = timezone.now().astimezone(place.zone).date()
    return next(iter(upcoming("US", today + dt.timedelta(days=1), today + dt.timedelta(days=360)).items()))


def is_open(place: Location, day: dt.date) -> bool:
    noon = dt.datetime.combine(day, dt.time(12), Location.objects.get(pk=place.pk).zone)
    return calendar_of(Location.objects.get(pk=place.pk)).is_open(noon.astimezone(dt.UTC))


def test_a_tap_opens_and_closes_a_holiday(client: Client, shop: Location) -> None:
    day, name = next_holiday(shop)
    page = client.get(address(shop)).content.decode()
    assert name.replace("'", "&#x27;") in page
    assert not is_open(shop, day)
    answer: Any = client.post(address(shop, "day"), {"date": day.isoformat(), "how": "open"})
    assert answer["Location"] == address(shop)
    assert is_open(shop, day)
    assert 'value="usual">Close' in client.get(address(shop)).content.decode()
    client.post(address(shop, "day"), {"date": day.isoformat(), "how": "usual"})
    assert not is_open(shop, day)
    assert not SpecialDay.objects.exists()


def test_holidays_do_not_close_what_never_closes(client: Client, cast: Cast) -> None:
    Location.objects.filter(pk=cast.here.pk).update(holiday_region="US")
    day, _name = next_holiday(cast.here)
    assert "Public holidays do not close a place that is open around the clock." in (
        client.get(address(cast.here)).content.decode()
    )
    assert is_open(cast.here, day)
    client.post(address(cast.here, "day"), {"date": day.isoformat(), "how": "closed"})
    assert not is_open(cast.here, day)


def test_a_day_the_week_has_no_hours_for(client: Client, shop: Location) -> None:
    day, _name = next_holiday(shop)
    OpenHours.objects.filter(location=shop, weekday=day.weekday()).delete()
    assert "Closed on this day of the week" in client.get(address(shop)).content.decode()
    answer = client.post(address(shop, "day"), {"date": day.isoformat(), "how": "open"})
    assert answer.status_code == 409
    assert "The week has no hours for" in answer.content.decode()


@pytest.mark.parametrize(
    "over", [{"date": "soon"}, {"date": ""}, {"how": "maybe"}, {"until": "2029-01-01"}, {"until": "x"}]
)
def test_a_bad_tap_is_said(over: dict[str, str], client: Client, shop: Location) -> None:
    answer = client.post(address(shop, "day"), {"date": "2030-01-01", "how": "closed"} | over)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_the_region_is_chosen(client: Client, cast: Cast) -> None:
    sent = {"version": "0", "country": "DE", "part": "BY"}
    assert client.post(address(cast.here, "region"), sent).status_code == 302
    cast.here.refresh_from_db()
    assert cast.here.holiday_region == "DE-BY"
    page = client.get(address(cast.here)).content.decode()
    assert '<option value="BY" selected>Bayern</option>' in page
    assert "Corpus Christi" in page
    page = client.get("/catalogue/hours/").content.decode()
    assert "Germany, Bayern" in page


def test_another_country_brings_its_own_parts(client: Client, shop: Location) -> None:
    page = client.get(address(shop), {"country": "CH"}).content.decode()
    assert "Appenzell Innerrhoden" in page
    sent = {"version": str(shop.version), "country": "CH", "part": "TX"}  # the part of the one before
    assert client.post(address(shop, "region"), sent).status_code == 302
    shop.refresh_from_db()
    assert shop.holiday_region == "CH"


@pytest.mark.parametrize("over", [{"country": "XX"}, {"part": "Atlantis"}, {"version": ""}])
def test_a_bad_region_is_said(over: dict[str, str], client: Client, shop: Location) -> None:
    answer = client.post(address(shop, "region"), {"version": "0", "country": "US", "part": "TX"} | over)
    assert answer.status_code == 422
    assert SpecialDay.objects.count() == 0
    shop.refresh_from_db()
    assert shop.holiday_region == "US"


def test_a_region_saved_in_between_shows_both(client: Client, shop: Location) -> None:
    Location.objects.filter(pk=shop.pk).update(version=7)
    answer = client.post(address(shop, "region"), {"version": "0", "country": "DE", "part": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "United States" in page
    assert ">Germany</td>" in page
    assert 'name="version" value="7"' in page


def test_closed_days_with_a_name(client: Client, shop: Location) -> None:
    first = timezone.now().date() + dt.timedelta(days=400)
    last = first + dt.timedelta(days=2)
    sent = {"name": " Stock  taking ", "date": first.isoformat(), "until": last.isoformat()}
    assert client.post(address(shop, "close"), sent).status_code == 302
    assert list(SpecialDay.objects.values_list("name", "is_open")) == [("Stock taking", False)] * 3
    page = client.get(address(shop)).content.decode()
    assert page.count("Stock taking</span><br>") == 1
    assert not is_open(shop, first)
    assert not is_open(shop, last)
    sent = {"date": first.isoformat(), "until": last.isoformat(), "how": "usual"}
    assert client.post(address(shop, "day"), sent).status_code == 302
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "x" * 121}, "at most 120"),
        ({"date": "tomorrow"}, "Write a day"),
        ({"date": "2001-01-01"}, "That is too long ago."),
        ({"until": "2030-01-06"}, "The last day comes after the first."),
        ({"until": "2031-01-09"}, "Keep it under a year."),
    ],
)
def test_bad_closed_days_are_said_and_kept(over: dict[str, str], words: str, client: Client, shop: Location) -> None:
    answer = client.post(
        address(shop, "close"), {"name": "Stocktaking", "date": "2030-01-07", "until": "2030-01-08"} | over
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Stocktaking"' in page or "name" in over
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("name", ["days", "region", "close", "day"])
def test_who_may(name: str, cast: Cast, sign_in: SignIn) -> None:
    for staff in (cast.desk, cast.outsider):
        assert sign_in(staff).post(address(cast.here, name)).status_code == 403
    assert sign_in(cast.manager).post(address(cast.elsewhere, name)).status_code in {404, 405}
    assert sign_in(cast.manager).get(address(cast.elsewhere, name)).status_code in {404, 405}
    assert sign_in(cast.manager).get(address(cast.here, name)).status_code == (200 if name == "days" else 405)


@pytest.mark.parametrize("number", [1, 3])
def test_few_statements(
    number: int, shop: Location, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        day = timezone.now().date() + dt.timedelta(days=20 * turn)
        SpecialDay.objects.create(location=shop, date=day, name=f"Day {turn}")
    with django_assert_max_num_queries(12):
        client.get(address(shop))
