"""Waiting for the customer: the form, what the page says meanwhile, and afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.actions import waiting
from incidents.models import Incident, SpecialDay
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, HOUR, Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk, now=timezone.now())
    make.apologize(incident, cast.desk, now=timezone.now())
    return make.fresh(incident)


def asked(**over: Any) -> dict[str, Any]:
    return {"how_long": "open_days", "note": "They ask their wife.", "submit_key": uuid4()} | over


def wait(incident: Incident, cast: Cast, *, ago: dt.timedelta = HOUR, until: dt.timedelta = DAY) -> None:
    now = timezone.now()
    of: dict[str, Any] = {"until": now + until, "note": "They ask their wife."}
    waiting.wait_for_customer(incident_id=incident.pk, by=incident.assignee, now=now - ago, **of)


def test_it_works(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(cast.desk)
    page = text_of(client.post(url("recover-wait", incident), asked(), follow=True))
    for words in (
        "We wait for them until",
        "We will remind you then",
        "Waiting for them until",
        "They ask their wife.",
    ):
        assert words in page
    assert "Offer stands still: waiting for the customer since" in page
    assert "They answered" in page
    make.fresh(incident)
    assert incident.waiting_until
    assert incident.waiting_until > timezone.now() + 2 * DAY


@pytest.mark.parametrize("how_long", ["tomorrow", "open_days", "week"])
def test_where_a_season_is_closed_it_is_as_long_as_can_be(
    cast: Cast, sign_in: SignIn, incident: Incident, how_long: str
) -> None:
    today = timezone.now().date()
    SpecialDay.objects.bulk_create(SpecialDay(location=cast.here, date=today + n * DAY) for n in range(-1, 90))
    answer = sign_in(cast.desk).post(url("recover-wait", incident), asked(how_long=how_long))
    assert answer.status_code == 302
    until = make.fresh(incident).waiting_until
    assert until is not None
    assert 59 * DAY < until - timezone.now() <= 60 * DAY


@pytest.mark.parametrize(("how_long", "days"), [("tomorrow", 1), ("open_days", 3), ("week", 7)])
def test_until(cast: Cast, sign_in: SignIn, incident: Incident, how_long: str, days: int) -> None:
    sign_in(cast.desk).post(url("recover-wait", incident), asked(how_long=how_long))
    until = make.fresh(incident).waiting_until
    assert until is not None
    local = timezone.now().astimezone(cast.here.zone).date()
    assert until.astimezone(cast.here.zone).date() == local + dt.timedelta(days=days)


def test_until_a_moment_of_the_place(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    day = (timezone.now() + 20 * DAY).astimezone(cast.here.zone).date()
    sent = asked(how_long="moment", until=f"{day}T10:30")
    assert sign_in(cast.desk).post(url("recover-wait", incident), sent).status_code == 302
    until = make.fresh(incident).waiting_until
    assert until
    assert until.astimezone(cast.here.zone).isoformat()[:16] == f"{day}T10:30"


def test_the_same_form_twice(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, sent = sign_in(cast.desk), asked()
    for _turn in range(2):
        assert client.post(url("recover-wait", incident), sent).status_code == 302
    assert (incident.notes.count(), incident.events.filter(kind="waiting_began").count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"how_long": ""}, "Say until when we wait."),
        ({"how_long": "for_ever"}, "Say until when we wait."),
        ({"how_long": "moment"}, "Say which day and time."),
        ({"how_long": "moment", "until": "soon"}, "They ask their wife."),
        ({"how_long": "moment", "until": "2020-01-01T10:00"}, "within the next 60 days"),
        ({"how_long": "moment", "until": "2099-01-01T10:00"}, "within the next 60 days"),
        ({"submit_key": ""}, "They ask their wife."),
    ],
)
def test_bad_input_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn, incident: Incident, wrong: dict[str, str], words: str
) -> None:
    answer = sign_in(cast.desk).post(url("recover-wait", incident), asked(**wrong))
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert "They ask their wife." in page
    assert make.fresh(incident).waiting_since is None


def test_a_closed_one_says_so(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(cast.desk)
    make.close(incident, cast.desk, "withdrawn", now=timezone.now())
    answer = client.post(url("recover-wait", incident), asked())
    assert answer.status_code == 409
    assert "This recovery is closed." in text_of(answer)
    assert "They ask their wife." in text_of(answer)


def test_undo_is_offered(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(cast.desk)
    page = text_of(client.post(url("recover-wait", incident), asked(), follow=True))
    assert "What you just did can be undone" in page
    client.post(url("recover-undo-last", incident))
    assert make.fresh(incident).waiting_since is None


def test_when_it_is_over_the_page_asks(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    wait(incident, cast, ago=2 * DAY, until=-HOUR)
    page = text_of(sign_in(cast.desk).get(incident.get_absolute_url()))
    assert "They have not answered: call them, or decide" in page
    assert "Waiting for them until" not in page
    assert "stands still" not in page


@pytest.mark.parametrize("who", ["desk", "colleague", "manager", "owner"])
def test_everybody_who_sees_it_may(cast: Cast, sign_in: SignIn, incident: Incident, who: str) -> None:
    assert sign_in(getattr(cast, who)).post(url("recover-wait", incident), asked()).status_code == 302


class TestLists:
    def test_on_cards(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        wait(incident, cast)
        for there in ("/incidents/", "/"):
            assert "Waiting for them until" in text_of(sign_in(cast.desk).get(there))
        assert "Waiting for them until" in text_of(sign_in(cast.manager).get("/incidents/"))

    def test_on_cards_when_it_is_over(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        wait(incident, cast, ago=2 * DAY, until=-HOUR)
        page = text_of(sign_in(cast.manager).get("/incidents/?view=late"))
        assert "They have not answered us" in page
        assert "Late by" in page

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, cast: Cast, sign_in: SignIn, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _each in range(number):
            wait(make.make_incident(cast.desk, now=timezone.now()), cast)
        for who in (cast.desk, cast.manager):
            client = sign_in(who)
            for there, most in (("/incidents/", 8), ("/", 12)):
                client.get(there)
                with django_assert_max_num_queries(most):
                    assert "Waiting for them" in text_of(client.get(there)) or there == "/"


def test_the_number_of_queries(
    cast: Cast, sign_in: SignIn, incident: Incident, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    wait(incident, cast)
    client = sign_in(cast.desk)
    client.get(incident.get_absolute_url())
    for there in ("", "?open=wait", "?open=times&open=wait"):
        with django_assert_max_num_queries(12):
            assert client.get(incident.get_absolute_url() + there).status_code == 200


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    hold(cast, sign_in, "recover-wait", incident)
    hold(cast, sign_in, "recover-go-on", incident)
    restricted = make.make_incident(cast.desk, category="safety")
    for name in ("recover-wait", "recover-go-on"):
        assert sign_in(cast.desk).post(url(name, restricted), asked()).status_code == 403
        assert sign_in(cast.manager).post(url(name, restricted), asked()).status_code == 302
