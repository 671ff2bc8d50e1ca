"""Deadlines: one row per clock and round, computed anew from the facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from incidents.models import Deadline, Incident, Round
from incidents.models.hours import clock_and_pauses
from incidents.vocabulary import SPOKEN, Clock, RemedyState, Source, Stage

# What needs the customer: it waits while they owe us an answer. An apology and an answer do not.
_THEIRS = frozenset({Clock.OFFER, Clock.DELIVER})
_FROM_THE_START = (Clock.ACKNOWLEDGE, Clock.APOLOGIZE, Clock.OFFER, Clock.DELIVER)


@dataclass(frozen=True)
class _Reading:
    clock: Clock
    due_at: dt.datetime
    met_at: dt.datetime | None


@dataclass(frozen=True)
class Times:
    """`running` are the clocks not met yet; `next_due_at` is the earliest of them, or when we have waited enough.

    With nothing running the last deadline stands, so that an open incident always sorts.
    """

    running: dict[Clock, dt.datetime]
    next_due_at: dt.datetime


# What was met by a target stays judged by it, whatever the target becomes; a moment corrected since is judged anew.
# A call that is no longer planned is not owed.
_WRITE = """
    WITH gone AS (
        DELETE FROM incidents_deadline
        WHERE round_id = %(round)s AND met_at IS NULL AND clock <> ALL (%(clocks)s::text[])
    )
    INSERT INTO incidents_deadline AS stored (incident_id, round_id, clock, due_at, met_at)
    SELECT %(incident)s, %(round)s, clock, due_at, met_at
    FROM unnest(%(clocks)s::text[], %(due)s::timestamptz[], %(met)s::timestamptz[]) AS read (clock, due_at, met_at)
    ON CONFLICT (round_id, clock) DO UPDATE SET met_at = excluded.met_at,
        due_at = CASE WHEN stored.met_at = excluded.met_at THEN stored.due_at ELSE excluded.due_at END
    RETURNING due_at
"""


def refresh(incident: Incident, round_: Round) -> Times:
    """Rewrite this round's clocks (four queries and one)."""
    readings = _read(incident, round_)
    return _times(incident, readings, _write(incident, round_, readings))


def first(incident: Incident, round_: Round) -> tuple[list[Deadline], Times]:
    """Those of an incident that is being logged, and when they run out. Nothing is written."""
    readings = _read(incident, round_)
    rows = [
        Deadline(incident=incident, round=round_, clock=r.clock, due_at=r.due_at, met_at=r.met_at) for r in readings
    ]
    return rows, _times(incident, readings, [row.due_at for row in rows])


def _times(incident: Incident, readings: list[_Reading], due: list[dt.datetime]) -> Times:
    running = {r.clock: r.due_at for r in readings if r.met_at is None}
    waits = [incident.waiting_until] if incident.waiting_until else []
    return Times(running, min([*running.values(), *waits]) if running or waits else max(due))


def judge_anew(incident: Incident) -> None:
    """Forget what the current round was held against: the facts were wrong. The next `refresh()` writes it again."""
    Deadline.objects.filter(incident=incident, round__number=incident.round_number).delete()


def _write(incident: Incident, round_: Round, readings: list[_Reading]) -> list[dt.datetime]:
    """When each is due, as it is stored now."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "incident": incident.pk,
                "round": round_.pk,
                "clocks": [r.clock.value for r in readings],
                "due": [r.due_at for r in readings],
                "met": [r.met_at for r in readings],
            },
        )
        return [due_at for (due_at,) in cursor.fetchall()]


def _read(incident: Incident, round_: Round) -> list[_Reading]:
    start = incident.reported_at if round_.number == 1 else round_.started_at
    place, pauses = clock_and_pauses(incident)
    met = _met(incident, round_)
    readings = []
    for clock in _FROM_THE_START:
        if round_.entry == Stage.APOLOGIZE or clock in _THEIRS:
            target, stands = place.targets.of(incident.severity, clock), pauses if clock in _THEIRS else ()
            readings.append(_Reading(clock, place.calendar.due(start, target, stands), met[clock]))
    calls = [c for c in round_.follow_ups.all() if c.cancelled_at is None]
    if calls:
        waiting = [c.due_at for c in calls if c.answered_at is None]
        answered = max((c.answered_at for c in calls if c.answered_at), default=None)
        due = min(waiting) if waiting else max(c.due_at for c in calls)
        readings.append(_Reading(Clock.FOLLOW_UP, due, None if waiting else answered))
    return readings


def _met(incident: Incident, round_: Round) -> dict[Clock, dt.datetime | None]:
    apologized = min((a.made_at for a in round_.apologies.all() if a.made_at), default=None)
    remedies = [r for r in round_.remedies.all() if r.state != RemedyState.WITHDRAWN]
    offered = min((r.offered_at for r in remedies if r.offered_at), default=None)
    is_ours = incident.source in (Source.NOTICED, Source.ASKED)
    heard = is_ours or (incident.source == Source.CUSTOMER and incident.told_by in SPOKEN)
    heard_at = (incident.reported_at if round_.number == 1 else round_.started_at) if heard else None
    return {
        Clock.ACKNOWLEDGE: heard_at or apologized,
        Clock.APOLOGIZE: apologized,
        Clock.OFFER: offered,
        Clock.DELIVER: round_.settled_at,
    }
