"""Handed over, given back, lapsed, people leaving, in any order: one person has it, and the events say who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.actions import handovers, people, promises
from incidents.actions.refusals import Refused
from incidents.models import Event, Incident, Reminder, Staff
from tests import make
from tests.make import HOUR, NOW, Cast
from tests.reminding import sweep

ACTS = ("hand over", "give back", "accept", "lapse", "sweep", "deactivate", "reactivate", "promise", "act")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 3), st.integers(0, 9)), max_size=12
    )
)
def test_after_any_sequence_one_person_has_it_and_may_see_it(
    cast: Cast, steps: list[tuple[str, int, int, int]]
) -> None:
    with transaction.atomic():
        incident = make.make_incident(cast.desk)
        staff = (cast.desk, cast.colleague, cast.manager, cast.owner)
        now = NOW
        for act, who, whom, hours in steps:
            now += hours * HOUR
            try:
                with transaction.atomic():
                    _do(act, incident, staff[who], staff[whom], now)
            except Refused:
                pass
            _holds(incident)
        transaction.set_rollback(True)


def _lapse_newest(incident: Incident, now: dt.datetime) -> None:
    if newest := incident.handovers.order_by("id").last():
        handovers.lapse_handover(handover_id=newest.pk, now=now)


def _do(act: str, incident: Incident, by: Staff, to: Staff, now: dt.datetime) -> None:
    for person in (by, to):
        person.refresh_from_db()
    of: dict[str, Any] = {"incident_id": incident.pk, "by": by, "now": now}
    acts: dict[str, Callable[[], object]] = {
        "hand over": lambda: handovers.hand_over(to=to, **of),
        "give back": lambda: handovers.return_handover(note="Not mine", **of),
        "accept": lambda: handovers.accept_handover(**of),
        "lapse": lambda: _lapse_newest(incident, now),
        "sweep": lambda: sweep(now),
        "deactivate": lambda: people.deactivate_staff(staff_id=to.pk, by=by, now=now),
        "reactivate": lambda: people.reactivate_staff(staff_id=to.pk, by=by, now=now),
        "promise": lambda: promises.make_promise(what="Write", due_at=now + HOUR, submit_key=uuid4(), **of),
        "act": lambda: make.apologize(incident, by, now=now),
    }
    acts[act]()


def _holds(incident: Incident) -> None:
    incident = Incident.objects.get(pk=incident.pk)
    assert incident.assignee.is_active
    assert Incident.objects.visible_to(incident.assignee).filter(pk=incident.pk).exists()
    moves = Event.objects.filter(incident=incident, kind__in=["handed_over", "handover_returned", "handover_lapsed"])
    has_it = incident.logged_by_id
    for codes in moves.order_by("id").values_list("codes", flat=True):
        assert codes["from_"] == has_it
        has_it = codes["to"]
    assert has_it == incident.assignee_id, "the events say who has it"
    newest = incident.handovers.order_by("-id").first()
    pending = Reminder.objects.filter(incident=incident, kind__in=["handover_open", "shift_ended"], state="pending")
    for subject in pending.values_list("subject_id", flat=True):
        assert newest is not None
        assert subject == newest.pk
        assert newest.is_waiting
        assert newest.to_staff_id == incident.assignee_id
    if newest and newest.is_waiting and newest.to_staff_id == incident.assignee_id:
        assert pending.filter(kind="shift_ended").exists()
    for promised in incident.promises.filter(kept_at=None, broken_at=None):
        assert promised.assignee.is_active
