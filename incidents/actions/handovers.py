"""The incident passed from one person to the next; exactly one has it at every instant.

Offered, then taken over, given back, handed on, or gone to the duty manager at the end of the shift.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import (
    accept_handovers,
    add_event,
    locked,
    pass_on_steps,
    stop_waiting,
    waiting_handover,
)
from incidents.actions.due import schedule
from incidents.actions.inbox import settle_having
from incidents.actions.notify import notify, who_see
from incidents.actions.promises import promise_too
from incidents.actions.refusals import Refused, Stale
from incidents.actions.takers import can_take, duty_manager, people_of, who_takes_back
from incidents.calendars import next_time
from incidents.ladder import ACCEPT_WITHIN, ACCEPT_WITHIN_CRITICAL, LAPSE_AFTER
from incidents.models import Handover, Incident, Job, NoticeKind, NoticeReason, ReminderKind, Staff
from incidents.vocabulary import Severity

__all__ = [
    "accept_handover",
    "can_take",
    "hand_over",
    "lapse_handover",
    "people_of",
    "remind_to_take",
    "return_handover",
]


def hand_over(
    *,
    incident_id: int,
    to: Staff,
    by: Staff,
    now: dt.datetime,
    note: str = "",
    expected_assignee: int | None = None,
    promise_what: str = "",
    promise_due_at: dt.datetime | None = None,
    job: Job | None = None,
) -> Incident:
    """Give the incident to someone who can see it; its open calls and promises go along.

    `job`: the long work that it is a part of. Stale when it is no longer with `expected_assignee`: somebody else handed
    it over meanwhile.
    """
    with locked(incident_id) as incident:
        if to.pk == incident.assignee_id:
            return incident
        if expected_assignee is not None and incident.assignee_id != expected_assignee:
            raise Stale(_given_meanwhile(incident, to), incident)
        if not can_take(to, incident):
            raise Refused(_("They do not work at this location, or may not see this incident."))
        if before := waiting_handover(incident):
            stop_waiting(before, incident, now=now)  # handed on
        handover = Handover(incident=incident, from_staff=incident.assignee, to_staff=to, note=note, at=now, by=by)
        handover.accepted_at = now if to == by else None
        handover.save()
        is_for_good = not can_take(incident.assignee, incident)
        codes: dict[str, Any] = {"from_": incident.assignee_id, "to": to.pk, "steps": _pass(incident, to, now)}
        if is_for_good:
            codes["for_good"] = True  # from somebody who could not have it back
        if before:
            codes["handed_on"] = before.pk  # with these two it can be undone
        add_event(incident, "handed_over", now=now, by=by, subject_id=handover.pk, **codes)
        promise_too(incident, what=promise_what, due_at=promise_due_at, by=by, now=now, assignee=to)
        if to != by:
            _tell_of(handover, incident, now=now, job=job)
        return incident


def _given_meanwhile(incident: Incident, to: Staff) -> str:
    words = _now("Somebody handed this over meanwhile: %(now)s has it. You wanted to give it to %(yours)s.")
    return words % {"now": incident.assignee, "yours": to}


def _pass(incident: Incident, to: Staff, now: dt.datetime) -> dict[str, list[int]]:
    """The incident and all that is still to do in it, in the lock of its row. Gives the numbers of what went."""
    settle_having(incident, incident.assignee, now=now)
    steps = pass_on_steps(incident, from_staff=incident.assignee, to_staff=to)
    incident.assignee = to
    incident.version += 1
    incident.save(update_fields=["assignee", "version"])
    return steps


def _tell_of(handover: Handover, incident: Incident, *, now: dt.datetime, job: Job | None) -> None:
    """Now, and again when they have not taken it over."""
    notify(
        kind=NoticeKind.ASSIGNED,
        incident=incident,
        recipients=[handover.to_staff],
        subject_id=incident.pk,
        occurrence=f"{handover.pk}",
        now=now,
        job=job,
    )
    remind_to_take(handover, incident, now=now)


def remind_to_take(handover: Handover, incident: Incident, *, now: dt.datetime) -> None:
    """When they have not said a word after a while; in the end it is the duty manager's."""
    within = ACCEPT_WITHIN_CRITICAL if incident.severity == Severity.CRITICAL else ACCEPT_WITHIN
    of: dict[str, Any] = {"incident": incident, "subject_id": handover.pk, "now": now}
    schedule(kind=ReminderKind.HANDOVER_OPEN, target_at=now + within, **of)
    place = incident.location
    # An end that is about to come is the giver's own: it does not count.
    ends = next_time(place.shift_ends, now + within, place.zone) or now + LAPSE_AFTER
    schedule(kind=ReminderKind.SHIFT_ENDED, target_at=ends, **of)


def accept_handover(*, incident_id: int, by: Staff, now: dt.datetime) -> Incident:
    """ "I have it": whoever gave it need not wonder. Refused when nothing was handed to them."""
    with locked(incident_id, must_be_open=False) as incident:
        if not accept_handovers(incident, by=by, now=now):
            raise Refused(_("Nothing here waits for you to take it over."))
        return incident


def return_handover(*, incident_id: int, note: str, by: Staff, now: dt.datetime) -> Incident:
    """ "Give it back", with a word why: to whoever had it, else whoever gave it, else the place's fallback.

    Refused when nothing was handed to them, and when nobody else can have it.
    """
    with locked(incident_id) as incident:
        handover = waiting_handover(incident)
        if handover is None or handover.to_staff_id != by.pk:
            raise Refused(_("Nothing here waits for you to give it back."))
        if not note.strip():
            raise Refused(_("Say why, in a few words."))
        to = who_takes_back(handover, incident)
        if to is None:
            raise Refused(_("Nobody else can have this. Ask an administrator."))
        handover.returned_at, handover.return_note = now, note
        handover.save(update_fields=["returned_at", "return_note"])
        stop_waiting(handover, incident, now=now)
        _pass(incident, to, now)
        codes = {"from_": by.pk, "to": to.pk}
        add_event(incident, "handover_returned", now=now, by=by, subject_id=handover.pk, **codes)
        told: dict[str, Any] = {"incident": incident, "subject_id": handover.pk, "occurrence": "1", "now": now}
        notify(kind=NoticeKind.HANDED_BACK, recipients=[to], **told)
        giver = _still_here(incident, {handover.by} - {to, by})
        notify(kind=NoticeKind.HANDED_BACK, recipients=giver, reason=NoticeReason.GIVER, **told)
        return incident


def lapse_handover(*, handover_id: int, now: dt.datetime) -> Handover | None:
    """Nobody took it by the end of the shift: the duty manager has it now.

    None, and nothing is written, when it was taken over, given back, handed on or closed
    meanwhile. With nobody else to have it, it stays where it is.
    """
    incident_id = Handover.objects.values_list("incident_id", flat=True).get(pk=handover_id)
    with locked(incident_id, must_be_open=False) as incident:
        handover = waiting_handover(incident)
        if not incident.is_open or handover is None or handover.pk != handover_id:
            return None
        before = handover.to_staff
        to = duty_manager(incident, now=now, but=before) or before
        handover.lapsed_at = now
        handover.save(update_fields=["lapsed_at"])
        stop_waiting(handover, incident, now=now)
        if to != before:
            _pass(incident, to, now)
        codes = {"from_": before.pk, "to": to.pk}
        add_event(incident, "handover_lapsed", now=now, by=None, subject_id=handover.pk, **codes)
        _tell_of_lapse(handover, incident, to=to, now=now)
        return handover


def _tell_of_lapse(handover: Handover, incident: Incident, *, to: Staff, now: dt.datetime) -> None:
    told: dict[str, Any] = {"incident": incident, "subject_id": handover.pk, "occurrence": "1", "now": now}
    notify(kind=NoticeKind.SHIFT_ENDED, recipients=[to], **told)
    others = _still_here(incident, {handover.by, handover.to_staff} - {to})
    notify(kind=NoticeKind.SHIFT_ENDED, recipients=others, reason=NoticeReason.GIVER, **told)


def _still_here(incident: Incident, people: set[Staff]) -> list[Staff]:
    return who_see(incident, [person for person in people if person.is_active])
