"""When a reminder speaks, to whom, and when it stops. Plain data, read from the first rung down.

A reminder climbs one rung at a time. After an outage only the newest rung that has passed speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from incidents.vocabulary import Severity


class Kind(TextChoices):
    """What a reminder is about."""

    FOLLOW_UP_DUE = "follow_up_due", _("Call due")
    PROMISE_DUE = "promise_due", _("Promise due")
    RECEIPT_MISSING = "receipt_missing", _("Receipt missing")
    APOLOGY_DUE = "apology_due", _("Apology due")
    HANDOVER_OPEN = "handover_open", _("Handover not taken")
    SHIFT_ENDED = "shift_ended", _("Not taken by the end of the shift")
    APPROVAL_WAITING = "approval_waiting", _("A question nobody has answered")
    WAITED_LONG_ENOUGH = "waited_long_enough", _("They have not answered us")
    REMEDY_DUE = "remedy_due", _("Remedy due")
    PREVENTION_DUE = "prevention_due", _("A change is due")
    PROCEDURE_DUE = "procedure_due", _("A procedure wants looking at")
    MEETING_SOON = "meeting_soon", _("A meeting is near")


class Audience(TextChoices):
    """Who hears it: the one who has to act, then more people. Nobody is ever taken off."""

    ASSIGNEE = "assignee", _("The person who has it")
    MANAGERS = "managers", _("Managers of the place")
    ADMINISTRATORS = "administrators", _("Administrators")


class Urgency(TextChoices):
    SOON = "soon", _("Soon")
    DUE = "due", _("Due now")
    LATE = "late", _("Late")


@dataclass(frozen=True)
class Rung:
    """`after` counts from the target; negative is before it."""

    after: timedelta
    to: Audience = Audience.ASSIGNEE

    @property
    def urgency(self) -> Urgency:
        if self.after < timedelta(0):
            return Urgency.SOON
        return Urgency.LATE if self.after else Urgency.DUE

    @property
    def minutes(self) -> int:
        """How it is stored, and what tells one saying from the next."""
        return self.after // timedelta(minutes=1)

    @property
    def height(self) -> int:
        return _ORDER[self.to]


_ORDER = {audience: number for number, audience in enumerate(Audience)}
Ladder = tuple[Rung, ...]
_AT_DUE = Rung(timedelta(0))


def _ladder(*, before: timedelta, again: timedelta, managers: timedelta, administrators: timedelta) -> Ladder:
    return (
        Rung(-before),
        _AT_DUE,
        Rung(again),
        Rung(managers, Audience.MANAGERS),
        Rung(administrators, Audience.ADMINISTRATORS),
    )


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


_TOLD = _ladder(before=_minutes(30), again=_minutes(120), managers=timedelta(days=1), administrators=timedelta(days=3))
_OURS = _ladder(before=_minutes(30), again=_minutes(60), managers=_minutes(120), administrators=timedelta(days=1))
_CRITICAL = _ladder(before=_minutes(5), again=_minutes(5), managers=_minutes(10), administrators=_minutes(60))

LADDERS: dict[Kind, Ladder] = {
    Kind.FOLLOW_UP_DUE: _TOLD,
    Kind.PROMISE_DUE: _TOLD,
    Kind.RECEIPT_MISSING: (_AT_DUE,),  # once; from then on it waits where managers look
    Kind.APOLOGY_DUE: _OURS,
    Kind.REMEDY_DUE: _TOLD,
    Kind.HANDOVER_OPEN: (_AT_DUE, Rung(_minutes(60), Audience.MANAGERS)),
    Kind.SHIFT_ENDED: (_AT_DUE,),  # it goes to the duty manager then
    Kind.WAITED_LONG_ENOUGH: (_AT_DUE, Rung(timedelta(days=1), Audience.MANAGERS)),
    Kind.APPROVAL_WAITING: (
        _AT_DUE,
        Rung(_minutes(60), Audience.MANAGERS),
        Rung(timedelta(days=1), Audience.ADMINISTRATORS),
    ),
    Kind.PREVENTION_DUE: (
        Rung(-timedelta(days=2)),
        _AT_DUE,
        Rung(timedelta(days=1)),
        Rung(timedelta(days=3), Audience.MANAGERS),
        Rung(timedelta(days=10), Audience.ADMINISTRATORS),
    ),
    Kind.PROCEDURE_DUE: (_AT_DUE, Rung(timedelta(days=7)), Rung(timedelta(days=14), Audience.MANAGERS)),
    Kind.MEETING_SOON: (Rung(-timedelta(days=1)), Rung(-_minutes(30))),
}
CRITICAL_LADDERS: dict[Kind, Ladder] = LADDERS | {
    Kind.APOLOGY_DUE: _CRITICAL,
    Kind.FOLLOW_UP_DUE: _OURS,
    Kind.PROMISE_DUE: _OURS,
    Kind.REMEDY_DUE: _OURS,
    Kind.HANDOVER_OPEN: (_AT_DUE, Rung(_minutes(10), Audience.MANAGERS)),
    Kind.APPROVAL_WAITING: (
        _AT_DUE,
        Rung(_minutes(5), Audience.MANAGERS),
        Rung(_minutes(30), Audience.ADMINISTRATORS),
    ),
}

# How long somebody may leave a handover unanswered before they are asked.
ACCEPT_WITHIN = _minutes(30)
ACCEPT_WITHIN_CRITICAL = _minutes(5)
# When the duty manager gets it, at a place that has not said when its shifts end.
LAPSE_AFTER = timedelta(hours=8)


# What we learn: it goes on when a recovery has ended, and whoever is told need not see an incident.
LEARNING = frozenset({Kind.PREVENTION_DUE, Kind.PROCEDURE_DUE, Kind.MEETING_SOON})
# Those that hang on no incident, and so on no severity.
WITHOUT_INCIDENT = (Kind.PROCEDURE_DUE, Kind.MEETING_SOON)
# At the end of the shift somebody else has it: nothing to climb.
EDITABLE = tuple(kind for kind in Kind if kind not in (Kind.SHIFT_ENDED, *WITHOUT_INCIDENT))


class Whose(Enum):
    """Who says how a ladder climbs."""

    PLACE = "place"
    BUSINESS = "business"
    SHIPPED = "shipped"


@dataclass(frozen=True)
class StoredRung:
    whose: Whose
    severity: int
    kind: str
    rung: Rung
    pk: int


@dataclass(frozen=True)
class Ladders:
    """What counts at one place: its own ladder, else the business's, else as shipped. No query."""

    rows: tuple[StoredRung, ...] = ()

    def of(self, severity: int, kind: str) -> Ladder:
        return self._found(severity, kind)[1]

    def whose(self, severity: int, kind: str) -> Whose:
        return self._found(severity, kind)[0]

    def version(self, severity: int, kind: str, whose: Whose) -> int:
        """Another number after every save of what `whose` says there; 0 while they say nothing."""
        return max(
            (row.pk for row in self.rows if (row.whose, row.severity, row.kind) == (whose, severity, kind)), default=0
        )

    def saying(self, whose: Whose, severity: int, kind: str, rungs: Iterable[Rung]) -> Ladders:
        """What would count if `whose` said this there."""
        kept = (row for row in self.rows if (row.whose, row.severity, row.kind) != (whose, severity, kind))
        return Ladders((*kept, *(StoredRung(whose, severity, kind, rung, 0) for rung in rungs)))

    def without(self, whose: Whose) -> Ladders:
        """What would count if they said nothing."""
        return Ladders(tuple(row for row in self.rows if row.whose != whose))

    def _found(self, severity: int, kind: str) -> tuple[Whose, Ladder]:
        for whose in (Whose.PLACE, Whose.BUSINESS):
            said = [row.rung for row in self.rows if (row.whose, row.severity, row.kind) == (whose, severity, kind)]
            if said:
                return whose, climbing(said)
        return Whose.SHIPPED, ladder_of(Kind(kind), is_critical=severity == Severity.CRITICAL)


def climbing(rungs: Iterable[Rung]) -> Ladder:
    """In the order in which they ring; whoever was added stays."""
    found: list[Rung] = []
    for rung in sorted(rungs, key=lambda each: (each.after, each.height)):
        is_lower = found and found[-1].height > rung.height
        found.append(Rung(rung.after, found[-1].to) if is_lower else rung)
    return tuple(found)


def ladder_of(kind: Kind, *, is_critical: bool) -> Ladder:
    """As shipped."""
    return (CRITICAL_LADDERS if is_critical else LADDERS)[kind]


def occurrence_of(target: datetime, rung: Rung) -> str:
    """What tells one reminder from the next, whatever becomes of the ladder: when, and how far it carries."""
    return f"{said_as(target, rung)}:{rung.to}"


def said_as(target: datetime, rung: Rung) -> str:
    """What tells one saying to the same person from the next."""
    return f"{target.astimezone(UTC).isoformat()}/{rung.minutes:+}"


def rung_said(occurrence: str, kind: Kind, *, is_critical: bool) -> Rung:
    """The rung that an occurrence names. Older ones name its number on the shipped ladder."""
    minutes, _colon, to = occurrence.rpartition("/")[2].partition(":")
    shipped = ladder_of(kind, is_critical=is_critical)
    if minutes[:1] in ("+", "-"):
        return Rung(_minutes(int(minutes)), Audience(to) if to else Audience.ASSIGNEE)
    return shipped[min(int(minutes), len(shipped) - 1)] if minutes.isdecimal() else shipped[0]


def first_rung(ladder: Ladder, *, target: datetime, now: datetime) -> int | None:
    """Where a reminder begins: a warning ahead of the target only when that is a good while ahead."""
    for number, rung in enumerate(ladder):
        warning_is_close = rung.urgency == Urgency.SOON and target + 2 * rung.after <= now
        if target + rung.after > now and not warning_is_close:
            return number
    return None


def next_rung(ladder: Ladder, *, target: datetime, after: datetime) -> int | None:
    """The number of the first rung that rings after that moment; None when the ladder ends."""
    return next((number for number, rung in enumerate(ladder) if target + rung.after > after), None)


def newest_rung(ladder: Ladder, *, target: datetime, now: datetime) -> int | None:
    """The number of the last rung that has passed by now; None when none has."""
    return max((number for number, rung in enumerate(ladder) if target + rung.after <= now), default=None)
