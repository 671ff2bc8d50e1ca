"""What raises how bad it is: once in all, by one level, never to critical; and what takes that back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from incidents import story
from incidents.actions import change, customers, severity, undo
from incidents.models import Deadline, Incident, Reminder, ReminderState
from incidents.vocabulary import Raised, Severity
from tests import make
from tests.make import DAY, HOUR, NOW, Cast

USUAL = Severity.MODERATE  # of the category that incidents of these tests have


def made_worse(incident: Incident, cast: Cast, **over: Any) -> Incident:
    fields: dict[str, Any] = {"by": cast.desk, "now": NOW}
    change.note_second_failure(incident_id=incident.pk, **fields | over)
    return make.fresh(incident)


def key_customer() -> Any:
    customer: Any = make.make_customer(account="Lakeside Travel")
    customer.account.is_key = True
    customer.account.save(update_fields=["is_key"])
    return customer


def events(incident: Incident) -> list[tuple[str, dict[str, Any]]]:
    rows = incident.events.filter(kind__startswith="severity_").order_by("id")
    return list(rows.values_list("kind", "codes"))


def level(incident: Incident) -> tuple[int, str]:
    make.fresh(incident)
    return incident.severity, incident.raised_by


def test_nothing_raises_it_by_itself(cast: Cast) -> None:
    assert level(make.make_incident(cast.desk)) == (USUAL, "")


def test_first_order_is_a_tap(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, is_first_order=True)
    assert level(incident) == (Severity.MAJOR, "first_order")
    assert events(incident) == [("severity_raised", {"rule": "first_order", "from_": 3, "to": 2})]


def test_key_account(cast: Cast) -> None:
    assert level(make.make_incident(cast.desk, customer=key_customer())) == (Severity.MAJOR, "key_account")


@pytest.mark.parametrize(("ago", "raised_by"), [(90 * DAY, "repeat"), (90 * DAY + HOUR, "")])
def test_again_within_ninety_days_of_the_first_report(cast: Cast, ago: Any, raised_by: str) -> None:
    first = make.make_incident(cast.desk, reported_at=NOW - ago)
    assert level(make.make_incident(cast.desk, repeat_of=first))[1] == raised_by


def test_the_first_rule_that_is_met_counts_and_only_one(cast: Cast) -> None:
    first = make.make_incident(cast.desk)
    asked: dict[str, Any] = {"customer": key_customer(), "repeat_of": first}
    assert level(make.make_incident(cast.desk, **asked, is_first_order=True)) == (2, "first_order")
    assert level(make.make_incident(cast.desk, **asked)) == (2, "key_account")
    minor = make.make_incident(cast.desk, category="basics", **asked)
    assert level(minor) == (Severity.MODERATE, "key_account")


@pytest.mark.parametrize("chosen", [Severity.MINOR, USUAL])
def test_what_somebody_chose_stands(cast: Cast, chosen: Severity) -> None:
    incident = make.make_incident(cast.desk, severity=chosen, is_first_order=True)
    assert level(incident) == (chosen, "")


@pytest.mark.parametrize("bad", [Severity.CRITICAL, Severity.MAJOR])
def test_never_to_critical(cast: Cast, bad: Severity) -> None:
    incident = make.make_incident(cast.desk, severity=bad)
    assert level(made_worse(incident, cast)) == (bad, "")


def test_once_in_all(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="basics", is_first_order=True)
    assert level(made_worse(incident, cast)) == (Severity.MODERATE, "first_order")


class TestWhatWasMet:
    """An apology that was in time when it was given stays in time."""

    def apologized_after_three_hours(self, cast: Cast) -> Incident:
        incident = make.make_incident(cast.desk)
        make.apologize(incident, cast.desk, now=NOW + 3 * HOUR, made_at=NOW + 3 * HOUR)
        return incident

    def due(self, incident: Incident) -> dict[str, dt.datetime]:
        return dict(Deadline.objects.filter(incident=incident).values_list("clock", "due_at"))

    def test_raising_does_not_judge_the_past(self, cast: Cast) -> None:
        incident = self.apologized_after_three_hours(cast)
        made_worse(incident, cast, now=NOW + 3 * HOUR)
        due = self.due(incident)
        assert due["apologize"] == NOW + 4 * HOUR
        assert due["offer"] == NOW + 4 * HOUR  # a day for a moderate one, four hours for a major one

    def test_a_corrected_severity_does(self, cast: Cast) -> None:
        incident = make.fresh(self.apologized_after_three_hours(cast))
        change.change_incident(
            incident_id=incident.pk,
            expected_version=incident.version,
            by=cast.desk,
            now=NOW + 3 * HOUR,
            severity=Severity.MAJOR,
        )
        assert self.due(incident)["apologize"] == NOW + HOUR

    def test_a_moment_that_is_moved_is_judged_anew(self, cast: Cast) -> None:
        incident = self.apologized_after_three_hours(cast)
        made_worse(incident, cast, now=NOW + 3 * HOUR)
        make.apologize(incident, cast.desk, now=NOW + 3 * HOUR, made_at=NOW + 2 * HOUR)
        assert self.due(incident)["apologize"] == NOW + HOUR


class TestSecondFailure:
    def test_it_raises_and_the_clocks_follow(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        assert level(made_worse(incident, cast)) == (Severity.MAJOR, "second_failure")
        due = dict(Deadline.objects.filter(incident=incident).values_list("clock", "due_at"))
        assert due["apologize"] == incident.next_due_at == NOW + HOUR
        reminder = Reminder.objects.get(incident=incident, kind="apology_due", state=ReminderState.PENDING)
        assert reminder.target_at == NOW + HOUR

    def test_a_moment_that_is_past_by_then_is_said_at_once(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        made_worse(incident, cast, now=NOW + 2 * HOUR)
        reminder = Reminder.objects.get(incident=incident, kind="apology_due", state=ReminderState.PENDING)
        assert (reminder.target_at, reminder.due_at) == (NOW + HOUR, NOW + 2 * HOUR)

    def test_dropped(self, cast: Cast) -> None:
        incident = made_worse(make.make_incident(cast.desk), cast)
        change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
        assert level(incident) == (USUAL, "")
        assert incident.next_due_at == NOW + 4 * HOUR
        assert [kind for kind, _codes in events(incident)] == ["severity_raised", "severity_lowered"]
        assert level(made_worse(incident, cast)) == (Severity.MAJOR, "second_failure")

    def test_undone(self, cast: Cast) -> None:
        incident = made_worse(make.make_incident(cast.desk), cast)
        undo.undo_last(incident_id=incident.pk, by=cast.desk, now=NOW)
        assert level(incident) == (USUAL, "")
        assert (incident.is_second_failure, incident.next_due_at) == (False, NOW + 4 * HOUR)

    def test_what_something_else_raised_stays(self, cast: Cast) -> None:
        incident = made_worse(make.make_incident(cast.desk, is_first_order=True), cast)
        change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
        assert level(incident) == (Severity.MAJOR, "first_order")

    def test_a_closed_one_keeps_its_clocks(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.close(incident, cast.desk, "withdrawn")
        assert level(made_worse(incident, cast)) == (Severity.MAJOR, "second_failure")
        assert incident.next_due_at is None
        change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
        assert level(incident) == (USUAL, "")


@pytest.mark.parametrize(("outcome", "raised_by"), [("unhappy", "unhappy"), ("neutral", "")])
def test_still_unhappy(cast: Cast, outcome: str, raised_by: str) -> None:
    incident = make.settle(make.make_incident(cast.desk), cast.desk)
    make.call(incident, cast.desk, outcome, now=NOW + DAY)
    assert incident.raised_by == raised_by
    due = dict(Deadline.objects.filter(incident=incident, round__number=2).values_list("clock", "due_at"))
    assert due["offer"] == NOW + DAY + (4 * HOUR if raised_by else DAY)


class TestCorrected:
    def correct(self, incident: Incident, cast: Cast, **changes: Any) -> tuple[int, str]:
        make.fresh(incident)
        of: dict[str, Any] = {"incident_id": incident.pk, "expected_version": incident.version}
        change.change_incident(**of, by=cast.desk, now=NOW, **changes)
        return level(incident)

    def test_a_level_that_somebody_chooses_stands_for_good(self, cast: Cast) -> None:
        incident = made_worse(make.make_incident(cast.desk), cast)
        assert self.correct(incident, cast, severity=Severity.MINOR) == (Severity.MINOR, "")
        change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
        assert level(incident) == (Severity.MINOR, "")
        assert level(made_worse(incident, cast)) == (Severity.MINOR, "")

    def test_it_was_somebody_of_a_key_account(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        assert self.correct(incident, cast, customer=key_customer()) == (Severity.MAJOR, "key_account")
        assert make.fresh(incident).next_due_at == NOW + HOUR
        other = customers.add_customer(name="Somebody Else", now=NOW)
        assert self.correct(incident, cast, customer=other) == (USUAL, "")

    def test_what_was_raised_by_a_fact_that_goes_falls_to_the_next_rule(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk, customer=key_customer())
        made_worse(incident, cast)
        other = customers.add_customer(name="Somebody Else", now=NOW)
        assert self.correct(incident, cast, customer=other) == (Severity.MAJOR, "second_failure")

    def test_a_closed_one_stays_as_it_was(self, cast: Cast) -> None:
        incident = make.make_incident(cast.desk)
        make.close(incident, cast.desk, "withdrawn")
        assert self.correct(incident, cast, customer=key_customer()) == (USUAL, "")


def test_the_same_form_twice_raises_once(cast: Cast) -> None:
    key = uuid4()
    first = make.make_incident(cast.desk, is_first_order=True, submit_key=key)
    again = make.make_incident(cast.desk, is_first_order=True, submit_key=key)
    assert first == again
    assert len(events(first)) == 1


def test_by_a_rule_it_was_not_raised_by(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    assert not severity.lower_again(incident, Raised.REPEAT, by=cast.desk, now=NOW)
    assert level(incident) == (USUAL, "")


def test_the_timeline_says_why(cast: Cast) -> None:
    incident = made_worse(make.make_incident(cast.desk), cast)
    change.drop_second_failure(incident_id=incident.pk, by=cast.manager, now=NOW)
    told = [entry.title for entry in story.tell(make.fresh(incident), cast.manager, NOW).timeline]
    assert "Raised to Major: we made it worse" in told
    assert "Back to Moderate: no longer “we made it worse”" in told
