"""How long each step may take: what the business says, and how a place differs. The deadlines follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from incidents.actions.advance import add_event
from incidents.actions.catalogue.rows import CHANGED, catalogue
from incidents.actions.hours import place_of
from incidents.actions.reckon import ask_to_reckon
from incidents.actions.refusals import Refused, Stale
from incidents.models import ClockTarget, Job, Staff
from incidents.models.hours import LONGEST_DAYS, LONGEST_MINUTES, SaidBy, targets_of
from incidents.targets import Target
from incidents.vocabulary import Clock

MOST_CALLS = 2


def set_targets(
    *,
    location_id: int | None,
    severity: int,
    targets: Mapping[Clock, Target],
    follow_ups: Sequence[Target],
    expected_version: int,
    by: Staff,
    now: dt.datetime,
) -> Job | None:
    """What counts for this severity at that place, or (None) for the business. None when it is so already.

    A clock that is not among `targets`, and calls when there are none, go by what stands behind. `expected_version`
    is `Targets.version()`. Refused in words for what is too long, and for calls too many or in the wrong order.
    """
    with _held(location_id, by):
        wanted: list[tuple[Clock, int, Target]] = [
            (clock, 1, target) for clock, target in targets.items() if clock != Clock.FOLLOW_UP
        ]
        wanted += [(Clock.FOLLOW_UP, number, target) for number, target in enumerate(follow_ups, 1)]
        rows = ClockTarget.objects.filter(location=location_id, severity=severity)
        stored = {(r.clock, r.position, Target(r.minutes, r.days, r.is_business)) for r in rows}
        if stored == {(clock.value, position, target) for clock, position, target in wanted}:
            return None
        _must_be_current(location_id, severity, expected_version)
        _must_be_possible(targets, follow_ups)
        rows.delete()
        ClockTarget.objects.bulk_create(
            ClockTarget(
                location_id=location_id,
                severity=severity,
                clock=clock,
                position=position,
                minutes=target.minutes,
                days=target.days,
                is_business=target.is_business,
            )
            for clock, position, target in wanted
        )
        return _changed(location_id, severity, "set", by=by, now=now)


def back_to_default(*, location_id: int | None, severity: int, by: Staff, now: dt.datetime) -> Job | None:
    """As the business says; for the business, as shipped. None when it is so already."""
    with _held(location_id, by):
        if not ClockTarget.objects.filter(location=location_id, severity=severity).delete()[0]:
            return None
        return _changed(location_id, severity, "back", by=by, now=now)


@contextmanager
def _held(location_id: int | None, by: Staff) -> Iterator[None]:
    """One at a time, in one transaction."""
    if location_id is not None:
        with place_of(location_id, by):
            yield
        return
    with catalogue(by, None):
        yield


def _changed(location_id: int | None, severity: int, act: str, *, by: Staff, now: dt.datetime) -> Job:
    add_event(None, "targets_changed", now=now, by=by, subject_id=location_id, severity=severity, act=act)
    return ask_to_reckon(location_id=location_id, by=by, now=now)


def _must_be_current(location_id: int | None, severity: int, expected: int) -> None:
    current = targets_of(location_id)
    if current.version(severity, SaidBy.BUSINESS if location_id is None else SaidBy.PLACE) != expected:
        raise Stale(CHANGED, current)


def _must_be_possible(targets: Mapping[Clock, Target], follow_ups: Sequence[Target]) -> None:
    for target in (*targets.values(), *follow_ups):
        if target.minutes is not None and not 1 <= target.minutes <= LONGEST_MINUTES:
            raise Refused(_("A target is between a minute and 60 days."))
        if target.days is not None and not 0 <= target.days <= LONGEST_DAYS:
            raise Refused(_("A target is between the same day and 60 days."))
    if len(follow_ups) > MOST_CALLS:
        raise Refused(_("Two calls back are the most."))
    if len(follow_ups) == MOST_CALLS and follow_ups[0].length >= follow_ups[1].length:
        raise Refused(_("The second call comes after the first."))
