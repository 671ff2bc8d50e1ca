"""Reminding of many at once: one mail to each person, however many of them are theirs."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail as mailbox
from django.core.mail import EmailMultiAlternatives

from incidents.actions import jobs, mail_queue, needs, notify, outbox, remind
from incidents.models import BulkAct, Job, JobKind, JobState, NeedKind, Notice, NoticeKind, Outbox, Staff
from incidents.models.pulse import read_pulse
from tests import make
from tests.actions.many import LONG, ask, many, only_bulk  # noqa: F401
from tests.make import DAY, HOUR, Cast
from tests.reminding import clock

NO_TIME = dt.timedelta(0)


@pytest.fixture(autouse=True)
def quiet(cast: Cast) -> None:
    """Nothing but what these tests bring about, and hours that are always open."""
    Staff.objects.update(reachable_from=None, reachable_until=None)


def reminded(cast: Cast, number: int = 7, **over: Any) -> Job:
    many(cast, number, **over)
    return asked(cast)


def asked(cast: Cast) -> Job:
    Notice.objects.all().delete()
    Outbox.objects.all().delete()
    return ask(cast, BulkAct.REMIND)


def send() -> None:
    outbox.send_due(remind.database_now, senders=1)


def work(job: Job) -> None:
    """To its end, with somebody who sends between any two slices."""
    for _slice in range(9):
        jobs.work(budget=NO_TIME)
        send()
        job.refresh_from_db()
        if job.is_over:
            return
    raise AssertionError("it does not end")


def letters(person: Staff) -> list[EmailMultiAlternatives]:
    return [each for each in mailbox.outbox if each.to == [person.email]]  # type: ignore[misc]


def links(text: object) -> list[str]:
    return re.findall(r"/notices/\d+/\S*", str(text))


def on_duty(person: Staff) -> None:
    Staff.objects.filter(pk=person.pk).update(on_duty_until=remind.database_now() + DAY)


@pytest.mark.parametrize("rule", ["gathered", "hourly"])
def test_who_is_reminded_of_many_gets_one_mail(cast: Cast, rule: str) -> None:
    Staff.objects.update(mail_rule=rule)
    work(reminded(cast))
    assert Notice.objects.filter(recipient=cast.desk, kind="nudged").count() == 7, "each is on a line in the inbox"
    [letter] = letters(cast.desk)
    assert len(set(links(letter.body))) == 7
    send()
    assert Outbox.objects.filter(recipient=cast.desk).count() == 1, "and nothing else waits"


def test_on_duty_they_get_it_at_once_and_as_one_too(cast: Cast) -> None:
    """Whatever they chose: it leaves as soon as the last of it is done."""
    Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily", wants_mail=False)
    on_duty(cast.desk)
    work(reminded(cast))
    [letter] = letters(cast.desk)
    assert letter.subject == "You are asked to see to 7 recoveries"
    assert len(set(links(letter.body))) == 7


def test_control_without_a_mail_of_its_own_there_is_one_for_each(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_queue, "_of_job", lambda *_what: None)
    on_duty(cast.desk)
    work(reminded(cast))
    assert len(letters(cast.desk)) == 7


def test_control_without_waiting_for_its_end_there_is_one_for_each_slice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = "incidents_job.id = job_id AND finished_at IS NULL"
    assert waits in outbox._CLAIM
    monkeypatch.setattr(outbox, "_CLAIM", outbox._CLAIM.replace(waits, "FALSE"))
    on_duty(cast.desk)
    work(reminded(cast))
    assert len(letters(cast.desk)) == 4, "two in each slice"


def test_critical_ones_among_them_take_the_rest_along(cast: Cast) -> None:
    """What does not wait for a rule does not wait; nor is there a mail for each."""
    Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
    many(cast, 3)
    many(cast, 3, severity=1)
    many(cast, 3)
    work(asked(cast))
    [letter] = letters(cast.desk)
    assert len(set(links(letter.body))) == 9


def test_by_a_rule_that_waits_it_waits(cast: Cast) -> None:
    Staff.objects.filter(pk=cast.desk.pk).update(mail_rule="daily")
    work(reminded(cast))
    assert letters(cast.desk) == []
    message = Outbox.objects.get(recipient=cast.desk)
    assert message.next_try_at.astimezone(cast.desk.zone).time() == dt.time(8)
    outbox.send_due(clock(message.next_try_at), senders=1)
    assert len(letters(cast.desk)) == 1


def test_the_gravest_stand_first_then_what_is_due_first(cast: Cast) -> None:
    now = remind.database_now()
    made = {
        name: make.make_incident(cast.desk, now=now - hours * HOUR, severity=grade, customer=make.make_customer(name))
        for name, hours, grade in [("Cora", 2, 3), ("Edna", 1, 3), ("Abby", 1, 1), ("Bess", 3, 2)]
    }
    assert len(made) == 4
    work(asked(cast))
    [letter] = letters(cast.desk)
    assert re.findall(r"Abby|Bess|Cora|Edna", str(letter.body)) == ["Abby", "Bess", "Cora", "Edna"]
    assert str(letter.body).count("You get this because") == 1, "said once for all of them"
    html = str(letter.alternatives[0][0])
    assert len(set(links(html))) == 4


def test_each_person_hears_of_their_own(cast: Cast) -> None:
    many(cast, 3)
    for _time in range(3):
        make.make_incident(cast.colleague, now=remind.database_now() - HOUR)
    work(asked(cast))
    assert [len(set(links(letter.body))) for letter in letters(cast.desk)] == [3]
    assert [len(set(links(letter.body))) for letter in letters(cast.colleague)] == [3]


def test_nothing_leaves_while_it_goes_on_nor_is_it_called_late(cast: Cast) -> None:
    on_duty(cast.desk)
    job = reminded(cast)
    jobs.work(budget=NO_TIME)
    Outbox.objects.update(next_try_at=remind.database_now() - HOUR)
    send()
    assert letters(cast.desk) == []
    pulse = read_pulse()
    assert pulse
    assert pulse.mail_due is None
    work(job)
    assert len(letters(cast.desk)) == 1


def test_another_mail_does_not_take_half_of_it_away(cast: Cast) -> None:
    """One that waits for the same person leaves meanwhile, with its own lines alone."""
    job = reminded(cast)
    jobs.work(budget=NO_TIME)
    [other] = many(cast, 1)
    Outbox.objects.filter(job=None).delete()
    fields: dict[str, Any] = {"kind": NoticeKind.ASSIGNED, "subject_id": other.pk, "occurrence": "now"}
    notify.notify(incident=other, recipients=[cast.desk], now=remind.database_now(), **fields)
    send()
    assert [len(links(letter.body)) for letter in letters(cast.desk)] == [1]
    work(job)
    waiting = Outbox.objects.get(recipient=cast.desk, state="pending")
    assert waiting.lines.count() == 7
    outbox.send_due(clock(waiting.next_try_at), senders=1)
    assert [len(set(links(letter.body))) for letter in letters(cast.desk)] == [1, 7]


def test_what_was_done_before_somebody_stopped_it_is_told(cast: Cast) -> None:
    on_duty(cast.desk)
    job = reminded(cast)
    jobs.work(budget=NO_TIME)
    done = job.lines.filter(state="done").count()
    assert 0 < done < 7
    jobs.cancel_job(job_id=job.pk, by=cast.manager, now=remind.database_now())
    send()
    [letter] = letters(cast.desk)
    assert len(set(links(letter.body))) == done


def test_what_was_done_before_it_failed_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    on_duty(cast.desk)
    job = reminded(cast)
    jobs.work(budget=NO_TIME)

    def breaks(*_args: object) -> None:
        raise ValueError("the disk is on fire")

    monkeypatch.setitem(jobs.KINDS, JobKind.BULK, jobs.Work(breaks, size=2))
    work(job)
    assert job.state == JobState.FAILED
    assert len(letters(cast.desk)) == 1


def test_what_they_saw_meanwhile_is_left_out(cast: Cast) -> None:
    job = reminded(cast)
    jobs.work(budget=LONG)
    first = Notice.objects.filter(recipient=cast.desk).earliest("pk")
    Notice.objects.filter(pk=first.pk).update(read_at=remind.database_now())
    work(job)
    [letter] = letters(cast.desk)
    assert len(set(links(letter.body))) == 6
    assert f"/notices/{first.pk}/" not in str(letter.body)


def test_one_reminder_by_itself_leaves_as_it_did(cast: Cast) -> None:
    on_duty(cast.desk)
    [one] = many(cast, 1)
    Outbox.objects.all().delete()
    needs.nudge(incident_id=one.pk, kind=NeedKind.STEP_LATE, by=cast.manager, now=remind.database_now())
    send()
    [letter] = letters(cast.desk)
    assert letter.subject.startswith("You are asked to see to ")
    assert Outbox.objects.get().job_id is None
