"""Everything of one person to another: recoveries, changes, procedures, meetings; what it means, and done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.access import Role
from incidents.actions import jobs
from incidents.models import Concern, Incident, Job, Meeting, MeetingSeries, PreventionAction, Procedure, Staff
from tests import make, meetings
from tests.actions.agendas import weekly
from tests.make import DAY, Cast
from tests.models.learned import make_procedure
from tests.preventing import commit
from tests.views.recover.rules import text_of

SignIn = Callable[[Staff], Client]


@pytest.fixture
def leaving(cast: Cast) -> Staff:
    """A manager with two recoveries, a change, a procedure, a meeting and one that comes again."""
    now = timezone.now()
    person = make.make_staff("Lea Leaving", cast.here, role=Role.MANAGER)
    for _n in range(2):
        incident = make.make_incident(cast.desk, now=now)
        Incident.objects.filter(pk=incident.pk).update(assignee=person)
    other = make.make_incident(cast.desk, now=now)
    commit(other, cast.manager, assignee=person, now=now, due_on=(now + 9 * DAY).date())
    make_procedure(cast, responsible=person)
    meetings.call(cast, now=now, facilitator=person)
    MeetingSeries.objects.filter(pk=weekly(cast).pk).update(facilitator=person)
    return person


def address(person: Staff) -> str:
    return f"/open-work/{person.pk}/"


def left(person: Staff) -> list[int]:
    held: list[Any] = [
        Incident.objects.open().filter(assignee=person),
        PreventionAction.objects.open().filter(assignee=person),
        Procedure.objects.standing().filter(responsible=person),
        MeetingSeries.objects.filter(facilitator=person),
        Meeting.objects.ahead().filter(facilitator=person),
    ]
    return [rows.count() for rows in held]


def send(client: Client, person: Staff, to: Staff, key: str = "") -> Any:
    return client.post(address(person), {"to": to.pk, "submit_key": key or str(uuid4())})


def test_who_has_what_leads_there(cast: Cast, sign_in: SignIn, leaving: Staff) -> None:
    text = text_of(sign_in(cast.manager).get("/open-work/"))
    assert f'href="{address(leaving)}"' in text
    assert "keeps 1 procedure · leads 2 meetings" in text
    assert f'href="{address(cast.colleague)}"' not in text  # has nothing


def test_sent_to_nobody_it_asks_to_whom(cast: Cast, sign_in: SignIn, leaving: Staff) -> None:
    client = sign_in(cast.manager)
    assert "Choose to whom." in text_of(client.get(address(leaving), {"to": ""}))
    assert "Choose to whom." not in text_of(client.get(address(leaving)))


def test_says_how_much_there_is_and_what_would_go(
    cast: Cast, sign_in: SignIn, leaving: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.manager)
    with django_assert_max_num_queries(12):
        text = text_of(client.get(address(leaving), {"to": cast.colleague.pk}))
    for words in ("2 open recoveries", "1 change to make", "1 procedure to keep true", "1 meeting ahead to lead"):
        assert words in text
    assert "6 go to Cole League" in text
    assert "does not work there" not in text
    assert left(leaving) == [2, 1, 1, 1, 1]


def test_all_of_it_goes_and_once(cast: Cast, sign_in: SignIn, leaving: Staff) -> None:
    client, key = sign_in(cast.manager), str(uuid4())
    for _n in range(2):
        answer = send(client, leaving, cast.colleague, key)
        job = Job.objects.get()
        assert (answer.status_code, answer.headers["Location"]) == (302, job.get_absolute_url())
    assert left(leaving) == [2, 0, 0, 0, 0]
    jobs.work()
    assert left(leaving) == [0, 0, 0, 0, 0]
    assert left(cast.colleague)[1:] == [1, 1, 1, 1]
    again = send(client, leaving, cast.colleague)  # nothing is left
    assert (again.status_code, again.headers["Location"]) == (302, "/open-work/")
    assert Job.objects.count() == 1


def test_what_somebody_must_not_have_stays(cast: Cast, sign_in: SignIn, leaving: Staff) -> None:
    action = PreventionAction.objects.get(assignee=leaving)
    Concern.objects.create(incident=action.incident, staff=cast.colleague)
    Procedure.objects.filter(responsible=leaving).update(location=None)
    client = sign_in(cast.owner)
    text = text_of(client.get(address(leaving), {"to": cast.colleague.pk}))
    assert text.count("1 stays: Cole League") == 2
    send(client, leaving, cast.colleague)
    assert left(leaving) == [2, 1, 1, 0, 0]


def test_only_what_the_reader_may_hand_over(cast: Cast, sign_in: SignIn, leaving: Staff) -> None:
    hidden = PreventionAction.objects.get(assignee=leaving).incident
    Incident.objects.filter(pk=hidden.pk).update(is_restricted=True)
    Concern.objects.create(incident=hidden, staff=cast.manager)
    client = sign_in(cast.manager)
    assert "change to make" not in text_of(client.get(address(leaving)))
    send(client, leaving, cast.colleague)
    assert left(leaving)[1] == 1


def test_bad_input_and_strangers(cast: Cast, sign_in: SignIn, leaving: Staff) -> None:
    client = sign_in(cast.manager)
    for to in ("", cast.outsider.pk, leaving.pk, "x"):
        assert client.post(address(leaving), {"to": to, "submit_key": str(uuid4())}).status_code == 422
    assert client.get(f"{address(leaving)}?to={cast.outsider.pk}").status_code == 200
    for place in ("x", "999999", cast.elsewhere.pk):  # is not all of their places
        assert client.get(f"{address(leaving)}?place={place}").status_code == 404
        sent = {"to": cast.colleague.pk, "submit_key": str(uuid4())}
        assert client.post(f"{address(leaving)}?place={place}", sent).status_code == 404
    assert client.get(address(cast.outsider)).status_code == 404
    assert client.get("/open-work/999999/").status_code == 404
    assert sign_in(cast.desk).get(address(leaving)).status_code == 403
    assert left(leaving) == [2, 1, 1, 1, 1]


def test_nothing_to_hand_over_says_so(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing to hand over" in text_of(sign_in(cast.manager).get(address(cast.colleague)))
