"""Holding mail back, and releasing it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import OutboxHold
from tests import make
from tests.make import DAY, HOUR, Cast
from tests.views.deliveries.rows import mail

SignIn = Callable[..., Client]
RELEASE = "/reminders/release/"


def held(reason: str = "restored") -> OutboxHold:
    return OutboxHold.objects.create(since=timezone.now() - HOUR, reason=reason)


def test_an_administrator_pauses_mail(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.owner).post("/reminders/hold/", follow=True)
    assert "Mail is on hold" in answer.content.decode()
    assert "Paused by an administrator" in answer.content.decode()
    assert OutboxHold.objects.get().reason == "paused"


def test_holding_twice_keeps_the_first(cast: Cast, sign_in: SignIn) -> None:
    held()
    sign_in(cast.owner).post("/reminders/hold/")
    assert OutboxHold.objects.get().reason == "restored"


@pytest.mark.parametrize("address", ["/reminders/hold/", RELEASE])
def test_for_administrators(address: str, cast: Cast, sign_in: SignIn, client: Client) -> None:
    held()
    for staff in (cast.desk, cast.manager):
        assert sign_in(staff).post(address, {"waiting": "send"}).status_code == 403
    assert client.post(address)["Location"].startswith("/accounts/login/")
    assert OutboxHold.objects.exists()


def test_pausing_is_a_post(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get("/reminders/hold/").status_code == 405


def test_it_says_what_would_go_out_oldest_first(cast: Cast, sign_in: SignIn) -> None:
    held()
    mail(cast.desk, next_try_at=timezone.now() - HOUR)
    mail(cast.outsider, next_try_at=timezone.now() - DAY)
    mail(cast.colleague, state="sent", sent_at=timezone.now())
    text = sign_in(cast.owner).get(RELEASE).content.decode()
    assert "2 mails wait." in text
    assert text.index("Otto Outsider") < text.index("Dora Desk")
    assert "Cole League" not in text
    assert OutboxHold.objects.exists()


def test_release_and_send(cast: Cast, sign_in: SignIn) -> None:
    held()
    row = mail(cast.desk)
    answer = sign_in(cast.owner).post(RELEASE, {"waiting": "send"})
    assert answer["Location"] == "/reminders/?what=mails&state=queued"
    row.refresh_from_db()
    assert (row.state, OutboxHold.objects.exists()) == ("pending", False)


def test_release_and_drop(cast: Cast, sign_in: SignIn) -> None:
    held()
    row = mail(cast.desk)
    answer = sign_in(cast.owner).post(RELEASE, {"waiting": "drop"}, follow=True)
    assert "What waited was dropped" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, OutboxHold.objects.exists()) == ("moot", False)


def test_bad_input_is_422_and_nothing_leaves(cast: Cast, sign_in: SignIn) -> None:
    held()
    answer = sign_in(cast.owner).post(RELEASE, {"waiting": "burn"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert OutboxHold.objects.exists()


def test_nothing_is_held_any_more(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert client.get(RELEASE)["Location"] == "/reminders/"
    answer = client.post(RELEASE, {"waiting": "drop"})
    assert answer.status_code == 409
    assert "somebody was faster" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_few_statements(
    number: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    held()
    for turn in range(number):
        mail(make.make_staff(f"Person{turn} Here", cast.here))
    client = sign_in(cast.owner)
    with django_assert_num_queries(7):
        client.get(RELEASE)
