"""Given back, not taken by the end of the shift, handed on: exactly one person has it at every instant."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from incidents.access import Role
from incidents.actions import handovers, people
from incidents.actions.refusals import Refused, Stale
from incidents.calendars import next_time
from incidents.models import Concern, Event, Handover, Incident, Notice, Reminder, ReminderState, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import LEASE, SECOND, promise, sweep

SHIFTS = [dt.time(7), dt.time(15), dt.time(23)]
# NOW is 09:00 in Chicago.
THREE = NOW + 6 * HOUR


def give(incident: Incident, by: Staff, to: Staff, **over: Any) -> Handover:
    fields: dict[str, Any] = {"incident_id": incident.pk, "to": to, "by": by, "now": NOW}
    handovers.hand_over(**fields | over)
    return Handover.objects.latest("id")


def give_back(incident: Incident, by: Staff, **over: Any) -> Incident:
    fields: dict[str, Any] = {"incident_id": incident.pk, "note": "I am off tomorrow.", "by": by, "now": NOW}
    return handovers.return_handover(**fields | over)


def lapses_at(handover: Handover) -> dt.datetime | None:
    waiting = Reminder.objects.filter(kind="shift_ended", subject_id=handover.pk, state=ReminderState.PENDING)
    return waiting.values_list("target_at", flat=True).first()


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


@kept_rows
def shifts(cast: Cast) -> None:
    cast.here.shift_ends = SHIFTS
    cast.here.save(update_fields=["shift_ends"])


class TestGivingBack:
    def test_whoever_had_it_has_it_again_with_all_that_is_to_do(self, cast: Cast, incident: Incident) -> None:
        made = promise(incident, cast.desk, NOW + DAY)
        handover = give(incident, cast.desk, cast.colleague)
        give_back(incident, cast.colleague)
        for row in (incident, made, handover):
            row.refresh_from_db()
        assert incident.assignee == made.assignee == cast.desk
        assert (handover.returned_at, handover.return_note) == (NOW, "I am off tomorrow.")
        event = Event.objects.latest("id")
        assert (event.kind, event.codes) == ("handover_returned", {"from_": cast.colleague.pk, "to": cast.desk.pk})
        assert told("handed_back") == {"Dora Desk"}

    def test_the_manager_who_gave_it_is_told_too(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.manager, cast.colleague)
        give_back(incident, cast.colleague)
        assert make.fresh(incident).assignee == cast.desk
        assert told("handed_back") == {"Dora Desk", "Mona Manager"}

    def test_nobody_is_asked_any_more(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.desk, cast.colleague)
        give_back(incident, cast.colleague)
        assert not Reminder.objects.filter(kind__in=["handover_open", "shift_ended"], state="pending").exists()
        sweep(NOW + DAY)
        assert not told("handover_open") | told("shift_ended")

    def test_to_who_gave_it_when_who_had_it_has_left(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.owner, cast.colleague)
        people.deactivate_staff(staff_id=cast.desk.pk, by=cast.owner, now=NOW)
        give_back(incident, cast.colleague)
        assert make.fresh(incident).assignee == cast.owner

    def test_to_the_fallback_when_neither_can(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.desk, cast.colleague)
        Concern.objects.create(incident=incident, staff=cast.desk)
        give_back(incident, cast.colleague)
        assert make.fresh(incident).assignee == cast.manager

    def test_only_what_was_handed_to_them_with_a_word_and_before_they_took_it(
        self, cast: Cast, incident: Incident
    ) -> None:
        with pytest.raises(Refused, match="Nothing here waits"):
            give_back(incident, cast.desk)
        give(incident, cast.desk, cast.colleague)
        with pytest.raises(Refused, match="Nothing here waits"):
            give_back(incident, cast.desk)
        with pytest.raises(Refused, match="Say why"):
            give_back(incident, cast.colleague, note="  ")
        handovers.accept_handover(incident_id=incident.pk, by=cast.colleague, now=NOW)
        with pytest.raises(Refused, match="Nothing here waits"):
            give_back(incident, cast.colleague)

    def test_given_again_it_can_be_taken(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.desk, cast.colleague)
        give_back(incident, cast.colleague)
        second = give(incident, cast.desk, cast.colleague)
        handovers.accept_handover(incident_id=incident.pk, by=cast.colleague, now=NOW)
        second.refresh_from_db()
        assert second.accepted_at == NOW


class TestHandingOverMeanwhile:
    def test_stale_when_it_is_no_longer_with_whom_the_page_said(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.desk, cast.colleague)
        with pytest.raises(Stale, match=r"Cole League has it\. You wanted to give it to Mona Manager"):
            give(incident, cast.desk, cast.manager, expected_assignee=cast.desk.pk)
        assert make.fresh(incident).assignee == cast.colleague

    def test_the_second_tap_is_harmless(self, cast: Cast, incident: Incident) -> None:
        for _tap in range(2):
            give(incident, cast.desk, cast.colleague, expected_assignee=cast.desk.pk)
        assert incident.handovers.count() == 1


class TestTheEndOfTheShift:
    @pytest.mark.parametrize(
        ("at", "ends"),
        [
            (NOW, THREE),
            (THREE - 31 * 60 * SECOND, THREE),
            (THREE - 29 * 60 * SECOND, THREE + 8 * HOUR),  # the giver's own shift ends: the next one counts
            (THREE + 8 * HOUR, NOW + 22 * HOUR),
        ],
    )
    def test_it_is_the_next_one_of_the_place(
        self, cast: Cast, incident: Incident, shifts: None, at: dt.datetime, ends: dt.datetime
    ) -> None:
        incident.location.refresh_from_db()
        assert lapses_at(give(incident, cast.desk, cast.colleague, now=at)) == ends

    def test_without_shifts_eight_hours(self, cast: Cast, incident: Incident) -> None:
        assert lapses_at(give(incident, cast.desk, cast.colleague)) == NOW + 8 * HOUR

    def test_when_the_clocks_change(self) -> None:
        zone = ZoneInfo("America/Chicago")
        before = dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)  # 01:00, an hour before it jumps to 03:00
        assert next_time([dt.time(2, 30)], before, zone) == dt.datetime(2026, 3, 8, 8, 0, tzinfo=dt.UTC)
        assert next_time([dt.time(7)], before, zone) == dt.datetime(2026, 3, 8, 12, 0, tzinfo=dt.UTC)
        assert next_time([], before, zone) is None

    def test_the_manager_on_duty_has_it_then(self, cast: Cast, incident: Incident, shifts: None) -> None:
        second = make.make_staff("Mia Manager", cast.here, role=Role.MANAGER, on_duty_until=NOW + DAY)
        made = promise(incident, cast.desk, NOW + 2 * DAY)
        handover = give(incident, cast.desk, cast.colleague)
        sweep(THREE)
        for row in (incident, made, handover):
            row.refresh_from_db()
        assert incident.assignee == made.assignee == second
        assert handover.lapsed_at == THREE
        event = Event.objects.latest("id")
        assert (event.kind, event.by) == ("handover_lapsed", None)
        assert event.codes == {"from_": cast.colleague.pk, "to": second.pk}
        assert told("shift_ended") == {"Mia Manager", "Dora Desk", "Cole League"}
        yours = Notice.objects.get(kind="shift_ended", reason="yours")
        assert yours.recipient == second

    def test_else_the_fallback_of_the_place(self, cast: Cast, incident: Incident, shifts: None) -> None:
        cast.here.fallback_assignee = cast.owner
        cast.here.save(update_fields=["fallback_assignee"])
        give(incident, cast.desk, cast.colleague)
        sweep(THREE)
        assert make.fresh(incident).assignee == cast.owner

    def test_else_any_manager_else_an_administrator(self, cast: Cast, incident: Incident) -> None:
        cast.here.fallback_assignee = None
        cast.here.save(update_fields=["fallback_assignee"])
        give(incident, cast.desk, cast.colleague)
        sweep(NOW + 8 * HOUR)
        assert make.fresh(incident).assignee == cast.manager
        give(incident, cast.desk, cast.colleague, now=NOW + 8 * HOUR)
        Concern.objects.create(incident=incident, staff=cast.manager)
        sweep(NOW + 16 * HOUR)
        assert make.fresh(incident).assignee == cast.owner

    def test_of_a_restricted_one_only_who_may_see_it(self, cast: Cast, shifts: None) -> None:
        cast.here.fallback_assignee = cast.desk
        cast.here.save(update_fields=["fallback_assignee"])
        incident = make.make_incident(cast.manager, category="safety")
        give(incident, cast.manager, cast.colleague)
        sweep(THREE)
        assert make.fresh(incident).assignee == cast.manager
        assert told("shift_ended") == {"Mona Manager"}, "the colleague no longer sees it"

    def test_with_nobody_else_it_stays(self, cast: Cast, incident: Incident) -> None:
        give(incident, cast.owner, cast.owner)
        handover = give(incident, cast.owner, cast.manager)
        for person in (cast.desk, cast.colleague):
            people.deactivate_staff(staff_id=person.pk, by=cast.owner, now=NOW)
        Concern.objects.create(incident=incident, staff=cast.owner)
        sweep(NOW + 8 * HOUR)
        handover.refresh_from_db()
        assert handover.lapsed_at == NOW + 8 * HOUR
        assert make.fresh(incident).assignee == cast.manager

    @pytest.mark.parametrize("meanwhile", ["accepted", "given back", "handed on", "closed", "acted on"])
    def test_nothing_when_it_was_settled_meanwhile(
        self, cast: Cast, incident: Incident, shifts: None, meanwhile: str
    ) -> None:
        handover = give(incident, cast.desk, cast.colleague)
        if meanwhile == "accepted":
            handovers.accept_handover(incident_id=incident.pk, by=cast.colleague, now=NOW)
        elif meanwhile == "given back":
            give_back(incident, cast.colleague)
        elif meanwhile == "handed on":
            give(incident, cast.colleague, cast.manager)
        elif meanwhile == "closed":
            make.close(incident, cast.manager, "withdrawn")
        else:
            make.apologize(incident, cast.colleague)
        before = make.fresh(incident).assignee
        assert lapses_at(handover) is None
        assert handovers.lapse_handover(handover_id=handover.pk, now=THREE) is None
        handover.refresh_from_db()
        assert handover.lapsed_at is None
        assert make.fresh(incident).assignee == before

    def test_twice_is_once(self, cast: Cast, incident: Incident) -> None:
        handover = give(incident, cast.desk, cast.colleague)
        assert handovers.lapse_handover(handover_id=handover.pk, now=THREE) is not None
        assert handovers.lapse_handover(handover_id=handover.pk, now=THREE) is None
        sweep(NOW + DAY)
        assert Event.objects.filter(kind="handover_lapsed").count() == 1
        assert Notice.objects.filter(kind="shift_ended").count() == 3

    @pytest.mark.django_db(transaction=True)
    def test_a_crash_between_the_lapse_and_its_notice_loses_nothing(self, committed: None) -> None:
        cast = make.make_cast()
        incident = make.make_incident(cast.desk)
        handover = give(incident, cast.desk, cast.colleague)
        sweep(NOW + 2 * HOUR)
        sweep(NOW + 3 * HOUR)
        at = NOW + 8 * HOUR
        with patch("incidents.actions.handovers._tell_of_lapse", side_effect=OSError("killed here")):
            sweep(at)
        handover.refresh_from_db()
        assert (handover.lapsed_at, make.fresh(incident).assignee) == (None, cast.colleague)
        later = at + LEASE + SECOND
        sweep(later)
        handover.refresh_from_db()
        assert (handover.lapsed_at, make.fresh(incident).assignee) == (later, cast.manager)
        assert Notice.objects.filter(kind="shift_ended").count() == 3
