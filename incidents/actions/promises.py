"""What we told the customer we would do later: noted, kept, broken, moved, given to somebody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.utils import formats, timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event, locked, must_have_happened, saved_before
from incidents.actions.due import schedule, withdraw_reminders
from incidents.actions.notify import notify
from incidents.actions.refusals import Refused, Stale
from incidents.actions.takers import can_take
from incidents.models import Incident, Note, NoticeKind, PromiseMade, ReminderKind, Staff


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
        keeper = assignee or incident.assignee
        return _note(incident, what=what, due_at=due_at, keeper=keeper, by=by, now=now, submit_key=submit_key)


def promise_too(
    incident: Incident,
    *,
    what: str,
    due_at: dt.datetime | None,
    by: Staff,
    now: dt.datetime,
    assignee: Staff | None = None,
) -> PromiseMade | None:
    """What was promised in the same breath as another act, inside that act's transaction.

    Whoever acts keeps it, unless `assignee` does. Nothing when neither is said; Refused for one without the other.
    """
    if not what.strip() and due_at is None:
        return None
    if not what.strip():
        raise Refused(_("Say what you promised."))
    if due_at is None:
        raise Refused(_("Say until when you promised it."))
    return _note(incident, what=what, due_at=due_at, keeper=assignee or by, by=by, now=now, submit_key=uuid4())


def _note(
    incident: Incident,
    *,
    what: str,
    due_at: dt.datetime,
    keeper: Staff,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
) -> PromiseMade:
    promise = PromiseMade.objects.create(
        incident=incident,
        what=what,
        assignee=keeper,
        due_at=due_at,
        created_at=now,
        created_by=by,
        submit_key=submit_key,
    )
    _remind(promise, incident, now=now)
    add_event(incident, "promise_made", now=now, by=by, subject_id=promise.pk)
    _tell_keeper(promise, incident, by=by, now=now)
    return promise


def settle_promise(
    *, promise_id: int, by: Staff, now: dt.datetime, is_kept: bool, note: str = "", at: dt.datetime | None = None
) -> PromiseMade:
    """The promise was kept (`at` that moment, else now), or it was not. Works on closed incidents too."""
    with _locked_with(promise_id) as (incident, promise):
        if not promise.is_open:
            return promise
        must_have_happened(at, now)
        promise.kept_at = (at or now) if is_kept else None
        promise.broken_at = None if is_kept else now
        promise.note = note
        promise.save(update_fields=["kept_at", "broken_at", "note"])
        withdraw_reminders(incident, ReminderKind.PROMISE_DUE, promise.pk, now=now)
        kind = "promise_kept" if is_kept else "promise_broken"
        add_event(incident, kind, now=now, by=by, subject_id=promise.pk)
        return promise


def move_promise(
    *,
    promise_id: int,
    due_at: dt.datetime,
    by: Staff,
    now: dt.datetime,
    expected_due_at: dt.datetime,
    note: str = "",
    assignee: Staff | None = None,
) -> PromiseMade:
    """Agreed anew with the customer: another time, another keeper (`assignee`), or both.

    What was said first stays known. Stale when somebody moved it meanwhile; Refused once it is
    kept or broken, for a moment that has passed, and for a keeper who may not see the incident.
    """
    with _locked_with(promise_id) as (incident, promise):
        if not promise.is_open:
            raise Refused(_("This promise is settled already."))
        if promise.due_at != expected_due_at:
            raise Stale(_moved_meanwhile(promise, incident), promise)
        if due_at != promise.due_at:
            _move(promise, incident, due_at, note=note, by=by, now=now)
        if assignee is not None and assignee.pk != promise.assignee_id:
            _pass(promise, incident, assignee, by=by, now=now)
        return promise


@contextmanager
def _locked_with(promise_id: int) -> Iterator[tuple[Incident, PromiseMade]]:
    incident_id = PromiseMade.objects.values_list("incident_id", flat=True).get(pk=promise_id)
    with locked(incident_id, must_be_open=False) as incident:
        yield incident, PromiseMade.objects.select_related("assignee").get(pk=promise_id)


def _moved_meanwhile(promise: PromiseMade, incident: Incident) -> str:
    local = timezone.localtime(promise.due_at, incident.location.zone)
    return _now("Someone moved this promise meanwhile: it is due %(when)s now.") % {
        "when": formats.date_format(local, _now("D j M, H:i"))
    }


def _move(
    promise: PromiseMade, incident: Incident, due_at: dt.datetime, *, note: str, by: Staff, now: dt.datetime
) -> None:
    if due_at <= now:
        raise Refused(_("Choose a moment that is still to come."))
    before = promise.due_at
    promise.first_due_at = promise.first_due_at or before
    promise.due_at = due_at
    promise.moved_count += 1
    promise.save(update_fields=["first_due_at", "due_at", "moved_count"])
    _remind(promise, incident, now=now)
    codes: dict[str, str | int] = {"from_": before.isoformat(), "to": due_at.isoformat()}
    if note.strip():
        written = Note.objects.create(incident=incident, words=note, at=now, by=by, submit_key=uuid4())
        codes["note"] = written.pk
    add_event(incident, "promise_moved", now=now, by=by, subject_id=promise.pk, **codes)


def _pass(promise: PromiseMade, incident: Incident, to: Staff, *, by: Staff, now: dt.datetime) -> None:
    if not can_take(to, incident):
        raise Refused(_("They do not work at this location, or may not see this incident."))
    promise.assignee = to
    promise.save(update_fields=["assignee"])
    add_event(incident, "promise_passed", now=now, by=by, subject_id=promise.pk, to=to.pk)
    _tell_keeper(promise, incident, by=by, now=now)


def _remind(promise: PromiseMade, incident: Incident, *, now: dt.datetime) -> None:
    """At its own time, and no longer at an earlier one."""
    kind = ReminderKind.PROMISE_DUE
    schedule(incident=incident, kind=kind, subject_id=promise.pk, target_at=promise.due_at, now=now)


def _tell_keeper(promise: PromiseMade, incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    """Somebody else than whoever made it or gave it to them."""
    if promise.assignee == by:
        return
    notify(
        kind=NoticeKind.STEP_ASSIGNED,
        incident=incident,
        recipients=[promise.assignee],
        subject_id=promise.pk,
        occurrence=f"promise {now.isoformat()}",
        now=now,
    )
