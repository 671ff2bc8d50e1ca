"""What we told the customer we would do later."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from incidents.actions.advance import add_event, locked, saved_before
from incidents.actions.remind import schedule, withdraw_reminders
from incidents.models import (
    PromiseMade,
    ReminderKind,
    Staff,
)


def make_promise(
    *,
    incident_id: int,
    by: Staff,
    now: dt.datetime,
    what: str,
    due_at: dt.datetime,
    submit_key: UUID,
    assignee: Staff | None = None,
) -> PromiseMade:
    """Note what we told the customer we would do; reminded when due, closed or not."""
    with locked(incident_id, must_be_open=False) as incident:
        if existing := saved_before(PromiseMade.objects.filter(submit_key=submit_key), incident=incident):
            return existing
        promise = PromiseMade.objects.create(
            incident=incident,
            what=what,
            assignee=assignee or incident.assignee,
            due_at=due_at,
            created_at=now,
            created_by=by,
            submit_key=submit_key,
        )
        schedule(incident=incident, kind=ReminderKind.PROMISE_DUE, subject_id=promise.pk, target_at=due_at, now=now)
        add_event(incident, "promise_made", now=now, by=by, subject_id=promise.pk)
        return promise


def settle_promise(*, promise_id: int, by: Staff, now: dt.datetime, is_kept: bool, note: str = "") -> PromiseMade:
    """The promise was kept, or it was not. Works on closed incidents too."""
    incident_id = PromiseMade.objects.values_list("incident_id", flat=True).get(pk=promise_id)
    with locked(incident_id, must_be_open=False) as incident:
        promise = PromiseMade.objects.get(pk=promise_id)
        if not promise.is_open:
            return promise
        promise.kept_at = now if is_kept else None
        promise.broken_at = None if is_kept else now
        promise.note = note
        promise.save(update_fields=["kept_at", "broken_at", "note"])
        withdraw_reminders(incident, ReminderKind.PROMISE_DUE, promise.pk, now=now)
        kind = "promise_kept" if is_kept else "promise_broken"
        add_event(incident, kind, now=now, by=by, subject_id=promise.pk)
        return promise
