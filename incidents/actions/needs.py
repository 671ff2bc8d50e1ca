"""What a manager does with what needs them now: remind somebody, take it, look at it, put it off, and take that back.

What is dealt with is quiet for everybody until its time has passed, or another danger has come up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from incidents.actions import handovers, undo
from incidents.actions.advance import add_event, locked
from incidents.actions.notify import for_whom, notify
from incidents.actions.refusals import Refused
from incidents.calendars import resolve_local
from incidents.ladder import Urgency
from incidents.models import (
    Handled,
    HandledHow,
    Incident,
    Job,
    NeedKind,
    Notice,
    NoticeKind,
    Remedy,
    Staff,
)
from incidents.models.hours import clock_of
from incidents.models.need import OF_THE_INCIDENT, stage_now
from incidents.vocabulary import RemedyState, Severity

QUIET_FOR = dt.timedelta(hours=2)
QUIET_FOR_CRITICAL = dt.timedelta(minutes=30)
UNDO_FOR = dt.timedelta(seconds=60)
LONGEST = dt.timedelta(days=14)
MORNING = dt.time(9)
# What was looked at shortly before the morning stays quiet for this day too.
AT_LEAST = dt.timedelta(hours=6)


@dataclass(frozen=True)
class _Seen:
    """What the page showed of it: the danger itself, what tells it from the next, and what one look sees besides."""

    kind: NeedKind
    occurrence: str
    also: tuple[NeedKind, ...] = ()

    @classmethod
    def of(cls, incident: Incident, kind: NeedKind, occurrence: str, also: Iterable[NeedKind]) -> _Seen:
        return cls(kind, occurrence or stage_now(incident), tuple(each for each in also if each in OF_THE_INCIDENT))

    @property
    def kinds(self) -> list[NeedKind]:
        return list(dict.fromkeys((self.kind, *self.also)))


def nudge(
    *,
    incident_id: int,
    kind: NeedKind,
    by: Staff,
    now: dt.datetime,
    occurrence: str = "",
    also: Iterable[NeedKind] = (),
    job: Job | None = None,
) -> Handled:
    """Ask whoever has it to see to it: in their inbox at once, and by an urgent mail; one mail for all of a `job`.

    `occurrence`: what the page showed; the step it is at now when nothing is said. Refused when `by` has it
    themselves, and when somebody else has dealt with it.
    """
    with locked(incident_id) as incident:
        seen = _Seen.of(incident, kind, occurrence, also)
        mine = _dealt_with(incident, seen, by=by, now=now)
        if mine and mine.how == HandledHow.NUDGED:
            return mine
        _must_be_so(incident, seen)
        person = _who_acts(incident, seen)
        if person.pk == by.pk:
            raise Refused(_("You have it yourself."))
        is_critical = incident.severity == Severity.CRITICAL
        until = now + (QUIET_FOR_CRITICAL if is_critical else QUIET_FOR)
        handled = _keep_quiet(incident, seen, HandledHow.NUDGED, by=by, now=now, until=until)
        people, reason = for_whom(incident, person)
        add_event(incident, "nudged", now=now, by=by, subject_id=handled.pk, to=person.pk, need=seen.kind.value)
        notify(
            kind=NoticeKind.NUDGED,
            incident=incident,
            recipients=people,
            subject_id=incident.pk,
            occurrence=_nudge_of(handled),
            now=now,
            reason=reason,
            urgency=Urgency.LATE,
            job=job,
        )
        return handled


def take(
    *,
    incident_id: int,
    kind: NeedKind,
    by: Staff,
    now: dt.datetime,
    occurrence: str = "",
    also: Iterable[NeedKind] = (),
    expected_assignee: int | None = None,
) -> Handled:
    """ "I take it": handed over to `by`, who has looked at it with that. Stale when somebody else has it meanwhile."""
    with locked(incident_id) as incident:
        seen = _Seen.of(incident, kind, occurrence, also)
        mine = _dealt_with(incident, seen, by=by, now=now)
        if mine and incident.assignee_id == by.pk:
            return mine
        _must_be_so(incident, seen)
        until = _next_morning(incident, now)
        handled = _keep_quiet(incident, seen, HandledHow.LOOKED_AT, by=by, now=now, until=until)
        handovers.hand_over(incident_id=incident_id, to=by, by=by, now=now, expected_assignee=expected_assignee)
        return handled


def look_at(
    *,
    incident_id: int,
    kind: NeedKind,
    by: Staff,
    now: dt.datetime,
    occurrence: str = "",
    also: Iterable[NeedKind] = (),
) -> Handled:
    """Seen to until the next working morning of the place."""
    with locked(incident_id, must_be_open=False) as incident:
        seen = _Seen.of(incident, kind, occurrence, also)
        mine = _dealt_with(incident, seen, by=by, now=now)
        if mine and mine.how == HandledHow.LOOKED_AT:
            return mine
        _must_be_so(incident, seen)
        until = _next_morning(incident, now)
        handled = _keep_quiet(incident, seen, HandledHow.LOOKED_AT, by=by, now=now, until=until)
        add_event(incident, "looked_at", now=now, by=by, subject_id=handled.pk, need=seen.kind.value)
        return handled


def later(
    *,
    incident_id: int,
    kind: NeedKind,
    until: dt.datetime,
    by: Staff,
    now: dt.datetime,
    occurrence: str = "",
    also: Iterable[NeedKind] = (),
) -> Handled:
    """Back then, if it still needs somebody."""
    if not now < until <= now + LONGEST:
        raise Refused(_("Say when it should come back: within two weeks."))
    with locked(incident_id, must_be_open=False) as incident:
        seen = _Seen.of(incident, kind, occurrence, also)
        mine = _dealt_with(incident, seen, by=by, now=now)
        if mine and mine.how == HandledHow.LATER:
            return mine
        _must_be_so(incident, seen)
        handled = _keep_quiet(incident, seen, HandledHow.LATER, by=by, now=now, until=until)
        codes = {"need": seen.kind.value, "until": until.isoformat()}
        add_event(incident, "put_off", now=now, by=by, subject_id=handled.pk, **codes)
        return handled


def undo_handled(*, handled_id: int, by: Staff, now: dt.datetime) -> Incident:
    """It needs somebody again. Within a minute, for whoever dealt with it, what that brought about is taken back too.

    Refused when somebody has brought it back already.
    """
    incident_id = Handled.objects.filter(pk=handled_id).values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise Refused(_("It is back already."))
    with locked(incident_id, must_be_open=False) as incident:
        handled = Handled.objects.filter(pk=handled_id, until__gt=now).first()
        if handled is None:
            raise Refused(_("It is back already."))
        if handled.by_id == by.pk and now <= handled.at + UNDO_FOR:
            _take_back(incident, handled, by=by, now=now)
        Handled.objects.filter(incident=incident, at=handled.at, by=handled.by_id).delete()
        add_event(incident, "brought_back", now=now, by=by, subject_id=handled.pk, need=handled.kind)
        return incident


def can_give_back(taken: Handled, *, by: Staff, now: dt.datetime) -> bool:
    """Whether `undo_handled()` gives back what `by` took just now: not to somebody who left. One query."""
    act = undo.newest_act(taken.incident, by=by, now=now)
    return act is not None and act.event.kind == "handed_over" and act.event.at == taken.at


def _take_back(incident: Incident, handled: Handled, *, by: Staff, now: dt.datetime) -> None:
    """What they were told is no longer new, so a mail that has not left says nothing; what was taken goes back."""
    told = Notice.objects.filter(kind=NoticeKind.NUDGED, subject_id=incident.pk, occurrence=_nudge_of(handled))
    told.filter(read_at__isnull=True).update(read_at=now)
    if can_give_back(handled, by=by, now=now):
        undo.undo_last(incident_id=incident.pk, by=by, now=now)


def _nudge_of(handled: Handled) -> str:
    return f"{handled.at.astimezone(dt.UTC).isoformat()}/{handled.by_id}"


def _dealt_with(incident: Incident, seen: _Seen, *, by: Staff, now: dt.datetime) -> Handled | None:
    """What `by` has already done with it; None when nobody has. Refused when somebody else has."""
    known = Handled.objects.select_related("by").filter(incident=incident, kind=seen.kind, occurrence=seen.occurrence)
    handled = known.filter(until__gt=now).first()
    if handled is not None and handled.by_id != by.pk:
        at = formats.date_format(handled.at.astimezone(incident.location.zone), "H:i")
        words = {
            HandledHow.NUDGED: _now("%(who)s reminded them at %(at)s already."),
            HandledHow.LOOKED_AT: _now("%(who)s looked at it at %(at)s already."),
            HandledHow.LATER: _now("%(who)s put it off at %(at)s already."),
        }
        raise Refused(words[HandledHow(handled.how)] % {"who": handled.by, "at": at})
    return handled


def _must_be_so(incident: Incident, seen: _Seen) -> None:
    if not _is_still_so(incident, seen):
        raise Refused(_("It has moved on meanwhile. Look again."))


def _is_still_so(incident: Incident, seen: _Seen) -> bool:
    if seen.kind in OF_THE_INCIDENT:
        return seen.occurrence == stage_now(incident)
    name, _slash, number = seen.occurrence.partition("/")
    if name == "staff":
        return number == str(incident.assignee_id)
    if name == "remedy":
        return _receipt_waited_for(incident, seen) is not None
    still = _still_open(incident, name)
    return still is None or seen.occurrence in {f"{name}/{pk}" for pk in still}


def _still_open(incident: Incident, name: str) -> Iterable[int] | None:
    """Which questions nobody has answered or looked at, which handovers nobody has taken; None of anything else."""
    if name == "approval":
        questions = incident.approvals.waiting() | incident.approvals.to_review()
        return questions.values_list("pk", flat=True)
    if name == "handover":
        waiting = incident.handovers.filter(accepted_at=None, returned_at=None, lapsed_at=None)
        return waiting.values_list("pk", flat=True)
    return None


def _receipt_waited_for(incident: Incident, seen: _Seen) -> Remedy | None:
    waiting = incident.remedies.filter(state=RemedyState.AWAITING_RECEIPT).select_related("assignee")
    return next((remedy for remedy in waiting if seen.occurrence == f"remedy/{remedy.pk}"), None)


def _who_acts(incident: Incident, seen: _Seen) -> Staff:
    remedy = _receipt_waited_for(incident, seen) if seen.kind == NeedKind.RECEIPT_STUCK else None
    return remedy.assignee if remedy and remedy.assignee else incident.assignee


def _keep_quiet(
    incident: Incident, seen: _Seen, how: HandledHow, *, by: Staff, now: dt.datetime, until: dt.datetime
) -> Handled:
    rows = [
        Handled.objects.update_or_create(
            incident=incident,
            kind=kind,
            occurrence=seen.occurrence if kind == seen.kind else stage_now(incident),
            defaults={"how": how, "at": now, "by": by, "until": until},
        )[0]
        for kind in seen.kinds
    ]
    return rows[0]


def _next_morning(incident: Incident, now: dt.datetime) -> dt.datetime:
    """Nine o'clock of the next day on which the place opens, at its own clock."""
    place, calendar = incident.location, clock_of(incident.location).calendar
    day = (now + AT_LEAST).astimezone(place.zone).date()
    if resolve_local(dt.datetime.combine(day, MORNING), place.zone) < now + AT_LEAST:
        day += dt.timedelta(days=1)
    for _turn in range(LONGEST.days):
        morning = resolve_local(dt.datetime.combine(day, MORNING), place.zone)
        opens = calendar.next_open(morning)
        if opens.astimezone(place.zone).date() <= day:
            return opens
        day = opens.astimezone(place.zone).date()
    return now + LONGEST
