"""Who hears of a change, and when: also after the incident is closed, not after it is done, dropped or moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from incidents.access import Role
from incidents.actions import prevention
from incidents.models import Incident, Notice, PreventionAction, Reminder, ReminderState
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.preventing import commit, finish
from tests.reminding import sweep

DUE = dt.datetime(2026, 3, 21, 4, 59, tzinfo=dt.UTC)  # the end of 20 March in Chicago


@pytest.fixture
def action(cast: Cast) -> PreventionAction:
    return commit(make.make_incident(cast.desk), cast.manager, assignee=cast.colleague)


def heard(kind: str) -> list[str]:
    said = Notice.objects.filter(kind=kind).order_by("id")
    assert all(notice.incident_id is None for notice in said)
    return list(said.values_list("recipient__name", flat=True))


def waiting(action: PreventionAction) -> set[Any]:
    rows = Reminder.objects.filter(kind="prevention_due", subject_id=action.pk, state=ReminderState.PENDING)
    return set(rows.values_list("target_at", flat=True))


def test_whoever_does_it_is_told_and_reminded_after_the_incident_is_closed(
    cast: Cast, action: PreventionAction
) -> None:
    assert heard("prevention_yours") == ["Cole League"]
    make.call(make.settle(action.incident, cast.desk), cast.desk)
    assert Incident.objects.get(pk=action.incident_id).closed_at
    sweep(DUE - 2 * DAY)
    assert heard("prevention_due") == ["Cole League"]
    sweep(DUE)
    sweep(DUE + DAY)
    sweep(DUE + 3 * DAY)
    assert heard("prevention_due").count("Mona Manager") == 1
    sweep(DUE + 10 * DAY)
    assert "Olga Owner" in heard("prevention_due")


def test_a_day_that_was_moved_is_reminded_of_anew(cast: Cast, action: PreventionAction) -> None:
    prevention.move_due(action_id=action.pk, due_on=dt.date(2026, 4, 20), by=cast.manager, now=NOW + HOUR)
    assert waiting(action) == {DUE + 31 * DAY}
    sweep(DUE)
    assert heard("prevention_due") == []


def test_done_or_dropped_is_the_end_of_it(cast: Cast, action: PreventionAction) -> None:
    other = commit(action.incident, cast.manager, assignee=cast.colleague)
    finish(action, cast.colleague)
    prevention.drop(action_id=other.pk, reason="Too dear", by=cast.manager, now=NOW)
    assert waiting(action) | waiting(other) == set()
    sweep(DUE + 10 * DAY)
    assert heard("prevention_due") == []


def test_what_the_check_says_goes_to_whoever_does_it_and_managers(cast: Cast, action: PreventionAction) -> None:
    finish(action, cast.colleague, now=NOW + HOUR)
    prevention.check_due(NOW + 91 * DAY)
    prevention.check_due(NOW + 92 * DAY)
    assert heard("prevention_held") == ["Cole League", "Mona Manager"]
    again = finish(commit(action.incident, cast.manager), cast.manager, now=NOW + 2 * HOUR)
    make.make_incident(cast.desk, now=NOW + DAY)
    prevention.check_due(NOW + 91 * DAY)
    assert heard("prevention_back") == ["Mona Manager"]
    assert waiting(again)


def test_another_place_is_told_once(cast: Cast, action: PreventionAction) -> None:
    for _again in range(2):
        prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.manager, now=NOW)
    assert heard("change_elsewhere") == []  # its fallback is the very one who tells
    chief = make.make_staff("Chris Chief", cast.elsewhere, role=Role.MANAGER)
    second = commit(action.incident, cast.manager)
    prevention.tell_place(action_id=second.pk, location=cast.elsewhere, by=cast.manager, now=NOW)
    assert heard("change_elsewhere") == [chief.name]
