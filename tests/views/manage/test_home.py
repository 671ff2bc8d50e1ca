"""The first page, by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.actions import log
from incidents.board.home import gates_of
from incidents.models import Staff
from incidents.workflow import missing
from tests import make
from tests.make import DAY, HOUR, Cast

SignIn = Callable[..., Client]


def page(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_installation_without_anybody_starts_a_business(client: Client, db: None) -> None:
    assert client.get("/")["Location"] == "/start/"


def test_a_stranger_signs_in_first(client: Client, cast: Cast) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_the_desk_is_calm_when_nothing_is_open(cast: Cast, sign_in: SignIn) -> None:
    text = page(sign_in(cast.desk))
    assert "Log a mistake" in text
    assert "Nobody is waiting for a call" in text
    assert "Nothing is open" in text


def test_the_desk_sees_what_is_theirs_and_what_it_lacks(cast: Cast, sign_in: SignIn) -> None:
    mine = make.make_incident(cast.desk)
    theirs = make.make_incident(cast.colleague)
    text = page(sign_in(cast.desk))
    assert mine.reference in text
    assert theirs.reference not in text
    assert "Nobody has apologized to the customer yet." in text
    make.apologize(mine, cast.desk)
    assert "An apology alone is not a recovery." in page(sign_in(cast.desk))


def test_calls_of_mine_the_late_ones_first(cast: Cast, sign_in: SignIn) -> None:
    now = timezone.now()
    for name, ago in (("Petra Early", 2 * DAY), ("Zoe Later", 2 * DAY + 20 * HOUR), ("Ann Tomorrow", 0 * DAY)):
        incident = make.make_incident(cast.desk, customer=make.make_customer(name), now=now - ago)
        make.give(incident, cast.desk, now=now - ago)
        make.apologize(incident, cast.desk, now=now - ago)
    text = page(sign_in(cast.desk))
    assert text.index("Call Zoe Later back") < text.index("Call Petra Early back")
    assert "Call Ann Tomorrow back" not in text
    assert "Late by" in text
    assert 'href="tel:+13125550100"' in text


def test_unfinished_drafts_wait(cast: Cast, sign_in: SignIn) -> None:
    key = uuid4()
    values = {"what_happened": "The lift stood still"}
    log.save_draft(by=cast.desk, form="log", key=key, values=values, now=timezone.now())
    text = page(sign_in(cast.desk))
    assert "The lift stood still" in text
    assert f"/incidents/new/?draft={key}" in text
    assert "The lift stood still" not in page(sign_in(cast.colleague))


def test_the_manager_is_calm_when_nobody_waits(cast: Cast, sign_in: SignIn) -> None:
    make.make_incident(cast.desk, now=timezone.now())
    assert "Nobody is waiting longer than promised" in page(sign_in(cast.manager))


def test_a_restricted_incident_stays_off_the_first_page(cast: Cast, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, category="safety", severity=1, now=timezone.now() - DAY)
    hurt.concerns.create(staff=cast.manager)
    assert hurt.reference not in page(sign_in(cast.manager))
    assert hurt.reference in page(sign_in(cast.owner))


def test_post_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).post("/").status_code == 405


def test_the_gates_are_those_of_the_round(cast: Cast) -> None:
    bare, sorry, given, called = (make.make_incident(cast.desk) for _n in range(4))
    for incident in (sorry, given, called):
        make.apologize(incident, cast.desk)
    make.give(given, cast.desk, is_delivered=False)
    make.give(called, cast.desk)
    make.call(called, cast.desk, "unhappy")
    found = gates_of([bare, sorry, given, called])
    for incident in (bare, sorry, given, called):
        assert found[incident.pk] == missing(incident.current_round().facts(incident.finding))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("who", ["desk", "manager"])
def test_at_most_twelve_statements(
    who: str, number: int, cast: Cast, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    reader: Staff = getattr(cast, who)
    for turn in range(number):
        ago = now - dt.timedelta(days=9 + turn)
        customer = make.make_customer(f"Guest {turn}")
        called = make.make_incident(cast.desk, customer=customer, now=ago, category=["room", "late", "other"][turn])
        make.apologize(called, cast.desk, now=ago)
        make.give(called, cast.desk, now=ago)
        waiting = make.make_incident(cast.desk, customer=make.make_customer(f"Other {turn}"), now=ago, severity=1)
        make.give(waiting, cast.desk, "reimburse", is_delivered=False, now=ago)
        log.save_draft(by=cast.desk, form="log", key=uuid4(), values={"what_happened": "x"}, now=now)
    client = sign_in(reader)
    with django_assert_max_num_queries(10):
        page(client)
