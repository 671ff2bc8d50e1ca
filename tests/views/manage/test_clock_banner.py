"""The banner of managers: the clock process is silent, or what it should have sent is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.actions import remind
from incidents.models import Business, Heartbeat, Incident, OutboxHold, Staff
from tests import make
from tests.make import Cast
from tests.views.deliveries.rows import MINUTE, dead, mail, reminder

SignIn = Callable[..., Client]
SECOND = dt.timedelta(seconds=1)
PAGES = ("/", "/incidents/", "/calls/", "/profile/")
STILL, LATE = "Reminders stand still", "Reminders are late"


def beat(ago: dt.timedelta = SECOND) -> None:
    Heartbeat.objects.create(name="worker_sweep", at=timezone.now() - ago)


def quiet(by: Staff) -> Incident:
    incident = make.make_incident(by, now=timezone.now())
    incident.reminders.all().delete()
    return incident


def text(client: Client, address: str = "/profile/") -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize(("ago", "is_told"), [(1, False), (50, False), (70, True), (-3600, False)])
def test_a_silent_clock(ago: int, is_told: bool, cast: Cast, sign_in: SignIn) -> None:
    beat(ago * SECOND)
    assert (STILL in text(sign_in(cast.manager))) is is_told


def test_on_every_page_of_managers_and_administrators_only(cast: Cast, sign_in: SignIn) -> None:
    beat(3 * MINUTE)
    for page in PAGES:
        for staff, is_told in ((cast.desk, False), (cast.manager, True), (cast.owner, True)):
            assert (STILL in text(sign_in(staff), page)) is is_told, f"{page} for {staff}"
    told = text(sign_in(cast.manager))
    assert "The clock process last ran 3 minutes ago." in told
    assert "Calls due stays right." in told
    assert 'href="/reminders/"' in told


def test_the_page_it_leads_to_says_it_once(cast: Cast, sign_in: SignIn) -> None:
    beat(3 * MINUTE)
    assert text(sign_in(cast.manager), "/reminders/").count(STILL) == 1


def test_a_fresh_installation_has_two_minutes(cast: Cast, sign_in: SignIn) -> None:
    Business.objects.update(created_at=timezone.now() - MINUTE)
    assert STILL not in text(sign_in(cast.manager))
    Business.objects.update(created_at=timezone.now() - 3 * MINUTE)
    assert "The clock process has never run." in text(sign_in(cast.manager))


@pytest.mark.parametrize(("ago", "is_told"), [(-60, False), (4, False), (6, True)])
def test_a_reminder_that_is_late(ago: int, is_told: bool, cast: Cast, sign_in: SignIn) -> None:
    beat()
    reminder(quiet(cast.outsider), due_at=timezone.now() - ago * MINUTE)
    told = text(sign_in(cast.manager))
    assert (LATE in told) is is_told
    assert ("The oldest has been due for 6 minutes." in told) is is_told


def test_a_mail_that_is_late_unless_mail_is_on_hold(cast: Cast, sign_in: SignIn) -> None:
    beat()
    mail(cast.desk, next_try_at=timezone.now() - 6 * MINUTE)
    assert LATE in text(sign_in(cast.manager))
    OutboxHold.objects.create(since=timezone.now(), reason="paused")
    assert LATE not in text(sign_in(cast.manager))


@pytest.mark.parametrize("state", ["done", "moot", "dead"])
def test_what_is_over_is_not_late(state: str, cast: Cast, sign_in: SignIn) -> None:
    beat()
    reminder(quiet(cast.desk), due_at=timezone.now() - make.DAY, state=state)
    assert LATE not in text(sign_in(cast.manager))


@pytest.mark.parametrize(("who", "statements"), [("desk", 4), ("manager", 4), ("owner", 3)])
def test_it_costs_no_statement(
    who: str, statements: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The style guide shows nothing but the frame: session, person, their places, one for the frame."""
    beat(3 * MINUTE)
    client = sign_in(getattr(cast, who))
    with django_assert_num_queries(statements):
        client.get("/styleguide/")


def test_a_reminder_that_is_tried_again_is_not_late(cast: Cast, sign_in: SignIn) -> None:
    beat()
    row = dead(quiet(cast.desk), due_at=timezone.now() - make.DAY)
    remind.retry(reminder_id=row.pk, by=cast.manager, now=timezone.now())
    assert LATE not in text(sign_in(cast.manager))
    was = row.due_at
    row.refresh_from_db()
    assert (row.state, row.target_at) == ("pending", was), "the time of the thing itself stays"
