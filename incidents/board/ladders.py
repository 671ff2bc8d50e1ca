"""How reminders climb, in words; and who would hear what, when, on a real day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import formats
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.ladder import (
    ACCEPT_WITHIN,
    ACCEPT_WITHIN_CRITICAL,
    EDITABLE,
    Audience,
    Kind,
    Ladder,
    Ladders,
    Rung,
    Whose,
    first_rung,
)
from incidents.models import Incident, LadderRung, Location, NoticeReason, Staff
from incidents.models.hearers import Group, added_by, once, standing_in
from incidents.models.hours import clock_of
from incidents.models.mail_times import leaves_at, way_of_mail, window_of
from incidents.models.staff import learn_places
from incidents.models.values import duration_words
from incidents.targets import ANSWER_WITHIN, GO_AHEAD_AFTER, RECEIPT_REMINDER_AFTER, WAIT_USUALLY
from incidents.vocabulary import Clock, Severity

MOST_NAMES = 6
# What a reminder of each kind counts from, as the preview says it.
BEGINS: Mapping[Kind, LazyText | str] = {
    Kind.APOLOGY_DUE: gettext_lazy("Told %(when)s, so the apology is due %(due)s."),
    Kind.REMEDY_DUE: gettext_lazy("Told %(when)s, so an offer is due %(due)s."),
    Kind.FOLLOW_UP_DUE: gettext_lazy("Put right %(when)s, so the call is due %(due)s."),
    Kind.PROMISE_DUE: gettext_lazy("Promised for %(when)s."),
    Kind.RECEIPT_MISSING: gettext_lazy("Given %(when)s without a receipt, which is due %(due)s."),
    Kind.HANDOVER_OPEN: gettext_lazy("Handed over %(when)s: they have until %(due)s to say “I have it”."),
    Kind.APPROVAL_WAITING: gettext_lazy("Asked %(when)s, and nobody has answered by %(due)s."),
    Kind.WAITED_LONG_ENOUGH: gettext_lazy("Waiting for them since %(when)s, until %(due)s."),
    Kind.PREVENTION_DUE: gettext_lazy("Agreed to be changed by %(when)s."),
}
_HEARERS = {
    Audience.ASSIGNEE: gettext_lazy("who has it"),
    Audience.MANAGERS: gettext_lazy("and the managers"),
    Audience.ADMINISTRATORS: gettext_lazy("and the administrators"),
}


@dataclass(frozen=True)
class RungWords:
    when: str
    to: str
    audience: Audience


@dataclass(frozen=True)
class LadderLine:
    """One kind of one severity. `elsewhere` is what counts without a row of this page."""

    kind: Kind
    rungs: list[RungWords]
    words: str
    elsewhere: str
    is_own: bool

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def is_different(self) -> bool:
        return self.is_own and self.words != self.elsewhere


def when_words(rung: Rung) -> str:
    if rung.after < dt.timedelta(0):
        return _("%(time)s before") % {"time": duration_words(-rung.after)}
    return _("%(time)s after") % {"time": duration_words(rung.after)} if rung.after else _("when it is due")


def ladder_words(ladder: Ladder) -> str:
    """ "30 minutes before, when it is due, 2 hours after and the managers"."""
    told, reached = [], Audience.ASSIGNEE
    for rung in ladder:
        adds = rung.to != reached
        told.append(f"{when_words(rung)} {_HEARERS[rung.to]}" if adds else when_words(rung))
        reached = rung.to
    return ", ".join(told)


def ladder_line(ladders: Ladders, severity: int, kind: Kind, level: Whose) -> LadderLine:
    ladder = ladders.of(severity, kind)
    return LadderLine(
        kind,
        [RungWords(when_words(rung), str(_HEARERS[rung.to]), rung.to) for rung in ladder],
        ladder_words(ladder),
        ladder_words(ladders.without(level).of(severity, kind)),
        ladders.whose(severity, kind) == level,
    )


def ladder_lines(ladders: Ladders, severity: int, level: Whose) -> list[LadderLine]:
    return [ladder_line(ladders, severity, kind, level) for kind in EDITABLE]


def places_that_differ(places: Sequence[Location], severity: int) -> dict[str, list[str]]:
    """By kind. One statement."""
    rows = LadderRung.objects.filter(location__in=list(places), severity=severity)
    own = set(rows.values_list("kind", "location").distinct())
    return {kind: [place.name for place in places if (kind, place.pk) in own] for kind in EDITABLE}


# The timeline --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hearing:
    """One person at one rung: in the inbox at once, and how by mail."""

    name: str
    why: str
    mail: str


@dataclass(frozen=True)
class Step:
    when: str
    rung: str
    hearings: list[Hearing]
    more: int  # people beside those


@dataclass(frozen=True)
class Timeline:
    begins: str
    steps: list[Step]
    zone: str


@dataclass
class _Preview:
    """One mistake that was not made: at this place, so bad, theirs since `moment`."""

    place: Location
    severity: int
    kind: Kind
    person: Staff
    moment: dt.datetime
    added: dict[Audience, list[Group]] = field(default_factory=dict)
    mails: dict[int, list[dt.datetime]] = field(default_factory=dict)  # by person, the newest first

    def target(self) -> dt.datetime:
        clock, at = clock_of(self.place), self.moment
        due: Mapping[Kind, Callable[[], dt.datetime]] = {
            Kind.APOLOGY_DUE: lambda: clock.calendar.due(at, clock.targets.of(self.severity, Clock.APOLOGIZE)),
            Kind.REMEDY_DUE: lambda: clock.calendar.due(at, clock.targets.of(self.severity, Clock.OFFER)),
            Kind.FOLLOW_UP_DUE: lambda: clock.calendar.due(at, clock.targets.follow_ups(self.severity)[0]),
            Kind.RECEIPT_MISSING: lambda: at + RECEIPT_REMINDER_AFTER,
            Kind.HANDOVER_OPEN: lambda: (
                at + (ACCEPT_WITHIN_CRITICAL if self.severity == Severity.CRITICAL else ACCEPT_WITHIN)
            ),
            Kind.APPROVAL_WAITING: lambda: at + GO_AHEAD_AFTER.get(Severity(self.severity), ANSWER_WITHIN),
            Kind.WAITED_LONG_ENOUGH: lambda: clock.calendar.due(at, WAIT_USUALLY),
        }
        return due.get(self.kind, lambda: at)()

    def hear(self, ladder: Ladder) -> None:
        """Read who is added, all of them at once. One statement for each kind of people, and one for their clocks."""
        incident = Incident(location=self.place, severity=self.severity)
        tallest = ladder[-1].to if ladder else Audience.ASSIGNEE
        whole = added_by(incident, tallest)
        self.added = {
            Audience.ASSIGNEE: [],
            Audience.MANAGERS: whole[:1],
            Audience.ADMINISTRATORS: whole,
        }
        people = [self.person, *(person for group, _reason in whole for person in group)]
        people += [self.person.stand_in] if self.person.stand_in else []
        learn_places(people)

    def step(self, rung: Rung, at: dt.datetime) -> Step:
        theirs: list[Group] = [([self.person], NoticeReason.YOURS)]
        theirs += standing_in(self.person, now=at, sees=lambda _who: True)
        hearings = [
            Hearing(str(person), _why(reason), self.mail(person, at))
            for people, reason in once([*theirs, *self.added[rung.to]])
            for person in people
        ]
        return Step(self.words(at), when_words(rung), hearings[:MOST_NAMES], max(len(hearings) - MOST_NAMES, 0))

    def mail(self, person: Staff, at: dt.datetime) -> str:
        """By the functions that set the real one: the mail that waits for them is joined."""
        way = way_of_mail(self.kind, person, is_critical=self.severity == Severity.CRITICAL, now=at)
        if settings.MAIL == "off" or way is None:
            return _("in the notices only")
        before = self.mails.setdefault(person.pk, [])
        if not way.is_alone and before and before[0] > at:
            leaves = before[0]
        else:
            leaves = leaves_at(person, at, way, before)
            if not way.is_alone:
                before.insert(0, leaves)
        if leaves <= at:
            return _("by mail at once")
        if window_of(person).next_open(at) == leaves:
            return _("by mail %(when)s, when their hours begin") % {"when": self.words(leaves)}
        return _("by mail %(when)s, as they chose") % {"when": self.words(leaves)}

    def words(self, moment: dt.datetime) -> str:
        return formats.date_format(moment.astimezone(self.place.zone), _("D j M, H:i"))


def timeline(
    ladder: Ladder,
    kind: Kind,
    severity: int,
    place: Location,
    *,
    person: Staff,
    moment: dt.datetime,
    reader: Staff,
) -> Timeline:
    """What would be said, to whom and when, if it were `person`'s from `moment` on. Four statements at most."""
    preview = _Preview(place, severity, kind, person, moment)
    target = preview.target()
    preview.hear(ladder)
    begin = first_rung(ladder, target=target, now=moment)
    rungs: Iterable[Rung] = () if begin is None else ladder[begin:]
    words = str(BEGINS[kind]) % {"when": preview.words(moment), "due": preview.words(target)}
    steps = [preview.step(rung, target + rung.after) for rung in rungs]
    return Timeline(words, steps, place.zone_words(reader))


def _why(reason: NoticeReason) -> str:
    return {
        NoticeReason.STAND_IN: _("stands in"),
        NoticeReason.MANAGER: _("manager"),
        NoticeReason.ADMINISTRATOR: _("administrator"),
    }.get(reason, "")
