"""An incident that turns out to be none: nobody is reminded of what was to change because of it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from incidents.actions import endings, prevention
from incidents.models import Event, Incident, PreventionAction, Reminder, ReminderState
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, NOW, Cast
from tests.preventing import commit, finish

MINUTE = dt.timedelta(minutes=1)


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


def waiting(action: PreventionAction) -> bool:
    return Reminder.objects.filter(kind="prevention_due", subject_id=action.pk, state=ReminderState.PENDING).exists()


def test_by_mistake_drops_them_with_the_reason(cast: Cast, incident: Incident) -> None:
    action = commit(incident, cast.manager, assignee=cast.colleague)
    idea = prevention.note_idea(
        incident_id=incident.pk, kind="notice", what="A sign", by=cast.desk, now=NOW, submit_key=uuid4()
    )
    assert waiting(action)
    make.close(incident, cast.manager, "void")
    for each in (action, idea):
        each.refresh_from_db()
        assert each.drop_reason == "What it was for was logged by mistake."
        assert each.dropped_by == cast.manager
    assert not waiting(action)
    assert make.fresh(incident).review_state == "not_required"


def test_undone_too(cast: Cast, incident: Incident) -> None:
    action = commit(incident, cast.manager)
    endings.undo_log(incident_id=incident.pk, by=cast.desk, now=NOW + MINUTE)
    action.refresh_from_db()
    assert action.dropped_at == NOW + MINUTE


@pytest.mark.parametrize("is_older", [True, False])
def test_twice_leaves_them_to_the_one_that_stays(cast: Cast, is_older: bool) -> None:
    pair = [make.make_incident(cast.desk), make.make_incident(cast.desk, category="late")]
    stays, twin = pair if is_older else reversed(pair)
    action = commit(twin, cast.manager, assignee=cast.colleague)
    make.close(twin, cast.manager, "duplicate", duplicate_of=stays)
    action.refresh_from_db()
    assert (action.incident, action.is_open, action.category) == (stays, True, stays.category)
    assert action.assignee == cast.colleague
    assert waiting(action)
    rung = Reminder.objects.get(kind="prevention_due", subject_id=action.pk)
    assert rung.incident == stays
    assert make.fresh(stays).review_state == ("preventing" if is_older else "to_review")  # by itself grave
    assert Event.objects.filter(incident=stays, kind="prevention_committed", subject_id=action.pk).exists()
    done = finish(action, cast.colleague, now=NOW + DAY)
    assert done.done_at == NOW + DAY


def test_twice_at_another_place_drops_them(cast: Cast, incident: Incident) -> None:
    action = commit(incident, cast.manager)
    there = make.make_incident(cast.outsider)
    make.close(incident, cast.manager, "duplicate", duplicate_of=there)
    action.refresh_from_db()
    assert action.drop_reason == "What it was for was logged twice."


def test_what_is_done_stays_done(cast: Cast, incident: Incident) -> None:
    action = finish(commit(incident, cast.manager), cast.manager)
    make.close(incident, cast.manager, "void", now=NOW + DAY)
    action.refresh_from_db()
    assert action.done_at
    assert action.dropped_at is None


def test_an_ending_that_is_none_of_these_leaves_them(cast: Cast, incident: Incident) -> None:
    action = commit(incident, cast.manager, due_on=dt.date(2026, 3, 20))
    make.close(incident, cast.manager, "withdrawn")
    action.refresh_from_db()
    assert action.is_open
    assert waiting(action)
