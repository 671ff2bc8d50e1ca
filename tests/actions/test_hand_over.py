"""Handing over: who gets it, what goes along, who is told."""

from __future__ import annotations

from uuid import uuid4

import pytest

from incidents.actions import handovers, promises
from incidents.actions.refusals import Refused
from incidents.models import Concern, Incident, Notice, NoticeKind
from tests import make
from tests.make import DAY, NOW, Cast


class TestHandOver:
    def test_calls_promises_and_steps_go_along(self, cast: Cast, incident: Incident) -> None:
        make.settle(incident, cast.desk)
        theirs = make.give(incident, cast.desk, is_delivered=False, assignee=cast.manager)
        mine = make.give(incident, cast.desk, is_delivered=False)
        promise = promises.make_promise(
            incident_id=incident.pk, by=cast.desk, now=NOW, what="Write", due_at=NOW + DAY, submit_key=uuid4()
        )
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW, note="Shift ends")
        for row in (incident, theirs, mine, promise):
            row.refresh_from_db()
        assert incident.assignee == promise.assignee == mine.assignee == cast.colleague
        assert make.planned_call(incident).assignee == cast.colleague
        assert theirs.assignee == cast.manager
        assert mine.done_by == "Cole League"

    def test_what_was_done_stays_with_who_did_it(self, cast: Cast, incident: Incident) -> None:
        make.settle(incident, cast.desk)
        make.call(incident, cast.desk, "unhappy")
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)
        assert incident.remedies.get().assignee == cast.desk
        assert incident.follow_ups.get().assignee == cast.desk

    def test_it_is_written_down_and_the_new_one_is_told(self, cast: Cast, incident: Incident) -> None:
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW, note="Shift ends")
        handover = incident.handovers.get()
        assert (handover.from_staff, handover.to_staff, handover.note) == (cast.desk, cast.colleague, "Shift ends")
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind) == (cast.colleague, NoticeKind.ASSIGNED)

    def test_there_and_back_and_there_again_is_told_each_time(self, cast: Cast, incident: Incident) -> None:
        for to in (cast.colleague, cast.manager, cast.colleague):
            handovers.hand_over(incident_id=incident.pk, to=to, by=cast.desk, now=NOW)
        assert Notice.objects.filter(recipient=cast.colleague).count() == 2

    def test_who_had_it_before_is_not_told_any_longer_that_they_have_it(self, cast: Cast, incident: Incident) -> None:
        for to in (cast.colleague, cast.manager):
            handovers.hand_over(incident_id=incident.pk, to=to, by=cast.desk, now=NOW)
        new = Notice.objects.unread().values_list("recipient", "kind")
        assert list(new) == [(cast.manager.pk, NoticeKind.ASSIGNED)]

    def test_nor_when_they_gave_it_back(self, cast: Cast, incident: Incident) -> None:
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)
        handovers.return_handover(incident_id=incident.pk, note="I am off", by=cast.colleague, now=NOW)
        assert not Notice.objects.unread().filter(recipient=cast.colleague).exists()
        assert Notice.objects.unread().get().kind == NoticeKind.HANDED_BACK

    def test_taking_it_oneself_needs_no_notice(self, cast: Cast, incident: Incident) -> None:
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.colleague, now=NOW)
        assert not Notice.objects.exists()

    def test_to_the_same_person_changes_nothing(self, cast: Cast, incident: Incident) -> None:
        handovers.hand_over(incident_id=incident.pk, to=cast.desk, by=cast.desk, now=NOW)
        assert not incident.handovers.exists()

    def test_not_to_a_stranger_somebody_who_left_or_somebody_concerned(self, cast: Cast, incident: Incident) -> None:
        left = make.make_staff("Lea Left", cast.here, is_active=False)
        Concern.objects.create(incident=incident, staff=cast.colleague)
        for to in (cast.outsider, left, cast.colleague):
            with pytest.raises(Refused, match="do not work at this location"):
                handovers.hand_over(incident_id=incident.pk, to=to, by=cast.manager, now=NOW)

    def test_not_once_it_is_closed(self, cast: Cast, incident: Incident) -> None:
        make.close(incident, cast.desk, "withdrawn")
        with pytest.raises(Refused, match="closed"):
            handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)

    def test_people_of_a_place(self, cast: Cast) -> None:
        make.make_staff("Lea Left", cast.here, is_active=False)
        names = [person.name for person in handovers.people_of(cast.here)]
        assert names == ["Cole League", "Dora Desk", "Mona Manager", "Olga Owner"]
