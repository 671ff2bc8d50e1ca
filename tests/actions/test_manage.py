"""Handing over, going back, ending, undoing, correcting."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from incidents.actions import manage, recover
from incidents.actions.refusals import NotYours, Refused, Stale, StepRefused
from incidents.models import Concern, Incident, Notice, NoticeKind, Reminder, ReminderKind, ReminderState, Staff
from incidents.workflow import CloseReason, RemedyState, Severity, Stage
from tests import make
from tests.make import DAY, HOUR, NOW, Cast


@pytest.fixture
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def settle(incident: Incident, by: Staff) -> Incident:
    make.apologize(incident, by)
    make.give(incident, by)
    incident.refresh_from_db()
    return incident


def close(incident: Incident, by: Staff, reason: str, **over: Any) -> Incident:
    fields: dict[str, Any] = {"now": NOW, "note": "Why."}
    manage.close_incident(incident_id=incident.pk, reason=reason, by=by, **fields | over)
    incident.refresh_from_db()
    return incident


def go_back(incident: Incident, by: Staff, reason: str, **over: Any) -> Incident:
    manage.go_back(incident_id=incident.pk, reason=reason, by=by, **{"now": NOW + HOUR} | over)
    incident.refresh_from_db()
    return incident


class TestHandOver:
    def test_calls_promises_and_steps_go_along(self, cast: Cast, incident: Incident) -> None:
        settle(incident, cast.desk)
        theirs = make.give(incident, cast.desk, is_delivered=False, assignee=cast.manager)
        mine = make.give(incident, cast.desk, is_delivered=False)
        promise = recover.make_promise(
            incident_id=incident.pk, by=cast.desk, now=NOW, what="Write", due_at=NOW + DAY, submit_key=uuid4()
        )
        manage.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW, note="Shift ends")
        for row in (incident, theirs, mine, promise):
            row.refresh_from_db()
        assert incident.assignee == promise.assignee == mine.assignee == cast.colleague
        assert make.planned_call(incident).assignee == cast.colleague
        assert theirs.assignee == cast.manager
        assert mine.done_by == "Cole League"

    def test_what_was_done_stays_with_who_did_it(self, cast: Cast, incident: Incident) -> None:
        settle(incident, cast.desk)
        make.call(incident, cast.desk, "unhappy")
        manage.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)
        assert incident.remedies.get().assignee == cast.desk
        assert incident.follow_ups.get().assignee == cast.desk

    def test_it_is_written_down_and_the_new_one_is_told(self, cast: Cast, incident: Incident) -> None:
        manage.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW, note="Shift ends")
        handover = incident.handovers.get()
        assert (handover.from_staff, handover.to_staff, handover.note) == (cast.desk, cast.colleague, "Shift ends")
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind) == (cast.colleague, NoticeKind.ASSIGNED)

    def test_there_and_back_and_there_again_is_told_each_time(self, cast: Cast, incident: Incident) -> None:
        for to in (cast.colleague, cast.manager, cast.colleague):
            manage.hand_over(incident_id=incident.pk, to=to, by=cast.desk, now=NOW)
        assert Notice.objects.filter(recipient=cast.colleague).count() == 2

    def test_taking_it_oneself_needs_no_notice(self, cast: Cast, incident: Incident) -> None:
        manage.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.colleague, now=NOW)
        assert not Notice.objects.exists()

    def test_to_the_same_person_changes_nothing(self, cast: Cast, incident: Incident) -> None:
        manage.hand_over(incident_id=incident.pk, to=cast.desk, by=cast.desk, now=NOW)
        assert not incident.handovers.exists()

    def test_not_to_a_stranger_somebody_who_left_or_somebody_concerned(self, cast: Cast, incident: Incident) -> None:
        left = make.make_staff("Lea Left", cast.here, is_active=False)
        Concern.objects.create(incident=incident, staff=cast.colleague)
        for to in (cast.outsider, left, cast.colleague):
            with pytest.raises(Refused, match="do not work at this location"):
                manage.hand_over(incident_id=incident.pk, to=to, by=cast.manager, now=NOW)

    def test_not_once_it_is_closed(self, cast: Cast, incident: Incident) -> None:
        close(incident, cast.desk, "withdrawn")
        with pytest.raises(Refused, match="closed"):
            manage.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)

    def test_people_of_a_place(self, cast: Cast) -> None:
        make.make_staff("Lea Left", cast.here, is_active=False)
        names = [person.name for person in manage.people_of(cast.here)]
        assert names == ["Cole League", "Dora Desk", "Mona Manager", "Olga Owner"]


class TestEnding:
    # reason | by | allowed (None), or what is raised and its words
    TABLE = (
        ("withdrawn", "desk", None, ""),
        ("withdrawn", "manager", None, ""),
        ("withdrawn", "owner", None, ""),
        ("withdrawn", "colleague", NotYours, "The person who has this incident, or a manager, closes it."),
        ("void", "desk", NotYours, "A manager takes an incident out of the list."),
        ("void", "manager", None, ""),
        ("void", "owner", None, ""),
        ("duplicate", "desk", NotYours, "A manager takes an incident out of the list."),
        ("no_contact_known", "desk", Refused, "We know how to reach this customer, so the call is still due."),
        ("no_contact_known", "manager", Refused, "We know how to reach this customer, so the call is still due."),
        ("recovered", "owner", StepRefused, "Nobody has apologized to the customer yet."),
        ("unreachable", "manager", Refused, "This ending cannot be chosen yet."),
        ("content_to_leave", "manager", Refused, "This ending cannot be chosen yet."),
        ("no_answer", "desk", Refused, "This ending cannot be chosen yet."),
        ("unresolved", "manager", Refused, "This ending cannot be chosen yet."),
        ("nonsense", "owner", Refused, "Choose how it ended."),
    )

    @pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]} by {row[1]}" for row in TABLE])
    def test_who_may_end_it_how(
        self, cast: Cast, incident: Incident, row: tuple[str, str, type[Refused] | None, str]
    ) -> None:
        reason, who, answer, words = row
        by = getattr(cast, who)
        if answer is None:
            close(incident, by, reason)
            assert (incident.stage, incident.close_reason) == (Stage.CLOSED, reason)
            assert incident.closures.get().note == "Why."
            return
        with pytest.raises(Refused) as refused:
            close(incident, by, reason)
        assert type(refused.value) is answer
        assert str(refused.value.words) == words
        incident.refresh_from_db()
        assert incident.is_open
        assert not incident.closures.exists()

    @pytest.mark.parametrize("reason", ["withdrawn", "void", "no_contact_known"])
    @pytest.mark.parametrize("note", ["", "   "])
    def test_each_asks_for_a_reason(self, cast: Cast, incident: Incident, reason: str, note: str) -> None:
        with pytest.raises(Refused, match="Say why, in a few words"):
            close(incident, cast.manager, reason, note=note)

    def test_an_unknown_guest_cannot_be_reached(self, cast: Cast) -> None:
        unknown = make.make_incident(cast.desk, customer=None, customer_hint="Man in a grey coat")
        assert close(unknown, cast.desk, "no_contact_known").close_reason == CloseReason.NO_CONTACT_KNOWN

    def test_a_duplicate_names_its_twin(self, cast: Cast, incident: Incident) -> None:
        twin = make.make_incident(cast.desk)
        for wrong in (None, incident):
            with pytest.raises(Refused, match="Name the incident that this one repeats"):
                close(incident, cast.manager, "duplicate", duplicate_of=wrong)
        close(incident, cast.manager, "duplicate", duplicate_of=twin)
        assert incident.duplicate_of == twin

    def test_only_a_duplicate_has_a_twin(self, cast: Cast, incident: Incident) -> None:
        close(incident, cast.manager, "void", duplicate_of=make.make_incident(cast.desk))
        assert incident.duplicate_of is None

    def test_calls_and_their_reminders_end_with_it(self, cast: Cast, incident: Incident) -> None:
        settle(incident, cast.desk)
        close(incident, cast.desk, "withdrawn")
        assert incident.follow_ups.get().cancelled_at == NOW
        assert not Reminder.objects.filter(kind=ReminderKind.FOLLOW_UP_DUE, state=ReminderState.PENDING).exists()

    def test_twice(self, cast: Cast, incident: Incident) -> None:
        close(incident, cast.desk, "withdrawn")
        with pytest.raises(Refused, match="This recovery is closed"):
            close(incident, cast.manager, "void")


# reason for going back | where the new round begins
GO_BACK = [
    ("contacted_us", Stage.APOLOGIZE),
    ("remedy_failed", Stage.REMEDY),
    ("second_thought", Stage.REMEDY),
]


class TestGoBack:
    @pytest.mark.parametrize(("reason", "stage"), GO_BACK)
    def test_while_it_is_open(self, cast: Cast, incident: Incident, reason: str, stage: Stage) -> None:
        settle(incident, cast.desk)
        go_back(incident, cast.desk, reason)
        assert (incident.stage, incident.round_number, incident.reopen_count) == (stage, 2, 0)
        assert incident.rounds.get(number=2).reason == reason

    @pytest.mark.parametrize(("reason", "stage"), GO_BACK)
    def test_after_it_was_closed(self, cast: Cast, incident: Incident, reason: str, stage: Stage) -> None:
        settle(incident, cast.desk)
        make.call(incident, cast.desk)
        go_back(incident, cast.desk, reason, now=NOW + DAY)
        assert (incident.stage, incident.round_number, incident.reopen_count) == (stage, 2, 1)
        assert (incident.close_reason, incident.closed_at) == ("", None)
        assert incident.next_due_at is not None
        old = incident.closures.get()
        assert (old.reason, old.reopened_at) == ("recovered", NOW + DAY)

    def test_closing_again_keeps_the_old_closure(self, cast: Cast, incident: Incident) -> None:
        close(incident, cast.desk, "withdrawn")
        go_back(incident, cast.desk, "contacted_us")
        close(incident, cast.desk, "withdrawn", now=NOW + DAY)
        assert incident.closures.count() == 2
        assert incident.closures.filter(reopened_at__isnull=True).count() == 1

    @pytest.mark.parametrize("reason", ["void", "duplicate"])
    def test_not_what_never_was_an_incident(self, cast: Cast, incident: Incident, reason: str) -> None:
        twin = make.make_incident(cast.desk) if reason == "duplicate" else None
        close(incident, cast.manager, reason, duplicate_of=twin)
        with pytest.raises(Refused, match="logged by mistake or twice"):
            go_back(incident, cast.owner, "contacted_us")

    @pytest.mark.parametrize("reason", ["", "nonsense", "first", "not_true"])
    def test_not_without_a_reason_a_person_can_give(self, cast: Cast, incident: Incident, reason: str) -> None:
        with pytest.raises(Refused, match="Say why you are going back"):
            go_back(incident, cast.desk, reason)

    def test_two_people_at_once_go_back_once(self, cast: Cast, incident: Incident) -> None:
        go_back(incident, cast.desk, "second_thought", expected_round=1)
        with pytest.raises(Stale):
            go_back(incident, cast.colleague, "second_thought", expected_round=1)
        incident.refresh_from_db()
        assert incident.round_number == 2

    def test_a_promised_call_keeps_its_time(self, cast: Cast, incident: Incident) -> None:
        settle(incident, cast.desk)
        promised = make.planned_call(incident)
        go_back(incident, cast.desk, "second_thought")
        make.give(incident, cast.desk, "gift_card", now=NOW + HOUR)
        moved = make.planned_call(incident)
        assert (moved.pk, moved.due_at, moved.round.number) == (promised.pk, NOW + 2 * DAY, 2)

    def test_what_is_still_on_its_way_belongs_to_the_new_round(self, cast: Cast, incident: Incident) -> None:
        make.apologize(incident, cast.desk)
        van = make.give(incident, cast.desk, is_delivered=False)
        go_back(incident, cast.desk, "second_thought")
        make.give(incident, cast.desk, "gift_card", now=NOW + HOUR)
        incident.refresh_from_db()
        assert incident.stage == Stage.REMEDY
        recover.deliver_remedy(remedy_id=van.pk, by=cast.desk, now=NOW + 2 * HOUR)
        incident.refresh_from_db()
        assert incident.stage == Stage.FOLLOW_UP

    def test_what_was_given_stays_in_its_round(self, cast: Cast, incident: Incident) -> None:
        settle(incident, cast.desk)
        go_back(incident, cast.desk, "second_thought")
        assert incident.remedies.get().round.number == 1

    def test_a_receipt_is_asked_for_again_after_reopening(self, cast: Cast, incident: Incident) -> None:
        mic = make.give(incident, cast.desk, "reimburse")
        close(incident, cast.desk, "withdrawn")
        go_back(incident, cast.desk, "contacted_us", now=NOW + 10 * DAY)
        mic.refresh_from_db()
        assert (mic.state, mic.round.number) == (RemedyState.AWAITING_RECEIPT, 2)
        waiting = Reminder.objects.get(kind=ReminderKind.RECEIPT_MISSING, state=ReminderState.PENDING)
        assert waiting.due_at == NOW + 13 * DAY


class TestUndo:
    def test_within_five_minutes(self, cast: Cast, incident: Incident) -> None:
        manage.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR / 12)
        incident.refresh_from_db()
        assert incident.close_reason == CloseReason.VOID
        assert incident.closures.get().note == "undone"

    def test_not_later(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(NotYours, match="five minutes"):
            manage.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR / 11)

    def test_not_by_somebody_else(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(NotYours):
            manage.undo_log(incident_id=incident.pk, by=cast.manager, now=NOW)


class TestChange:
    def change(self, incident: Incident, by: Staff, **changes: Any) -> Incident:
        version = changes.pop("expected_version", incident.version)
        return manage.change_incident(
            incident_id=incident.pk, expected_version=version, by=by, now=NOW + HOUR, **changes
        )

    def test_only_what_changed_is_written_down_and_no_words(self, cast: Cast, incident: Incident) -> None:
        self.change(incident, cast.desk, place="Room 4", what_happened=incident.what_happened)
        event = incident.events.latest("id")
        assert (event.kind, event.codes) == ("facts_changed", {"fields": ["place"]})

    def test_nothing_changed_writes_nothing(self, cast: Cast, incident: Incident) -> None:
        before = incident.version
        assert self.change(incident, cast.desk, place="").version == before
        assert incident.events.count() == 1

    def test_somebody_saved_in_between(self, cast: Cast, incident: Incident) -> None:
        seen = incident.version
        self.change(incident, cast.colleague, place="Room 4")
        with pytest.raises(Stale) as stale:
            self.change(incident, cast.desk, place="Room 5", expected_version=seen)
        assert stale.value.current.place == "Room 4"

    def test_a_new_severity_moves_the_clocks(self, cast: Cast, incident: Incident) -> None:
        assert self.change(incident, cast.desk, severity=Severity.MAJOR).next_due_at == NOW + HOUR

    def test_state_cannot_be_changed_this_way(self, cast: Cast, incident: Incident) -> None:
        self.change(incident, cast.owner, stage=Stage.CLOSED, close_reason="recovered", round_number=9)
        incident.refresh_from_db()
        assert (incident.stage, incident.round_number) == (Stage.APOLOGIZE, 1)

    def test_becoming_a_safety_matter_restricts_it_for_good(self, cast: Cast, incident: Incident) -> None:
        self.change(incident, cast.desk, category=make.category("safety"))
        incident.refresh_from_db()
        self.change(incident, cast.manager, category=make.category("room"))
        incident.refresh_from_db()
        assert incident.is_restricted

    def test_a_closed_one_can_be_corrected_and_stays_closed(self, cast: Cast, incident: Incident) -> None:
        close(incident, cast.desk, "withdrawn")
        self.change(incident, cast.desk, place="Room 4")
        incident.refresh_from_db()
        assert (incident.place, incident.stage, incident.next_due_at) == ("Room 4", Stage.CLOSED, None)
