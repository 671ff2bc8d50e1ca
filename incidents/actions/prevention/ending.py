"""An incident that was none after all: what we were to change because of it, and who is reminded of that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.actions.advance import add_event
from incidents.actions.prevention import news
from incidents.actions.review_state import settle_review_state
from incidents.ladder import Kind
from incidents.models import Incident, PreventionAction, Reminder, Staff
from incidents.vocabulary import NOT_AN_INCIDENT, CloseReason


@contextmanager
def in_turn(*incidents: int) -> Iterator[None]:
    """Their rows locked in the order in which a change locks its incidents, until the block ends."""
    with transaction.atomic():
        lock = Incident.objects.select_for_update(no_key=True).filter(pk__in=incidents).order_by("pk")
        list(lock.values_list("pk"))
        yield


def settle_changes(incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    """Logged twice: they go on for the one that stays. By mistake, or another place has it: they are dropped.

    The caller holds the locks of both. One statement when there are none.
    """
    mine = PreventionAction.objects.filter(incident=incident, done_at=None, dropped_at=None)
    actions = list(mine.select_for_update(no_key=True).order_by("pk"))
    if not actions:
        return
    here = Incident.objects.filter(location=incident.location_id).exclude(close_reason__in=NOT_AN_INCIDENT)
    stays = here.select_related("location").filter(pk=incident.duplicate_of_id or 0).first()
    for action in actions:
        if stays is None:
            _drop(action, incident, by=by, now=now)
        else:
            _go_on(action, stays, by=by, now=now)
    for each in filter(None, (incident, stays)):
        settle_review_state(each, by=by, now=now)


def _drop(action: PreventionAction, incident: Incident, *, by: Staff, now: dt.datetime) -> None:
    is_twice = incident.close_reason == CloseReason.DUPLICATE
    words = _("What it was for was logged twice.") if is_twice else _("What it was for was logged by mistake.")
    action.dropped_at, action.dropped_by, action.drop_reason = now, by, words
    _save(action, "dropped_at", "dropped_by", "drop_reason")
    add_event(incident, "prevention_dropped", now=now, by=by, subject_id=action.pk)
    news.forget(action, now=now)


def _go_on(action: PreventionAction, twin: Incident, *, by: Staff, now: dt.datetime) -> None:
    """Whoever agreed to it has it, by the same day; it is to prevent what that one is said to be."""
    action.incident, action.category_id = twin, twin.category_id
    _save(action, "incident", "category")
    Reminder.objects.filter(kind=Kind.PREVENTION_DUE, subject_id=action.pk).update(incident=twin)
    kind = "prevention_proposed" if action.committed_at is None else "prevention_committed"
    add_event(twin, kind, now=now, by=by, subject_id=action.pk)


def _save(action: PreventionAction, *names: str) -> None:
    action.version += 1
    action.save(update_fields=[*names, "version"])
