"""Away for a while, and who decides meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Staff
from tests.make import Cast

SignIn = Callable[..., Client]
AWAY = "/profile/away/"


def tomorrow(staff: Staff) -> str:
    return (timezone.now() + dt.timedelta(days=1)).astimezone(staff.zone).strftime("%Y-%m-%dT10:00")


def test_away_with_somebody_who_decides(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    asked = {"until": tomorrow(cast.manager), "stand_in": cast.desk.pk}
    text = client.post(AWAY, asked, follow=True).content.decode()
    cast.manager.refresh_from_db()
    assert cast.manager.stand_in == cast.desk
    assert cast.manager.away_until is not None
    assert cast.manager.away_until.astimezone(cast.here.zone).hour == 10
    assert "You are away until" in text
    assert "Dora Desk decides meanwhile" in text


def test_back_again(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    client.post(AWAY, {"until": tomorrow(cast.manager), "stand_in": cast.desk.pk})
    text = client.post(AWAY, {"back": "on"}, follow=True).content.decode()
    cast.manager.refresh_from_db()
    assert (cast.manager.away_until, cast.manager.stand_in) == (None, None)
    assert "Welcome back" in text


def test_nobody_need_stand_in(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.owner).post(AWAY, {"until": tomorrow(cast.owner)}, follow=True).content.decode()
    assert "Nobody stands in for you" in text


def test_what_is_missing_is_said_in_our_words(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.manager).post(AWAY, {"until": ""}).content.decode()
    assert "Say until when." in text
    assert "Fill this in." not in text


@pytest.mark.parametrize("until", ["", "2020-01-01T10:00", "yesterday", "9999-12-31T23:59"])
def test_bad_input_keeps_what_was_typed(until: str, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.manager).post(AWAY, {"until": until, "stand_in": cast.desk.pk})
    assert answer.status_code == 422
    assert f'<option value="{cast.desk.pk}" selected' in answer.content.decode()
    cast.manager.refresh_from_db()
    assert cast.manager.away_until is None


def test_not_oneself_not_a_stranger_not_who_is_away_too(cast: Cast, sign_in: SignIn) -> None:
    cast.owner.away_until = timezone.now() + dt.timedelta(days=3)
    cast.owner.save(update_fields=["away_until"])
    for other in (cast.manager, cast.outsider, cast.owner):
        answer = sign_in(cast.manager).post(AWAY, {"until": tomorrow(cast.manager), "stand_in": other.pk})
        assert answer.status_code == 422


def test_it_is_for_who_decides(cast: Cast, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.desk).post(AWAY).status_code == 403
    assert "I will be away" not in sign_in(cast.desk).get("/profile/").content.decode()
    assert sign_in(cast.manager).get(AWAY).status_code == 405
    assert client.post(AWAY)["Location"].startswith("/accounts/login/")
