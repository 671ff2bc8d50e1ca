"""What people hear of changes, meetings and procedures: without an incident, once, in the inbox and by mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from incidents.actions import learning_news, remind
from incidents.actions.mail import compose
from incidents.board.notices import inbox
from incidents.ladder import Kind
from incidents.models import Incident, Meeting, Notice, NoticeKind, Outbox, Procedure, Reminder, ReminderState, Staff
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.models.learned import make_change, make_meeting, make_procedure, make_scenario, make_thanks
from tests.reminding import sweep

SignIn = Callable[..., Client]
DUE = NOW + 10 * DAY


def tell(kind: str, subject_id: int, *people: Staff, **over: Any) -> None:
    learning_news.tell_of(kind=NoticeKind(kind), subject_id=subject_id, people=people, now=NOW, **over)


def said(reader: Staff) -> list[str]:
    return [line.sentence for line in inbox(reader, now=NOW).lines]


def told(kind: Kind) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind=kind).order_by("pk")
    return [(notice.recipient.name.split()[0], notice.reason) for notice in rows]


def test_each_is_told_once_and_whoever_did_it_is_not(cast: Cast) -> None:
    meeting = make_meeting(cast)
    for _twice in range(2):
        tell("minutes", meeting.pk, cast.desk, cast.colleague, cast.manager, by=cast.manager, occurrence="v1")
    assert Notice.objects.count() == 2
    assert set(Notice.objects.values_list("incident", flat=True)) == {None}
    tell("minutes", meeting.pk, cast.desk, occurrence="v2")
    assert Notice.objects.count() == 3


def test_lists_name_the_subject_in_one_statement_whatever_is_told(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    incident = make.make_incident(cast.desk)
    tell("prevention_yours", make_change(cast, incident).pk, cast.desk)
    tell("minutes", make_meeting(cast).pk, cast.desk)
    tell("procedure_new", make_procedure(cast).pk, cast.desk)
    tell("thanks_asked", make_thanks(cast).pk, cast.desk)
    tell("practice_open", make_scenario(cast).pk, cast.desk)
    said(cast.desk)
    with django_assert_num_queries(2):
        words = said(cast.desk)
    assert words == [
        "What would you have done? A story to practise on: “No bed at eleven at night”",
        "Somebody thanks you for “staying until nine”. May we name you?",
        "Please read “Taking an order”: it is new, or has changed",
        "Minutes of the meeting at Harbour Hotel, Thu 5 Mar, 09:00: please read them",
        "A change for you to make: “Read the order back”",
    ]


def test_a_change_of_an_incident_that_is_not_theirs_to_see_says_its_own_words(cast: Cast) -> None:
    incident = make.make_incident(cast.manager)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    action = make_change(cast, incident, assignee=cast.outsider)
    tell("prevention_yours", action.pk, cast.outsider, cast.colleague)
    assert said(cast.outsider) == ["A change for you to make: “Read the order back”"]
    assert said(cast.colleague) == ["A change for you to make: a change"]


def test_the_bell_and_the_page_count_it_and_opening_leads_there(cast: Cast, sign_in: SignIn) -> None:
    procedure = make_procedure(cast)
    tell("procedure_new", procedure.pk, cast.desk)
    client = sign_in(cast.desk)
    assert "1 new notice" in client.get("/notices/bell/").content.decode()
    assert "Taking an order" in client.get("/notices/").content.decode()
    answer = client.get(f"/notices/{Notice.objects.get().pk}/")
    assert answer["Location"] == f"/procedures/{procedure.pk}/"


def test_somebody_without_a_place_reads_it_too(cast: Cast) -> None:
    cast.outsider.memberships.all().delete()
    tell("practice_open", make_scenario(cast).pk, cast.outsider)
    tell("minutes", make_meeting(cast).pk, cast.outsider)
    outsider = Staff.objects.get(pk=cast.outsider.pk)
    assert len(said(outsider)) == 2


def test_by_mail(cast: Cast, settings: Settings) -> None:
    settings.MAIL = "log"
    tell("procedure_new", make_procedure(cast).pk, cast.desk)
    tell("prevention_yours", make_change(cast, make.make_incident(cast.desk)).pk, cast.desk)
    found = compose(Outbox.objects.get(recipient=cast.desk).pk)
    assert found is not None
    text = found[1].text
    assert "Please read “Taking an order”" in text
    assert "A change for you to make: “Read the order back”" in text
    assert "Harbour Hotel" in text


class TestAChangeIsDue:
    def remind(self, cast: Cast, **over: Any) -> Incident:
        incident = make.make_incident(cast.desk)
        action = make_change(cast, incident, due_at=DUE, assignee=cast.colleague, **over)
        learning_news.remind_of(
            kind=Kind.PREVENTION_DUE, subject_id=action.pk, target_at=DUE, incident=incident, now=NOW
        )
        return incident

    def test_it_climbs_though_the_incident_is_closed(self, cast: Cast) -> None:
        incident = self.remind(cast)
        remind.withdraw_all(incident, now=NOW)
        sweep(DUE - 2 * DAY)
        assert told(Kind.PREVENTION_DUE) == [("Cole", "yours")]
        assert said(cast.colleague)[0].startswith("“Read the order back” is to be done by Sat 14 Mar")
        for late in (dt.timedelta(0), DAY, 3 * DAY, 10 * DAY):
            sweep(DUE + late)
        heard = set(told(Kind.PREVENTION_DUE))
        assert heard == {("Cole", "yours"), ("Mona", "manager"), ("Olga", "administrator")}

    def test_whoever_left_is_stood_in_for(self, cast: Cast) -> None:
        Staff.objects.filter(pk=cast.colleague.pk).update(is_active=False)
        self.remind(cast)
        sweep(DUE)
        assert told(Kind.PREVENTION_DUE) == [("Mona", "stand_in")]

    @pytest.mark.parametrize(
        "over",
        [
            {"due_at": DUE + HOUR},
            {"dropped_at": NOW, "drop_reason": "Too dear"},
            {"done_at": NOW, "evidence": "It hangs there", "check_at": DUE},
        ],
    )
    def test_moved_dropped_or_done_says_nothing(self, cast: Cast, over: dict[str, Any]) -> None:
        incident = self.remind(cast)
        who = {"dropped_by": cast.desk} if "drop_reason" in over else {}
        who |= {"done_by": cast.desk} if "evidence" in over else {}
        incident.preventions.update(**over, **who)
        sweep(DUE)
        assert told(Kind.PREVENTION_DUE) == []
        assert set(Reminder.objects.filter(kind=Kind.PREVENTION_DUE).values_list("state", flat=True)) == {
            ReminderState.MOOT
        }


class TestAMeetingIsNear:
    def remind(self, meeting: Meeting, at: dt.datetime = DUE, now: dt.datetime = NOW) -> None:
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=at)
        learning_news.remind_of(kind=Kind.MEETING_SOON, subject_id=meeting.pk, target_at=at, now=now)

    def test_all_who_are_asked_to_come_hear_it(self, cast: Cast) -> None:
        meeting = make_meeting(cast)
        meeting.people.create(staff=cast.manager)
        self.remind(meeting)
        sweep(DUE - DAY)
        assert told(Kind.MEETING_SOON) == [("Dora", "yours"), ("Mona", "yours")]
        assert said(cast.desk) == ["Staff meeting at Harbour Hotel: Sat 14 Mar, 10:00"]

    def test_moved_it_says_so_anew_and_cancelled_nothing(self, cast: Cast) -> None:
        meeting = make_meeting(cast)
        self.remind(meeting)
        sweep(DUE - DAY)
        self.remind(meeting, DUE + 5 * DAY, DUE - HOUR)
        assert not Notice.objects.filter(kind=Kind.MEETING_SOON, read_at=None).exists()
        sweep(DUE)
        assert len(told(Kind.MEETING_SOON)) == 1
        sweep(DUE + 4 * DAY)
        assert len(told(Kind.MEETING_SOON)) == 2
        Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=DUE + 4 * DAY)
        learning_news.withdraw(Kind.MEETING_SOON, meeting.pk, now=DUE + 4 * DAY)
        assert not Notice.objects.filter(kind=Kind.MEETING_SOON, read_at=None).exists()
        sweep(DUE + 5 * DAY)
        assert len(told(Kind.MEETING_SOON)) == 2


class TestAProcedureWantsLookingAt:
    def remind(self, cast: Cast, **over: Any) -> Procedure:
        procedure = make_procedure(cast, review_on=DUE.date(), **over)
        learning_news.remind_of(kind=Kind.PROCEDURE_DUE, subject_id=procedure.pk, target_at=DUE, now=NOW)
        return procedure

    def test_whoever_keeps_it_then_the_managers(self, cast: Cast) -> None:
        self.remind(cast, responsible=cast.colleague)
        for late in (0, 7, 14):
            sweep(DUE + late * DAY)
        heard = set(told(Kind.PROCEDURE_DUE))
        assert heard == {("Cole", "yours"), ("Mona", "manager")}
        assert said(cast.manager) == ["Nobody has looked yet whether “Taking an order” is still true"]

    def test_of_all_places_the_administrators(self, cast: Cast) -> None:
        self.remind(cast, responsible=cast.colleague, location=None)
        sweep(DUE + 14 * DAY)
        assert set(told(Kind.PROCEDURE_DUE)) == {("Cole", "yours"), ("Olga", "manager")}

    def test_retired_or_looked_at_says_nothing(self, cast: Cast) -> None:
        procedure = self.remind(cast)
        Procedure.objects.filter(pk=procedure.pk).update(review_on=DUE.date() + DAY)
        sweep(DUE)
        assert told(Kind.PROCEDURE_DUE) == []


def test_the_page_of_reminders_names_them(cast: Cast, sign_in: SignIn) -> None:
    meeting, procedure = make_meeting(cast), make_procedure(cast)
    for kind, subject in ((Kind.MEETING_SOON, meeting), (Kind.PROCEDURE_DUE, procedure)):
        learning_news.remind_of(kind=kind, subject_id=subject.pk, target_at=DUE, now=NOW)
    shown = sign_in(cast.manager).get("/reminders/").content.decode()
    assert "A procedure wants looking at: Taking an order" in shown
    assert "A meeting is near" in shown
    here = sign_in(cast.manager).get(f"/reminders/?place={cast.here.pk}").content.decode()
    assert "Taking an order" in here
    cast.manager.memberships.all().delete()
    assert "Taking an order" not in sign_in(cast.manager).get("/reminders/").content.decode()
