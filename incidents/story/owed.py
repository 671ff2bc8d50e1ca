"""What a story says of promises, and of an incident that was handed over and not taken over yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import Handover, Incident, PromiseMade, Reminder, ReminderKind, ReminderState, Staff
from incidents.story.gather import Rows
from incidents.story.words import about, day_and_time

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Promised:
    """One promise and how it stands: "kept Wed 4 Mar, 09:05", "kept 2 hours late", "due …", "broken"."""

    promise: PromiseMade
    words: str
    is_bad: bool = False

    @property
    def first_words(self) -> str:
        """What was said first, when it was agreed anew since."""
        first, zone = self.promise.first_due_at, self.promise.incident.location.zone
        if first is None:
            return ""
        words = ngettext(
            "First said: %(when)s; agreed anew since.",
            "First said: %(when)s; agreed anew %(n)d times since.",
            self.promise.moved_count,
        )
        return words % {"when": day_and_time(first, zone), "n": self.promise.moved_count}


def promised(promise: PromiseMade, incident: Incident, now: dt.datetime) -> Promised:
    promise.incident = incident
    zone = incident.location.zone
    if promise.broken_at:
        return Promised(promise, _("broken"), is_bad=True)
    if late_by := promise.kept_late_by:
        return Promised(promise, _("kept %(time)s late") % {"time": about(max(late_by, MINUTE))})
    if promise.kept_at:
        return Promised(promise, _("kept %(when)s") % {"when": day_and_time(promise.kept_at, zone)})
    if promise.due_at < now:
        return Promised(
            promise, _("late by %(time)s") % {"time": about(max(now - promise.due_at, MINUTE))}, is_bad=True
        )
    return Promised(promise, _("due %(when)s") % {"when": day_and_time(promise.due_at, zone)})


class Owed:
    """A part of `Story`."""

    incident: Incident
    staff: Staff
    now: dt.datetime
    rows: Rows

    @cached_property
    def promised(self) -> list[Promised]:
        """All of them, open and settled."""
        return [promised(promise, self.incident, self.now) for promise in self.rows.promises]

    @cached_property
    def settled(self) -> list[Promised]:
        return [one for one in self.promised if not one.promise.is_open]

    @cached_property
    def open_promises(self) -> list[PromiseMade]:
        return [p for p in self.rows.promises if p.is_open]

    @cached_property
    def has_late_promise(self) -> bool:
        return any(p.due_at < self.now for p in self.open_promises)

    @cached_property
    def broken_promises(self) -> list[PromiseMade]:
        return [p for p in self.rows.promises if p.broken_at]

    @cached_property
    def own_promises(self) -> list[PromiseMade]:
        return [p for p in self.open_promises if p.assignee_id == self.staff.pk]

    @cached_property
    def open_handover(self) -> Handover | None:
        """The newest one, while whoever got the incident has not taken it over."""
        last = self.rows.handovers[-1] if self.rows.handovers and self.incident.is_open else None
        is_open = last and last.is_waiting and last.to_staff_id == self.incident.assignee_id
        return last if is_open else None

    @cached_property
    def lapses_at(self) -> dt.datetime | None:
        """When the duty manager gets what nobody has taken over. One query while a handover waits."""
        if self.open_handover is None:
            return None
        ends = Reminder.objects.filter(kind=ReminderKind.SHIFT_ENDED, subject_id=self.open_handover.pk)
        waiting = ends.filter(state__in=[ReminderState.PENDING, ReminderState.CLAIMED])
        return waiting.values_list("target_at", flat=True).first()

    @cached_property
    def handed_by(self) -> str:
        return self.rows.name(self.open_handover.by_id) if self.open_handover else ""

    @cached_property
    def is_handed_to_me(self) -> bool:
        return self.open_handover is not None and self.incident.assignee_id == self.staff.pk
