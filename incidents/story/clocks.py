"""Words for every clock of a round: due, late, standing still, met in time or late; and for waiting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.calendars import Pause
from incidents.models import Deadline, Incident, Note, Round
from incidents.models.hours import BEGAN, pauses_of
from incidents.models.values import duration_words
from incidents.models.waiting_words import day_words, is_waiting, waiting_words
from incidents.story.gather import Rows
from incidents.story.telling_clocks import raised_words
from incidents.story.words import about, clock_words, day_and_time, is_soon
from incidents.vocabulary import Clock, Stage

# What needs the customer, and stands still while they owe us an answer.
THEIRS = frozenset({Clock.OFFER, Clock.DELIVER})
CLOCKS_OF: dict[Stage, tuple[Clock, ...]] = {
    Stage.APOLOGIZE: (Clock.APOLOGIZE, Clock.ACKNOWLEDGE),
    Stage.REMEDY: (Clock.OFFER, Clock.DELIVER),
    Stage.FOLLOW_UP: (Clock.FOLLOW_UP,),
}
# A call this long before they leave was put there because they leave.
BEFORE_THEY_LEAVE = dt.timedelta(minutes=30)
_STILL = {
    Clock.OFFER: gettext_lazy("Offer stands still: waiting for the customer since %(when)s"),
    Clock.DELIVER: gettext_lazy("Putting it right stands still: waiting for the customer since %(when)s"),
}
_AT_ONCE = {
    Clock.ACKNOWLEDGE: gettext_lazy("Answered at once"),
    Clock.APOLOGIZE: gettext_lazy("Apologized at once"),
    Clock.OFFER: gettext_lazy("Offered at once"),
    Clock.DELIVER: gettext_lazy("Put right at once"),
}
_IN_TIME = {
    Clock.ACKNOWLEDGE: gettext_lazy("Answered after %(time)s, within %(aim)s"),
    Clock.APOLOGIZE: gettext_lazy("Apologized after %(time)s, within %(aim)s"),
    Clock.OFFER: gettext_lazy("Offered after %(time)s, within %(aim)s"),
    Clock.DELIVER: gettext_lazy("Put right after %(time)s, within %(aim)s"),
    Clock.FOLLOW_UP: gettext_lazy("Called in time"),
}
_TOO_LATE = {
    Clock.ACKNOWLEDGE: gettext_lazy("Answered after %(time)s, %(late)s later than we aim for"),
    Clock.APOLOGIZE: gettext_lazy("Apologized after %(time)s, %(late)s later than we aim for"),
    Clock.OFFER: gettext_lazy("Offered after %(time)s, %(late)s later than we aim for"),
    Clock.DELIVER: gettext_lazy("Put right after %(time)s, %(late)s later than we aim for"),
    Clock.FOLLOW_UP: gettext_lazy("Called %(late)s later than planned"),
}
_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def running_words(clock: str, due_at: dt.datetime, incident: Incident, now: dt.datetime) -> str:
    """ "Apology late by 2 hours", "Offer stands still: waiting for the customer since Tue"."""
    zone = incident.location.zone
    if is_held(clock, due_at, incident, now) and incident.waiting_since:
        return str(_STILL[Clock(clock)]) % {"when": day_words(incident.waiting_since, now, zone)}
    leaves = incident.reach_until
    is_for_leaving = leaves is not None and dt.timedelta(0) <= leaves - due_at <= BEFORE_THEY_LEAVE
    if clock != Clock.FOLLOW_UP or leaves is None or leaves <= now or not is_for_leaving:
        return clock_words(clock, due_at, now)
    is_today = leaves.astimezone(zone).date() == now.astimezone(zone).date()
    at = formats.date_format(leaves.astimezone(zone), "H:i") if is_today else day_and_time(leaves, zone)
    if due_at < now:
        said = _("%(late)s: they leave at %(at)s") if is_today else _("%(late)s: they leave %(at)s")
        return said % {"late": clock_words(clock, due_at, now), "at": at}
    said = _("Call due before they leave at %(at)s") if is_today else _("Call due before they leave, %(at)s")
    return said % {"at": at}


def is_held(clock: str, due_at: dt.datetime, incident: Incident, now: dt.datetime) -> bool:
    """What was late before we began to wait is late still: only what stands is due after the wait."""
    until = incident.waiting_until
    return clock in THEIRS and until is not None and is_waiting(incident, now) and due_at >= until


@dataclass(frozen=True)
class Running:
    """A clock that is not met yet."""

    words: str
    due_at: dt.datetime
    is_late: bool
    is_soon: bool


def running(deadlines: list[Deadline], incident: Incident, now: dt.datetime) -> Running | None:
    """The one that matters most: the first that runs, unless all of them stand still. No query."""
    unmet = sorted((d for d in deadlines if d.met_at is None), key=lambda d: d.due_at)
    free = [d for d in unmet if not is_held(d.clock, d.due_at, incident, now)]
    held = [d for d in unmet if d not in free]
    until = incident.waiting_until
    first = free[0] if free and (not held or until is None or free[0].due_at <= until) else next(iter(held), None)
    if first is None:
        return None
    words = running_words(first.clock, first.due_at, incident, now)
    is_still = first in held
    return Running(
        words, first.due_at, not is_still and first.due_at < now, not is_still and is_soon(first.due_at, now)
    )


def met_words(deadline: Deadline, began_at: dt.datetime, *, has_waited: bool = False) -> str:
    """ "Apologized after 12 minutes, within the hour we aim for"; nothing while it runs."""
    if deadline.met_at is None:
        return ""
    clock, took = Clock(deadline.clock), max(deadline.met_at - began_at, dt.timedelta(0))
    if deadline.met_at > deadline.due_at:
        late = _took(max(deadline.met_at - deadline.due_at, _MINUTE))
        return str(_TOO_LATE[clock]) % {"time": _took(took), "late": late}
    if took < _MINUTE and clock in _AT_ONCE:
        return str(_AT_ONCE[clock])
    aim = "" if has_waited and clock in THEIRS else _aim(deadline.due_at - began_at)
    return str(_IN_TIME[clock]) % {"time": _took(took), "aim": aim or _("the time we aim for")}


def _took(length: dt.timedelta) -> str:
    """ "1 day 23 hours": with its hours up to three days, so that what it took and by what it was late add up."""
    return duration_words(dt.timedelta(hours=length // _HOUR)) if _DAY <= length < 3 * _DAY else about(length)


def _aim(length: dt.timedelta) -> str:
    """ "the hour we aim for"; nothing for a length that nobody says, as open hours make them."""
    if length in (_HOUR, _DAY):
        return _("the hour we aim for") if length == _HOUR else _("the day we aim for")
    unit = _MINUTE if length < _HOUR else _HOUR if length < _DAY else _DAY
    return _("the %(time)s we aim for") % {"time": about(length)} if length > _MINUTE and not length % unit else ""


def met_lines(stage: Stage, deadlines: list[Deadline], began_at: dt.datetime, *, has_waited: bool) -> list[str]:
    """What a done step says of its clocks: one line for acts that were the same moment."""
    mine = {d.clock: d for d in deadlines if d.clock in CLOCKS_OF[stage] and d.met_at is not None}
    told: list[str] = []
    for clock in CLOCKS_OF[stage]:
        deadline, last = mine.get(clock), mine.get(CLOCKS_OF[stage][-1])
        if deadline is None or _goes_without_saying(deadline, mine, began_at, last):
            continue
        told.append(met_words(deadline, began_at, has_waited=has_waited))
    return told


def _goes_without_saying(
    deadline: Deadline, mine: dict[str, Deadline], began_at: dt.datetime, last: Deadline | None
) -> bool:
    """Face to face is heard at once; what came with the apology or the delivery needs no line of its own."""
    met_at = deadline.met_at or began_at
    if deadline.clock == Clock.ACKNOWLEDGE:
        with_it = mine.get(Clock.APOLOGIZE)
        if met_at == began_at:
            return True
    else:
        with_it = last if deadline.clock == Clock.OFFER else None
    return with_it is not None and with_it.met_at == met_at and met_at <= deadline.due_at


@dataclass(frozen=True)
class Time:
    """One clock of the round: when it is due, when it was met, how it stands."""

    label: str
    due: str
    met: str
    words: str
    is_late: bool = False


class Clocks:
    """What a story says of its clocks, of waiting, and of what raised its level. No query."""

    incident: Incident
    now: dt.datetime
    rows: Rows
    round: Round

    @cached_property
    def running(self) -> Running | None:
        return running(self.rows.deadlines, self.incident, self.now) if self.incident.is_open else None

    @property
    def clock(self) -> str:
        return self.running.words if self.running else ""

    @property
    def due_at(self) -> dt.datetime | None:
        return self.running.due_at if self.running else None

    @property
    def is_late(self) -> bool:
        return self.running is not None and self.running.is_late

    @property
    def is_soon(self) -> bool:
        return self.running is not None and self.running.is_soon

    @cached_property
    def times(self) -> list[Time]:
        """All clocks of this round, in the order of the road; a call that is not planned yet says so."""
        mine = {d.clock: d for d in self.rows.deadlines}
        told = [self._time(mine[clock]) for clock in Clock if clock in mine]
        if self.incident.is_open and Clock.FOLLOW_UP not in mine:
            told.append(Time(str(Clock.FOLLOW_UP.label), "", "", _("Planned once it is put right")))
        return told

    def _time(self, deadline: Deadline) -> Time:
        zone, label = self.incident.location.zone, str(Clock(deadline.clock).label)
        due = day_and_time(deadline.due_at, zone)
        if deadline.met_at is not None:
            is_late = deadline.met_at > deadline.due_at
            late = about(max(deadline.met_at - deadline.due_at, _MINUTE))
            words = _("late by %(time)s") % {"time": late} if is_late else _("in time")
            return Time(label, due, day_and_time(deadline.met_at, zone), words, is_late)
        if not self.incident.is_open:
            return Time(label, due, "", _("not done"))
        words = running_words(deadline.clock, deadline.due_at, self.incident, self.now)
        is_late = deadline.due_at < self.now  # one that stands still is due after the wait
        return Time(label, due, "", words, is_late)

    @cached_property
    def pauses(self) -> list[str]:
        """When the clocks of offering and delivering stood still; what was moved or taken back is one. One query."""
        zone, found = self.incident.location.zone, list[Pause]()
        for pause in pauses_of(self.incident):
            goes_on = found and pause.began - found[-1].ended <= _MINUTE
            began = found.pop().began if goes_on else pause.began
            found.append(Pause(began, pause.ended))
        return [
            _("Waited for the customer from %(from)s until %(until)s: offering and putting it right stood still.")
            % {"from": day_and_time(pause.began, zone), "until": day_and_time(pause.ended, zone)}
            for pause in found
            if pause.ended - pause.began >= _MINUTE
        ]

    @property
    def raised_words(self) -> str:
        """Why it is as bad as it is, when a rule made it so."""
        return raised_words(self.incident.raised_by)

    @property
    def is_waiting(self) -> bool:
        return is_waiting(self.incident, self.now)

    @cached_property
    def waiting_words(self) -> str:
        """ "Waiting for them until Thu"; nothing when nobody waits."""
        if self.incident.waiting_until is not None and not self.is_waiting:
            return _("They have not answered: call them, or decide")
        return waiting_words(self.incident, self.now)

    @cached_property
    def waits_for(self) -> Note | None:
        """What was said when we began to wait, or waited on."""
        notes = {note.pk: note for note in self.rows.notes}
        began = (event for event in self.rows.events if event.kind == BEGAN)
        return next((notes[e.subject_id] for e in began if e.subject_id in notes), None)
