"""The lock under which a change of ours is changed: its incidents first, in their order, then itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions.refusals import NotYours, Stale
from incidents.actions.review_state import settle_review_state
from incidents.calendars import resolve_local
from incidents.models import Incident, Location, PreventionAction, ReviewOutcome, Staff

END_OF_DAY = dt.time(23, 59)


@dataclass
class Held:
    """A change with its row locked, and the incidents whose review state follows from it."""

    action: PreventionAction
    incidents: list[Incident] = field(default_factory=list)

    @property
    def incident(self) -> Incident:
        return next(each for each in self.incidents if each.pk == self.action.incident_id)

    def save(self, *names: str) -> None:
        self.action.version += 1
        self.action.save(update_fields=[*names, "version"])

    def settle(self, *, by: Staff | None, now: dt.datetime) -> None:
        """What its incidents' reviews come to now."""
        for incident in self.incidents:
            settle_review_state(incident, by=by, now=now)


@contextmanager
def held(action_id: int, *, also: Iterable[int] = ()) -> Iterator[Held]:
    """One transaction. `also`: other incidents to lock with it."""
    with transaction.atomic():
        with_it = PreventionAction.objects.filter(pk=action_id).values_list("incident_id", flat=True)
        covered = Incident.objects.filter(reviews__covered_by=action_id, reviews__outcome=ReviewOutcome.COVERED)
        pks = {with_it.get(), *covered.values_list("pk", flat=True)}
        lock = Incident.objects.select_for_update(no_key=True).filter(pk__in=pks | set(also)).order_by("pk")
        list(lock.values_list("pk"))
        PreventionAction.objects.select_for_update(no_key=True).values_list("pk").get(pk=action_id)
        named = PreventionAction.objects.select_related(
            *("incident", "location", "category", "root_cause", "assignee", "done_by")
        )
        action = named.get(pk=action_id)
        incidents = Incident.objects.select_related("location").filter(pk__in=pks).order_by("pk")
        yield Held(action, list(incidents))


def must_be_version(action: PreventionAction, expected: int | None) -> None:
    if expected is not None and action.version != expected:
        raise Stale(_("Someone else changed this meanwhile."), action)


def must_manage(by: Staff, location_id: int) -> None:
    if not by.is_manager or not (by.sees_all or location_id in by.location_ids):
        raise NotYours(_("A manager of this place decides that."))


def must_be_theirs(by: Staff, action: PreventionAction) -> None:
    """Whoever does it, and the managers of the place."""
    if action.assignee_id != by.pk:
        must_manage(by, action.location_id)


def end_of(day: dt.date, location: Location) -> dt.datetime:
    """The last minute of that day at the place."""
    return resolve_local(dt.datetime.combine(day, END_OF_DAY), location.zone)


def today_at(location: Location, now: dt.datetime) -> dt.date:
    return now.astimezone(location.zone).date()
