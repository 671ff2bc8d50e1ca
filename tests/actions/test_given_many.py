"""Whoever is given many at once hears of them in one mail: by a list, when somebody leaves, and when they come back."""

from __future__ import annotations

import re

import pytest
from django.core import mail as mailbox
from django.core.mail import EmailMultiAlternatives

from incidents.actions import bulk, handovers, jobs, mail_queue, outbox, people, remind
from incidents.models import BulkAct, Incident, Job, Notice, NoticeKind, Outbox, Staff
from tests.actions.many import LONG, ask, many, only_bulk  # noqa: F401
from tests.make import DAY, Cast


@pytest.fixture(autouse=True)
def on_duty(cast: Cast) -> None:
    """Whoever is on duty is told at once, whatever they chose: the most mails there can be."""
    Staff.objects.update(reachable_from=None, reachable_until=None, on_duty_until=remind.database_now() + DAY)
    for person in (cast.desk, cast.colleague, cast.manager, cast.owner):
        person.refresh_from_db()


def waiting(cast: Cast) -> list[Incident]:
    """Of the desk, two critical ones among six; nobody has heard of them. What is critical waits for nothing else."""
    made = [*many(cast, 3), *many(cast, 2, severity=1), *many(cast, 1)]
    Notice.objects.all().delete()
    Outbox.objects.all().delete()
    return made


def letters(person: Staff) -> list[EmailMultiAlternatives]:
    outbox.send_due(remind.database_now, senders=1)
    return [each for each in mailbox.outbox if each.to == [person.email]]  # type: ignore[misc]


def links(letter: EmailMultiAlternatives) -> int:
    return len(set(re.findall(r"/notices/\d+/", str(letter.body))))


def handed(cast: Cast) -> Job:
    waiting(cast)
    job = ask(cast, BulkAct.REASSIGN)
    jobs.work(budget=LONG)
    job.refresh_from_db()
    return job


def test_who_is_given_many_by_a_list_gets_one_mail(cast: Cast) -> None:
    handed(cast)
    [letter] = letters(cast.colleague)
    assert letter.subject == "6 recoveries were given to you"
    assert links(letter) == 6
    assert Notice.objects.filter(recipient=cast.colleague, kind=NoticeKind.ASSIGNED).count() == 6
    graves = [Incident.objects.get(reference=found).severity for found in re.findall(r"R-\d{4}-\d+", str(letter.body))]
    assert graves == sorted(graves)
    assert graves[0] == 1, "the gravest first"


def test_control_without_a_mail_of_its_own_there_is_one_for_each(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_queue, "_of_job", lambda *_what: None)
    handed(cast)
    assert sorted(links(letter) for letter in letters(cast.colleague)) == [1, 1], "each critical one alone"


def test_what_had_been_handed_on_comes_back_in_one_mail(cast: Cast) -> None:
    """Each had been given to the desk and not taken over: giving back hands it over anew."""
    for incident in waiting(cast):
        Incident.objects.filter(pk=incident.pk).update(assignee=cast.manager)
        handovers.hand_over(incident_id=incident.pk, to=cast.desk, by=cast.manager, now=remind.database_now())
    job = ask(cast, BulkAct.REASSIGN)
    jobs.work(budget=LONG)
    job.refresh_from_db()
    Outbox.objects.all().delete()
    back = bulk.give_all_back(job_id=job.pk, by=cast.manager, now=remind.database_now())
    jobs.work(budget=LONG)
    back.refresh_from_db()
    assert back.lines.filter(state="done").count() == 6
    [letter] = letters(cast.desk)
    assert links(letter) == 6


def test_what_is_critical_of_somebody_who_leaves_is_one_mail_to_whoever_has_it_now(cast: Cast) -> None:
    waiting(cast)
    people.deactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=remind.database_now())
    assert Incident.objects.filter(assignee=cast.manager).count() == 6
    [urgent] = letters(cast.manager)
    assert urgent.subject == "2 recoveries were given to you"
    assert links(urgent) == 2
    assert Outbox.objects.get(recipient=cast.manager, state="pending").lines.count() == 4, "the rest by their rule"


def test_control_without_looking_for_the_others_it_is_one_for_each(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_queue, "_given_with", lambda *_what: None)
    waiting(cast)
    people.deactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=remind.database_now())
    assert sorted(links(letter) for letter in letters(cast.manager)) == [1, 1]


def test_two_that_are_given_one_after_the_other_are_two_mails(cast: Cast) -> None:
    """Each at its own moment."""
    for incident in [each for each in waiting(cast) if each.severity == 1]:
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.manager, now=remind.database_now())
    assert [links(letter) for letter in letters(cast.colleague)] == [1, 1]


def test_one_that_left_already_takes_no_more_along(cast: Cast) -> None:
    now = remind.database_now()
    first, second = [each for each in waiting(cast) if each.severity == 1]
    handovers.hand_over(incident_id=first.pk, to=cast.colleague, by=cast.manager, now=now)
    assert len(letters(cast.colleague)) == 1
    handovers.hand_over(incident_id=second.pk, to=cast.colleague, by=cast.manager, now=now)
    assert [links(letter) for letter in letters(cast.colleague)] == [1, 1]
