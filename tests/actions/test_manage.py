"""Ending, undoing, correcting."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.actions import change, endings
from incidents.actions.refusals import NotYours, Refused, Stale, StepRefused
from incidents.models import Incident, Reminder, ReminderKind, ReminderState, Staff
from incidents.vocabulary import CloseReason, Severity, Stage
from tests import make
from tests.make import HOUR, NOW, Cast


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
        ("unreachable", "manager", Refused, "Try three times before giving up: 0 tries so far."),
        ("unresolved", "desk", NotYours, "A manager closes it this way."),
        ("nonsense", "owner", Refused, "Choose how it ended."),
    )

    @pytest.mark.parametrize("row", TABLE, ids=[f"{row[0]} by {row[1]}" for row in TABLE])
    def test_who_may_end_it_how(
        self, cast: Cast, incident: Incident, row: tuple[str, str, type[Refused] | None, str]
    ) -> None:
        reason, who, answer, words = row
        by = getattr(cast, who)
        if answer is None:
            make.close(incident, by, reason)
            assert (incident.stage, incident.close_reason) == (Stage.CLOSED, reason)
            assert incident.closures.get().note == "Why."
            return
        with pytest.raises(Refused) as refused:
            make.close(incident, by, reason)
        assert type(refused.value) is answer
        assert str(refused.value.words) == words
        incident.refresh_from_db()
        assert incident.is_open
        assert not incident.closures.exists()

    @pytest.mark.parametrize("reason", ["withdrawn", "void", "no_contact_known"])
    @pytest.mark.parametrize("note", ["", "   "])
    def test_each_asks_for_a_reason(self, cast: Cast, incident: Incident, reason: str, note: str) -> None:
        with pytest.raises(Refused, match="Say why, in a few words"):
            make.close(incident, cast.manager, reason, note=note)

    def test_an_unknown_guest_cannot_be_reached(self, cast: Cast) -> None:
        unknown = make.make_incident(cast.desk, customer=None, customer_hint="Man in a grey coat")
        assert make.close(unknown, cast.desk, "no_contact_known").close_reason == CloseReason.NO_CONTACT_KNOWN

    def test_a_duplicate_names_its_twin(self, cast: Cast, incident: Incident) -> None:
        twin = make.make_incident(cast.desk)
        for wrong in (None, incident):
            with pytest.raises(Refused, match="Name the incident that this one repeats"):
                make.close(incident, cast.manager, "duplicate", duplicate_of=wrong)
        make.close(incident, cast.manager, "duplicate", duplicate_of=twin)
        assert incident.duplicate_of == twin

    def test_only_a_duplicate_has_a_twin(self, cast: Cast, incident: Incident) -> None:
        make.close(incident, cast.manager, "void", duplicate_of=make.make_incident(cast.desk))
        assert incident.duplicate_of is None

    def test_calls_and_their_reminders_end_with_it(self, cast: Cast, incident: Incident) -> None:
        make.settle(incident, cast.desk)
        make.close(incident, cast.desk, "withdrawn")
        assert incident.follow_ups.get().cancelled_at == NOW
        assert not Reminder.objects.filter(kind=ReminderKind.FOLLOW_UP_DUE, state=ReminderState.PENDING).exists()

    def test_twice(self, cast: Cast, incident: Incident) -> None:
        make.close(incident, cast.desk, "withdrawn")
        with pytest.raises(Refused, match="This recovery is closed"):
            make.close(incident, cast.manager, "void")


class TestUndo:
    def test_within_five_minutes(self, cast: Cast, incident: Incident) -> None:
        endings.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR / 12)
        incident.refresh_from_db()
        assert incident.close_reason == CloseReason.VOID
        assert incident.closures.get().note == "undone"

    def test_not_later(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(NotYours, match="five minutes"):
            endings.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW + HOUR / 11)

    def test_not_by_somebody_else(self, cast: Cast, incident: Incident) -> None:
        with pytest.raises(NotYours):
            endings.undo_log(incident_id=incident.pk, by=cast.manager, now=NOW)


class TestChange:
    def change(self, incident: Incident, by: Staff, **changes: Any) -> Incident:
        version = changes.pop("expected_version", incident.version)
        return change.change_incident(
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
        make.close(incident, cast.desk, "withdrawn")
        self.change(incident, cast.desk, place="Room 4")
        incident.refresh_from_db()
        assert (incident.place, incident.stage, incident.next_due_at) == ("Room 4", Stage.CLOSED, None)
