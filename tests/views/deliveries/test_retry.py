"""Trying again what failed or was given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from incidents.models import Concern, Outbox, Reminder
from tests import make
from tests.make import Cast
from tests.views.deliveries.rows import dead, mail, reminder

SignIn = Callable[..., Client]


def test_a_dead_reminder_begins_anew(cast: Cast, sign_in: SignIn) -> None:
    row = dead(make.make_incident(cast.desk, now=timezone.now()))
    answer = sign_in(cast.manager).post(f"/reminders/{row.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (302, "/reminders/?what=reminders&state=dead")
    row.refresh_from_db()
    assert (row.state, row.tries) == ("pending", 0)


@pytest.mark.parametrize("state", ["failed", "dead"])
def test_a_mail_begins_anew(state: str, cast: Cast, sign_in: SignIn) -> None:
    row = mail(cast.desk, state=state, tries=8, last_error="smtp 550")
    answer = sign_in(cast.manager).post(f"/reminders/mails/{row.pk}/retry/")
    assert (answer.status_code, answer["Location"]) == (302, f"/reminders/?what=mails&state={state}")
    row.refresh_from_db()
    assert (row.state, row.tries) == ("pending", 0)


def test_the_second_one_to_try_is_told(cast: Cast, sign_in: SignIn) -> None:
    waits = reminder(make.make_incident(cast.desk, now=timezone.now()))
    sent = mail(cast.desk, state="sent", sent_at=timezone.now())
    client = sign_in(cast.manager)
    for address in (f"/reminders/{waits.pk}/retry/", f"/reminders/mails/{sent.pk}/retry/"):
        answer = client.post(address)
        assert answer.status_code == 409
        assert "somebody was faster" in answer.content.decode()
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_without_a_mail_server_nothing_is_tried_again(cast: Cast, sign_in: SignIn, settings: Settings) -> None:
    settings.MAIL = "off"
    row = mail(cast.desk, state="failed")
    client = sign_in(cast.manager)
    assert client.post(f"/reminders/mails/{row.pk}/retry/").status_code == 409
    answer = client.post("/reminders/retry/", {"what": "mails", "state": "failed"}, follow=True)
    assert "0 are tried again." in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "failed"


def test_what_one_does_not_see_is_404(cast: Cast, sign_in: SignIn) -> None:
    elsewhere = dead(make.make_incident(cast.outsider, now=timezone.now()))
    about = make.make_incident(cast.desk, now=timezone.now(), category="safety")
    Concern.objects.create(incident=about, staff=cast.manager)
    hidden = dead(about)
    theirs = mail(cast.outsider, state="dead")
    client = sign_in(cast.manager)
    for address in (elsewhere.pk, hidden.pk, f"mails/{theirs.pk}", 10**20, f"mails/{10**20}"):
        assert client.post(f"/reminders/{address}/retry/").status_code == 404, address
    assert set(Reminder.objects.filter(pk__in=(elsewhere.pk, hidden.pk)).values_list("state", flat=True)) == {"dead"}


@pytest.mark.parametrize("address", ["/reminders/1/retry/", "/reminders/mails/1/retry/", "/reminders/retry/"])
def test_who_may_not_and_how_not(address: str, cast: Cast, sign_in: SignIn, client: Client) -> None:
    assert sign_in(cast.desk).post(address).status_code == 403
    assert sign_in(cast.manager).get(address).status_code == 405
    assert client.post(address)["Location"].startswith("/accounts/login/")


def test_all_that_are_given_up_and_seen(cast: Cast, sign_in: SignIn) -> None:
    ours = [dead(make.make_incident(cast.desk, now=timezone.now())) for _turn in range(2)]
    theirs = dead(make.make_incident(cast.outsider, now=timezone.now()))
    answer = sign_in(cast.manager).post("/reminders/retry/", {"what": "reminders", "state": "dead"}, follow=True)
    assert "2 are tried again." in answer.content.decode()
    states = dict(Reminder.objects.filter(tries__in=(0, 5)).values_list("pk", "state"))
    assert [states[row.pk] for row in (*ours, theirs)] == ["pending", "pending", "dead"]


def test_all_mails_of_one_kind_of_failure(cast: Cast, sign_in: SignIn) -> None:
    failed, gone = mail(cast.desk, state="failed"), mail(cast.desk, state="dead")
    answer = sign_in(cast.manager).post("/reminders/retry/", {"what": "mails", "state": "failed"}, follow=True)
    assert "1 is tried again." in answer.content.decode()
    states = dict(Outbox.objects.values_list("pk", "state"))
    assert (states[failed.pk], states[gone.pk]) == ("pending", "dead")


def test_a_reminder_that_is_still_tried_by_itself_is_left_alone(cast: Cast, sign_in: SignIn) -> None:
    row = reminder(make.make_incident(cast.desk, now=timezone.now()), tries=2, last_error="KeyError")
    sign_in(cast.manager).post("/reminders/retry/", {"what": "reminders", "state": "failed"})
    row.refresh_from_db()
    assert (row.state, row.tries) == ("pending", 2)


@pytest.mark.parametrize("sent", [{}, {"what": "x", "state": "dead"}, {"what": "mails", "state": "sent"}])
def test_bad_input_is_422(sent: dict[str, str], cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.manager).post("/reminders/retry/", sent).status_code == 422
