"""Who hears of a change, and what they are reminded of."""

from __future__ import annotations

import datetime as dt

from incidents.access import Role
from incidents.actions.learning_news import remind_of, tell_of, withdraw
from incidents.ladder import Kind
from incidents.models import Incident, Location, NoticeKind, NoticeReason, PreventionAction, Staff
from incidents.models.hearers import managers_of


def remind(action: PreventionAction, *, now: dt.datetime) -> None:
    """At the end of the day by which it is due, and no longer at any other time."""
    if action.due_at is not None:
        kind, incident = Kind.PREVENTION_DUE, action.incident
        remind_of(kind=kind, subject_id=action.pk, target_at=action.due_at, now=now, incident=incident)


def forget(action: PreventionAction, *, now: dt.datetime) -> None:
    """Nobody is reminded of it any more."""
    withdraw(Kind.PREVENTION_DUE, action.pk, now=now)


def tell_assignee(action: PreventionAction, *, by: Staff | None, now: dt.datetime) -> None:
    """That it is theirs, unless they said so themselves."""
    if action.assignee is not None:
        tell_of(
            kind=NoticeKind.PREVENTION_YOURS,
            subject_id=action.pk,
            people=[action.assignee],
            now=now,
            by=by,
            occurrence=now.isoformat(),
        )


def tell_verdict(action: PreventionAction, kind: NoticeKind, *, now: dt.datetime) -> None:
    """Whoever does it, and the managers of its place."""
    doer = [action.assignee] if action.assignee else []
    managers = managers_of(Incident.objects.select_related("location").get(pk=action.incident_id))
    others = [each for each in managers if each not in doer]
    for people, reason in ((doer, NoticeReason.YOURS), (others, NoticeReason.MANAGER)):
        tell_of(kind=kind, subject_id=action.pk, people=people, now=now, occurrence=now.isoformat(), reason=reason)


def tell_elsewhere(action: PreventionAction, location: Location, *, by: Staff, now: dt.datetime) -> None:
    """The managers of another place; whoever catches what nobody has where there are none; administrators."""
    working = Staff.objects.filter(is_active=True).order_by("pk")
    people = working.filter(role=Role.MANAGER, memberships__location=location)
    fallback = working.filter(pk__in=[location.fallback_assignee_id]) or working.filter(role=Role.ADMINISTRATOR)
    tell_of(
        kind=NoticeKind.CHANGE_ELSEWHERE,
        subject_id=action.pk,
        people=list(people) or list(fallback),
        now=now,
        by=by,
        occurrence=f"at {location.pk}",
        reason=NoticeReason.MANAGER,
    )
