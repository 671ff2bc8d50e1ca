"""When a call is made: the customer's hours, before they leave, over changes of the clock. Reckoned by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import change, customers, reach
from incidents.actions.planning import plan_time
from incidents.actions.refusals import Refused
from incidents.models import Customer, Incident, Location, Reminder, ReminderState
from incidents.vocabulary import Severity
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

CHICAGO, BERLIN = "America/Chicago", "Europe/Berlin"


def at(text: str) -> dt.datetime:
    """An instant as UTC writes it: "2026-03-07 23:00"."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def guest(zone: str, hours: tuple[str, str] | None = None, until: str = "") -> Incident:
    """Nothing of it is stored."""
    begin, end = (dt.time.fromisoformat(hour) for hour in hours) if hours else (None, None)
    return Incident(
        location=Location(name="Here", time_zone=zone),
        customer=Customer(name="Nora", reach_from=begin, reach_until=end),
        reach_until=at(until) if until else None,
    )


@pytest.mark.parametrize(
    ("zone", "hours", "due", "planned"),
    [
        # Winter in Chicago is UTC-6: from nine to five is 15:00 to 23:00.
        (CHICAGO, ("09:00", "17:00"), "2026-03-04 16:00", "2026-03-04 16:00"),
        (CHICAGO, ("09:00", "17:00"), "2026-03-04 14:59", "2026-03-04 15:00"),
        (CHICAGO, ("09:00", "17:00"), "2026-03-04 23:00", "2026-03-05 15:00"),
        # On 8 March 2026 the clocks go from 02:00 to 03:00: nine in the morning is 14:00 from then on.
        (CHICAGO, ("09:00", "17:00"), "2026-03-07 23:30", "2026-03-08 14:00"),
        (CHICAGO, ("02:30", "03:30"), "2026-03-08 07:00", "2026-03-08 08:00"),  # 02:30 is not there: 03:00
        (CHICAGO, ("21:00", "23:00"), "2026-03-08 01:00", "2026-03-08 03:00"),
        # On 1 November they go back: nine is 15:00 again. Half past one is there twice: the first counts.
        (CHICAGO, ("09:00", "17:00"), "2026-10-31 22:30", "2026-11-01 15:00"),
        (CHICAGO, ("01:30", "02:30"), "2026-11-01 05:00", "2026-11-01 06:30"),
        # Berlin: UTC+1, from 29 March 2026 UTC+2, from 25 October UTC+1 again.
        (BERLIN, ("09:00", "17:00"), "2026-03-28 16:00", "2026-03-29 07:00"),
        (BERLIN, ("09:00", "17:00"), "2026-10-24 15:30", "2026-10-25 08:00"),
        (BERLIN, ("02:30", "03:00"), "2026-10-24 20:00", "2026-10-25 00:30"),
        # Over midnight.
        (BERLIN, ("22:00", "01:00"), "2026-07-01 22:30", "2026-07-01 22:30"),  # half past midnight there
        (BERLIN, ("22:00", "01:00"), "2026-07-01 23:00", "2026-07-02 20:00"),
        (CHICAGO, None, "2026-03-07 23:30", "2026-03-07 23:30"),
    ],
)
def test_in_their_hours(zone: str, hours: tuple[str, str] | None, due: str, planned: str) -> None:
    assert plan_time(guest(zone, hours), at(due), at("2026-01-01 00:00")) == at(planned)


@pytest.mark.parametrize(
    ("zone", "hours", "moments"),
    [
        # (until, due, now, planned). Half an hour before they leave, when the call would come later.
        (CHICAGO, None, ("2026-03-05 17:00", "2026-03-06 15:00", "2026-03-04 15:00", "2026-03-05 16:30")),
        (CHICAGO, None, ("2026-03-05 17:00", "2026-03-05 15:00", "2026-03-04 15:00", "2026-03-05 15:00")),
        # In their hours before that: they leave at 07:00 (13:00 UTC), called at 16:30 (22:30) the day before.
        (CHICAGO, ("09:00", "17:00"), ("2026-03-05 13:00", "2026-03-06 15:00", "2026-03-04 15:00", "2026-03-04 22:30")),
        # They leave at 12:00 (18:00): half an hour before lies in their hours.
        (CHICAGO, ("09:00", "17:00"), ("2026-03-05 18:00", "2026-03-06 15:00", "2026-03-04 15:00", "2026-03-05 17:30")),
        # No hour of theirs is left (23:30 to 07:00 at night): leaving counts more.
        (CHICAGO, ("09:00", "17:00"), ("2026-03-05 13:00", "2026-03-06 15:00", "2026-03-05 05:30", "2026-03-05 12:30")),
        # The last half hour of their hours is running: now.
        (CHICAGO, ("09:00", "17:00"), ("2026-03-05 13:00", "2026-03-06 15:00", "2026-03-04 22:45", "2026-03-04 22:45")),
        # They leave in ten minutes: now.
        (CHICAGO, None, ("2026-03-05 17:00", "2026-03-06 15:00", "2026-03-05 16:50", "2026-03-05 16:50")),
        # They have left: in their hours again.
        (CHICAGO, None, ("2026-03-05 17:00", "2026-03-06 15:00", "2026-03-05 17:00", "2026-03-06 15:00")),
        # Never before now.
        (CHICAGO, None, ("", "2026-03-01 15:00", "2026-03-04 15:00", "2026-03-04 15:00")),
        # The night the clocks change: they leave on 29 March at 08:00 in Berlin (06:00), called the evening before.
        (BERLIN, ("18:00", "21:00"), ("2026-03-29 06:00", "2026-03-30 10:00", "2026-03-27 10:00", "2026-03-28 19:30")),
        # On 25 October at 08:00 (07:00): the evening before ends at 21:00 summer time (19:00).
        (BERLIN, ("18:00", "21:00"), ("2026-10-25 07:00", "2026-10-26 10:00", "2026-10-23 10:00", "2026-10-24 18:30")),
        # They are there from half past midnight the same night, after the change.
        (BERLIN, ("04:00", "06:00"), ("2026-03-29 06:00", "2026-03-30 10:00", "2026-03-28 10:00", "2026-03-29 03:30")),
    ],
)
def test_before_they_leave(zone: str, hours: tuple[str, str] | None, moments: tuple[str, str, str, str]) -> None:
    until, due, now, planned = moments
    assert plan_time(guest(zone, hours, until), at(due), at(now)) == at(planned)


def settle(cast: Cast, **over: Any) -> Incident:
    return make.settle(make.make_incident(cast.desk, **over), cast.desk)


def dues(incident: Incident) -> list[dt.datetime]:
    return [call.due_at for call in incident.follow_ups.planned().order_by("due_at")]


def hours(incident: Incident, begin: int | None, end: int | None, cast: Cast, now: dt.datetime = NOW) -> None:
    """What the change form does."""
    customer = incident.customer
    assert customer is not None
    customers.change_customer(
        customer_id=customer.pk,
        by=cast.desk,
        now=now,
        name=customer.name,
        job_title="",
        note="",
        account="",
        reach_from=dt.time(begin) if begin is not None else None,
        reach_until=dt.time(end) if end is not None else None,
    )


# The clocks go forward on the 8th: the same time of the day.
A_WEEK_LATER = NOW + 7 * DAY - HOUR


class TestAtSettling:
    def test_a_guest_in_the_house_is_called_before_they_leave(self, cast: Cast) -> None:
        incident = settle(cast, reach_until=NOW + DAY, reach_at="Room 12")
        assert dues(incident) == [NOW + DAY - HOUR / 2]

    def test_the_second_call_of_something_critical_finds_them_at_home(self, cast: Cast) -> None:
        incident = settle(cast, severity=Severity.CRITICAL, reach_until=NOW + 6 * HOUR)
        assert dues(incident) == [NOW + 5.5 * HOUR, A_WEEK_LATER]

    def test_both_in_their_hours(self, cast: Cast) -> None:
        """NOW is 09:00 in Chicago; on the 8th the clocks change, so seven days later half past nine is 14:30 UTC."""
        customer = make.make_customer()
        Customer.objects.filter(pk=customer.pk).update(reach_from=dt.time(9, 30), reach_until=dt.time(12))
        customer.refresh_from_db()
        incident = settle(cast, severity=Severity.CRITICAL, customer=customer)
        assert dues(incident) == [NOW + DAY + HOUR / 2, at("2026-03-11 14:30")]

    def test_the_reminder_rings_then(self, cast: Cast) -> None:
        incident = settle(cast, reach_until=NOW + DAY)
        waiting = Reminder.objects.filter(kind="follow_up_due", state=ReminderState.PENDING)
        assert {row.target_at for row in waiting} == set(dues(incident))
        assert make.fresh(incident).next_due_at == NOW + DAY - HOUR / 2


class TestMoving:
    def test_learning_when_they_leave_moves_the_call_and_forgetting_it_moves_it_back(self, cast: Cast) -> None:
        incident = settle(cast)
        reach.set_reach(incident_id=incident.pk, by=cast.desk, now=NOW, reach_at="Room 9", reach_until=NOW + 4 * HOUR)
        assert dues(incident) == [NOW + 3.5 * HOUR]
        assert make.fresh(incident).next_due_at == NOW + 3.5 * HOUR
        assert incident.reach_at == "Room 9"
        reach.set_reach(incident_id=incident.pk, by=cast.desk, now=NOW, reach_at="Room 9", reach_until=None)
        assert dues(incident) == [NOW + 2 * DAY]
        assert [event.kind for event in incident.events.filter(kind="follow_up_moved")] == ["follow_up_moved"] * 2

    def test_on_the_change_page_too(self, cast: Cast) -> None:
        incident = settle(cast)
        change.change_incident(
            incident_id=incident.pk,
            expected_version=incident.version,
            by=cast.desk,
            now=NOW,
            reach_until=NOW + 4 * HOUR,
        )
        assert dues(incident) == [NOW + 3.5 * HOUR]

    def test_another_customer_has_other_hours(self, cast: Cast) -> None:
        incident = settle(cast)
        night = make.make_customer("Nina Night", phone="+1 312 555 0111")
        Customer.objects.filter(pk=night.pk).update(reach_from=dt.time(21), reach_until=dt.time(23))
        night.refresh_from_db()
        change.change_incident(
            incident_id=incident.pk, expected_version=incident.version, by=cast.desk, now=NOW, customer=night
        )
        assert dues(incident) == [NOW + 2 * DAY + 12 * HOUR]

    def test_hours_move_every_open_call_of_theirs_and_back(self, cast: Cast) -> None:
        incident = settle(cast)
        other = settle(cast, customer=incident.customer, severity=Severity.MAJOR)
        hours(incident, 17, 20, cast)
        assert (dues(incident), dues(other)) == ([NOW + 2 * DAY + 8 * HOUR], [NOW + DAY + 8 * HOUR])
        hours(incident, None, None, cast)
        assert (dues(incident), dues(other)) == ([NOW + 2 * DAY], [NOW + DAY])

    def test_a_retry_moves_from_the_try(self, cast: Cast) -> None:
        incident = settle(cast)
        make.call(incident, cast.desk, "no_answer", now=NOW + DAY)
        hours(incident, 17, 20, cast, now=NOW + DAY + HOUR)
        assert dues(incident) == [NOW + DAY + 8 * HOUR]
        hours(incident, None, None, cast, now=NOW + DAY + HOUR)
        assert dues(incident) == [NOW + DAY + 4 * HOUR]

    def test_what_they_asked_for_stays(self, cast: Cast) -> None:
        incident = settle(cast)
        make.call(incident, cast.desk, "call_back", now=NOW + HOUR, call_back_at=NOW + 3 * HOUR)
        hours(incident, 17, 20, cast, now=NOW + 2 * HOUR)
        assert dues(incident) == [NOW + 3 * HOUR]

    def test_a_call_that_is_late_stays_late(self, cast: Cast) -> None:
        incident = settle(cast)
        hours(incident, 17, 20, cast, now=NOW + 3 * DAY)
        assert dues(incident) == [NOW + 2 * DAY]

    def test_until_a_moment_that_is_over_is_refused(self, cast: Cast) -> None:
        incident = settle(cast)
        with pytest.raises(Refused, match="still to come"):
            reach.set_reach(incident_id=incident.pk, by=cast.desk, now=NOW, reach_at="", reach_until=NOW)

    def test_saying_the_same_again_leaves_no_trace(self, cast: Cast) -> None:
        incident = settle(cast)
        before = incident.events.count()
        for _turn in range(2):
            reach.set_reach(incident_id=incident.pk, by=cast.desk, now=NOW, reach_at="Room 9", reach_until=None)
        assert incident.events.count() == before + 1


class TestWish:
    def wish(self, incident: Incident, cast: Cast, *, is_wanted: bool, now: dt.datetime = NOW) -> None:
        assert incident.customer is not None
        customers.wish_for_contact(customer_id=incident.customer.pk, is_wanted=is_wanted, by=cast.desk, now=now)

    def test_no_call_is_planned_until_they_take_it_back(self, cast: Cast) -> None:
        incident = settle(cast, severity=Severity.CRITICAL)
        self.wish(incident, cast, is_wanted=False)
        assert dues(incident) == []
        self.wish(incident, cast, is_wanted=True, now=NOW + 2 * DAY)
        assert dues(incident) == [NOW + 2 * DAY, A_WEEK_LATER]
        assert incident.follow_ups.count() == 2

    def test_put_right_meanwhile(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        self.wish(incident, cast, is_wanted=False)
        make.settle(incident, cast.desk)
        assert dues(incident) == []
        self.wish(incident, cast, is_wanted=True, now=NOW + HOUR)
        assert dues(incident) == [NOW + 2 * DAY]

    def test_saying_it_twice_keeps_the_first_moment(self, cast: Cast) -> None:
        incident = settle(cast)
        self.wish(incident, cast, is_wanted=False)
        self.wish(incident, cast, is_wanted=False, now=NOW + DAY)
        assert incident.customer is not None
        incident.customer.refresh_from_db()
        assert incident.customer.no_contact_since == NOW
        assert incident.events.filter(kind="no_contact_noted").count() == 1


def test_a_number_is_wrong_and_right_again(cast: Cast) -> None:
    point = make.make_customer().contact_points.get()
    for is_wrong, since in ((True, NOW), (True, NOW), (False, None)):
        marked = customers.mark_contact(contact_id=point.pk, is_wrong=is_wrong, now=NOW)
        assert marked.wrong_since == since


def test_what_was_told_at_the_log_is_kept(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, reach_at="Other hotel, room 4", reach_until=NOW + DAY, submit_key=uuid4())
    assert (incident.reach_at, incident.reach_until) == ("Other hotel, room 4", NOW + DAY)
