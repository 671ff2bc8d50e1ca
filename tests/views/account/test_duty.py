"""On duty for some hours, in one tap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.make import Cast

SignIn = Callable[..., Client]


@pytest.mark.parametrize("hours", [2, 8])
def test_for_some_hours(hours: int, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post("/profile/duty/", {"hours": hours}, follow=True)
    cast.desk.refresh_from_db()
    until = cast.desk.on_duty_until
    assert until is not None
    assert abs(until - timezone.now() - dt.timedelta(hours=hours)) < dt.timedelta(minutes=1)
    told = until.astimezone(cast.here.zone).strftime("%H:%M")
    assert f"{told}</h2>" in answer.content.decode()
    assert "You are on duty until" in answer.content.decode()


def test_off_again(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    client.post("/profile/duty/", {"hours": 8})
    answer = client.post("/profile/duty/", {"hours": 0}, follow=True)
    cast.desk.refresh_from_db()
    assert cast.desk.on_duty_until is None
    assert 'name="hours" value="0"' not in answer.content.decode()


def test_a_shift_that_is_over_does_not_show(cast: Cast, sign_in: SignIn) -> None:
    cast.desk.on_duty_until = timezone.now() - dt.timedelta(minutes=1)
    cast.desk.save(update_fields=["on_duty_until"])
    assert "You are off duty" in sign_in(cast.desk).get("/profile/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"hours": "3"}, {"hours": "-8"}, {"hours": "9" * 5000}])
def test_bad_input_is_422(sent: dict[str, str], cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.desk).post("/profile/duty/", sent)
    assert answer.status_code == 422
    assert "Choose one of the buttons" in answer.content.decode()
    cast.desk.refresh_from_db()
    assert cast.desk.on_duty_until is None


def test_it_is_a_post(cast: Cast, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.desk).get("/profile/duty/").status_code == 405
    assert client.post("/profile/duty/")["Location"].startswith("/accounts/login/")
