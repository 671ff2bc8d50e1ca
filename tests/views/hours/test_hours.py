"""The week of a place: it is saved, bad input is kept, nothing is saved by copying or adding a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import Job, Location, OpenHours
from tests import make
from tests.make import Cast

SignIn = Callable[..., Client]
CLOSED = {f"d{day}_how": "closed" for day in range(7)}


def address(place: Location) -> str:
    return f"/catalogue/hours/{place.pk}/"


def typed(**over: str) -> dict[str, str]:
    """Monday as it is meant, the other days closed."""
    monday = {"d0_how": "hours", "d0_from_0": "09:00", "d0_to_0": "12:30", "d0_from_1": "13:30", "d0_to_1": "17:30"}
    return {"version": "0", "opens": "week"} | CLOSED | monday | over


def week(place: Location) -> list[tuple[int, str, str]]:
    rows = OpenHours.objects.filter(location=place).values_list("weekday", "opens", "closes")
    return [(day, f"{opens:%H:%M}", f"{closes:%H:%M}") for day, opens, closes in rows]


@pytest.fixture
def client(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.manager)


def test_a_week_is_saved(client: Client, cast: Cast) -> None:
    make.make_incident(cast.desk)
    sent = typed(d4_how="hours", d4_from_0="22:00", d4_to_0="02:00", d6_how="all_day")
    answer: Any = client.post(address(cast.here), sent)
    assert answer["Location"] == address(cast.here)
    assert week(cast.here) == [
        *((0, "09:00", "12:30"), (0, "13:30", "17:30")),
        *((4, "22:00", "02:00"), (6, "00:00", "00:00")),
    ]
    page = client.get(address(cast.here)).content.decode()
    assert "Mon 09:00\u201312:30, 13:30\u201317:30" in page
    assert "Tue\u2013Thu closed" in page
    assert "Fri 22:00\u201302:00 the next day" in page
    assert "Sun around the clock" in page
    assert "Working out the deadlines of 1 open recovery anew" in page
    assert f"/jobs/{Job.objects.get().pk}/progress/?small=1" in page


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_deadlines_that_are_half_done_are_said_until_they_go_on(client: Client, cast: Cast, state: str) -> None:
    make.make_incident(cast.desk)
    client.post(address(cast.here), typed())
    job = Job.objects.get()
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Job.objects.update(state=state, finished_at=long_ago)
    assert f"/jobs/{job.pk}/retry/" in client.get(address(cast.here)).content.decode()
    Job.objects.update(state="done", done=job.total)
    assert f"/jobs/{job.pk}/" not in client.get(address(cast.here)).content.decode()


def test_around_the_clock_needs_no_row(client: Client, cast: Cast) -> None:
    OpenHours.objects.create(location=cast.here, weekday=0, opens=dt.time(9), closes=dt.time(17))
    assert client.post(address(cast.here), typed(opens="always")).status_code == 302
    assert week(cast.here) == []
    assert "Open around the clock, every day" in client.get(address(cast.here)).content.decode()


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"d0_to_1": ""}, "Write both times, or leave both empty."),
        ({"d0_from_0": "", "d0_to_0": "", "d0_from_1": "", "d0_to_1": ""}, "Write from when until when"),
        ({"d0_from_1": "12:00"}, "That overlaps with the other hours of this day."),
        ({"d0_from_0": "noon"}, "Write a time, like 15:30."),
        ({"d0_from_0": "24:30"}, "Write a time, like 15:30."),
        ({"d0_how": "often"}, "Select a valid choice."),
        ({"opens": ""}, "Choose one."),
        ({"version": "x"}, "Enter a whole number."),
    ],
)
def test_bad_input_is_said_and_kept(over: dict[str, str], words: str, client: Client, cast: Cast) -> None:
    answer = client.post(address(cast.here), typed(d2_how="hours", d2_from_0="08:15", d2_to_0="11:45") | over)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="08:15"' in answer.content.decode()
    assert week(cast.here) == []


def test_all_closed_is_no_week(client: Client, cast: Cast) -> None:
    answer = client.post(address(cast.here), typed(d0_how="closed"))
    assert answer.status_code == 422
    assert "Say when it is open at least once a week" in answer.content.decode()


def test_what_runs_into_the_next_day_is_refused_in_words(client: Client, cast: Cast) -> None:
    sent = typed(d0_from_1="20:00", d0_to_1="03:00", d1_how="hours", d1_from_0="02:00", d1_to_0="08:00")
    answer = client.post(address(cast.here), sent)
    assert answer.status_code == 409
    assert "Monday 20:00 to 03:00 and Tuesday 02:00 to 08:00 overlap." in answer.content.decode()
    assert 'value="20:00"' in answer.content.decode()


def test_a_save_in_between_shows_both(client: Client, cast: Cast) -> None:
    OpenHours.objects.create(location=cast.here, weekday=0, opens=dt.time(7), closes=dt.time(9))
    Location.objects.filter(pk=cast.here.pk).update(version=4)
    answer = client.post(address(cast.here), typed())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "07:00\u201309:00" in page
    assert "09:00\u201312:30, 13:30\u201317:30" in page
    assert 'name="version" value="4"' in page
    assert client.post(address(cast.here), typed(version="4")).status_code == 302


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_monday_is_copied_and_nothing_saved(htmx: dict[str, str], client: Client, cast: Cast) -> None:
    sent = typed(copy="0", d5_how="hours", d5_from_0="10:00", d5_to_0="14:00")
    answer = client.post(address(cast.here), sent, headers=htmx)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('value="13:30"') == 5
    assert page.count('value="10:00"') == 1
    assert "Tuesday to Friday are as Monday now." in page
    assert ("<html" in page) is not bool(htmx)
    assert week(cast.here) == []


def test_an_interval_more_keeps_what_is_typed(client: Client, cast: Cast) -> None:
    sent = typed(add="0", d0_from_0="half past")
    page = client.post(address(cast.here), sent, headers={"HX-Request": "true"}).content.decode()
    assert 'name="d0_from_2"' in page
    assert 'name="d1_from_2"' not in page
    assert 'value="half past"' in page
    assert "<html" not in page
    assert "autofocus" in page


@pytest.mark.parametrize("add", ["7", "-1", "x", ""])
def test_no_interval_is_added_to_no_day(add: str, client: Client, cast: Cast) -> None:
    page = client.post(address(cast.here), typed(add=add)).content.decode()
    assert 'name="d0_from_2"' not in page


def test_eight_a_day_are_the_most(client: Client, cast: Cast) -> None:
    rows = {f"d0_from_{n}": f"{n:02}:00" for n in range(8)} | {f"d0_to_{n}": f"{n:02}:30" for n in range(8)}
    page = client.post(address(cast.here), typed(add="0") | rows).content.decode()
    assert 'name="d0_from_7"' in page
    assert 'name="d0_from_8"' not in page
    assert client.post(address(cast.here), typed() | rows).status_code == 302
    assert len(week(cast.here)) == 8
    assert 'name="d0_from_7"' in client.get(address(cast.here)).content.decode()


def test_who_may(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(address(cast.elsewhere)).status_code == 200
    assert sign_in(cast.manager).get(address(cast.elsewhere)).status_code == 404
    assert sign_in(cast.manager).post(address(cast.elsewhere), typed()).status_code == 404
    for staff in (cast.desk, cast.outsider):
        assert sign_in(staff).get(address(cast.here)).status_code == 403
        assert sign_in(staff).post(address(cast.here), typed()).status_code == 403
    for pk in (0, 999_999, 10**30):
        assert sign_in(cast.owner).get(f"/catalogue/hours/{pk}/").status_code == 404


def test_the_list_says_each_place(cast: Cast, sign_in: SignIn) -> None:
    OpenHours.objects.create(location=cast.here, weekday=0, opens=dt.time(9), closes=dt.time(17))
    page = sign_in(cast.owner).get("/catalogue/hours/").content.decode()
    assert "Mon 09:00\u201317:00<br>Tue\u2013Sun closed" in page
    assert "Open around the clock, every day" in page
    assert address(cast.elsewhere) in page
    assert address(cast.elsewhere) not in sign_in(cast.manager).get("/catalogue/hours/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_few_statements(
    number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        place = make.make_location(f"House {turn}")
        for at in (place, cast.here):
            OpenHours.objects.create(location=at, weekday=turn, opens=dt.time(9), closes=dt.time(17))
    client = sign_in(cast.owner)
    with django_assert_max_num_queries(8):
        client.get("/catalogue/hours/")
    with django_assert_max_num_queries(12):
        client.get(address(cast.here))


def test_the_ways_there(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert address(cast.here) in client.get("/locations/").content.decode()
    assert address(cast.here) in client.get(f"/locations/{cast.here.pk}/").content.decode()
    assert "/catalogue/hours/" in client.get("/catalogue/").content.decode()
    assert address(cast.here) in client.get(f"/catalogue/?at={cast.here.pk}").content.decode()
