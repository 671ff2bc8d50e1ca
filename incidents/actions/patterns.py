"""Looking into what keeps happening: begun, linked to its incidents, written about, done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.actions.wanted import ask_of_pattern
from incidents.models import Incident, Location, Pattern, PatternKind, PatternLink, Staff
from incidents.models.incident import IncidentQuerySet
from incidents.models.pattern import SUBJECTS, sharing
from incidents.models.tally import DAY, countable

MOST_LINKED = 5000  # at once, the newest of them
TURN = 7_220_003  # the advisory lock under which one is begun: the same is not looked into twice
CLOSED = _("This is done already. Take it up again to add to it.")


def open_pattern(
    *,
    kind: PatternKind,
    value: int | str,
    location: Location | None,
    days: int,
    by: Staff,
    now: dt.datetime,
    submit_key: UUID,
    note: str = "",
) -> Pattern:
    """Begin to look into what incidents share; all of the last `days` that `by` sees are linked to it.

    The same at the same place that is being looked into is that one. Refused when nothing shares it any more.
    """
    _must_manage(by, location.pk if location else None)
    with transaction.atomic():
        _take_turn()
        if sent := Pattern.objects.filter(submit_key=submit_key).first():
            return _own(sent, by)
        subject = {SUBJECTS[kind]: value}
        if known := Pattern.objects.open().filter(kind=kind, location=location, **subject).first():
            return known
        found = countable(Incident.objects.visible_to(by)).filter(
            sharing(kind, value), reported_at__gt=now - days * DAY, reported_at__lte=now
        )
        found = found.filter(location=location) if location else found
        pattern = Pattern.objects.create(
            kind=kind, location=location, note=note, opened_at=now, opened_by=by, submit_key=submit_key, **subject
        )
        number = _link(pattern, found, by=by, now=now)
        if not number:
            raise Refused(_("Nothing of it is left in these days."))
        add_event(None, "pattern_opened", now=now, by=by, subject_id=pattern.pk, shares=kind.value, number=number)
        if location is not None:
            ask_of_pattern(pattern, location, now=now)
        return pattern


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _own(pattern: Pattern, by: Staff) -> Pattern:
    if pattern.opened_by_id != by.pk:
        raise Refused(_("Somebody else sent this form already. Open a new one."))
    return pattern


def _must_manage(by: Staff, location_id: int | None) -> None:
    if not by.is_manager or not (by.sees_all or location_id in by.location_ids):
        raise NotYours(_("A manager of this place looks into it."))


def _link(pattern: Pattern, incidents: IncidentQuerySet, *, by: Staff, now: dt.datetime) -> int:
    """One statement reads, one writes; returns how many there are."""
    pks = list(incidents.order_by("-reported_at", "-pk").values_list("pk", flat=True)[:MOST_LINKED])
    links = [PatternLink(pattern=pattern, incident_id=pk, linked_by=by, linked_at=now) for pk in pks]
    PatternLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=1000)
    return len(pks)


@contextmanager
def _held(pattern_id: int, *, by: Staff) -> Iterator[Pattern]:
    """The pattern with its row locked."""
    with transaction.atomic():
        pattern = Pattern.objects.select_for_update(no_key=True).get(pk=pattern_id)
        _must_manage(by, pattern.location_id)
        yield pattern


def link_incidents(*, pattern_id: int, incidents: IncidentQuerySet, by: Staff, now: dt.datetime) -> int:
    """Those of `incidents` that `by` sees belong to it too. Returns how many were new."""
    with _held(pattern_id, by=by) as pattern:
        if not pattern.is_open:
            raise Refused(CLOSED)
        before = pattern.links.count()
        _link(pattern, incidents.visible_to(by), by=by, now=now)
        number = pattern.links.count() - before
        if number:
            add_event(None, "pattern_linked", now=now, by=by, subject_id=pattern.pk, number=number)
            if pattern.location is not None:
                ask_of_pattern(pattern, pattern.location, now=now)
        return number


def note_pattern(*, pattern_id: int, note: str, expected_version: int, by: Staff, now: dt.datetime) -> Pattern:
    """What was found out so far. Stale when somebody else wrote meanwhile."""
    with _held(pattern_id, by=by) as pattern:
        if pattern.version != expected_version:
            raise Stale(_("Someone else changed this meanwhile."), pattern)
        if pattern.note != note:
            pattern.note, pattern.version = note, pattern.version + 1
            pattern.save(update_fields=["note", "version"])
            add_event(None, "pattern_noted", now=now, by=by, subject_id=pattern.pk)
        return pattern


def close_pattern(*, pattern_id: int, by: Staff, now: dt.datetime) -> Pattern:
    """It has been looked into. Asking twice is harmless."""
    return _end(pattern_id, by=by, now=now, is_done=True)


def reopen_pattern(*, pattern_id: int, by: Staff, now: dt.datetime) -> Pattern:
    return _end(pattern_id, by=by, now=now, is_done=False)


def _end(pattern_id: int, *, by: Staff, now: dt.datetime, is_done: bool) -> Pattern:
    with _held(pattern_id, by=by) as pattern:
        if pattern.is_open == is_done:
            pattern.closed_at, pattern.closed_by = (now, by) if is_done else (None, None)
            pattern.version += 1
            pattern.save(update_fields=["closed_at", "closed_by", "version"])
            kind = "pattern_closed" if is_done else "pattern_reopened"
            add_event(None, kind, now=now, by=by, subject_id=pattern.pk)
        return pattern


def event_of(incident: Incident, *, by: Staff, now: dt.datetime, submit_key: UUID) -> Pattern:
    """The event that hit this customer and others; begun when there is none. The caller holds the incident's lock."""
    events = Pattern.objects.open().filter(kind=PatternKind.EVENT, links__incident=incident)
    if known := events.order_by("pk").first():
        return known
    fields = {"kind": PatternKind.EVENT, "location_id": incident.location_id, "opened_at": now, "opened_by": by}
    event, is_new = Pattern.objects.get_or_create(submit_key=submit_key, defaults=fields)
    if not is_new:
        _own(event, by)
    link_one(event, incident, by=by, now=now)
    return event


def link_one(pattern: Pattern, incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    link = PatternLink(pattern=pattern, incident=incident, linked_by=by, linked_at=now)
    PatternLink.objects.bulk_create([link], ignore_conflicts=True)
