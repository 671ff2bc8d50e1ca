"""How bad it is was corrected: what waits climbs the ladder of that, and managers hear of what is critical."""

from __future__ import annotations

import pytest

from incidents.actions import change
from incidents.models import Incident, Notice, Reminder, ReminderState, Staff
from tests import make
from tests.make import HOUR, NOW, Cast
from tests.reminding import promise, sweep


def find(incident: Incident, by: Staff, severity: int, hours: float) -> None:
    version = make.fresh(incident).version
    change.change_incident(
        incident_id=incident.pk, expected_version=version, by=by, now=NOW + hours * HOUR, severity=severity
    )


def told(cast: Cast) -> list[Staff]:
    return [notice.recipient for notice in Notice.objects.filter(kind="promise_due").order_by("id")]


@pytest.fixture
def late(cast: Cast, incident: Incident) -> Incident:
    """A promise that was due at NOW + HOUR; its managers would hear of it the next day."""
    make.settle(incident, cast.desk)
    promise(incident, cast.desk, NOW + HOUR)
    for hours in (1, 3):
        sweep(NOW + hours * HOUR)
    assert told(cast) == [cast.desk, cast.desk]
    return incident


def test_what_is_late_already_reaches_the_managers_at_once(cast: Cast, late: Incident) -> None:
    find(late, cast.desk, 1, 4)
    sweep(NOW + 4 * HOUR)
    assert told(cast) == [cast.desk, cast.desk, cast.manager]
    sweep(NOW + 25 * HOUR)
    assert cast.owner in told(cast), "and the administrators after a day"


def test_what_becomes_milder_says_nothing_before_its_time(cast: Cast, late: Incident) -> None:
    find(late, cast.desk, 4, 4)
    sweep(NOW + 24.9 * HOUR)
    assert told(cast) == [cast.desk, cast.desk]
    sweep(NOW + 25 * HOUR)
    assert cast.manager in told(cast)


def test_a_rung_that_comes_sooner(cast: Cast, incident: Incident) -> None:
    make.settle(incident, cast.desk)
    promise(incident, cast.desk, NOW + HOUR)
    sweep(NOW + HOUR)
    find(incident, cast.desk, 1, 1.5)
    row = Reminder.objects.get(kind="promise_due", state=ReminderState.PENDING)
    assert row.due_at == NOW + 2 * HOUR, "an hour after it was due, not two"


def test_managers_hear_of_what_turns_out_to_be_critical(cast: Cast, incident: Incident) -> None:
    find(incident, cast.desk, 1, 1)
    assert Notice.objects.get(kind="critical").recipient == cast.manager
    find(incident, cast.desk, 2, 2)
    find(incident, cast.manager, 1, 3)
    assert Notice.objects.filter(kind="critical").count() == 1, "who finds it so knows"
