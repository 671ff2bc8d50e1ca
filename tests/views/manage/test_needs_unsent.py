"""What did not get through and hangs on no recovery: a line of its own on the first page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.access import Role
from incidents.models import Notice, Outbox, Staff
from tests import dangers, make, meetings
from tests.make import DAY, HOUR, Cast
from tests.views.deliveries import rows

SignIn = Callable[..., Client]


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def unsent(to: Staff, now: dt.datetime, **over: Any) -> Outbox:
    """A mail about minutes, which hang on no incident."""
    notice = Notice.objects.create(recipient=to, kind="minutes", subject_id=7, occurrence="1", at=now)
    return rows.mail(to, notice, **{"state": "dead", "next_try_at": now - HOUR} | over)


def said(client: Client) -> list[tuple[str, str]]:
    return [(each.words, each.url) for each in client.get("/").context["needs"].unsent]


def test_a_mail_of_what_we_learn(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    mail = unsent(cast.desk, now)
    for staff in (cast.manager, cast.owner):
        assert said(sign_in(staff)) == [("1 mail was given up.", "/reminders/?what=mails&state=dead")]
    client = sign_in(cast.manager)
    text = client.get("/").content.decode()
    assert 'href="/reminders/?what=mails&amp;state=dead"' in text
    assert "Nothing needs you now." not in text
    client.post(f"/reminders/mails/{mail.pk}/retry/")
    assert said(client) == []
    assert "Nothing needs you now." in client.get("/").content.decode()


def test_a_mail_that_was_refused(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    unsent(cast.desk, now, state="failed")
    assert said(sign_in(cast.manager)) == [
        ("1 mail was refused by the other side.", "/reminders/?what=mails&state=failed")
    ]


def test_a_reminder_of_a_meeting(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    meeting = meetings.call(cast, now=now)
    rows.dead(None, kind="meeting_soon", subject_id=meeting.pk)  # type: ignore[arg-type]
    assert said(sign_in(cast.manager)) == [("1 reminder was given up.", "/reminders/?what=reminders&state=dead")]


def test_what_stands_with_its_recovery_is_not_said_twice(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    incident = dangers.calm(cast, now, "Petra Mail")
    notice = incident.notices.create(
        recipient=cast.desk, kind="assigned", subject_id=incident.pk, occurrence="1", at=now
    )
    rows.mail(cast.desk, notice, state="dead", next_try_at=now - HOUR)
    assert said(sign_in(cast.manager)) == []


def test_neither_of_another_place_nor_of_long_ago(cast: Cast, now: dt.datetime, sign_in: SignIn) -> None:
    unsent(make.make_staff("Elsa Elsewhere", cast.elsewhere, role=Role.FRONT_DESK), now)
    unsent(cast.desk, now, next_try_at=now - 8 * DAY)
    assert said(sign_in(cast.manager)) == []
    assert len(said(sign_in(cast.owner))) == 1
