"""One person, several who write to them at the same moment: still no more mail than they chose."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection, transaction

from incidents.actions import outbox
from incidents.models import Incident, Notice, NoticeKind, Outbox, OutboxState, Staff
from tests import make
from tests.actions.test_mail_rules import send, tell
from tests.make import HOUR, NOW, Cast
from tests.reminding import clock, settle

SECOND = dt.timedelta(seconds=1)
RULES = ("gathered", "hourly", "twice", "daily")


def told_at_once(cast: Cast) -> None:
    """Two processes that deliver something to the desk, neither of which sees what the other has not committed."""
    incidents = [settle(cast, customer=make.make_customer(f"Guest {number}")) for number in range(2)]
    Outbox.objects.all().delete()
    both = threading.Barrier(2)

    def deliver(incident: Incident) -> None:
        try:
            with transaction.atomic():
                tell(Staff.objects.get(pk=cast.desk.pk), incident, NOW)
                both.wait(20)
        finally:
            connection.close()

    crew = [threading.Thread(target=deliver, args=[incident]) for incident in incidents]
    for each in crew:
        each.start()
    for each in crew:
        each.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rule", RULES)
def test_two_that_wait_leave_as_one(cast: Cast, rule: str) -> None:
    Staff.objects.filter(pk=cast.desk.pk).update(mail_rule=rule)
    told_at_once(cast)
    assert Outbox.objects.count() == 2, "neither saw the other"
    for hours in range(40):
        send(NOW + hours * HOUR)
    assert [each.to for each in mail.outbox] == [[cast.desk.email]]
    assert all(f"Guest {number}" in mail.outbox[0].body for number in range(2))
    told = Notice.objects.filter(kind=NoticeKind.ASSIGNED, subject_id__gt=0, messages__state=OutboxState.SENT)
    assert told.count() == 2


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_one(cast: Cast) -> None:
    Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
    told_at_once(cast)
    outbox.send_due(clock(NOW + 24 * HOUR), senders=4)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("rule", RULES)
def test_one_that_comes_too_late_to_go_with_the_other_waits_for_its_turn(cast: Cast, rule: str) -> None:
    """Somebody was just adding to it when the other left."""
    Staff.objects.filter(pk=cast.desk.pk).update(mail_rule=rule)
    incident = settle(cast)
    for number in range(3):
        tell(cast.desk, incident, NOW, mark=f"{number}")
    Outbox.objects.all().delete()
    fields = {"recipient": cast.desk, "channel": "email", "created_at": NOW, "next_try_at": NOW}
    for number, notice in enumerate(Notice.objects.filter(kind=NoticeKind.ASSIGNED, incident=incident).order_by("pk")):
        message = Outbox.objects.create(dedupe_key=f"by hand {number}", **fields)
        message.lines.create(notice=notice, channel="email")
        send(NOW + number * SECOND)
    assert Outbox.objects.filter(state=OutboxState.SENT).count() == (2 if rule == "twice" else 1), (
        "a day has two when they want two"
    )
    for hours in range(1, 60):
        send(NOW + hours * HOUR)
    assert not Outbox.objects.exclude(state=OutboxState.SENT).exists(), "nothing stays behind"
