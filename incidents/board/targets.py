"""How long each step may take, in words; and what that comes to on a real day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from incidents.board.catalogue.lines import here_and_elsewhere
from incidents.calendars import Calendar
from incidents.models import Location
from incidents.models.hours import ClockTarget, SaidBy, Targets
from incidents.models.target_words import said_words
from incidents.vocabulary import Clock, Severity

REPORTED = (Clock.ACKNOWLEDGE, Clock.APOLOGIZE, Clock.OFFER, Clock.DELIVER)


@dataclass(frozen=True)
class ClockLine:
    """One clock of one severity. `elsewhere` is what counts without a row of this page."""

    clock: Clock
    words: str
    elsewhere: str
    is_own: bool

    @property
    def label(self) -> str:
        return str(self.clock.label)

    @property
    def is_different(self) -> bool:
        return self.is_own and self.words != self.elsewhere

    @property
    def differs(self) -> str:
        return here_and_elsewhere(self.words, self.elsewhere)


@dataclass(frozen=True)
class SeverityTargets:
    severity: Severity
    lines: list[ClockLine]
    preview: str
    places: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        return any(line.is_own for line in self.lines)

    @property
    def differs(self) -> tuple[str, ...]:
        return tuple(f"{line.label}: {line.differs}" for line in self.lines if line.is_different)


def words_of(targets: Targets, severity: int, clock: Clock) -> str:
    is_call = clock == Clock.FOLLOW_UP
    return said_words(targets.follow_ups(severity) if is_call else (targets.of(severity, clock),))


def wider(targets: Targets, level: SaidBy) -> Targets:
    """What would count if `level` said nothing."""
    return Targets(tuple(row for row in targets.rows if row.said_by != level))


def clock_lines(targets: Targets, severity: Severity, level: SaidBy) -> list[ClockLine]:
    without = wider(targets, level)
    return [
        ClockLine(
            clock,
            words_of(targets, severity, clock),
            words_of(without, severity, clock),
            targets.said_by(severity, clock) == level,
        )
        for clock in Clock
    ]


def level_of(place: Location | None) -> SaidBy:
    return SaidBy.PLACE if place else SaidBy.BUSINESS


def severity_targets(
    targets: Targets,
    severity: Severity,
    place: Location | None,
    calendar: tuple[Calendar, dt.tzinfo] | None,
    now: dt.datetime,
    *,
    places: Sequence[str] = (),
    typed: Targets | None = None,
) -> SeverityTargets:
    """What counts for one severity; told by that calendar as it is, or as it is `typed`. No statement."""
    lines = clock_lines(targets, severity, level_of(place))
    told = preview(typed or targets, severity, *calendar, now) if calendar else ""
    return SeverityTargets(severity, lines, told, tuple(places))


def places_that_differ(places: Sequence[Location]) -> dict[int, list[str]]:
    """By severity. One statement."""
    rows = ClockTarget.objects.filter(location__in=list(places)).values_list("severity", "location").distinct()
    own = set(rows)
    return {severity: [place.name for place in places if (severity, place.pk) in own] for severity in Severity.values}


def preview(targets: Targets, severity: Severity, calendar: Calendar, zone: dt.tzinfo, now: dt.datetime) -> str:
    """ "A moderate mistake told now: answer by 14:05, apology by Tue 12:00, …" on the clock of the place."""
    said = {clock.value: moment_words(calendar.due(now, targets.of(severity, clock)), zone, now) for clock in REPORTED}
    mistake = {
        Severity.CRITICAL: _("A critical mistake told now"),
        Severity.MAJOR: _("A major mistake told now"),
        Severity.MODERATE: _("A moderate mistake told now"),
        Severity.MINOR: _("A minor mistake told now"),
    }
    words = _(
        "%(mistake)s: answer by %(acknowledge)s, apology by %(apologize)s, offer by %(offer)s, done by %(deliver)s."
    )
    return words % {"mistake": mistake[severity], **said}


def moment_words(moment: dt.datetime, zone: dt.tzinfo, now: dt.datetime) -> str:
    """ "14:05" today, "Tue 12:00" within a week, else with the date; midnight is the end of the day before."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day, time = local.date(), formats.date_format(local, _("H:i"))
    if local.time() == dt.time():
        day, time = day - dt.timedelta(days=1), _("24:00")
    if day == today:
        return time
    return formats.date_format(day, _("D") if (day - today).days < 7 else _("D j M")) + f" {time}"
